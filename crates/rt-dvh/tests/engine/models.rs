//! The volume models side by side: how far each is from the solids that were drawn, and from what other
//! programs found.
//!
//! The tables of [`rt_dvh::preset`] are printed here:
//! `cargo test -p rt-dvh --test engine models -- --nocapture`.

use crate::files::{dose, json, shared, structures};
use rt_dvh::{Dvh, DvhOptions, compute};
use rt_geometry::stack::{Between, Caps, RoiStack, StructurePlanes};
use rt_model::dose::DoseGrid;
use rt_model::structure_set::{Roi, StructureSet};
use rt_model::units::Cm3;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What is compared, by the names of the truth files.
const DOSES: [&str; 8] = ["Dmean", "D98", "D95", "D50", "D5", "D2", "D0_03cc", "Dmax"];

fn doses(dvh: &Dvh) -> [f64; 8] {
    let doses = dvh.doses().unwrap();
    let at = |part: f64| dvh.dose_at_volume(doses.covered * part).unwrap().0;
    let hot = dvh.dose_at_volume(Cm3(0.03)).map_or(f64::NAN, |dose| dose.0);
    [doses.mean.0, at(0.98), at(0.95), at(0.5), at(0.05), at(0.02), hot, doses.max.0]
}

fn dvh(set: &StructureSet, roi: &Roi, dose: &DoseGrid, between: Between, caps: Caps) -> Option<Dvh> {
    let options = DvhOptions { between, caps, ..DvhOptions::preset("dosebridge-2").unwrap() };
    let planes = StructurePlanes::of(&set.rois);
    let at = set.rois.iter().position(|other| other.number == roi.number)?;
    let stack = RoiStack::build(roi, &options.stack(Some(planes.neighbours(at)))).ok()?.value;
    Some(compute(&stack, dose, &options).unwrap().value)
}

/// Errors of one structure in one dose: volume in percent, doses in Gy.
struct Errors {
    structure: String,
    axis: &'static str,
    volume: f64,
    doses: [f64; 8],
}

/// The errors of a contour spacing against `truth` (`math` the solids, `loft` linear between their planes).
fn errors(root: &Path, spacing: u8, truth: &str, between: Between, caps: Caps) -> Vec<Errors> {
    let folder = root.join(format!("dz{spacing}"));
    let (set, expected) = (structures(&folder.join("RS.dcm")), json(&folder.join("truth.json")));
    let mut all = Vec::new();
    for axis in ["y", "z"] {
        let dose = dose(&root.join(format!("dose/RD_{axis}_g{spacing}.dcm")));
        for roi in &set.rois {
            let expected = &expected["truth"][format!("grad_{axis}")][&roi.name][truth];
            let Some((dvh, volume)) =
                dvh(&set, roi, &dose, between, caps).zip(expected["volume_cc"].as_f64())
            else {
                continue;
            };
            let found = doses(&dvh);
            all.push(Errors {
                structure: roi.name.clone(),
                axis,
                volume: 100.0 * (dvh.volume().0 / volume - 1.0),
                doses: std::array::from_fn(|at| found[at] - expected[DOSES[at]].as_f64().unwrap_or(f64::NAN)),
            });
        }
    }
    all
}

/// Mean absolute errors: volume and doses.
fn mean(errors: &[Errors]) -> (f64, [f64; 8]) {
    let average = |values: &dyn Fn(&Errors) -> f64| {
        let known: Vec<f64> =
            errors.iter().map(values).filter(|value| value.is_finite()).map(f64::abs).collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    (average(&|errors| errors.volume), std::array::from_fn(|at| average(&|errors| errors.doses[at])))
}

const MODELS: [(Between, Caps); 4] = [
    (Between::Prism, Caps::HalfSlice),
    (Between::Prism, Caps::Rounded),
    (Between::Interpolated, Caps::HalfSlice),
    (Between::Interpolated, Caps::Rounded),
];

/// Why `dosebridge-2` stays the recommended preset: no other model is closer to the solids.
fn compare_models(spacings: &[u8]) {
    let Some(root) = shared("peers/data/analytic") else { return };
    for spacing in spacings.iter().copied() {
        let mut means = Vec::new();
        for (between, caps) in MODELS {
            let errors = errors(&root, spacing, "math", between, caps);
            let (volume, doses) = mean(&errors);
            let table: Vec<String> =
                DOSES.iter().zip(doses).map(|(name, error)| format!("{name} {error:.3}")).collect();
            println!("{spacing} mm, {between}, {caps}: volume {volume:.2} %, {} Gy", table.join(", "));
            means.push((volume, doses));
        }
        // The hottest 0.03 cm³ and the maximum depend on the caps' edge alone.
        for other in &means[1..] {
            for (at, name) in DOSES.iter().enumerate().take(6) {
                assert!(means[0].1[at] <= other.1[at] + 0.001, "{spacing} mm: {name} {means:?}");
            }
        }
    }
}

#[test]
fn slabs_are_as_close_to_the_solids_as_any_model() {
    compare_models(&[3]);
}

#[test]
#[ignore = "a minute, prints the table of the presets' documentation: ./test.sh --long"]
fn the_table_of_all_spacings() {
    compare_models(&[1, 2, 3]);
}

#[test]
#[ignore = "a clinical case with every model: ./test.sh --long"]
fn a_clinical_case_is_interpolated_in_seconds() {
    let Some(root) = shared("peers/data/clinical") else { return };
    let (set, dose) = (structures(&root.join("RS.dcm")), dose(&root.join("RD.dcm")));
    let mut spent = Vec::new();
    for (between, caps) in MODELS {
        let start = std::time::Instant::now();
        let volumes: Vec<f64> = set
            .rois
            .iter()
            .filter_map(|roi| dvh(&set, roi, &dose, between, caps))
            .map(|dvh| dvh.volume().0)
            .collect();
        println!("{between} {caps}: {} ROIs in {:?}", volumes.len(), start.elapsed());
        spent.push((volumes, start.elapsed()));
    }
    let (slabs, interpolated) = (&spent[0], &spent[2]);
    assert!(interpolated.1.as_secs() < 60, "{:?}", interpolated.1);
    // Organs of a few planes that grow from plane to plane (an oblique nerve) lose up to a sixth.
    for (prism, shape) in slabs.0.iter().zip(&interpolated.0) {
        let most = if *prism < 1.0 { 0.2 } else { 0.05 };
        assert!((shape / prism - 1.0).abs() < most, "{shape} {prism}");
    }
}

/// Round solids: linear between planes is what the truth calls a loft.
#[test]
fn interpolated_round_solids_are_lofts() {
    let Some(root) = shared("peers/data/analytic") else { return };
    for spacing in [1, 2, 3] {
        let round =
            ["sphere_r12", "cyl_axial", "cone_axial", "srs_r5", "tube_xor", "tube_keyhole", "nested_island"];
        for errors in errors(&root, spacing, "loft", Between::Interpolated, Caps::HalfSlice) {
            if round.contains(&errors.structure.as_str()) {
                let worst = errors
                    .doses
                    .iter()
                    .filter(|error| error.is_finite())
                    .fold(0.0f64, |worst, error| worst.max(error.abs()));
                println!(
                    "{spacing} mm {} {}: volume {:+.3} %, worst dose {worst:.4} Gy",
                    errors.structure, errors.axis, errors.volume
                );
                assert!(errors.volume.abs() < 0.06 && worst < 0.03, "{}", errors.structure);
            }
        }
    }
}

/// Row by row against what dicompyler-core and plastimatch found on the same files: the largest dose error of
/// the row, in Gy, against the slab stack.
#[test]
fn every_row_is_closer_than_the_other_programs() {
    let (Some(root), Some(results)) = (shared("peers/data/analytic"), shared("peers/results")) else {
        return;
    };
    let mut ours: BTreeMap<(String, String, String), f64> = BTreeMap::new();
    for spacing in [1, 2, 3] {
        for errors in errors(&root, spacing, "prism", Between::Prism, Caps::HalfSlice) {
            let worst = errors
                .doses
                .iter()
                .filter(|error| error.is_finite())
                .fold(0.0f64, |worst, error| worst.max(error.abs()));
            ours.insert(
                (format!("analytic/dz{spacing}"), format!("grad_{}", errors.axis), errors.structure),
                worst,
            );
        }
    }
    let mut compared = 0;
    for file in ["acc_dc.json", "acc_rest.json"] {
        for row in json(&results.join(file)).as_array().unwrap() {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let engine = text("engine");
            let key = (text("case"), text("grad"), text("roi"));
            let (true, Some(found)) =
                (engine.starts_with("dicompyler") || engine.starts_with("plm"), ours.get(&key))
            else {
                continue;
            };
            if !key.0.ends_with(&text("grid")[1..]) {
                continue;
            }
            let error = |name: &str| row["err"]["prism"][name].as_f64().unwrap_or(0.0).abs();
            let theirs = DOSES.into_iter().map(error).fold(0.0, f64::max);
            assert!(*found < theirs, "{key:?}: {engine} {theirs} Gy, ours {found} Gy");
            compared += 1;
        }
    }
    println!("{compared} rows of other programs, each farther from the slab stack than ours");
    assert!(compared > 100);
}

/// What the imitation of dicompyler-core can tell: its volumes are the slabs' within what its voxels leave.
#[test]
fn dicompyler_has_the_volumes_of_slabs() {
    let (Some(root), Some(results)) = (shared("peers/data/analytic"), shared("peers/results")) else {
        return;
    };
    let rows = json(&results.join("acc_dc.json"));
    let mut worst = BTreeMap::<String, f64>::new();
    for row in rows.as_array().unwrap() {
        let (case, roi): (&Value, &Value) = (&row["case"], &row["roi"]);
        if row["engine"] != "dicompyler" || row["grid"] != "g1" || case != "analytic/dz1" {
            continue;
        }
        let error = row["err"]["prism"]["volume_cc"].as_f64().unwrap().abs();
        let of = worst.entry(roi.as_str().unwrap().to_owned()).or_default();
        *of = of.max(error);
    }
    println!("dicompyler-core's volumes against the slabs, contours and dose at 1 mm, percent: {worst:.2?}");
    assert!(worst.len() >= 5 && worst["sphere_r12"] < 1.0, "{worst:?}");
    assert!(root.is_dir());
}

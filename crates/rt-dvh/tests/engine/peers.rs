//! The engine against the truth of closed-form phantoms written by another program: positions, frame offsets,
//! odd stacks.

use crate::common::preset;
use crate::files::{dose, dose_with, json, shared, structures};
use rt_dvh::{Dvh, MetricContext, compute};
use rt_geometry::stack::{RoiStack, StructurePlanes};
use rt_model::dose::DoseGrid;
use rt_model::read::{AssumeOffsets, ReadOptions};
use rt_model::structure_set::StructureSet;

fn dvhs(set: &StructureSet, dose: &DoseGrid) -> Vec<(String, Dvh)> {
    let options = preset();
    let planes = StructurePlanes::of(&set.rois);
    let rois = set.rois.iter().enumerate();
    let drawn = rois.filter(|(_, roi)| roi.contours.iter().any(|contour| contour.kind.is_closed()));
    drawn
        .map(|(at, roi)| {
            let stack = options.stack(Some(planes.neighbours(at)));
            let built = RoiStack::build(roi, &stack).unwrap_or_else(|error| panic!("{}: {error}", roi.name));
            (roi.name.clone(), compute(&built.value, dose, &options).unwrap().value)
        })
        .collect()
}

fn metric(dvh: &Dvh, name: &str) -> f64 {
    dvh.evaluate(&name.parse().unwrap(), &MetricContext::default()).value.unwrap_or(f64::NAN)
}

/// The metrics of the truth files and the names they have there.
const METRICS: [(&str, &str); 9] = [
    ("Min", "Dmin"),
    ("Mean", "Dmean"),
    ("Max", "Dmax"),
    ("D98%", "D98"),
    ("D95%", "D95"),
    ("D50%", "D50"),
    ("D5%", "D5"),
    ("D2%", "D2"),
    ("D0.03cc", "D0_03cc"),
];

/// Linear doses on 13 structures: every metric within 0.002 Gy of the exact slab stack beyond the dose's own
/// step, volumes within 0.001 %.
#[test]
fn linear_doses_on_the_analytic_set() {
    let Some(root) = shared("peers/data/analytic") else { return };
    for set in ["dz1", "dz2", "dz3", "dz2_n40", "dz3_p0"] {
        let rois = structures(&root.join(set).join("RS.dcm"));
        let truth = json(&root.join(set).join("truth.json"));
        let grid = if set.starts_with("dz1") {
            "g1"
        } else if set.starts_with("dz2") {
            "g2"
        } else {
            "g3"
        };
        for axis in ["y", "z"] {
            let dose = dose(&root.join(format!("dose/RD_{axis}_{grid}.dcm")));
            let mut worst = (0.0, String::new());
            for (name, dvh) in dvhs(&rois, &dose) {
                let truth = &truth["truth"][format!("grad_{axis}")][&name]["prism"];
                if truth.is_null() {
                    continue;
                }
                let volume = truth["volume_cc"].as_f64().unwrap();
                if (set, name.as_str()) == ("dz3_p0", "bifurcation") {
                    // Its middle plane has no contour; we bridge the gap, since the parts overlap, and say
                    // so. The truth does not.
                    assert!((dvh.volume().0 - volume - 0.3204).abs() < 1e-3, "{}", dvh.volume());
                    continue;
                }
                assert!(
                    (dvh.volume().0 / volume - 1.0).abs() < 1e-5,
                    "{set} {name}: {} expected {volume} cm3",
                    dvh.volume()
                );
                for (ours, theirs) in METRICS {
                    let error = metric(&dvh, ours) - truth[theirs].as_f64().unwrap();
                    if error.abs() > f64::abs(worst.0) {
                        worst = (error, format!("{name} {ours}"));
                    }
                }
            }
            println!(
                "{set} gradient {axis}: worst {:+.5} Gy ({}), one dose step {:.5} Gy",
                worst.0,
                worst.1,
                dose.step().0
            );
            assert!(worst.0.abs() <= 0.002 + dose.step().0, "{set} {axis}: {worst:?}");
        }
    }
}

/// All positions and offset styles: the sphere's numbers within what slabs of a sphere differ from the solid.
#[test]
fn positions_and_frame_offsets() {
    let Some(root) = shared("peers/data/orient") else { return };
    let mut sets: Vec<_> = std::fs::read_dir(&root)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    sets.sort();
    assert!(sets.len() >= 14, "{sets:?}");
    for set in sets {
        let name = set.file_name().unwrap().to_string_lossy().into_owned();
        let absolute_off_axis = name == "FFS_abs";
        let options = ReadOptions {
            assume_offsets: absolute_off_axis.then_some(AssumeOffsets::Absolute),
            ..ReadOptions::default()
        };
        if absolute_off_axis {
            let refused =
                rt_model::read::read_dose(&set.join("RD.dcm"), &ReadOptions::default()).unwrap_err();
            assert!(refused.to_string().contains("GridFrameOffsetVector"), "{refused}");
        }
        let (rois, dose) = (structures(&set.join("RS.dcm")), dose_with(&set.join("RD.dcm"), &options));
        let truth = json(&set.join("truth.json"));
        for (roi, dvh) in dvhs(&rois, &dose) {
            let truth = &truth["truth"]["grad"][&roi]["math"];
            let volume = truth["volume_cc"].as_f64().unwrap();
            assert!(
                (dvh.volume().0 / volume - 1.0).abs() < 0.012,
                "{name} {roi}: {} expected {volume}",
                dvh.volume()
            );
            assert_eq!(dvh.coverage().0, 100.0, "{name} {roi}");
            for (ours, theirs, limit) in
                [("Mean", "Dmean", 0.02), ("D95%", "D95", 0.35), ("D50%", "D50", 0.05), ("D5%", "D5", 0.35)]
            {
                let (found, expected) = (metric(&dvh, ours), truth[theirs].as_f64().unwrap());
                assert!((found - expected).abs() < limit, "{name} {roi} {ours}: {found} expected {expected}");
            }
        }
    }
}

#[test]
fn odd_stacks_have_their_volumes() {
    let Some(root) = shared("peers/data/odd") else { return };
    let (rois, dose) = (structures(&root.join("RS.dcm")), dose(&root.join("RD.dcm")));
    let truth = json(&root.join("truth.json"));
    for (roi, dvh) in dvhs(&rois, &dose) {
        let truth = &truth["truth"]["grad_y"][&roi]["math"];
        let volume = truth["volume_cc"].as_f64().unwrap();
        println!(
            "{roi}: {:.4} cm3 of {volume:.4}, coverage {:.2} %, mean {:.3}",
            dvh.volume().0,
            dvh.coverage().0,
            metric(&dvh, "Mean")
        );
        assert!((dvh.volume().0 / volume - 1.0).abs() < 0.03, "{roi}: {} expected {volume}", dvh.volume());
        let outside = roi == "half_outside";
        assert_eq!(dvh.coverage().0 < 100.0, outside, "{roi}: {}", dvh.coverage());
        if !outside {
            let expected = truth["Dmean"].as_f64().unwrap();
            assert!((metric(&dvh, "Mean") - expected).abs() < 0.02, "{roi}");
        }
    }
}

/// The clinical set: 36 ROIs against the slab stack in trilinear dose, summed by another program on a fine
/// grid.
#[test]
fn the_clinical_set() {
    let Some(root) = shared("peers/data/clinical") else { return };
    let (rois, dose) = (structures(&root.join("RS.dcm")), dose(&root.join("RD.dcm")));
    let truth = json(&root.join("truth.json"));
    for (roi, dvh) in dvhs(&rois, &dose) {
        let truth = &truth["truth"]["dose"][&roi]["prism_grid"];
        let volume = truth["volume_cc"].as_f64().unwrap();
        // The truth's volumes are themselves sums over a grid, off by up to 0.06 %.
        assert!((dvh.volume().0 / volume - 1.0).abs() < 7e-4, "{roi}: {} expected {volume}", dvh.volume());
        for (ours, theirs) in METRICS {
            let error = metric(&dvh, ours) - truth[theirs].as_f64().unwrap();
            // The ring's hottest 0.03 cm3 is a film along its inner wall, thinner than the grid its truth was
            // summed on: the engine's value stays within 0.004 Gy when its pieces are made six times smaller.
            let limit = if roi == "PTV_ring" && ours == "D0.03cc" { 0.25 } else { 0.02 };
            assert!(error.abs() <= limit, "{roi} {ours}: off by {error:+.4} Gy");
        }
    }
}

//! Nelms et al., Med Phys 2015; 42: 4435: solids in linear doses, with the authors' closed forms (their ends
//! have half a slice).

use crate::files::{dose, shared, structures};
use rt_dvh::{Dvh, DvhOptions, compute};
use rt_geometry::stack::{Between, Caps, RoiStack};
use rt_model::units::{Cm3, Gy};
use std::path::Path;

/// Doses that rise within the planes: percent of the solid's dose range.
const IN_PLANE_PERCENT: f64 = 0.5;

/// Doses that rise across the planes: a sphere's ends are slabs of up to 3 mm there, and the hottest 0.03 cm³
/// lies in the last one.
const ACROSS_PERCENT: f64 = 2.8;

/// Volumes: a sphere as slabs of 3 mm with a plane at each pole has 1.57 % less than the solid; cylinders and
/// cones are far closer.
const VOLUME_PERCENT: f64 = 1.58;

/// Any point of the curve, percent of the volume, each curve as a part of its own volume.
const CURVE_PERCENT: f64 = 1.13;

/// A row of the authors' table: a structure in a dose, and what they found in closed form.
struct Row {
    structure: String,
    /// Dose spacing, mm.
    spacing: String,
    /// The dose rises from feet to head, across the planes.
    across: bool,
    volume: f64,
    /// Mean, D99, D95, D5, D1, D0.03cc in Gy.
    doses: [f64; 6],
    /// Largest less smallest dose, Gy.
    range: f64,
}

const METRICS: [&str; 6] = ["mean", "D99", "D95", "D5", "D1", "D0.03cc"];

fn rows(root: &Path) -> Vec<Row> {
    let table = std::fs::read_to_string(root.join("reference/analytical_data__Analytical.csv")).unwrap();
    let row = |line: &str| {
        let line = line.replace("\"X,Z=", "\"X Z=").replace('"', "");
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].parse::<f64>().unwrap();
        Row {
            structure: fields[0].to_owned(),
            spacing: fields[3].to_owned(),
            across: !fields[4].contains("AP"),
            volume: number(5),
            doses: std::array::from_fn(|at| number(8 + at) / 100.0),
            range: (number(7) - number(6)) / 100.0,
        }
    };
    let rows = table.lines().skip(1).filter(|line| !line.trim_matches(',').is_empty()).map(row);
    rows.filter(|row| {
        matches!(row.spacing.as_str(), "2" | "3")
            && root.join("structures").join(format!("{}.dcm", row.structure)).exists()
    })
    .collect()
}

/// The authors' curve of a row: doses in Gy and volumes in cm³.
fn curve(root: &Path, row: &Row) -> Vec<(f64, f64)> {
    let solid = row.structure.split('_').next().unwrap();
    let text = std::fs::read_to_string(root.join(format!("reference/analytical_data__{solid}.csv"))).unwrap();
    let column = format!("{} {} mm", if row.across { "SI" } else { "AP" }, row.spacing);
    let at = text.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
    // Some curves end before others.
    let point = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        Some((fields[0].parse::<f64>().ok()? / 100.0, fields.get(at)?.parse().ok()?))
    };
    text.lines().skip(1).filter_map(point).collect()
}

fn dvh(root: &Path, row: &Row, between: Between, caps: Caps) -> Dvh {
    let direction = if row.across { "SupInf" } else { "AntPost" };
    let dose = dose(&root.join(format!("doses/Linear_{direction}_{}mm_Aligned.dcm", row.spacing)));
    let set = structures(&root.join("structures").join(format!("{}.dcm", row.structure)));
    let roi =
        set.rois.iter().find(|roi| roi.contours.iter().any(|contour| contour.kind.is_closed())).unwrap();
    let options = DvhOptions { between, caps, ..DvhOptions::preset("dosebridge-2").unwrap() };
    let stack = RoiStack::build(roi, &options.stack(None)).unwrap().value;
    compute(&stack, &dose, &options).unwrap().value
}

/// Errors of the volume in percent, of the metrics in percent of the dose range, and the range of the curve's
/// in percent of the volume, each curve as a part of its own.
struct Errors {
    volume: f64,
    metrics: [f64; 6],
    curve: [f64; 2],
}

fn errors(root: &Path, row: &Row, found: &Dvh) -> Errors {
    let covered = found.doses().unwrap().covered;
    let at = |part: f64| found.dose_at_volume(covered * part).unwrap().0;
    let hot = found.dose_at_volume(Cm3(0.03)).unwrap().0;
    let doses = [found.doses().unwrap().mean.0, at(0.99), at(0.95), at(0.05), at(0.01), hot];
    let differences = curve(root, row).into_iter().map(|(dose, volume)| {
        100.0 * (found.volume_at_dose(Gy(dose)).unwrap() / covered - volume / row.volume)
    });
    let ends = differences.fold([0.0f64; 2], |[low, high], error| [low.min(error), high.max(error)]);
    Errors {
        volume: 100.0 * (found.volume().0 / row.volume - 1.0),
        metrics: std::array::from_fn(|at| 100.0 * (doses[at] - row.doses[at]) / row.range),
        curve: ends,
    }
}

/// Errors of all rows with files in one volume model, printed as a table.
fn table(root: &Path, between: Between, caps: Caps) -> Vec<(Row, Errors)> {
    println!("{between} {caps}: errors of {METRICS:?} in percent of the dose range");
    let rows: Vec<(Row, Errors)> = rows(root)
        .into_iter()
        .map(|row| {
            let errors = errors(root, &row, &dvh(root, &row, between, caps));
            (row, errors)
        })
        .collect();
    for (Row { structure, spacing, across, .. }, Errors { volume, metrics, curve }) in &rows {
        let direction = if *across { "SI" } else { "AP" };
        println!(
            "{structure:18} {direction} {spacing} mm: volume {volume:+.3} %, {metrics:+.2?}, curve {curve:+.2?} % of the volume"
        );
    }
    assert_eq!(rows.len(), 24, "rows with files");
    rows
}

#[test]
fn solids_in_linear_doses_match_their_closed_forms() {
    let Some(root) = shared("data/nelms_analytic") else { return };
    for (row, errors) in table(&root, Between::Prism, Caps::HalfSlice) {
        let name = &row.structure;
        assert!(errors.volume.abs() <= VOLUME_PERCENT, "{name}: volume off by {} %", errors.volume);
        let limit = if row.across { ACROSS_PERCENT } else { IN_PLANE_PERCENT };
        for (metric, error) in METRICS.iter().zip(errors.metrics) {
            assert!(error.abs() <= limit, "{name}: {metric} off by {error} % of the dose range");
        }
        assert!(
            errors.curve.iter().all(|error| error.abs() <= CURVE_PERCENT),
            "{name}: curve off by {:?} %",
            errors.curve
        );
    }
}

/// A cone's radius is linear between planes: interpolated it is the solid itself. A sphere with a plane at
/// each pole loses more between planes than its slabs do.
#[test]
fn interpolation_gives_cones_back() {
    let Some(root) = shared("data/nelms_analytic") else { return };
    for (row, errors) in table(&root, Between::Interpolated, Caps::HalfSlice) {
        if row.structure.starts_with("Sphere") {
            continue;
        }
        let name = &row.structure;
        assert!(errors.volume.abs() <= 0.05, "{name}: volume off by {} %", errors.volume);
        let worst =
            errors.metrics.iter().chain(&errors.curve).fold(0.0f64, |worst, error| worst.max(error.abs()));
        assert!(worst <= 0.03, "{name}: {:?} {:?}", errors.metrics, errors.curve);
    }
}

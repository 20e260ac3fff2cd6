//! A DVH from plain contours and a dose array: no DICOM, no files.
//!
//! A program that has its own contours and its own dose needs `rt-geometry` and `rt-dvh` alone; neither
//! compiles a DICOM crate.

use rt_dvh::{DvhOptions, Metric, MetricContext, compute};
use rt_geometry::stack::RoiStack;
use rt_model::dose::DoseGrid;
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::grid::GridGeometry;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::{Gy, Mm};

fn main() {
    // A cube of 20 mm drawn on five planes 4 mm apart, in patient coordinates (LPS, mm).
    let square = |z: f64| {
        [(-10.0, -10.0), (10.0, -10.0), (10.0, 10.0), (-10.0, 10.0)]
            .map(|(x, y)| PatientPoint::new(x, y, z))
            .to_vec()
    };
    let contours = (0..5)
        .map(|plane| Contour {
            index: plane,
            kind: ContourKind::ClosedPlanar,
            points: square(4.0 * plane as f64 - 8.0),
            slab_thickness: None,
        })
        .collect();
    let roi = Roi { name: "cube".into(), contours, ..Roi::default() };

    // A dose that rises by 1 Gy per mm along x, on a grid of 2.5 mm: 21 x 21 x 21 voxels, i (along x) running
    // fastest.
    let geometry = GridGeometry::new(
        PatientPoint::new(-25.0, -25.0, -25.0),
        PatientVector::new(1.0, 0.0, 0.0),
        PatientVector::new(0.0, 1.0, 0.0),
        [Mm(2.5), Mm(2.5)],
        [21, 21],
        (0..21).map(|k| 2.5 * f64::from(k)).collect(),
    )
    .expect("a grid");
    let voxels = (0..21 * 21 * 21).map(|at| 30.0 - 25.0 + 2.5 * (at % 21) as f32).collect();
    let dose = DoseGrid::new(geometry, voxels, Gy(0.0)).expect("a dose");

    let options = DvhOptions::preset("dosebridge-2").expect("a preset");
    let stack = RoiStack::build(&roi, &options.stack(None)).expect("a volume").value;
    let dvh = compute(&stack, &dose, &options).expect("a DVH").value;

    for name in ["D95%", "D0.03cc", "V30Gy[cc]", "Mean"] {
        let metric: Metric = name.parse().expect("a metric");
        let value = dvh.evaluate(&metric, &MetricContext::default());
        println!("{metric:14} {:8.3} {}", value.value.expect("a value"), value.unit);
    }

    // The closed form: the cube holds 8 cm3 from 20 to 40 Gy, evenly.
    assert!((dvh.volume().0 - 8.0).abs() < 1e-9);
    assert!((dvh.doses().expect("doses").mean.0 - 30.0).abs() < 1e-5);
    let d95 = dvh.evaluate(&"D95%".parse().expect("a metric"), &MetricContext::default());
    assert!((d95.value.expect("a value") - 21.0).abs() < 1e-3);
}

#[cfg(test)]
#[test]
fn the_example_holds() {
    main();
}

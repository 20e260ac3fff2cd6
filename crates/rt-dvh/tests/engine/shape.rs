//! What gives the curve its shape, one cause at a time: the spread of cut cells, what is not linear in a
//! cell, the border's dose, and how fine a small ROI is cut.

use crate::common::{axial_grid, preset};
use rt_dvh::{Dvh, DvhOptions, compute};
use rt_geometry::stack::{Between, Caps, RoiStack, StackOptions};
use rt_model::dose::DoseGrid;
use rt_model::frame::PatientPoint;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::{Cm3, Gy, Mm};

/// A prism over a polygon from `low` to `high` along z.
fn prism(polygon: &[[f64; 2]], low: f64, high: f64) -> RoiStack {
    let contour = |z: f64| {
        let points = polygon.iter().map(|[x, y]| PatientPoint::new(*x, *y, z)).collect();
        Contour { index: 0, kind: ContourKind::ClosedPlanar, points, slab_thickness: None }
    };
    let options = StackOptions::new(Between::Prism, Caps::None);
    RoiStack::build(&Roi { contours: vec![contour(low), contour(high)], ..Roi::default() }, &options)
        .unwrap()
        .value
}

/// The dose of a function of the node's (i, j, k) on a grid of 10 mm from the origin on.
fn dose(size: [usize; 3], gy: impl Fn([usize; 3]) -> f64) -> DoseGrid {
    let nodes =
        (0..size[2]).flat_map(|k| (0..size[1]).flat_map(move |j| (0..size[0]).map(move |i| [i, j, k])));
    let voxels = nodes.map(|node| gy(node) as f32).collect();
    DoseGrid::new(axial_grid(PatientPoint::default(), [10.0; 3], size), voxels, Gy(0.0)).unwrap()
}

fn dvh(stack: &RoiStack, dose: &DoseGrid, options: &DvhOptions) -> Dvh {
    compute(stack, dose, options).unwrap().value
}

/// Cells are not cut: each is one piece.
fn uncut() -> DvhOptions {
    DvhOptions { sub_cell: Mm(1000.0), ..preset() }
}

#[test]
fn a_strip_along_an_isodose_has_the_doses_between_its_sides() {
    // Dose rises by 1 Gy/mm along x and along y; a strip from x + y = 9 to x + y = 11, within one cell.
    let dose = dose([2, 2, 2], |[i, j, _]| 10.0 * (i + j) as f64);
    let strip = prism(&[[8.5, 0.5], [9.5, 1.5], [1.5, 9.5], [0.5, 8.5]], 2.0, 8.0);
    let found = dvh(&strip, &dose, &uncut());
    for (part, expected) in [(0.9, 9.2), (0.75, 9.5), (0.5, 10.0), (0.25, 10.5), (0.1, 10.8)] {
        let gy = found.dose_at_volume(Cm3(part * found.volume().0)).unwrap().0;
        // Two uniform distributions stand for one: the curve bends a little.
        assert!((gy - expected).abs() < 0.1, "D{:.0}%: {gy} {expected}", 100.0 * part);
    }
}

#[test]
fn a_saddle_in_a_cell_spreads_its_dose() {
    // 10 Gy on two opposite edges of the cell, 30 Gy on the other two: linear along no axis, 20 Gy in the
    // mean.
    let dose = dose([2, 2, 2], |[i, j, _]| if i == j { 10.0 } else { 30.0 });
    // The ROI reaches beyond the grid, so that its only cell is inside as a whole.
    let around = prism(&[[-5.0, -5.0], [15.0, -5.0], [15.0, 15.0], [-5.0, 15.0]], 0.0, 10.0);
    let found = dvh(&around, &dose, &preset());
    let doses = *found.doses().unwrap();
    assert!((doses.covered.0 - 1.0).abs() < 1e-9 && (doses.mean.0 - 20.0).abs() < 1e-9, "{doses:?}");
    // 40 u v, u and v from -1/2 to 1/2 each, is above 2 in 2 (1/2 · 0.4 - 0.05 ln 5) of the cell; a uniform
    // distribution of its variance has a little more there.
    let exact = 2.0 * (0.2 - 0.05 * 5f64.ln());
    let above = found.volume_at_dose(Gy(22.0)).unwrap() / doses.covered;
    assert!((exact - 0.02..exact + 0.1).contains(&above), "{above} {exact}");
}

#[test]
fn the_border_has_the_dose_of_both_end_faces() {
    let square = [[4.0, 4.0], [26.0, 4.0], [26.0, 26.0], [4.0, 26.0]];
    // One hot node in the middle of an end face of a grid from 0 to 30 mm.
    let hot = |face: usize| dose([4, 4, 4], move |node| if node == [1, 2, face] { 50.0 } else { 2.0 });
    for (low, high, face, expected) in [
        (-5.0, 15.0, 0, 50.0),
        (-5.0, 15.0, 3, 2.0),
        (15.0, 35.0, 3, 50.0),
        (15.0, 35.0, 0, 2.0),
        (-5.0, 35.0, 0, 50.0),
        (-5.0, 35.0, 3, 50.0),
    ] {
        let border = dvh(&prism(&square, low, high), &hot(face), &preset()).doses().unwrap().border;
        assert_eq!(border, Gy(expected), "{low} to {high} mm, hot on face {face}");
    }
}

//! Volumes of drawn ROIs: damaged and degenerate contours, and shapes between planes.

mod between;
mod degenerate;
mod planes;

use rt_geometry::stack::{Between, Caps, RoiStack, StackError, StackOptions};
use rt_model::finding::Parsed;
use rt_model::finding::dvh::HOLES;
use rt_model::frame::PatientPoint;
use rt_model::structure_set::{Contour, ContourKind, Roi};

/// A closed axial contour.
fn contour(z: f64, points: &[[f64; 2]]) -> Contour {
    let points = points.iter().map(|[x, y]| PatientPoint::new(*x, *y, z)).collect();
    Contour { index: 0, kind: ContourKind::ClosedPlanar, points, slab_thickness: None }
}

fn square(low: f64, high: f64) -> Vec<[f64; 2]> {
    vec![[low, low], [high, low], [high, high], [low, high]]
}

fn circle(centre: [f64; 2], radius: f64) -> Vec<[f64; 2]> {
    (0..360)
        .map(|n| f64::from(n).to_radians().sin_cos())
        .map(|(sin, cos)| [centre[0] + radius * cos, centre[1] + radius * sin])
        .collect()
}

fn roi(mut contours: Vec<Contour>) -> Roi {
    for (index, contour) in contours.iter_mut().enumerate() {
        contour.index = index;
    }
    Roi { contours, ..Roi::default() }
}

fn build(contours: Vec<Contour>, between: Between, caps: Caps) -> Result<Parsed<RoiStack>, StackError> {
    RoiStack::build(&roi(contours), &StackOptions::new(between, caps))
}

/// The volume in cm³ and the codes of the findings.
fn volume(contours: Vec<Contour>, between: Between, caps: Caps) -> (f64, Vec<String>) {
    let built = build(contours, between, caps).unwrap();
    // That a hole is a hole needs no word here.
    let noted = built.findings.iter().filter(|finding| finding.code != HOLES);
    (built.value.volume().0, noted.map(|finding| finding.code.to_string()).collect())
}

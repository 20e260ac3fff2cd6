//! A box and a dose small enough to check by hand: the documentation's examples read from them.
//!
//! The box is 20 by 20 by 10 mm, from (0, 0, 0) on: 4 cm³. The dose rises by 1 Gy/mm along x, from 0 Gy at x
//! = -10 mm.
//!
//! Units: millimetres, Gy. Frame: DICOM patient coordinates (LPS).

use crate::pixel_plane::PixelPlane;
use crate::region::Region;
use crate::stack::{Between, Caps, RoiStack, StackOptions};
use rt_model::dose::DoseGrid;
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::grid::GridGeometry;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::{Gy, Mm};

/// A closed axial contour through (x, y) corners at height z.
#[must_use]
pub fn contour(corners: &[(f64, f64)], z: f64) -> Contour {
    let points = corners.iter().map(|(x, y)| PatientPoint::new(*x, *y, z)).collect();
    Contour { index: 0, kind: ContourKind::ClosedPlanar, points, slab_thickness: None }
}

/// A box from `start` to `end` along x, 20 mm wide and 10 mm high, drawn on two planes that stand for 5 mm
/// each.
#[must_use]
pub fn roi_along_x([start, end]: [f64; 2]) -> Roi {
    let corners = [(start, 0.0), (end, 0.0), (end, 20.0), (start, 20.0)];
    let drawn = |(index, z)| Contour { index, ..contour(&corners, z) };
    Roi { contours: [(0, 2.5), (1, 7.5)].map(drawn).to_vec(), ..Roi::default() }
}

/// The box.
#[must_use]
pub fn roi() -> Roi {
    roi_along_x([0.0, 20.0])
}

/// Planes stand for half the way to their neighbours, and for half a slice at the ends.
#[must_use]
pub const fn options() -> StackOptions<'static> {
    StackOptions::new(Between::Prism, Caps::HalfSlice)
}

/// The volume of a box from `start` to `end` along x.
#[must_use]
pub fn stack_along_x(along_x: [f64; 2]) -> RoiStack {
    RoiStack::build(&roi_along_x(along_x), &options()).unwrap_or_else(|error| unreachable!("{error}")).value
}

/// The volume of the box: two slabs of 5 mm.
#[must_use]
pub fn stack() -> RoiStack {
    stack_along_x([0.0, 20.0])
}

/// The square that the box is on each of its planes, from (0, 0) to (20, 20).
#[must_use]
pub fn region() -> Region {
    stack().slabs()[0].region.clone()
}

/// The dose grid: 1 mm along x from -10 to 35 mm, 2 mm along y and z from -2 mm on.
#[must_use]
pub fn dose() -> DoseGrid {
    let (x, y) = (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0));
    let offsets = (0..8).map(|k| 2.0 * f64::from(k)).collect();
    let corner = PatientPoint::new(-10.0, -2.0, -2.0);
    let geometry = GridGeometry::new(corner, x, y, [Mm(1.0), Mm(2.0)], [46, 13], offsets);
    let voxels = (0..46 * 13 * 8).map(|at: u16| f32::from(at % 46)).collect();
    let dose = geometry.ok().and_then(|geometry| DoseGrid::new(geometry, voxels, Gy(0.0)).ok());
    dose.unwrap_or_else(|| unreachable!("the grid is sound"))
}

/// An axial plane of 10 by 10 pixels of 2 mm through the middle of the box, the first pixel's centre at (1,
/// 1, 5).
#[must_use]
pub const fn plane() -> PixelPlane {
    PixelPlane {
        origin: PatientPoint::new(1.0, 1.0, 5.0),
        row: PatientVector::new(1.0, 0.0, 0.0),
        column: PatientVector::new(0.0, 1.0, 0.0),
        spacing: [Mm(2.0); 2],
        size: [10, 10],
    }
}

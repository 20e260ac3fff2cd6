//! A case small enough to check by hand, from contours and an array of doses to a DVH: the documentation's examples read from it.
//!
//! The dose rises by 1 Gy/mm along x, from 0 Gy at x = -10 mm. The [`wedge`] is a box of 20 by 20 by 10 mm from x = 0 on: 4 cm³ with 10
//! to 30 Gy, spread evenly. The [`body`] around it is 40 mm long and has 8 cm³ with 0 to 40 Gy.
//!
//! Units: millimetres, Gy, cm³. Frame: DICOM patient coordinates (LPS).

use crate::compute::compute;
use crate::dvh::Dvh;
use crate::isodose::Isodose;
use crate::options::DvhOptions;
use rt_geometry::stack::{Between, Caps, RoiStack, StackOptions};
use rt_model::dose::DoseGrid;
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::grid::GridGeometry;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::{Gy, Mm};

/// What the example is computed with: the preset `dosebridge-1`.
#[must_use]
pub fn options() -> DvhOptions {
    let preset = DvhOptions::preset("dosebridge-1");
    preset.unwrap_or_else(|| unreachable!("the preset is there"))
}

/// The dose grid: 1 mm along x from -10 to 35 mm, 2 mm across.
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

/// The DVH of 4 cm³ whose dose rises evenly from 10 to 30 Gy.
#[must_use]
pub fn wedge() -> Dvh {
    dvh([0.0, 20.0])
}

/// The isodoses in 8 cm³ whose dose rises evenly from 0 to 40 Gy.
#[must_use]
pub fn body() -> Isodose {
    Isodose::inside(dvh([-10.0, 30.0]))
}

/// The DVH of a box along x, drawn on two planes that stand for 5 mm each.
fn dvh([start, end]: [f64; 2]) -> Dvh {
    let contour = |index: usize, z: f64| Contour {
        index,
        kind: ContourKind::ClosedPlanar,
        points: [(start, 0.0), (end, 0.0), (end, 20.0), (start, 20.0)].map(|(x, y)| PatientPoint::new(x, y, z)).to_vec(),
        slab_thickness: None,
    };
    let roi = Roi { contours: vec![contour(0, 2.5), contour(1, 7.5)], ..Roi::default() };
    let stack_options = StackOptions { between: Between::Prism, caps: Caps::HalfSlice, fallback_thickness: None };
    let stack = RoiStack::build(&roi, &stack_options).unwrap_or_else(|error| unreachable!("{error}"));
    compute(&stack.value, &dose(), &options()).unwrap_or_else(|error| unreachable!("{error}")).value
}

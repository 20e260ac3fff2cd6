//! A case small enough to check by hand, from contours and an array of doses to a DVH: the documentation's
//! examples read from it.
//!
//! The dose rises by 1 Gy/mm along x, from 0 Gy at x = -10 mm. The [`wedge`] is a box of 20 by 20 by 10 mm
//! from x = 0 on: 4 cm³ with 10 to 30 Gy, spread evenly. The [`body`] around it is 40 mm long and has 8 cm³
//! with 0 to 40 Gy.
//!
//! Units: millimetres, Gy, cm³. Frame: DICOM patient coordinates (LPS).

use crate::compute::compute;
use crate::dvh::Dvh;
use crate::isodose::Isodose;
use crate::options::DvhOptions;
use rt_geometry::example as geometry;
use rt_geometry::stack::RoiStack;
use rt_model::dose::DoseGrid;
use rt_model::structure_set::Roi;

/// What the example is computed with: the preset `dosebridge-2`.
///
/// # Example
/// ```
/// assert_eq!(rt_dvh::example::options().preset, "dosebridge-2");
/// ```
#[must_use]
pub fn options() -> DvhOptions {
    let preset = DvhOptions::preset("dosebridge-2");
    preset.unwrap_or_else(|| unreachable!("the preset is there"))
}

/// The dose grid: 1 mm along x from -10 to 35 mm, 2 mm across.
///
/// # Example
/// ```
/// assert_eq!(rt_dvh::example::dose().range().1.0, 45.0);
/// ```
#[must_use]
pub fn dose() -> DoseGrid {
    geometry::dose()
}

/// The box.
///
/// # Example
/// ```
/// assert_eq!(rt_dvh::example::roi().contours.len(), 2);
/// ```
#[must_use]
pub fn roi() -> Roi {
    geometry::roi()
}

/// The volume of the box.
///
/// # Example
/// ```
/// assert_eq!(rt_dvh::example::stack().volume().0, 4.0);
/// ```
#[must_use]
pub fn stack() -> RoiStack {
    geometry::stack()
}

/// The DVH of 4 cm³ whose dose rises evenly from 10 to 30 Gy.
///
/// # Example
/// ```
/// assert_eq!(rt_dvh::example::wedge().volume().0, 4.0);
/// ```
#[must_use]
pub fn wedge() -> Dvh {
    dvh([0.0, 20.0])
}

/// The isodoses in 8 cm³ whose dose rises evenly from 0 to 40 Gy.
///
/// # Example
/// ```
/// use rt_model::units::Gy;
///
/// assert_eq!(rt_dvh::example::body().volume_at_dose(Gy(0.5)).map(|volume| volume.0 < 8.0), Ok(true));
/// ```
#[must_use]
pub fn body() -> Isodose {
    Isodose::inside(dvh([-10.0, 30.0]))
}

/// The DVH of a box along x.
fn dvh(along_x: [f64; 2]) -> Dvh {
    compute(&geometry::stack_along_x(along_x), &dose(), &options())
        .unwrap_or_else(|error| unreachable!("{error}"))
        .value
}

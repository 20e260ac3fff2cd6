//! The dose of the demonstration plan: a formula with the look of two arcs.
//!
//! Units: gray, millimetres. Frame: DICOM patient coordinates (LPS).

use super::anatomy::{CORD, Ellipsoid, PTV_HIGH, PTV_LOW};
use crate::dose::DoseField;
use rt_model::frame::PatientPoint;
use rt_model::units::Gy;

/// Dose of the elective plateau, Gy.
const ELECTIVE: f64 = 56.9;
/// What the boost adds, Gy.
const BOOST: f64 = 13.9;
/// Highest dose of the bath around the plateaus, Gy.
const BATH: f64 = 14.0;
/// How fast a plateau falls at its edge; about 2 Gy per mm here.
const STEEPNESS: f64 = 14.0;

/// 70 Gy to one volume and 56 Gy to another, all fractions.
pub(super) struct PlanDose;

impl DoseField for PlanDose {
    fn at(&self, point: PatientPoint) -> Gy {
        let low = plateau(&PTV_LOW.grown(14.0), point);
        let high = plateau(&PTV_HIGH.grown(4.5), point);
        let bath = BATH * (-0.5 * (PTV_LOW.grown(30.0).depth(point)).powi(2)).exp() * (1.0 - low);
        let from_cord = ((point.x - CORD[0]).powi(2) + (point.y - CORD[1]).powi(2)) / (2.0 * 9.0 * 9.0);
        let spared = 1.0 - 0.3 * (-from_cord).exp();
        let ripple = 1.0 + 0.012 * (point.x / 7.0).sin() * (point.z / 9.0).cos() * (point.y / 8.0).cos();
        Gy((ELECTIVE * low + BOOST * high) * spared * ripple + bath)
    }
}

/// 1 well inside an ellipsoid, 0.5 on its surface, 0 well outside.
fn plateau(ellipsoid: &Ellipsoid, point: PatientPoint) -> f64 {
    1.0 / (1.0 + (STEEPNESS * (ellipsoid.depth(point) - 1.0)).exp())
}

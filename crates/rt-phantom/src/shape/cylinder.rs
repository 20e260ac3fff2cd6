//! An upright cylinder.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::{Aspect, Fit, MM3_PER_CM3, Outline, Shape, circle, disc_segment};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::{Cm3, Mm};
use std::f64::consts::PI;

/// A cylinder whose axis runs along z. Closed forms along the axis and across it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cylinder {
    /// Centre, half-way up the axis.
    pub centre: PatientPoint,
    /// Radius, above 0.
    pub radius: Mm,
    /// Length of the axis, above 0.
    pub height: Mm,
}

impl Shape for Cylinder {
    fn volume(&self) -> Cm3 {
        Cm3(PI * self.radius.0.powi(2) * self.height.0 / MM3_PER_CM3)
    }

    fn centroid(&self) -> PatientPoint {
        self.centre
    }

    fn extent(&self, direction: PatientVector) -> (f64, f64) {
        let middle = self.centre.along(direction);
        let reach = self.height.0 / 2.0 * direction.z.abs() + self.radius.0 * direction.x.hypot(direction.y);
        (middle - reach, middle + reach)
    }

    fn volume_above(&self, direction: PatientVector, coordinate: f64) -> Option<f64> {
        let from_centre = coordinate - self.centre.along(direction);
        match Aspect::of(direction) {
            Aspect::Along(_) => Some(
                PI * self.radius.0.powi(2) * (self.height.0 / 2.0 - from_centre).clamp(0.0, self.height.0),
            ),
            Aspect::Across => Some(disc_segment(self.radius.0, from_centre) * self.height.0),
            Aspect::Oblique => None,
        }
    }

    fn section(&self, z: f64, points: usize, fit: Fit) -> Vec<Outline> {
        if (z - self.centre.z).abs() > self.height.0 / 2.0 {
            return Vec::new();
        }
        vec![Outline {
            points: circle([self.centre.x, self.centre.y], self.radius.0, points, fit),
            hole: false,
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::check::against_cubes;

    #[test]
    fn formulas_agree_with_cubes() {
        let cylinder =
            Cylinder { centre: PatientPoint::new(3.0, -2.0, 7.0), radius: Mm(5.0), height: Mm(8.0) };
        let across = PatientVector::new(3.0, -4.0, 0.0).unit().unwrap();
        let inside = |p: PatientPoint| (p.x - 3.0).hypot(p.y + 2.0) <= 5.0 && (p.z - 7.0).abs() <= 4.0;
        against_cubes(&cylinder, inside, &[across, PatientVector::new(0.0, 0.0, -1.0)]);
        assert_eq!(cylinder.volume_above(PatientVector::new(0.6, 0.0, 0.8), 0.0), None);
    }
}

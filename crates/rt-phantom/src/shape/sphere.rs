//! A sphere, of a body's size or as tiny as a lens.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::{Fit, MM3_PER_CM3, Outline, Shape, circle};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::{Cm3, Mm};
use std::f64::consts::PI;

/// A sphere; every direction has its closed form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sphere {
    /// Centre.
    pub centre: PatientPoint,
    /// Radius, above 0.
    pub radius: Mm,
}

impl Shape for Sphere {
    fn volume(&self) -> Cm3 {
        Cm3(4.0 / 3.0 * PI * self.radius.0.powi(3) / MM3_PER_CM3)
    }

    fn centroid(&self) -> PatientPoint {
        self.centre
    }

    fn extent(&self, direction: PatientVector) -> (f64, f64) {
        let middle = self.centre.along(direction);
        (middle - self.radius.0, middle + self.radius.0)
    }

    fn volume_above(&self, direction: PatientVector, coordinate: f64) -> Option<f64> {
        let r = self.radius.0;
        let height = r - (coordinate - self.centre.along(direction)).clamp(-r, r);
        Some(PI * height * height * (3.0 * r - height) / 3.0)
    }

    fn section(&self, z: f64, points: usize, fit: Fit) -> Vec<Outline> {
        let squared = self.radius.0.powi(2) - (z - self.centre.z).powi(2);
        if squared <= 0.0 {
            return Vec::new();
        }
        vec![Outline {
            points: circle([self.centre.x, self.centre.y], squared.sqrt(), points, fit),
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
        let sphere = Sphere { centre: PatientPoint::new(3.0, -2.0, 7.0), radius: Mm(5.0) };
        let oblique = PatientVector::new(1.0, -2.0, 0.5).unit().unwrap();
        against_cubes(
            &sphere,
            |p| p.from_point(sphere.centre).length() <= 5.0,
            &[oblique, PatientVector::new(0.0, 0.0, -1.0)],
        );
    }
}

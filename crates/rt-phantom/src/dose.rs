//! Doses as functions of the patient position, independent of any grid.
//!
//! Units: gray, millimetres. Frame: DICOM patient coordinates (LPS).

use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::{Gy, Mm};

/// A dose that is known everywhere.
pub trait DoseField: Send + Sync {
    /// The dose at a point.
    fn at(&self, point: PatientPoint) -> Gy;
}

/// The same dose everywhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConstantDose(pub Gy);

impl DoseField for ConstantDose {
    fn at(&self, _: PatientPoint) -> Gy {
        self.0
    }
}

/// A dose with the same gradient everywhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearDose {
    /// Dose at the frame's origin.
    pub at_origin: Gy,
    /// Gradient in Gy per mm; its direction is where the dose rises.
    pub gradient: PatientVector,
}

impl LinearDose {
    /// The dose that is `dose` at `point` and rises by `gradient` (Gy per mm).
    #[must_use]
    pub fn through(point: PatientPoint, dose: Gy, gradient: PatientVector) -> Self {
        Self { at_origin: Gy(dose.0 - point.along(gradient)), gradient }
    }
}

impl DoseField for LinearDose {
    fn at(&self, point: PatientPoint) -> Gy {
        Gy(self.at_origin.0 + point.along(self.gradient))
    }
}

/// A dose that falls off from a centre as a Gaussian of the distance: `peak · exp(-r² / 2σ²)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianDose {
    /// Where the dose is highest.
    pub centre: PatientPoint,
    /// The dose there.
    pub peak: Gy,
    /// The Gaussian's standard deviation.
    pub sigma: Mm,
}

impl DoseField for GaussianDose {
    fn at(&self, point: PatientPoint) -> Gy {
        let from_centre = point.from_point(self.centre);
        Gy(self.peak.0 * (-from_centre.dot(from_centre) / (2.0 * self.sigma.0 * self.sigma.0)).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_their_named_values() {
        let point = PatientPoint::new(1.0, -2.0, 3.0);
        let linear = LinearDose::through(point, Gy(20.0), PatientVector::new(0.5, 0.0, 0.0));
        assert_eq!(linear.at(point), Gy(20.0));
        assert_eq!(linear.at(PatientPoint::new(3.0, 0.0, 0.0)), Gy(21.0));
        let gaussian = GaussianDose { centre: point, peak: Gy(60.0), sigma: Mm(5.0) };
        assert_eq!(gaussian.at(point), Gy(60.0));
        assert!((gaussian.at(PatientPoint::new(6.0, -2.0, 3.0)).0 - 60.0 * (-0.5_f64).exp()).abs() < 1e-12);
    }
}

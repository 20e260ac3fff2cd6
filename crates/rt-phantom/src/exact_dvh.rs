//! Cumulative DVHs that are formulas.
//!
//! Units: gray, cm³. Frame: DICOM patient coordinates (LPS) for the shapes and doses they come from.

use crate::dose::{DoseField, GaussianDose, LinearDose};
use crate::shape::{MM3_PER_CM3, Shape, Sphere};
use rt_model::units::{Cm3, Gy};
use std::f64::consts::PI;
use std::fmt;

/// The cumulative DVH of a solid in a dose, exact to rounding.
pub struct ExactDvh<'a> {
    /// Volume of the solid.
    pub volume: Cm3,
    /// Smallest dose in it.
    pub min: Gy,
    /// Mean dose.
    pub mean: Gy,
    /// Largest dose in it.
    pub max: Gy,
    at_or_above: Box<dyn Fn(Gy) -> Cm3 + Send + Sync + 'a>,
}

impl<'a> ExactDvh<'a> {
    pub(crate) fn new(
        volume: Cm3,
        [min, mean, max]: [Gy; 3],
        at_or_above: impl Fn(Gy) -> Cm3 + Send + Sync + 'a,
    ) -> Self {
        Self { volume, min, mean, max, at_or_above: Box::new(at_or_above) }
    }

    /// A shape in a linear dose (a constant one is linear without gradient); `None` where the shape has no
    /// closed form in the gradient's direction.
    #[must_use]
    pub fn of_linear(shape: &'a dyn Shape, dose: LinearDose) -> Option<Self> {
        let volume = shape.volume();
        let mean = dose.at(shape.centroid());
        let Some(direction) = dose.gradient.unit() else {
            return Some(Self::new(volume, [mean; 3], move |at| if at <= mean { volume } else { Cm3(0.0) }));
        };
        let slope = dose.gradient.length();
        let (low, high) = shape.extent(direction);
        shape.volume_above(direction, low)?;
        let of_coordinate = |coordinate: f64| Gy(dose.at_origin.0 + slope * coordinate);
        Some(Self::new(volume, [of_coordinate(low), mean, of_coordinate(high)], move |at| {
            let coordinate = (at.0 - dose.at_origin.0) / slope;
            Cm3(shape.volume_above(direction, coordinate).unwrap_or_default() / MM3_PER_CM3)
        }))
    }

    /// A sphere in a Gaussian dose with the same centre; `None` where the centres differ.
    #[must_use]
    pub fn of_concentric(sphere: Sphere, dose: GaussianDose) -> Option<ExactDvh<'static>> {
        if sphere.centre != dose.centre {
            return None;
        }
        let (radius, sigma, peak) = (sphere.radius.0, dose.sigma.0, dose.peak.0);
        let ball = |r: f64| 4.0 / 3.0 * PI * r.powi(3);
        let edge = peak * (-radius * radius / (2.0 * sigma * sigma)).exp();
        let mean = peak * 4.0 * PI * radial_integral(radius, sigma) / ball(radius);
        let doses = [edge, mean, peak].map(Gy);
        Some(ExactDvh::new(sphere.volume(), doses, move |at| {
            let reach = match at.0 {
                at if at > peak => 0.0,
                at if at <= edge => radius,
                at => sigma * (2.0 * (peak / at).ln()).sqrt(),
            };
            Cm3(ball(reach.min(radius)) / MM3_PER_CM3)
        }))
    }

    /// The volume that receives `dose` or more.
    #[must_use]
    pub fn volume_at_or_above(&self, dose: Gy) -> Cm3 {
        (self.at_or_above)(dose)
    }

    /// The largest dose that `volume` receives at least; `None` where the solid has less volume.
    #[must_use]
    pub fn dose_at_volume(&self, volume: Cm3) -> Option<Gy> {
        if volume > self.volume {
            return None;
        }
        let (mut low, mut high) = (self.min.0, self.max.0);
        while low < (low + high) / 2.0 && (low + high) / 2.0 < high {
            let middle = (low + high) / 2.0;
            if self.volume_at_or_above(Gy(middle)) >= volume { low = middle } else { high = middle }
        }
        Some(Gy(low))
    }
}

impl fmt::Debug for ExactDvh<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExactDvh")
            .field("volume", &self.volume)
            .field("min", &self.min)
            .field("mean", &self.mean)
            .field("max", &self.max)
            .finish_non_exhaustive()
    }
}

/// The integral of r² exp(-r² / 2σ²) from 0 to `radius`, by the series with positive terms alone:
/// ∫ exp(-r²/2σ²) dr = R e^(-u) Σ (2u)^k / (1·3·5 … (2k+1)), u = R²/2σ² (DLMF 7.6.2).
fn radial_integral(radius: f64, sigma: f64) -> f64 {
    let u = radius * radius / (2.0 * sigma * sigma);
    let (mut term, mut sum, mut k) = (1.0, 1.0, 0.0);
    while term > sum * 1e-18 {
        k += 1.0;
        term *= 2.0 * u / (2.0 * k + 1.0);
        sum += term;
    }
    // By parts: ∫ r² g dr = σ² (∫ g dr - R g(R)).
    sigma * sigma * radius * (-u).exp() * (sum - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Cylinder;
    use rt_model::frame::{PatientPoint, PatientVector};
    use rt_model::units::Mm;

    const CENTRE: PatientPoint = PatientPoint::new(1.0, -2.0, 3.0);

    #[test]
    fn a_linear_dose_over_a_cylinder_is_read_off_its_axis() {
        let cylinder = Cylinder { centre: CENTRE, radius: Mm(5.0), height: Mm(10.0) };
        let dose = LinearDose::through(CENTRE, Gy(50.0), PatientVector::new(0.0, 0.0, -2.0));
        let dvh = ExactDvh::of_linear(&cylinder, dose).unwrap();
        assert_eq!([dvh.min, dvh.mean, dvh.max], [Gy(40.0), Gy(50.0), Gy(60.0)]);
        for (part, expected) in [(0.95, 41.0), (0.5, 50.0), (0.05, 59.0), (1.0, 40.0)] {
            assert!((dvh.dose_at_volume(dvh.volume * part).unwrap().0 - expected).abs() < 1e-9, "D{part}");
            assert!((dvh.volume_at_or_above(Gy(expected)) / dvh.volume - part).abs() < 1e-9);
        }
        assert_eq!(dvh.dose_at_volume(dvh.volume * 1.01), None);
        assert!(
            ExactDvh::of_linear(
                &cylinder,
                LinearDose { gradient: PatientVector::new(1.0, 0.0, 1.0), ..dose }
            )
            .is_none()
        );
    }

    #[test]
    fn a_gaussian_dose_over_a_sphere_agrees_with_shells() {
        for (radius, sigma) in [(10.0, 6.0), (3.0, 20.0), (60.0, 5.0)] {
            let sphere = Sphere { centre: CENTRE, radius: Mm(radius) };
            let dose = GaussianDose { centre: CENTRE, peak: Gy(60.0), sigma: Mm(sigma) };
            let dvh = ExactDvh::of_concentric(sphere, dose).unwrap();
            let shells = 200_000;
            let step = radius / f64::from(shells);
            let (mut weighted, mut volume) = (0.0, 0.0);
            for n in 0..shells {
                let r = (f64::from(n) + 0.5) * step;
                weighted += r * r * dose.at(CENTRE.moved(PatientVector::new(r, 0.0, 0.0))).0;
                volume += r * r;
            }
            assert!((dvh.mean.0 - weighted / volume).abs() < 1e-7, "{dvh:?}");
            let half = dvh.dose_at_volume(dvh.volume * 0.5).unwrap();
            let at_half_volume = dose.at(CENTRE.moved(PatientVector::new(radius * 0.5_f64.cbrt(), 0.0, 0.0)));
            assert!((half.0 - at_half_volume.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_constant_dose_is_a_step() {
        let sphere = Sphere { centre: CENTRE, radius: Mm(4.0) };
        let flat = LinearDose { at_origin: Gy(2.0), gradient: PatientVector::default() };
        let dvh = ExactDvh::of_linear(&sphere, flat).unwrap();
        assert_eq!(
            (dvh.volume_at_or_above(Gy(2.0)), dvh.volume_at_or_above(Gy(2.1))),
            (dvh.volume, Cm3(0.0))
        );
        assert_eq!(dvh.dose_at_volume(dvh.volume * 0.3), Some(Gy(2.0)));
    }
}

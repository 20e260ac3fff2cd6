//! An upright cone.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::{Aspect, Fit, MM3_PER_CM3, Outline, Shape, circle};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::{Cm3, Mm};
use std::f64::consts::PI;

/// A cone with its base at the feet end and its tip at the head end. Closed forms along the axis and across
/// it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cone {
    /// Half-way up the axis: base and tip are half the height away.
    pub centre: PatientPoint,
    /// Radius of the base, above 0.
    pub radius: Mm,
    /// Distance of base and tip, above 0.
    pub height: Mm,
}

impl Cone {
    /// Volume of a cone of this height and base, the part closer to the tip than `depth`.
    fn tip(&self, depth: f64) -> f64 {
        let depth = depth.clamp(0.0, self.height.0);
        PI * (self.radius.0 / self.height.0).powi(2) * depth.powi(3) / 3.0
    }

    /// Volume whose distance from a plane through the axis is at or above `from`.
    fn beside(&self, from: f64) -> f64 {
        let (r, h) = (self.radius.0, self.height.0);
        let a = from.abs().min(r);
        let half_or_less = if a == 0.0 {
            self.tip(h) / 2.0
        } else {
            let s = (r * r - a * a).sqrt();
            h / r
                * (r.powi(3) / 3.0 * (a / r).acos() - 2.0 / 3.0 * a * r * s
                    + a.powi(3) / 3.0 * ((r + s) / a).ln())
        };
        if from >= 0.0 { half_or_less } else { self.tip(h) - half_or_less }
    }
}

impl Shape for Cone {
    fn volume(&self) -> Cm3 {
        Cm3(self.tip(self.height.0) / MM3_PER_CM3)
    }

    fn centroid(&self) -> PatientPoint {
        self.centre.moved(PatientVector::new(0.0, 0.0, -self.height.0 / 4.0))
    }

    fn extent(&self, direction: PatientVector) -> (f64, f64) {
        let middle = self.centre.along(direction);
        let up = self.height.0 / 2.0 * direction.z;
        let out = self.radius.0 * direction.x.hypot(direction.y);
        (middle + up.min(-up - out), middle + up.max(-up + out))
    }

    fn volume_above(&self, direction: PatientVector, coordinate: f64) -> Option<f64> {
        let from_centre = coordinate - self.centre.along(direction);
        let half = self.height.0 / 2.0;
        match Aspect::of(direction) {
            Aspect::Along(up) if up > 0.0 => Some(self.tip(half - from_centre)),
            Aspect::Along(_) => Some(self.tip(self.height.0) - self.tip(half + from_centre)),
            Aspect::Across => Some(self.beside(from_centre)),
            Aspect::Oblique => None,
        }
    }

    fn section(&self, z: f64, points: usize, fit: Fit) -> Vec<Outline> {
        let depth = self.height.0 / 2.0 - (z - self.centre.z);
        if depth <= 0.0 || depth > self.height.0 {
            return Vec::new();
        }
        let radius = self.radius.0 * depth / self.height.0;
        vec![Outline { points: circle([self.centre.x, self.centre.y], radius, points, fit), hole: false }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::check::against_cubes;

    #[test]
    fn formulas_agree_with_cubes() {
        let cone = Cone { centre: PatientPoint::new(3.0, -2.0, 7.0), radius: Mm(5.0), height: Mm(8.0) };
        let across = PatientVector::new(3.0, -4.0, 0.0).unit().unwrap();
        let up = PatientVector::new(0.0, 0.0, 1.0);
        let inside = |p: PatientPoint| (p.x - 3.0).hypot(p.y + 2.0) <= 5.0 * (11.0 - p.z) / 8.0 && p.z >= 3.0;
        against_cubes(&cone, inside, &[across, up, up.scaled(-1.0)]);
    }
}

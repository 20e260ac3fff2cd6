//! An upright tube: a cylinder with a hole.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::{Cylinder, Fit, Outline, Shape};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::{Cm3, Mm};

/// A tube whose axis runs along z: every section is a ring. Closed forms along the axis and across it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tube {
    /// Centre, half-way up the axis.
    pub centre: PatientPoint,
    /// Outer radius.
    pub radius: Mm,
    /// Radius of the hole, below the outer one.
    pub hole: Mm,
    /// Length of the axis, above 0.
    pub height: Mm,
}

impl Tube {
    fn outer(&self) -> Cylinder {
        Cylinder { centre: self.centre, radius: self.radius, height: self.height }
    }

    fn inner(&self) -> Cylinder {
        Cylinder { radius: self.hole, ..self.outer() }
    }
}

impl Shape for Tube {
    fn volume(&self) -> Cm3 {
        self.outer().volume() - self.inner().volume()
    }

    fn centroid(&self) -> PatientPoint {
        self.centre
    }

    fn extent(&self, direction: PatientVector) -> (f64, f64) {
        self.outer().extent(direction)
    }

    fn volume_above(&self, direction: PatientVector, coordinate: f64) -> Option<f64> {
        Some(
            self.outer().volume_above(direction, coordinate)?
                - self.inner().volume_above(direction, coordinate)?,
        )
    }

    fn section(&self, z: f64, points: usize, fit: Fit) -> Vec<Outline> {
        let mut outlines = self.outer().section(z, points, fit);
        outlines.extend(
            self.inner().section(z, points, fit).into_iter().map(|outline| Outline { hole: true, ..outline }),
        );
        outlines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::check::against_cubes;

    #[test]
    fn formulas_agree_with_cubes() {
        let tube = Tube {
            centre: PatientPoint::new(1.0, 2.0, 3.0),
            radius: Mm(6.0),
            hole: Mm(3.0),
            height: Mm(4.0),
        };
        let inside = |p: PatientPoint| (3.0..=6.0).contains(&(p.x - 1.0).hypot(p.y - 2.0));
        against_cubes(
            &tube,
            inside,
            &[PatientVector::new(0.0, -1.0, 0.0), PatientVector::new(0.0, 0.0, 1.0)],
        );
    }
}

//! Several shapes as one: apart from each other, or holes and islands inside one another.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::{Fit, Outline, Shape};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::Cm3;

/// Parts whose surfaces do not meet: solids that are apart, and holes that lie wholly in the solid before
/// them. Makes hollow spheres, islands in holes, and tubes that fork. Closed forms where all parts have them.
#[derive(Default)]
pub struct Compound {
    parts: Vec<(Part, Box<dyn Shape>)>,
}

/// What a shape does to its compound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Adds to it.
    Solid,
    /// Takes away.
    Hole,
}

impl Part {
    const fn sign(self) -> f64 {
        match self {
            Self::Solid => 1.0,
            Self::Hole => -1.0,
        }
    }
}

impl Compound {
    /// The compound with another solid.
    #[must_use]
    pub fn with(mut self, shape: impl Shape + 'static) -> Self {
        self.parts.push((Part::Solid, Box::new(shape)));
        self
    }

    /// The compound less a shape that lies wholly in it.
    #[must_use]
    pub fn without(mut self, shape: impl Shape + 'static) -> Self {
        self.parts.push((Part::Hole, Box::new(shape)));
        self
    }

    fn sum(&self, value: impl Fn(&dyn Shape) -> f64) -> f64 {
        self.parts.iter().map(|(part, shape)| part.sign() * value(shape.as_ref())).sum()
    }
}

impl Shape for Compound {
    fn volume(&self) -> Cm3 {
        Cm3(self.sum(|shape| shape.volume().0))
    }

    fn centroid(&self) -> PatientPoint {
        let volume = self.volume().0;
        let mean = |coordinate: fn(PatientPoint) -> f64| {
            self.sum(|shape| shape.volume().0 * coordinate(shape.centroid())) / volume
        };
        PatientPoint::new(mean(|p| p.x), mean(|p| p.y), mean(|p| p.z))
    }

    fn extent(&self, direction: PatientVector) -> (f64, f64) {
        let solids = self.parts.iter().filter(|(part, _)| *part == Part::Solid);
        solids
            .map(|(_, shape)| shape.extent(direction))
            .reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
            .unwrap_or((0.0, 0.0))
    }

    fn volume_above(&self, direction: PatientVector, coordinate: f64) -> Option<f64> {
        self.parts
            .iter()
            .map(|(part, shape)| Some(part.sign() * shape.volume_above(direction, coordinate)?))
            .sum()
    }

    fn section(&self, z: f64, points: usize, fit: Fit) -> Vec<Outline> {
        let outlines = self.parts.iter().flat_map(|(part, shape)| {
            let hole = *part == Part::Hole;
            shape
                .section(z, points, fit)
                .into_iter()
                .map(move |outline| Outline { hole: outline.hole != hole, ..outline })
        });
        outlines.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::check::against_cubes;
    use crate::shape::{Cylinder, Sphere};
    use rt_model::units::Mm;

    #[test]
    fn a_hollow_sphere_agrees_with_cubes() {
        let centre = PatientPoint::new(1.0, 2.0, 3.0);
        let sphere = |radius| Sphere { centre, radius: Mm(radius) };
        let hollow = Compound::default().with(sphere(6.0)).without(sphere(3.0));
        let inside = |p: PatientPoint| (3.0..=6.0).contains(&p.from_point(centre).length());
        against_cubes(&hollow, inside, &[PatientVector::new(0.6, 0.0, 0.8)]);
        assert_eq!(
            hollow.section(3.0, 8, Fit::Inscribed).iter().map(|o| o.hole).collect::<Vec<_>>(),
            [false, true]
        );
        assert_eq!(hollow.section(7.0, 8, Fit::Inscribed).len(), 1);
    }

    #[test]
    fn a_fork_has_its_centroid_between_the_branches() {
        let branch =
            |x| Cylinder { centre: PatientPoint::new(x, 0.0, 6.0), radius: Mm(4.0), height: Mm(12.0) };
        let stem = Cylinder { centre: PatientPoint::new(0.0, 0.0, -6.0), radius: Mm(6.0), height: Mm(12.0) };
        let fork = Compound::default().with(stem).with(branch(-7.0)).with(branch(7.0));
        assert!((fork.centroid().z - 12.0 * (32.0 - 36.0) / 68.0 / 2.0).abs() < 1e-12);
        assert_eq!(fork.extent(PatientVector::new(1.0, 0.0, 0.0)), (-11.0, 11.0));
    }
}

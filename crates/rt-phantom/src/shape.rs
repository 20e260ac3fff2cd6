//! Solids whose volume above any plane is a formula.
//!
//! Units: millimetres; volumes above a plane in mm³. Frame: DICOM patient coordinates (LPS).

mod compound;
mod cone;
mod cuboid;
mod cylinder;
mod sphere;
mod tube;

pub use compound::{Compound, Part};
pub use cone::Cone;
pub use cuboid::Cuboid;
pub use cylinder::Cylinder;
pub use sphere::Sphere;
pub use tube::Tube;

use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::Cm3;

/// A solid.
pub trait Shape: Send + Sync {
    /// Its volume.
    fn volume(&self) -> Cm3;

    /// Its centre of mass: where a linear dose has its mean.
    fn centroid(&self) -> PatientPoint;

    /// The smallest and the largest coordinate it reaches along a unit vector, mm.
    fn extent(&self, direction: PatientVector) -> (f64, f64);

    /// The volume in mm³ of the part whose coordinate along a unit vector is at or above `coordinate` (mm);
    /// `None` where the shape has no closed form in that direction.
    fn volume_above(&self, direction: PatientVector, coordinate: f64) -> Option<f64>;

    /// Its outlines on the axial plane at `z`, curves drawn with `points` vertices. Holes follow the outline
    /// they are in.
    fn section(&self, z: f64, points: usize, fit: Fit) -> Vec<Outline>;
}

/// How a polygon follows a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fit {
    /// Its vertices lie on the circle: its area is smaller.
    Inscribed,
    /// It has the circle's area: its vertices lie a little outside.
    AreaTrue,
}

/// A closed outline on an axial plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Vertices (x, y), mm, counter-clockwise; the first is not repeated.
    pub points: Vec<[f64; 2]>,
    /// Bounds a hole of the outline before it.
    pub hole: bool,
}

/// 1 cm³ in mm³.
pub(crate) const MM3_PER_CM3: f64 = 1000.0;

/// How closely a direction has to follow the axis, or stand perpendicular to it, for the formula of that
/// case.
const ALIGNED: f64 = 1e-12;

/// A direction as seen by a shape with an axis along z.
pub(crate) enum Aspect {
    /// Along the axis: +1 to the head, -1 to the feet.
    Along(f64),
    /// Perpendicular to it.
    Across,
    /// Neither.
    Oblique,
}

impl Aspect {
    pub(crate) fn of(direction: PatientVector) -> Self {
        if direction.x.hypot(direction.y) < ALIGNED {
            Self::Along(direction.z.signum())
        } else if direction.z.abs() < ALIGNED {
            Self::Across
        } else {
            Self::Oblique
        }
    }
}

/// The area of a disc of radius `radius` whose coordinate from the centre is at or above `from`.
pub(crate) fn disc_segment(radius: f64, from: f64) -> f64 {
    let t = from.clamp(-radius, radius);
    radius * radius * (t / radius).acos() - t * (radius * radius - t * t).sqrt()
}

/// A circle as a polygon.
pub(crate) fn circle(centre: [f64; 2], radius: f64, points: usize, fit: Fit) -> Vec<[f64; 2]> {
    let step = std::f64::consts::TAU / points as f64;
    let reach = match fit {
        Fit::Inscribed => radius,
        Fit::AreaTrue => radius * (step / step.sin()).sqrt(),
    };
    (0..points)
        .map(|n| {
            let (sin, cos) = (n as f64 * step).sin_cos();
            [centre[0] + reach * cos, centre[1] + reach * sin]
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod check {
    //! Formulas against brute force.

    use super::*;

    /// Compares volume, centroid and the volume above planes with a sum over small cubes.
    pub(crate) fn against_cubes(
        shape: &dyn Shape,
        inside: impl Fn(PatientPoint) -> bool,
        directions: &[PatientVector],
    ) {
        let axes = [
            PatientVector::new(1.0, 0.0, 0.0),
            PatientVector::new(0.0, 1.0, 0.0),
            PatientVector::new(0.0, 0.0, 1.0),
        ];
        let ranges = axes.map(|axis| shape.extent(axis));
        let cells = 120;
        let steps = ranges.map(|(low, high)| (high - low) / f64::from(cells));
        let cube: f64 = steps.iter().product();
        let mut points = Vec::new();
        for n in 0..cells * cells * cells {
            let index = [n % cells, n / cells % cells, n / cells / cells];
            let c: [f64; 3] = std::array::from_fn(|a| ranges[a].0 + (f64::from(index[a]) + 0.5) * steps[a]);
            let point = PatientPoint::new(c[0], c[1], c[2]);
            if inside(point) {
                points.push(point);
            }
        }
        let volume = points.len() as f64 * cube;
        let close = |found: f64, expected: f64, what: &str| {
            assert!((found - expected).abs() < 4e-3 * volume, "{what}: {found} {expected}");
        };
        close(shape.volume().0 * MM3_PER_CM3, volume, "volume");
        for direction in directions {
            let mean = points.iter().map(|p| p.along(*direction)).sum::<f64>() / points.len() as f64;
            let (low, high) = shape.extent(*direction);
            assert!((shape.centroid().along(*direction) - mean).abs() < 4e-3 * (high - low), "centroid");
            for part in [-0.1, 0.0, 0.2, 0.45, 0.7, 0.95, 1.0, 1.1] {
                let coordinate = low + part * (high - low);
                let expected =
                    points.iter().filter(|p| p.along(*direction) >= coordinate).count() as f64 * cube;
                close(shape.volume_above(*direction, coordinate).unwrap(), expected, "above");
            }
        }
    }
}

//! A box.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::{ALIGNED, Fit, MM3_PER_CM3, Outline, Shape};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::Cm3;

/// A box with edges along the patient's axes; its sections are exact polygons, and every direction has its
/// closed form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cuboid {
    /// The corner with the smallest coordinates.
    pub low: PatientPoint,
    /// The opposite corner.
    pub high: PatientPoint,
}

impl Cuboid {
    fn edges(&self) -> PatientVector {
        self.high.from_point(self.low)
    }
}

impl Shape for Cuboid {
    fn volume(&self) -> Cm3 {
        let edges = self.edges();
        Cm3(edges.x * edges.y * edges.z / MM3_PER_CM3)
    }

    fn centroid(&self) -> PatientPoint {
        self.low.moved(self.edges().scaled(0.5))
    }

    fn extent(&self, direction: PatientVector) -> (f64, f64) {
        let middle = self.centroid().along(direction);
        let edges = self.edges();
        let reach =
            (edges.x * direction.x.abs() + edges.y * direction.y.abs() + edges.z * direction.z.abs()) / 2.0;
        (middle - reach, middle + reach)
    }

    /// The corner's simplex less the simplices that reach past the opposite faces, of as many dimensions as
    /// the direction has components.
    fn volume_above(&self, direction: PatientVector, coordinate: f64) -> Option<f64> {
        let depth = self.extent(direction).1 - coordinate;
        let edges = self.edges();
        let pairs = [(direction.x, edges.x), (direction.y, edges.y), (direction.z, edges.z)];
        let (mut slanted, mut straight) = (Vec::new(), 1.0);
        for (component, edge) in pairs {
            if component.abs() < ALIGNED { straight *= edge } else { slanted.push((component.abs(), edge)) }
        }
        let n = slanted.len();
        let scale: f64 = slanted.iter().map(|(component, _)| component).product::<f64>()
            * (1..=n).product::<usize>() as f64;
        let simplices = (0..1_usize << n).map(|corner| {
            let passed: f64 =
                (0..n).filter(|a| corner >> a & 1 == 1).map(|a| slanted[a].0 * slanted[a].1).sum();
            let sign = if corner.count_ones() % 2 == 0 { 1.0 } else { -1.0 };
            sign * (depth - passed).max(0.0).powi(n as i32)
        });
        let whole = edges.x * edges.y * edges.z;
        Some((straight * simplices.sum::<f64>() / scale).clamp(0.0, whole))
    }

    fn section(&self, z: f64, _: usize, _: Fit) -> Vec<Outline> {
        if z < self.low.z || z > self.high.z {
            return Vec::new();
        }
        let (low, high) = (self.low, self.high);
        vec![Outline {
            points: vec![[low.x, low.y], [high.x, low.y], [high.x, high.y], [low.x, high.y]],
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
        let cuboid =
            Cuboid { low: PatientPoint::new(3.0, -2.0, 7.0), high: PatientPoint::new(7.0, 4.0, 17.0) };
        let directions = [[0.0, 0.0, -1.0], [3.0, -4.0, 0.0], [1.0, 2.0, -0.5]];
        let directions = directions.map(|[x, y, z]| PatientVector::new(x, y, z).unit().unwrap());
        against_cubes(&cuboid, |_| true, &directions);
    }
}

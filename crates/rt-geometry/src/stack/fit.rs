//! The direction that the planes of a ROI are perpendicular to, from its contours.
//!
//! # Derivation
//! The points of a contour scatter about its mean along two directions of its plane and, but for rounding and
//! noise, not along the third. A contour is a closed polygon, so its scatter is an integral along its edges:
//! an edge of length L with ends a, b and middle m contributes L/6 (a aᵀ + 4 m mᵀ + b bᵀ), which is Simpson's
//! rule and exact for the quadratic form; vertex density does not matter. The scatters of all contours of a
//! ROI, each about its own mean, are added; the normal is the eigenvector of the smallest eigenvalue (a plane
//! fit by total least squares).
//!
//! The fit is only as good as the points: residuals of standard deviation s over N points at a typical
//! distance l from their means leave the normal uncertain by s / (l √N).
//!
//! Units: millimetres, radians. Frame: DICOM patient coordinates (LPS).

use crate::linear::position;
use nalgebra::{Matrix3, SymmetricEigen, Vector3};
use rt_model::structure_set::Contour;

/// Coordinates are written with about this precision at best, mm: no fit is more certain than that.
const FINEST_MM: f64 = 2e-4;

/// A fitted normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    /// Unit normal; its largest component is positive.
    pub(super) normal: Vector3<f64>,
    /// How far the normal may be off, rad.
    pub(super) uncertainty: f64,
    /// Diagonal of the box around all points, along the planes.
    pub(super) width: f64,
}

impl Fit {
    /// The fit of closed contours; `None` where they have no extent.
    pub(super) fn of(contours: &[&Contour]) -> Option<Self> {
        let scatter: Matrix3<f64> = contours.iter().map(|contour| scatter(contour)).sum();
        let normal = least(scatter)?;
        let (mut low, mut high) = (Vector3::repeat(f64::INFINITY), Vector3::repeat(f64::NEG_INFINITY));
        let (mut off, mut reach, mut count) = (0.0, 0.0, 0.0);
        for contour in contours {
            let sum: Vector3<f64> = contour.points.iter().map(|point| position(*point)).sum();
            let mean = sum / contour.points.len() as f64;
            for point in &contour.points {
                let at = position(*point);
                let from_mean = at - mean;
                off += from_mean.dot(&normal).powi(2);
                reach += from_mean.norm_squared();
                count += 1.0;
                let along = at - normal * at.dot(&normal);
                (low, high) = (low.inf(&along), high.sup(&along));
            }
        }
        let residual = (off / count).sqrt().max(FINEST_MM);
        let lever = (reach / count / 2.0).sqrt();
        (lever > 0.0).then(|| Self {
            normal,
            uncertainty: residual / (lever * count.sqrt()),
            width: (high - low).norm(),
        })
    }

    /// The angle to a direction, whichever way it points, rad.
    pub(super) fn angle_to(&self, other: &Vector3<f64>) -> f64 {
        angle(&self.normal, other)
    }
}

/// The angle between two lines along unit vectors, rad.
pub(super) fn angle(a: &Vector3<f64>, b: &Vector3<f64>) -> f64 {
    // The sine keeps the digits of small angles that the cosine loses.
    a.cross(b).norm().atan2(a.dot(b).abs())
}

/// The direction in which a scatter is least; its largest component is positive. `None` without scatter.
pub(super) fn least(scatter: Matrix3<f64>) -> Option<Vector3<f64>> {
    if scatter.trace() <= 0.0 || scatter.iter().any(|part| !part.is_finite()) {
        return None;
    }
    let eigen = SymmetricEigen::new(scatter);
    let normal = eigen.eigenvectors.column(eigen.eigenvalues.imin()).normalize();
    Some(if normal[normal.iamax()] < 0.0 { -normal } else { normal })
}

/// The scatter of a closed contour about the mean of its edges.
fn scatter(contour: &Contour) -> Matrix3<f64> {
    let mean = mean(contour);
    let mut sum = Matrix3::zeros();
    for (a, b) in edges(contour) {
        let length = (b - a).norm();
        let (a, b) = (a - mean, b - mean);
        let m = (a + b) / 2.0;
        sum += (a * a.transpose() + m * m.transpose() * 4.0 + b * b.transpose()) * (length / 6.0);
    }
    sum
}

/// The mean of a contour's edges; of its points where they are all one.
pub(super) fn mean(contour: &Contour) -> Vector3<f64> {
    let (mut sum, mut total) = (Vector3::zeros(), 0.0);
    for (a, b) in edges(contour) {
        let length = (b - a).norm();
        sum += (a + b) * (length / 2.0);
        total += length;
    }
    if total > 0.0 { sum / total } else { contour.points.first().map_or(sum, |point| position(*point)) }
}

/// The length of a contour's outline.
pub(super) fn length(contour: &Contour) -> f64 {
    edges(contour).map(|(a, b)| (b - a).norm()).sum()
}

fn edges(contour: &Contour) -> impl Iterator<Item = (Vector3<f64>, Vector3<f64>)> {
    let next = contour.points.iter().cycle().skip(1);
    contour.points.iter().zip(next).map(|(a, b)| (position(*a), position(*b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::frame::PatientPoint;
    use rt_model::structure_set::ContourKind;

    fn circle(radius: f64, tilt: f64, height: f64, count: u32) -> Contour {
        let point = |n: u32| {
            let (sin, cos) = (f64::from(n) / f64::from(count) * std::f64::consts::TAU).sin_cos();
            let (x, y) = (radius * cos, radius * sin);
            PatientPoint::new(x * tilt.cos(), y, height + x * tilt.sin())
        };
        Contour {
            index: 0,
            kind: ContourKind::ClosedPlanar,
            points: (0..count).map(point).collect(),
            slab_thickness: None,
        }
    }

    proptest::proptest! {
        #[test]
        fn a_tilt_of_any_angle_is_found(tilt in -0.8f64..0.8, count in 5u32..60) {
            let contours = [circle(5.0, tilt, 0.0, count), circle(3.0, tilt, 2.0, count)];
            let fit = Fit::of(&contours.iter().collect::<Vec<_>>()).unwrap();
            let expected = Vector3::new(-tilt.sin(), 0.0, tilt.cos());
            proptest::prop_assert!(fit.angle_to(&expected) < 1e-9, "{} {}", tilt, fit.normal);
        }
    }

    #[test]
    fn vertices_crowded_on_one_side_do_not_turn_the_normal() {
        // Noise of one vertex weighs by the length of its edges: many short edges weigh as their length.
        let even = circle(10.0, 0.3, 0.0, 40);
        let mut crowded = even.clone();
        let (a, b) = (crowded.points[0], crowded.points[1]);
        let between =
            |t: f64| PatientPoint::new(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), a.z + t * (b.z - a.z));
        crowded.points.splice(1..1, (1..100).map(|n| between(f64::from(n) / 100.0)));
        let (even, crowded) = (mean(&even), mean(&crowded));
        assert!((even - crowded).norm() < 1e-12, "{even} {crowded}");
    }

    #[test]
    fn points_have_no_normal() {
        let point = Contour { points: vec![PatientPoint::new(1.0, 2.0, 3.0); 4], ..circle(1.0, 0.0, 0.0, 4) };
        assert_eq!(Fit::of(&[&point]), None);
    }
}

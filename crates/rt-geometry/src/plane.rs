//! The frame of a stack of parallel planes.
//!
//! Units: millimetres. Frame: plane coordinates (u, v) and the distance w along the normal, all measured from the origin of the
//! patient coordinate system; u × v = normal.

use crate::tolerance::{OFF_PLANE_MM, PARALLEL_SINE};
use rt_model::frame::{PatientPoint, PatientVector};

/// Directions of parallel planes in the patient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StackFrame {
    /// First in-plane direction, a unit vector.
    pub u: PatientVector,
    /// Second in-plane direction, a unit vector.
    pub v: PatientVector,
    /// Direction of rising w, a unit vector: u × v.
    pub normal: PatientVector,
}

impl StackFrame {
    /// Planes perpendicular to the z axis, u = x, v = y.
    pub const AXIAL: Self = Self {
        u: PatientVector::new(1.0, 0.0, 0.0),
        v: PatientVector::new(0.0, 1.0, 0.0),
        normal: PatientVector::new(0.0, 0.0, 1.0),
    };

    /// Planes perpendicular to `normal`; `None` where it has no direction. A normal along an axis gives exact axes.
    #[must_use]
    pub fn perpendicular_to(normal: PatientVector) -> Option<Self> {
        let n = normal.unit()?;
        let along = |x: f64, y: f64, z: f64| PatientVector::new(x, y, z);
        for (axis, u, v) in [
            (along(0.0, 0.0, 1.0), along(1.0, 0.0, 0.0), along(0.0, 1.0, 0.0)),
            (along(1.0, 0.0, 0.0), along(0.0, 1.0, 0.0), along(0.0, 0.0, 1.0)),
            (along(0.0, 1.0, 0.0), along(0.0, 0.0, 1.0), along(1.0, 0.0, 0.0)),
        ] {
            if n.cross(axis).length() <= PARALLEL_SINE {
                return Some(Self { u, v, normal: axis });
            }
        }
        // The axis least along the normal gives the best conditioned first direction.
        let least = if n.x.abs() <= n.y.abs() && n.x.abs() <= n.z.abs() {
            along(1.0, 0.0, 0.0)
        } else if n.y.abs() <= n.z.abs() {
            along(0.0, 1.0, 0.0)
        } else {
            along(0.0, 0.0, 1.0)
        };
        let u = least.plus(n.scaled(-least.dot(n))).unit()?;
        Some(Self { u, v: n.cross(u), normal: n })
    }

    /// The frame of the plane that a closed contour lies in, by Newell's method; `None` for fewer than three points or no area.
    #[must_use]
    pub fn of_contour(points: &[PatientPoint]) -> Option<Self> {
        let first = *points.first()?;
        if points.len() >= 3 && points.iter().all(|p| (p.z - first.z).abs() <= OFF_PLANE_MM) {
            return Some(Self::AXIAL);
        }
        Self::perpendicular_to(newell(points))
    }

    /// In-plane coordinates (u, v) of a point, mm.
    #[must_use]
    pub fn plane_from_patient(&self, point: PatientPoint) -> [f64; 2] {
        [point.along(self.u), point.along(self.v)]
    }

    /// The distance w of a point along the normal, mm.
    #[must_use]
    pub fn height(&self, point: PatientPoint) -> f64 {
        point.along(self.normal)
    }

    /// The point at in-plane coordinates `uv` on the plane at height `w`.
    #[must_use]
    pub fn patient_from_plane(&self, uv: [f64; 2], w: f64) -> PatientPoint {
        PatientPoint::default().moved(self.u.scaled(uv[0])).moved(self.v.scaled(uv[1])).moved(self.normal.scaled(w))
    }

    /// Whether the planes of `other` are parallel to these.
    #[must_use]
    pub fn is_parallel(&self, other: &Self) -> bool {
        self.normal.cross(other.normal).length() <= PARALLEL_SINE
    }
}

/// The normal of the plane that a closed contour lies in, twice as long as the contour's area in mm².
pub(crate) fn newell(points: &[PatientPoint]) -> PatientVector {
    let Some(first) = points.first() else { return PatientVector::default() };
    let next = points.iter().cycle().skip(1);
    points
        .iter()
        .zip(next)
        .fold(PatientVector::default(), |sum, (point, next)| sum.plus(point.from_point(*first).cross(next.from_point(*first))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axial_contour_has_the_axial_frame_whatever_its_turn() {
        let square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(x, y)| PatientPoint::new(x, y, 7.0));
        assert_eq!(StackFrame::of_contour(&square), Some(StackFrame::AXIAL));
        let turned: Vec<_> = square.iter().rev().copied().collect();
        assert_eq!(StackFrame::of_contour(&turned), Some(StackFrame::AXIAL));
    }

    #[test]
    fn plane_and_patient_are_inverse_in_any_direction() {
        for normal in [(1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.3, -0.5, 0.8), (1.0, 1.0, 1.0)] {
            let frame = StackFrame::perpendicular_to(PatientVector::new(normal.0, normal.1, normal.2)).unwrap();
            assert!(frame.u.cross(frame.v).plus(frame.normal.scaled(-1.0)).length() < 1e-12);
            let point = PatientPoint::new(3.0, -4.0, 12.0);
            let back = frame.patient_from_plane(frame.plane_from_patient(point), frame.height(point));
            assert!(back.from_point(point).length() < 1e-12);
        }
    }

    #[test]
    fn points_on_a_line_have_no_plane() {
        let line = [0.0, 1.0, 2.0].map(|t| PatientPoint::new(t, 0.0, t));
        assert_eq!(StackFrame::of_contour(&line), None);
    }
}

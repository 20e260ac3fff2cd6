//! The frame of a stack of parallel planes.
//!
//! Units: millimetres. Frame: plane coordinates (u, v) and the distance w along the normal, all measured from
//! the origin of the patient coordinate system; u × v = normal.

use crate::linear::{direction, point, position, rows, vector};
use crate::tolerance::{OFF_PLANE_MM, PARALLEL_SINE};
use nalgebra::{Matrix3, Vector3};
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

    /// Planes perpendicular to `normal`; `None` where it has no direction. A normal along an axis gives exact
    /// axes.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::plane::StackFrame;
    /// use rt_model::frame::PatientVector;
    ///
    /// let coronal = StackFrame::perpendicular_to(PatientVector::new(0.0, 2.0, 0.0)).unwrap();
    /// assert_eq!(coronal.normal, PatientVector::new(0.0, 1.0, 0.0));
    /// assert_eq!(StackFrame::perpendicular_to(PatientVector::default()), None);
    /// ```
    #[must_use]
    pub fn perpendicular_to(normal: PatientVector) -> Option<Self> {
        let n = vector(normal.unit()?);
        let axes = [Vector3::z(), Vector3::x(), Vector3::y()];
        let n = axes.into_iter().find(|axis| n.cross(axis).norm() <= PARALLEL_SINE).unwrap_or(n);
        Self::along(direction(n))
    }

    /// Planes perpendicular to a unit vector as it is; one along an axis gives exact axes.
    pub(crate) fn along(normal: PatientVector) -> Option<Self> {
        let n = vector(normal);
        let [x, y, z] = [Vector3::x(), Vector3::y(), Vector3::z()];
        for (axis, u, v) in [(z, x, y), (x, y, z), (y, z, x)] {
            if n == axis {
                return Some(Self { u: direction(u), v: direction(v), normal });
            }
        }
        // The axis least along the normal gives the best conditioned first direction.
        let least = [x, y, z][n.iamin()];
        let u = direction(least - n * least.dot(&n)).unit()?;
        Some(Self { u, v: direction(n.cross(&vector(u))), normal })
    }

    /// The frame of the plane that a closed contour lies in, by Newell's method; `None` for fewer than three
    /// points or no area.
    ///
    /// Its normal is that of the area which the contour encloses. The direction in which the points scatter
    /// least would weigh vertices instead, and turn with where the user happened to click; and the area is
    /// what the largest contour is found by.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, plane::StackFrame};
    ///
    /// assert_eq!(StackFrame::of_contour(&example::roi().contours[0].points), Some(StackFrame::AXIAL));
    /// assert_eq!(StackFrame::of_contour(&[]), None);
    /// ```
    #[must_use]
    pub fn of_contour(points: &[PatientPoint]) -> Option<Self> {
        let first = *points.first()?;
        if points.len() >= 3 && points.iter().all(|p| (p.z - first.z).abs() <= OFF_PLANE_MM) {
            return Some(Self::AXIAL);
        }
        Self::perpendicular_to(newell(points))
    }

    /// In-plane coordinates (u, v) of a point, mm.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::plane::StackFrame;
    /// use rt_model::frame::{PatientPoint, PatientVector};
    ///
    /// let frame = StackFrame::perpendicular_to(PatientVector::new(0.0, 2.0, 0.0)).unwrap();
    /// // Coronal planes: u along z, v along x.
    /// assert_eq!(frame.plane_from_patient(PatientPoint::new(1.0, 2.0, 3.0)), [3.0, 1.0]);
    /// ```
    #[must_use]
    pub fn plane_from_patient(&self, point: PatientPoint) -> [f64; 2] {
        let [u, v, _]: [f64; 3] = (self.turn() * position(point)).into();
        [u, v]
    }

    /// The distance w of a point along the normal, mm.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::plane::StackFrame;
    /// use rt_model::frame::{PatientPoint, PatientVector};
    ///
    /// let frame = StackFrame::perpendicular_to(PatientVector::new(0.0, 2.0, 0.0)).unwrap();
    /// assert_eq!(frame.height(PatientPoint::new(1.0, 2.0, 3.0)), 2.0);
    /// ```
    #[must_use]
    pub fn height(&self, point: PatientPoint) -> f64 {
        position(point).dot(&vector(self.normal))
    }

    /// The point at in-plane coordinates `uv` on the plane at height `w`.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::plane::StackFrame;
    /// use rt_model::frame::{PatientPoint, PatientVector};
    ///
    /// let frame = StackFrame::perpendicular_to(PatientVector::new(0.0, 2.0, 0.0)).unwrap();
    /// assert_eq!(frame.patient_from_plane([3.0, 1.0], 2.0), PatientPoint::new(1.0, 2.0, 3.0));
    /// ```
    #[must_use]
    pub fn patient_from_plane(&self, uv: [f64; 2], w: f64) -> PatientPoint {
        point(Vector3::zeros() + self.turn().tr_mul(&Vector3::new(uv[0], uv[1], w)))
    }

    /// The rotation from the patient to the planes.
    pub(crate) fn turn(&self) -> Matrix3<f64> {
        rows([self.u, self.v, self.normal])
    }

    /// Whether the planes of `other` are parallel to these.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::plane::StackFrame;
    /// use rt_model::frame::PatientVector;
    ///
    /// let frame = StackFrame::perpendicular_to(PatientVector::new(0.0, 2.0, 0.0)).unwrap();
    /// assert!(frame.is_parallel(&frame) && !frame.is_parallel(&StackFrame::AXIAL));
    /// ```
    #[must_use]
    pub fn is_parallel(&self, other: &Self) -> bool {
        vector(self.normal).cross(&vector(other.normal)).norm() <= PARALLEL_SINE
    }
}

/// The normal of the plane that a closed contour lies in, twice as long as the contour's area in mm².
pub(crate) fn newell(points: &[PatientPoint]) -> PatientVector {
    let Some(first) = points.first().map(|first| position(*first)) else { return PatientVector::default() };
    let from_first = |point: &PatientPoint| position(*point) - first;
    let next = points.iter().cycle().skip(1);
    direction(
        points
            .iter()
            .zip(next)
            .fold(Vector3::zeros(), |sum, (at, next)| sum + from_first(at).cross(&from_first(next))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axial_contour_has_the_axial_frame_whatever_its_turn() {
        let square =
            [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(x, y)| PatientPoint::new(x, y, 7.0));
        assert_eq!(StackFrame::of_contour(&square), Some(StackFrame::AXIAL));
        let turned: Vec<_> = square.iter().rev().copied().collect();
        assert_eq!(StackFrame::of_contour(&turned), Some(StackFrame::AXIAL));
    }

    #[test]
    fn plane_and_patient_are_inverse_in_any_direction() {
        for normal in [(1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.3, -0.5, 0.8), (1.0, 1.0, 1.0)] {
            let frame =
                StackFrame::perpendicular_to(PatientVector::new(normal.0, normal.1, normal.2)).unwrap();
            assert!(frame.u.cross(frame.v).plus(frame.normal.scaled(-1.0)).length() < 1e-12);
            let point = PatientPoint::new(3.0, -4.0, 12.0);
            let back = frame.patient_from_plane(frame.plane_from_patient(point), frame.height(point));
            assert!(back.from_point(point).length() < 1e-12);
        }
    }

    proptest::proptest! {
        /// What is stored of a ROI must not move by a bit: the sums of the maps keep their order.
        #[test]
        fn maps_have_the_bits_of_the_sums_they_stand_for(
            normal in proptest::collection::vec(-1.0f64..1.0, 3),
            values in proptest::collection::vec(proptest::prop_oneof![-400.0f64..400.0, proptest::strategy::Just(-0.0)], 3),
        ) {
            let Some(oblique) = StackFrame::perpendicular_to(PatientVector::new(normal[0], normal[1], normal[2])) else {
                return Ok(());
            };
            for frame in [oblique, StackFrame::AXIAL] {
                let (uv, w) = ([values[0], values[1]], values[2]);
                let found = frame.patient_from_plane(uv, w);
                let sum = PatientPoint::default().moved(frame.u.scaled(uv[0])).moved(frame.v.scaled(uv[1]));
                let expected = sum.moved(frame.normal.scaled(w));
                for (found, expected) in [(found.x, expected.x), (found.y, expected.y), (found.z, expected.z)] {
                    proptest::prop_assert_eq!(found.to_bits(), expected.to_bits());
                }
                let [u, v] = frame.plane_from_patient(expected);
                let along = [(u, frame.u), (v, frame.v), (frame.height(expected), frame.normal)];
                for (found, direction) in along {
                    proptest::prop_assert_eq!(found.to_bits(), expected.along(direction).to_bits());
                }
            }
        }
    }

    #[test]
    fn points_on_a_line_have_no_plane() {
        let line = [0.0, 1.0, 2.0].map(|t| PatientPoint::new(t, 0.0, t));
        assert_eq!(StackFrame::of_contour(&line), None);
    }
}

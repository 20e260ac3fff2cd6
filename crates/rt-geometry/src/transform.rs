//! From the plane coordinates of a stack to distances along a grid's axes, whatever the angle between them.
//!
//! With the rows of F the stack's directions u, v and n, the rows of G the grid's directions i, j and k, and
//! o the grid's first voxel centre, the point p of the stack lies at Fᵀp in the patient and at G(Fᵀp - o) =
//! (GFᵀ)p - Go from the grid: one matrix and one vector for all points.
//!
//! Units: millimetres. Frame: (u, v, w) of a [`StackFrame`] to distances along a grid's rows, columns and
//! frames from its first voxel centre.

use crate::linear::{grid_axes, position, rows};
use crate::plane::StackFrame;
use nalgebra::{Matrix3, Vector3};
use rt_model::grid::GridGeometry;

/// Distances along a grid's axes, from coordinates of a stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GridFromStack {
    /// The distances of the patient origin.
    origin: Vector3<f64>,
    /// How they grow along u, v and w, a column each.
    axes: Matrix3<f64>,
}

impl GridFromStack {
    /// The map from coordinates of `frame` to distances in `geometry`.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, plane::StackFrame, transform::GridFromStack};
    ///
    /// let dose = example::dose();
    /// let map = GridFromStack::new(dose.geometry(), &StackFrame::AXIAL);
    /// // The grid begins at (-10, -2, -2).
    /// assert_eq!(map.distances([0.0; 3]), [10.0, 2.0, 2.0]);
    /// ```
    #[must_use]
    pub fn new(geometry: &GridGeometry, frame: &StackFrame) -> Self {
        let grid = grid_axes(geometry);
        let stack = rows([frame.u, frame.v, frame.normal]);
        Self {
            origin: grid * (Vector3::zeros() - position(geometry.origin())),
            axes: grid * stack.transpose(),
        }
    }

    /// Distances of the point (u, v, w) along rows, columns and frames, mm.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, plane::StackFrame, transform::GridFromStack};
    ///
    /// let dose = example::dose();
    /// let map = GridFromStack::new(dose.geometry(), &StackFrame::AXIAL);
    /// assert_eq!(map.distances([1.0, 2.0, 3.0]), [11.0, 4.0, 5.0]);
    /// ```
    #[must_use]
    #[inline]
    pub fn distances(&self, [u, v, w]: [f64; 3]) -> [f64; 3] {
        let [along_u, along_v, along_w] = [0, 1, 2].map(|column| self.axes.column(column));
        (self.origin + along_u * u + along_v * v + along_w * w).into()
    }

    /// How far a box reaches along rows, columns and frames that reaches `half` along u, v and w from its
    /// centre, mm.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, plane::StackFrame, transform::GridFromStack};
    /// use rt_model::frame::PatientVector;
    ///
    /// let dose = example::dose();
    /// let tilted = StackFrame::perpendicular_to(PatientVector::new(0.0, 0.6, 0.8)).unwrap();
    /// let [x, y, z] = GridFromStack::new(dose.geometry(), &tilted).reach([1.0; 3]);
    /// assert!((x - 1.0).abs() < 1e-12 && (y - 1.4).abs() < 1e-12 && (z - 1.4).abs() < 1e-12);
    /// ```
    #[must_use]
    #[inline]
    pub fn reach(&self, half: [f64; 3]) -> [f64; 3] {
        (self.axes.abs() * Vector3::from(half)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::frame::{PatientPoint, PatientVector};
    use rt_model::units::Mm;

    fn oblique() -> (GridGeometry, StackFrame) {
        let (row, column) = (PatientVector::new(0.8, 0.6, 0.0), PatientVector::new(-0.6, 0.8, 0.0));
        let origin = PatientPoint::new(-30.0, 4.0, 17.0);
        let geometry =
            GridGeometry::new(origin, row, column, [Mm(2.0), Mm(3.0)], [9, 8], vec![0.0, -2.0, -5.0])
                .unwrap();
        (geometry, StackFrame::perpendicular_to(PatientVector::new(0.3, -0.5, 0.8)).unwrap())
    }

    #[test]
    fn distances_are_those_of_the_point_in_the_patient() {
        let (geometry, frame) = oblique();
        let map = GridFromStack::new(&geometry, &frame);
        for [u, v, w] in [[0.0; 3], [12.0, -7.0, 31.0], [-250.0, 90.0, 3.0]] {
            let from_origin = frame.patient_from_plane([u, v], w).from_point(geometry.origin());
            let expected =
                [geometry.row(), geometry.column(), geometry.normal()].map(|axis| from_origin.dot(axis));
            for (found, expected) in map.distances([u, v, w]).into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12 * 300.0, "{found} {expected}");
            }
        }
    }

    #[test]
    fn a_box_reaches_to_its_farthest_corner() {
        let (geometry, frame) = oblique();
        let map = GridFromStack::new(&geometry, &frame);
        let (centre, half) = ([4.0, 5.0, 6.0], [1.0, 2.0, 3.0]);
        let middle = map.distances(centre);
        let mut farthest = [0.0f64; 3];
        for corner in 0..8 {
            let place = std::array::from_fn(|axis| {
                centre[axis] + if corner >> axis & 1 == 1 { half[axis] } else { -half[axis] }
            });
            for (axis, distance) in map.distances(place).into_iter().enumerate() {
                farthest[axis] = farthest[axis].max((distance - middle[axis]).abs());
            }
        }
        assert!(
            map.reach(half).iter().zip(farthest).all(|(found, expected)| (found - expected).abs() < 1e-12)
        );
    }
}

//! A voxel grid seen along one of its axes, as a stack of lattices parallel to contour planes.
//!
//! Units: millimetres and voxels. Frame: (a, b) are the grid's two in-plane axes, c the axis through the
//! planes; plane coordinates are those of the [`StackFrame`].

use super::Edge;
use crate::linear::{grid_axes, position, vector};
use crate::plane::StackFrame;
use crate::region::Region;
use crate::tolerance::PARALLEL_SINE;
use nalgebra::Matrix3;
use rt_model::frame::{GridPoint, PatientPoint};
use rt_model::grid::GridGeometry;

/// How a grid's axes lie to a stack of planes that is perpendicular to one of them.
#[derive(Debug, Clone)]
pub struct AlignedGrid<'g> {
    geometry: &'g GridGeometry,
    frame: StackFrame,
    /// The directions of i, j and k, a row each.
    directions: Matrix3<f64>,
    /// The grid axis (0 i, 1 j, 2 k) of a, b and c.
    axes: [usize; 3],
}

/// Why a grid can't be seen as lattices parallel to the planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misaligned {
    /// No axis of the grid is perpendicular to the planes.
    Oblique,
    /// The planes are perpendicular to rows or columns, and the frames are unevenly spaced.
    UnevenInPlane,
}

impl<'g> AlignedGrid<'g> {
    /// The grid as lattices parallel to the planes of `frame`.
    ///
    /// # Errors
    /// Where no axis of the grid is perpendicular to the planes, or an in-plane axis has uneven spacing.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::lattice::{AlignedGrid, Misaligned};
    /// use rt_geometry::{example, plane::StackFrame};
    /// use rt_model::frame::PatientVector;
    ///
    /// let dose = example::dose();
    /// assert!(AlignedGrid::new(dose.geometry(), StackFrame::AXIAL).is_ok());
    /// let tilted = StackFrame::perpendicular_to(PatientVector::new(0.0, 0.6, 0.8)).unwrap();
    /// assert_eq!(AlignedGrid::new(dose.geometry(), tilted).unwrap_err(), Misaligned::Oblique);
    /// ```
    pub fn new(geometry: &'g GridGeometry, frame: StackFrame) -> Result<Self, Misaligned> {
        let directions = grid_axes(geometry);
        let normal = vector(frame.normal).transpose();
        let mut sines = directions.row_iter().map(|direction| direction.cross(&normal).norm());
        let through = sines.position(|sine| sine <= PARALLEL_SINE).ok_or(Misaligned::Oblique)?;
        let axes = match through {
            0 => [1, 2, 0],
            1 => [0, 2, 1],
            _ => [0, 1, 2],
        };
        if through != 2 && !is_even(geometry.offsets()) {
            return Err(Misaligned::UnevenInPlane);
        }
        Ok(Self { geometry, frame, directions, axes })
    }

    /// Number of nodes along a, b, c.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::lattice::AlignedGrid;
    /// use rt_geometry::{example, plane::StackFrame};
    ///
    /// let dose = example::dose();
    /// let grid = AlignedGrid::new(dose.geometry(), StackFrame::AXIAL).unwrap();
    /// assert_eq!(grid.nodes(), [46, 13, 8]);
    /// ```
    #[must_use]
    pub fn nodes(&self) -> [usize; 3] {
        let size = self.geometry.size();
        self.axes.map(|axis| size[axis])
    }

    /// Steps in the voxel buffer to the next node along a, b, c.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::lattice::AlignedGrid;
    /// use rt_geometry::{example, plane::StackFrame};
    ///
    /// let dose = example::dose();
    /// let grid = AlignedGrid::new(dose.geometry(), StackFrame::AXIAL).unwrap();
    /// assert_eq!(grid.strides(), [1, 46, 46 * 13]);
    /// ```
    #[must_use]
    pub fn strides(&self) -> [usize; 3] {
        let [ni, nj, _] = self.geometry.size();
        self.axes.map(|axis| [1, ni, ni * nj][axis])
    }

    /// Distance between nodes along a and b, mm.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::lattice::AlignedGrid;
    /// use rt_geometry::{example, plane::StackFrame};
    ///
    /// let dose = example::dose();
    /// let grid = AlignedGrid::new(dose.geometry(), StackFrame::AXIAL).unwrap();
    /// assert_eq!(grid.cell_size(), [1.0, 2.0]);
    /// ```
    #[must_use]
    pub fn cell_size(&self) -> [f64; 2] {
        [self.step(self.axes[0]).abs(), self.step(self.axes[1]).abs()]
    }

    /// The position along c, in planes, of height `w` on the stack's normal above the in-plane point `uv`.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::lattice::AlignedGrid;
    /// use rt_geometry::{example, plane::StackFrame};
    ///
    /// let dose = example::dose();
    /// let grid = AlignedGrid::new(dose.geometry(), StackFrame::AXIAL).unwrap();
    /// // Frames lie 2 mm apart, the first at z = -2 mm.
    /// assert_eq!(grid.through([0.0, 0.0], 5.0), 3.5);
    /// ```
    #[must_use]
    pub fn through(&self, uv: [f64; 2], w: f64) -> f64 {
        let distance = self.distance(self.axes[2], uv, w);
        if self.axes[2] == 2 { self.geometry.frame_at(distance) } else { distance / self.step(self.axes[2]) }
    }

    /// The point of the patient at lattice coordinates (a, b, c).
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::lattice::AlignedGrid;
    /// use rt_geometry::{example, plane::StackFrame};
    ///
    /// let dose = example::dose();
    /// let grid = AlignedGrid::new(dose.geometry(), StackFrame::AXIAL).unwrap();
    /// let point = grid.patient_from_lattice([10.0, 1.0, 1.0]);
    /// assert_eq!((point.x, point.y, point.z), (0.0, 0.0, 0.0));
    /// ```
    #[must_use]
    pub fn patient_from_lattice(&self, at: [f64; 3]) -> PatientPoint {
        let mut index = [0.0; 3];
        for (axis, coordinate) in self.axes.into_iter().zip(at) {
            index[axis] = coordinate;
        }
        let [i, j, k] = index;
        self.geometry.patient_from_grid(GridPoint { i, j, k })
    }

    /// Distance in mm between two positions along c, both counted in planes.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::lattice::AlignedGrid;
    /// use rt_geometry::{example, plane::StackFrame};
    ///
    /// let dose = example::dose();
    /// let grid = AlignedGrid::new(dose.geometry(), StackFrame::AXIAL).unwrap();
    /// assert_eq!(grid.thickness(1.0, 2.5), 3.0);
    /// ```
    #[must_use]
    pub fn thickness(&self, from: f64, to: f64) -> f64 {
        if self.axes[2] == 2 {
            (self.geometry.offset_at(to) - self.geometry.offset_at(from)).abs()
        } else {
            (to - from).abs() * self.step(self.axes[2])
        }
    }

    /// The edges of a region at height `w` in lattice coordinates, the inside to their left.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::{Coverage, lattice::AlignedGrid};
    /// use rt_geometry::{example, plane::StackFrame};
    ///
    /// let dose = example::dose();
    /// let grid = AlignedGrid::new(dose.geometry(), StackFrame::AXIAL).unwrap();
    /// // 20 by 20 mm in cells of 1 by 2 mm.
    /// let coverage = Coverage::of_edges(grid.edges(&example::region(), 5.0), [46, 13]);
    /// assert_eq!(coverage.area(), 200.0);
    /// ```
    pub fn edges<'r>(&self, region: &'r Region, w: f64) -> impl Iterator<Item = Edge> + use<'r> {
        let turned = self.directions * self.frame.turn().transpose();
        let map = [0, 1].map(|which| {
            let axis = self.axes[which];
            let step = self.step(axis);
            let origin = self.distance(axis, [0.0, 0.0], w) / step;
            (origin, turned[(axis, 0)] / step, turned[(axis, 1)] / step)
        });
        let place = move |p: &[f64; 2]| map.map(|(origin, u, v)| origin + u * p[0] + v * p[1]);
        let turn = (map[0].1 * map[1].2 - map[0].2 * map[1].1).signum();
        region.rings().iter().flat_map(move |ring| {
            let left = turn * ring.sign() > 0.0;
            let mut last = ring.points().last().map_or([0.0; 2], place);
            ring.points().iter().map(move |point| {
                let from = std::mem::replace(&mut last, place(point));
                if left { Edge { from, to: last } } else { Edge { from: last, to: from } }
            })
        })
    }

    /// Signed distance from the grid's origin along a grid axis, mm.
    fn distance(&self, axis: usize, uv: [f64; 2], w: f64) -> f64 {
        let from_origin = position(self.frame.patient_from_plane(uv, w)) - position(self.geometry.origin());
        (self.directions * from_origin)[axis]
    }

    /// Signed distance between neighbouring nodes along a grid axis, mm; the first gap for k.
    fn step(&self, axis: usize) -> f64 {
        match axis {
            0 | 1 => self.geometry.spacing()[axis].0,
            _ => self.geometry.offset_at(1.0),
        }
    }
}

/// Evenly spaced within a millionth of the spacing.
fn is_even(offsets: &[f64]) -> bool {
    let Some(step) = offsets.get(1) else { return true };
    offsets.windows(2).all(|pair| ((pair[1] - pair[0]) - step).abs() <= 1e-6 * step.abs())
}

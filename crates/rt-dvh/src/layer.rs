//! A layer between two neighbouring dose planes, or a part of it between the faces of a slab.
//!
//! Units: Gy, cm³; heights in parts of the layer. Frame: lattice coordinates of an [`AlignedGrid`]; c counts
//! dose planes.

use rt_geometry::coverage::lattice::AlignedGrid;
use rt_model::dose::DoseGrid;
use std::ops::Range;

/// The dose on one plane of the grid, perpendicular to c.
#[derive(Clone, Copy)]
pub(crate) struct DosePlane<'d> {
    voxels: &'d [f32],
    strides: [usize; 2],
}

/// A dose grid as planes perpendicular to c.
pub(crate) struct DosePlanes<'d> {
    voxels: &'d [f32],
    /// Steps to the next node along a, b, c.
    strides: [usize; 3],
}

impl<'d> DosePlanes<'d> {
    pub(crate) fn new(grid: &AlignedGrid<'_>, dose: &'d DoseGrid) -> Self {
        Self { voxels: dose.voxels(), strides: grid.strides() }
    }

    #[inline]
    pub(crate) fn plane(&self, c: usize) -> DosePlane<'d> {
        let [a, b, through] = self.strides;
        DosePlane { voxels: &self.voxels[c * through..], strides: [a, b] }
    }
}

impl DosePlane<'_> {
    /// Dose at a node.
    #[inline]
    pub(crate) fn at(&self, a: usize, b: usize) -> f64 {
        f64::from(self.voxels[a * self.strides[0] + b * self.strides[1]])
    }

    /// Doses at the corners of a cell: (a, b), (a + 1, b), (a, b + 1), (a + 1, b + 1).
    #[inline]
    pub(crate) fn corners(&self, a: usize, b: usize) -> [f64; 4] {
        let [to_right, to_next] = self.strides;
        let cell = &self.voxels[a * to_right + b * to_next..][..=to_right + to_next];
        [cell[0], cell[to_right], cell[to_next], cell[to_right + to_next]].map(f64::from)
    }

    /// Copies the doses of the nodes in `columns` of row `b`.
    #[inline]
    pub(crate) fn copy_row(&self, b: usize, columns: Range<usize>, row: &mut [f32]) {
        let [to_right, to_next] = self.strides;
        let from = &self.voxels[b * to_next + columns.start * to_right..];
        if to_right == 1 {
            row.copy_from_slice(&from[..columns.len()]);
        } else {
            for (copy, dose) in row.iter_mut().zip(from.iter().step_by(to_right)) {
                *copy = *dose;
            }
        }
    }
}

/// Everything between two heights of a layer.
#[derive(Clone, Copy)]
pub(crate) struct Layer<'d> {
    /// Number of the dose plane below.
    pub(crate) number: usize,
    pub(crate) below: DosePlane<'d>,
    pub(crate) above: DosePlane<'d>,
    /// Where it begins and ends between the dose planes, 0 to 1.
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Volume of a whole cell between the heights, cm³.
    pub(crate) volume: f64,
}

impl Layer<'_> {
    /// Half-way between the two heights.
    #[inline]
    pub(crate) fn middle(&self) -> f64 {
        0.5 * (self.low + self.high)
    }

    #[inline]
    pub(crate) fn height(&self) -> f64 {
        self.high - self.low
    }
}

//! Where the voxels of a phantom's dose lie, and how their frame offsets are written.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::error::PhantomError;
use crate::position::Position;
use crate::rounding::rounded;
use rt_model::frame::{PatientPoint, PatientVector};

/// How Grid Frame Offset Vector (3004,000C) runs and what it counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OffsetStyle {
    /// Evenly spaced along the normal from 0.
    Relative,
    /// The z coordinate of each frame, evenly spaced. Defined for cosines 1\0\0\0\1\0 alone; written in any
    /// orientation.
    Absolute,
    /// Evenly spaced against the normal from 0.
    Descending,
    /// The z coordinate of each frame, running against the normal.
    DescendingAbsolute,
    /// From 0 along the normal, with gaps of 1, 1.5 and 0.5 times the spacing by turns.
    Uneven,
    /// The z coordinate of each frame, with the gaps of [`Self::Uneven`].
    UnevenAbsolute,
}

impl OffsetStyle {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Relative,
        Self::Absolute,
        Self::Descending,
        Self::DescendingAbsolute,
        Self::Uneven,
        Self::UnevenAbsolute,
    ];

    const fn is_absolute(self) -> bool {
        matches!(self, Self::Absolute | Self::DescendingAbsolute | Self::UnevenAbsolute)
    }

    const fn is_descending(self) -> bool {
        matches!(self, Self::Descending | Self::DescendingAbsolute)
    }

    const fn is_uneven(self) -> bool {
        matches!(self, Self::Uneven | Self::UnevenAbsolute)
    }
}

/// A dose grid that covers a box of the patient.
#[derive(Debug, Clone, PartialEq)]
pub struct GridSpec {
    /// The box's corner with the smallest coordinates: a voxel centre, where the grid's axes are those of the
    /// patient.
    pub low: PatientPoint,
    /// The opposite corner; the last voxel centres are at or below it.
    pub high: PatientPoint,
    /// Distance of voxel centres along a row, down the rows and between frames.
    pub spacing: [f64; 3],
    /// Row and column cosines; `None`: those of the patient position.
    pub cosines: Option<[PatientVector; 2]>,
    /// How the frame offsets are written.
    pub offsets: OffsetStyle,
}

impl GridSpec {
    /// A grid of evenly spaced voxels of one size, in the orientation of the patient position.
    #[must_use]
    pub const fn covering(low: PatientPoint, high: PatientPoint, spacing: f64) -> Self {
        Self { low, high, spacing: [spacing; 3], cosines: None, offsets: OffsetStyle::Relative }
    }

    pub(crate) fn lattice(&self, position: Position) -> Result<Lattice, PhantomError> {
        let [row, column] = self.cosines.unwrap_or(position.cosines()).map(|v| each(v, |c| rounded(c, 12)));
        let axes = [row, column, row.cross(column)];
        let mut high = self.high;
        let mut counts = [0; 3];
        for (a, axis) in axes.into_iter().enumerate() {
            let extent = along_box(axis, self.low, self.high);
            if !(extent >= 0.0 && self.spacing[a] > 0.0) {
                return Err(PhantomError::description(
                    "expected a grid box and a spacing above 0, found none",
                ));
            }
            counts[a] = (extent / self.spacing[a] + 1e-6).floor() as usize + 1;
            high = snapped(high, self.low, axis, (counts[a] - 1) as f64 * self.spacing[a]);
        }
        let mut offsets = match self.offsets.is_uneven() {
            true => uneven(self.spacing[2], (counts[2] - 1) as f64 * self.spacing[2]),
            false => (0..counts[2]).map(|k| rounded(k as f64 * self.spacing[2], 6)).collect(),
        };
        let mut origin = PatientPoint::default();
        for axis in axes {
            origin = origin.moved(axis.scaled(lowest(axis, self.low, high)));
        }
        if self.offsets.is_descending() {
            origin = origin.moved(axes[2].scaled(offsets[counts[2] - 1]));
            offsets.iter_mut().for_each(|offset| *offset = 0.0 - *offset);
        }
        let origin = PatientPoint::new(rounded(origin.x, 6), rounded(origin.y, 6), rounded(origin.z, 6));
        let written = match self.offsets.is_absolute() {
            true => offsets.iter().map(|offset| rounded(origin.z + axes[2].z * offset, 6)).collect(),
            false => offsets.clone(),
        };
        let spacing = [self.spacing[0], self.spacing[1]];
        Ok(Lattice { origin, axes, spacing, size: [counts[0], counts[1]], offsets, written })
    }
}

/// Voxel centres as they are written.
pub(crate) struct Lattice {
    pub(crate) origin: PatientPoint,
    /// Row, column, normal.
    pub(crate) axes: [PatientVector; 3],
    /// Along a row, down the rows.
    pub(crate) spacing: [f64; 2],
    /// Voxels along a row, rows.
    pub(crate) size: [usize; 2],
    /// Of each frame along the normal from the first.
    pub(crate) offsets: Vec<f64>,
    /// The values of Grid Frame Offset Vector.
    pub(crate) written: Vec<f64>,
}

impl Lattice {
    pub(crate) fn centre(&self, i: usize, j: usize, k: usize) -> PatientPoint {
        let [row, column, normal] = self.axes;
        self.origin
            .moved(row.scaled(i as f64 * self.spacing[0]))
            .moved(column.scaled(j as f64 * self.spacing[1]))
            .moved(normal.scaled(self.offsets[k]))
    }

    /// All voxel centres, i fastest, k slowest.
    pub(crate) fn centres(&self) -> impl Iterator<Item = PatientPoint> + '_ {
        let [columns, rows] = self.size;
        (0..self.offsets.len())
            .flat_map(move |k| (0..rows).flat_map(move |j| (0..columns).map(move |i| self.centre(i, j, k))))
    }

    /// The voxel centre closest to a point.
    pub(crate) fn nearest_centre(&self, point: PatientPoint) -> PatientPoint {
        let from_origin = point.from_point(self.origin);
        let index = |axis: usize| {
            let steps = (from_origin.dot(self.axes[axis]) / self.spacing[axis]).round();
            (steps.max(0.0) as usize).min(self.size[axis] - 1)
        };
        let height = from_origin.dot(self.axes[2]);
        let distance = |k: &usize| (self.offsets[*k] - height).abs();
        let k = (0..self.offsets.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0);
        self.centre(index(0), index(1), k)
    }
}

fn each(v: PatientVector, change: impl Fn(f64) -> f64) -> PatientVector {
    PatientVector::new(change(v.x), change(v.y), change(v.z))
}

/// Length of a box's shadow on an axis.
fn along_box(axis: PatientVector, low: PatientPoint, high: PatientPoint) -> f64 {
    each(axis, f64::abs).dot(high.from_point(low))
}

/// The smallest coordinate along an axis that a box reaches.
fn lowest(axis: PatientVector, low: PatientPoint, high: PatientPoint) -> f64 {
    let end = |c: f64, low: f64, high: f64| c * if c > 0.0 { low } else { high };
    end(axis.x, low.x, high.x) + end(axis.y, low.y, high.y) + end(axis.z, low.z, high.z)
}

/// `high` with the coordinate along a patient axis set to `extent` above `low`, so that a grid has the same
/// voxel centres whichever way it runs; unchanged for an oblique axis.
fn snapped(high: PatientPoint, low: PatientPoint, axis: PatientVector, extent: f64) -> PatientPoint {
    let snap = |c: f64, low: f64, high: f64| if c.abs() == 1.0 { low + extent } else { high };
    PatientPoint::new(snap(axis.x, low.x, high.x), snap(axis.y, low.y, high.y), snap(axis.z, low.z, high.z))
}

fn uneven(spacing: f64, extent: f64) -> Vec<f64> {
    let mut offsets = vec![0.0];
    for factor in [1.0, 1.5, 0.5].into_iter().cycle() {
        let next = rounded(offsets[offsets.len() - 1] + factor * spacing, 6);
        if next > extent + 1e-6 {
            break;
        }
        offsets.push(next);
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(offsets: OffsetStyle) -> GridSpec {
        let mut spec =
            GridSpec::covering(PatientPoint::new(-4.5, -6.0, 10.0), PatientPoint::new(7.0, 6.0, 20.0), 2.0);
        spec.offsets = offsets;
        spec
    }

    #[test]
    fn every_position_has_the_same_voxel_centres() {
        let sorted = |position| {
            let mut centres: Vec<_> =
                spec(OffsetStyle::Relative).lattice(position).unwrap().centres().collect();
            centres.sort_by(|a, b| [a.x, a.y, a.z].partial_cmp(&[b.x, b.y, b.z]).unwrap());
            centres
        };
        let expected = sorted(Position::Hfs);
        assert_eq!((expected.len(), expected[0]), (6 * 7 * 6, PatientPoint::new(-4.5, -6.0, 10.0)));
        for position in Position::ALL {
            assert_eq!(sorted(position), expected, "{}", position.term());
        }
    }

    #[test]
    fn offsets_are_written_in_their_style() {
        let written = |style, position| spec(style).lattice(position).unwrap().written;
        assert_eq!(written(OffsetStyle::Relative, Position::Ffs), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(written(OffsetStyle::Absolute, Position::Ffs), [20.0, 18.0, 16.0, 14.0, 12.0, 10.0]);
        assert_eq!(written(OffsetStyle::Descending, Position::Hfs), [0.0, -2.0, -4.0, -6.0, -8.0, -10.0]);
        assert_eq!(written(OffsetStyle::DescendingAbsolute, Position::Hfs)[0], 20.0);
        assert_eq!(written(OffsetStyle::Uneven, Position::Hfs), [0.0, 2.0, 5.0, 6.0, 8.0]);
        assert_eq!(written(OffsetStyle::UnevenAbsolute, Position::Hfs)[2], 15.0);
    }

    #[test]
    fn an_oblique_grid_covers_the_box() {
        let (sin, cos) = (0.5, 0.75_f64.sqrt());
        let mut spec = spec(OffsetStyle::Relative);
        spec.cosines = Some([PatientVector::new(cos, sin, 0.0), PatientVector::new(-sin, cos, 0.0)]);
        let lattice = spec.lattice(Position::Hfs).unwrap();
        for corner in [spec.low, PatientPoint::new(7.0, -6.0, 10.0), PatientPoint::new(-4.5, 6.0, 20.0)] {
            let nearest = corner.from_point(lattice.nearest_centre(corner));
            assert!(nearest.length() < 2.0 * 3.0_f64.sqrt(), "{corner:?}");
        }
    }
}

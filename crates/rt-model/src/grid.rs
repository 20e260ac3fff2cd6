//! The geometry of a voxel grid: where each voxel centre lies in the patient.
//!
//! Units: millimetres; voxels for grid coordinates. Frame: DICOM patient coordinates (LPS). Only the
//! direction cosines decide where a voxel lies (PS3.3 C.7.6.2.1.1), never the patient position's name.

use crate::frame::{GridIndex, GridPoint, PatientPoint, PatientVector};
use crate::units::Mm;

/// The lattice of voxel centres of a dose grid or an image stack.
///
/// Voxel (i, j, k) lies at `origin + row·spacing_i·i + column·spacing_j·j + normal·offset[k]`. Offsets start
/// at 0 and are strictly monotonic: rising or falling, evenly spaced or not.
#[derive(Debug, Clone, PartialEq)]
pub struct GridGeometry {
    origin: PatientPoint,
    row: PatientVector,
    column: PatientVector,
    spacing: [Mm; 2],
    size: [usize; 2],
    offsets: Vec<f64>,
}

/// Why numbers do not make a [`GridGeometry`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// A direction cosine is not finite, or row and column are not of length 1 and perpendicular within 1e-3.
    #[error("direction cosines are not two perpendicular unit vectors")]
    NotOrthonormal,
    /// The origin is not finite.
    #[error("the origin is not finite")]
    Origin,
    /// A spacing is not finite and positive.
    #[error("a voxel spacing is not positive: {0} and {1} mm")]
    Spacing(f64, f64),
    /// No voxels along an axis.
    #[error("the grid is empty")]
    Empty,
    /// The offsets do not start at 0, are not finite, or turn back.
    #[error("frame offsets do not start at 0 and rise or fall strictly (offset {0})")]
    Offsets(usize),
}

/// How far row and column cosines may be from perpendicular unit vectors before they are refused.
const COSINE_TOLERANCE: f64 = 1e-3;

impl GridGeometry {
    /// The lattice with its first voxel centre at `origin`.
    ///
    /// `row` points along a row (rising i), `column` down the rows (rising j); both are normalised and
    /// `column` is made exactly perpendicular. `spacing` is the distance between centres along i and j,
    /// `size` the number of voxels along i and j,
    /// `offsets` the distance of each frame along `row × column`, the first 0.
    ///
    /// ```
    /// use rt_model::frame::{GridPoint, PatientPoint, PatientVector};
    /// use rt_model::grid::GridGeometry;
    /// use rt_model::units::Mm;
    ///
    /// # fn main() -> Result<(), rt_model::grid::GridError> {
    /// let (row, column) = (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0));
    /// let origin = PatientPoint::new(-10.0, -10.0, 0.0);
    /// let grid = GridGeometry::new(origin, row, column, [Mm(2.0), Mm(2.0)], [11, 11], vec![0.0, 3.0])?;
    /// let point = grid.patient_from_grid(GridPoint { i: 5.0, j: 5.0, k: 1.0 });
    /// assert_eq!(point, PatientPoint::new(0.0, 0.0, 3.0));
    /// assert_eq!(grid.grid_from_patient(point).i, 5.0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where the numbers are not finite, not positive, not orthonormal within 1e-3, or the offsets turn back.
    pub fn new(
        origin: PatientPoint,
        row: PatientVector,
        column: PatientVector,
        spacing: [Mm; 2],
        size: [usize; 2],
        offsets: Vec<f64>,
    ) -> Result<Self, GridError> {
        let unit = |v: PatientVector| v.unit().filter(|_| (v.length() - 1.0).abs() <= COSINE_TOLERANCE);
        let (Some(row), Some(column)) = (unit(row), unit(column)) else {
            return Err(GridError::NotOrthonormal);
        };
        let skew = row.dot(column);
        if skew.abs() > COSINE_TOLERANCE {
            return Err(GridError::NotOrthonormal);
        }
        let column = column.plus(row.scaled(-skew)).unit().ok_or(GridError::NotOrthonormal)?;
        if !origin.is_finite() {
            return Err(GridError::Origin);
        }
        if spacing.iter().any(|s| !(s.is_finite() && s.0 > 0.0)) {
            return Err(GridError::Spacing(spacing[0].0, spacing[1].0));
        }
        if size.contains(&0) || offsets.is_empty() {
            return Err(GridError::Empty);
        }
        let rising = offsets.get(1).is_none_or(|second| *second > 0.0);
        for (k, offset) in offsets.iter().enumerate() {
            let follows = match k {
                0 => *offset == 0.0,
                _ => *offset != offsets[k - 1] && (*offset > offsets[k - 1]) == rising,
            };
            if !offset.is_finite() || !follows {
                return Err(GridError::Offsets(k));
            }
        }
        Ok(Self { origin, row, column, spacing, size, offsets })
    }

    /// The centre of voxel (0, 0, 0).
    #[must_use]
    pub const fn origin(&self) -> PatientPoint {
        self.origin
    }

    /// Unit vector along a row (rising i).
    #[must_use]
    pub const fn row(&self) -> PatientVector {
        self.row
    }

    /// Unit vector down the rows (rising j).
    #[must_use]
    pub const fn column(&self) -> PatientVector {
        self.column
    }

    /// Unit vector `row × column`. Frame offsets are measured along it, whatever their sign.
    #[must_use]
    pub fn normal(&self) -> PatientVector {
        self.row.cross(self.column)
    }

    /// Distance between voxel centres along i and j.
    #[must_use]
    pub const fn spacing(&self) -> [Mm; 2] {
        self.spacing
    }

    /// Distance of each frame's centres from the first along the normal, mm; the first is 0.
    #[must_use]
    pub fn offsets(&self) -> &[f64] {
        &self.offsets
    }

    /// Number of voxels along i, j, k.
    #[must_use]
    pub fn size(&self) -> [usize; 3] {
        [self.size[0], self.size[1], self.offsets.len()]
    }

    /// Number of voxels.
    #[must_use]
    pub fn voxel_count(&self) -> usize {
        self.size[0] * self.size[1] * self.offsets.len()
    }

    /// Where voxel (i, j, k) lies in a buffer with i running fastest and k slowest.
    #[must_use]
    pub fn linear(&self, index: GridIndex) -> usize {
        (index.k * self.size[1] + index.j) * self.size[0] + index.i
    }

    /// The patient position of a continuous grid position; between frames it is linear in k, beyond the ends
    /// the first and last gap continue.
    #[must_use]
    pub fn patient_from_grid(&self, point: GridPoint) -> PatientPoint {
        self.origin
            .moved(self.row.scaled(point.i * self.spacing[0].0))
            .moved(self.column.scaled(point.j * self.spacing[1].0))
            .moved(self.normal().scaled(self.offset_at(point.k)))
    }

    /// The continuous grid position of a patient position; the inverse of [`Self::patient_from_grid`].
    #[must_use]
    pub fn grid_from_patient(&self, point: PatientPoint) -> GridPoint {
        let from_origin = point.from_point(self.origin);
        GridPoint {
            i: from_origin.dot(self.row) / self.spacing[0].0,
            j: from_origin.dot(self.column) / self.spacing[1].0,
            k: self.frame_at(from_origin.dot(self.normal())),
        }
    }

    /// The offset in mm along the normal at the continuous frame number `k`. A single frame has a gap of 1 mm
    /// by convention, so that positions off the plane are told apart from it.
    #[must_use]
    pub fn offset_at(&self, k: f64) -> f64 {
        let [.., last] = self.offsets.as_slice() else { return k };
        if self.offsets.len() == 1 {
            return last + k;
        }
        let below = (k.floor().max(0.0) as usize).min(self.offsets.len() - 2);
        self.offsets[below] + (k - below as f64) * (self.offsets[below + 1] - self.offsets[below])
    }

    /// The continuous frame number at `offset` mm along the normal; the inverse of [`Self::offset_at`].
    #[must_use]
    pub fn frame_at(&self, offset: f64) -> f64 {
        if self.offsets.len() == 1 {
            return offset;
        }
        let rising = self.offsets[1] > 0.0;
        let passed = self.offsets.partition_point(|o| if rising { *o <= offset } else { *o >= offset });
        let below = passed.saturating_sub(1).min(self.offsets.len() - 2);
        below as f64 + (offset - self.offsets[below]) / (self.offsets[below + 1] - self.offsets[below])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(offsets: Vec<f64>) -> Result<GridGeometry, GridError> {
        GridGeometry::new(
            PatientPoint::new(-10.0, 5.0, 40.0),
            PatientVector::new(0.0, 1.0, 0.0),
            PatientVector::new(-1.0, 0.0, 0.0),
            [Mm(2.0), Mm(3.0)],
            [4, 5],
            offsets,
        )
    }

    #[test]
    fn grid_and_patient_positions_are_inverse() {
        for offsets in [vec![0.0, 2.0, 5.0], vec![0.0, -2.0, -5.0], vec![0.0]] {
            let grid = grid(offsets).unwrap();
            for (i, j, k) in [(0.0, 0.0, 0.0), (1.5, 2.25, 1.4), (-1.0, 7.0, -0.5), (3.0, 4.0, 3.5)] {
                let back = grid.grid_from_patient(grid.patient_from_grid(GridPoint { i, j, k }));
                for (found, expected) in [(back.i, i), (back.j, j), (back.k, k)] {
                    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
                }
            }
        }
    }

    #[test]
    fn falling_offsets_run_against_the_normal() {
        let grid = grid(vec![0.0, -2.0]).unwrap();
        let point = grid.patient_from_grid(GridPoint { i: 0.0, j: 0.0, k: 1.0 });
        assert_eq!(point.z, 40.0 - 2.0 * grid.normal().z);
    }

    #[test]
    fn impossible_grids_are_refused() {
        assert_eq!(grid(vec![0.0, 1.0, 1.0]), Err(GridError::Offsets(2)));
        assert_eq!(grid(vec![1.0, 2.0]), Err(GridError::Offsets(0)));
        assert_eq!(grid(vec![0.0, f64::NAN]), Err(GridError::Offsets(1)));
        assert_eq!(grid(vec![]), Err(GridError::Empty));
    }
}

//! Doses whose highest values were cut off on export.
//!
//! Units: gray. Frame: none.

use crate::dose::DoseGrid;
use crate::finding::{Finding, plan as code};
use crate::provenance::Provenance;

/// So many voxels at exactly the maximum are no chance: a peak has one, or a few by symmetry and
/// quantisation.
const MANY: usize = 32;
/// Voxels that are counted in one go.
const PIECE: usize = 1 << 16;

/// The finding that many voxels inside the grid hold exactly the largest dose; on its border a dose may rise
/// beyond what was exported.
///
/// ```
/// use rt_model::derive::clipped;
/// use rt_model::dose::DoseGrid;
/// use rt_model::frame::{PatientPoint, PatientVector};
/// use rt_model::grid::GridGeometry;
/// use rt_model::provenance::Provenance;
/// use rt_model::units::{Gy, Mm};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (row, column) = (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0));
/// let offsets = (0..9).map(f64::from).collect();
/// let geometry = GridGeometry::new(PatientPoint::default(), row, column, [Mm(1.0), Mm(1.0)], [9, 9], offsets)?;
/// let flat = DoseGrid::new(geometry, vec![65.535; 9 * 9 * 9], Gy(0.001))?;
/// assert!(clipped(&flat, Provenance::of_file("RD.dcm")).is_some());
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn clipped(grid: &DoseGrid, at: Provenance) -> Option<Finding> {
    // The range holds the voxel's own value, so that it comes back whole.
    let top = grid.range().1.0 as f32;
    // Most grids have one such voxel: where each lies is asked of the others alone. Counted by pieces in the
    // voxel's own width, which vector instructions can.
    let holds = |voxels: &[f32]| voxels.iter().map(|voxel| u32::from(*voxel == top)).sum::<u32>() as usize;
    if grid.voxels().chunks(PIECE).map(holds).sum::<usize>() < MANY {
        return None;
    }
    let [ni, nj, nk] = grid.geometry().size();
    let inside = |at: usize, count: usize| at > 0 && at + 1 < count;
    let is_inside = |at: usize| inside(at % ni, ni) && inside(at / ni % nj, nj) && inside(at / (ni * nj), nk);
    let count =
        grid.voxels().iter().enumerate().filter(|(at, voxel)| **voxel == top && is_inside(*at)).count();
    let text =
        format!("{count} voxels hold exactly the largest dose of {top:.2} Gy: was the export clipped?");
    (count >= MANY && top > 0.0).then(|| Finding::warning(code::DOSE_CLIPPED, at, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{PatientPoint, PatientVector};
    use crate::grid::GridGeometry;
    use crate::units::{Gy, Mm};

    #[test]
    fn a_plateau_is_told_and_a_peak_is_not() {
        let (row, column) = (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0));
        let spacing = [Mm(1.0), Mm(1.0)];
        let offsets = vec![0.0, 1.0, 2.0];
        let geometry =
            GridGeometry::new(PatientPoint::default(), row, column, spacing, [100, 3], offsets).unwrap();
        let ramp = |top: f32| (0..900u16).map(|at| f32::from(at % 100).min(top)).collect();
        let grid = |top| DoseGrid::new(geometry.clone(), ramp(top), Gy(0.0)).unwrap();
        assert_eq!(clipped(&grid(99.0), Provenance::unknown()), None);
        assert_eq!(clipped(&grid(60.0), Provenance::unknown()).unwrap().code, code::DOSE_CLIPPED);
    }
}

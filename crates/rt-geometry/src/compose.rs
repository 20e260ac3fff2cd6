//! Several doses become one.
//!
//! Doses on the same grid are added voxel by voxel. Doses on different grids are sampled on the finest of
//! them; the sum ends where one of the parts ends, since dose beyond a grid is unknown, not zero.
//!
//! Units: gray. Frame: DICOM patient coordinates (LPS); the parts share one frame of reference, which the
//! caller has checked.

use crate::sample::trilinear;
use rt_model::dose::{Dose, DoseGrid, DoseGridError};
use rt_model::finding::{Finding, Parsed, dvh as codes};
use rt_model::frame::GridPoint;
use rt_model::grid::{GridError, GridGeometry};
use rt_model::provenance::Provenance;
use rt_model::uid::Uid;
use rt_model::units::Gy;

/// Why doses do not add.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// There was no dose to add.
    #[error("no dose to add")]
    Nothing,
    /// A dose object holds no grid.
    #[error("[{0}]: the object holds no dose grid")]
    NoGrid(Uid),
    /// The grids have no place in common.
    #[error("the dose grids do not overlap")]
    NoOverlap,
    /// The common grid is impossible.
    #[error("the common grid of the doses is impossible")]
    Grid(#[source] GridError),
    /// A summed voxel is not finite.
    #[error("the summed dose is impossible")]
    Dose(#[source] DoseGridError),
}

/// The whole dose of a plan: its doses added, each `factors` times, in order. The grids are taken out of the
/// doses.
///
/// # Errors
/// Where a dose has no grid, or [`sum`] fails.
///
/// # Example
/// ```
/// use rt_geometry::compose::{ComposeError, whole};
///
/// // The doses of a plan come from `rt_model`'s reader; a plan without any has none.
/// assert_eq!(whole(&mut [], []), Err(ComposeError::Nothing));
/// ```
pub fn whole(
    doses: &mut [Dose],
    factors: impl IntoIterator<Item = f64>,
) -> Result<Parsed<DoseGrid>, ComposeError> {
    let mut grids = Vec::new();
    for (dose, factor) in doses.iter_mut().zip(factors) {
        let grid = dose.grid.take().ok_or_else(|| ComposeError::NoGrid(dose.info.sop_instance.clone()))?;
        grids.push((grid, factor));
    }
    if let [(_, 1.0)] = grids[..] {
        return Ok(Parsed::clean(grids.swap_remove(0).0));
    }
    sum(&grids.iter().map(|(grid, factor)| (grid, *factor)).collect::<Vec<_>>())
}

/// The sum of doses, each times its factor (a number of fractions, or 1).
///
/// # Errors
/// Where there is no dose, or the grids have no place in common.
///
/// # Example
/// ```
/// use rt_geometry::{compose, example};
///
/// let dose = example::dose();
/// // A phase of one fraction and one of two.
/// let total = compose::sum(&[(&dose, 1.0), (&dose, 2.0)]).unwrap().value;
/// assert_eq!(total.range().1.0, 3.0 * dose.range().1.0);
/// ```
pub fn sum(parts: &[(&DoseGrid, f64)]) -> Result<Parsed<DoseGrid>, ComposeError> {
    let (first, _) = parts.first().ok_or(ComposeError::Nothing)?;
    if parts.iter().all(|(dose, _)| dose.geometry() == first.geometry()) {
        let mut voxels = vec![0.0f64; first.voxels().len()];
        for (dose, factor) in parts {
            for (total, voxel) in voxels.iter_mut().zip(dose.voxels()) {
                *total += f64::from(*voxel) * factor;
            }
        }
        return finished(first.geometry().clone(), voxels, parts).map(Parsed::clean);
    }
    resampled(parts)
}

/// The sum on the part of the finest grid that lies inside all others.
fn resampled(parts: &[(&DoseGrid, f64)]) -> Result<Parsed<DoseGrid>, ComposeError> {
    let finest = parts
        .iter()
        .map(|(dose, _)| dose.geometry())
        .min_by(|a, b| voxel_volume(a).total_cmp(&voxel_volume(b)))
        .ok_or(ComposeError::Nothing)?;
    let [ni, nj, nk] = finest.size();
    let mut voxels = Vec::with_capacity(finest.voxel_count());
    for k in 0..nk {
        for j in 0..nj {
            for i in 0..ni {
                let point = finest.patient_from_grid(GridPoint { i: i as f64, j: j as f64, k: k as f64 });
                let total: Option<f64> =
                    parts.iter().map(|(dose, factor)| trilinear(dose, point).map(|gy| gy.0 * factor)).sum();
                voxels.push(total.unwrap_or(f64::NAN));
            }
        }
    }
    let (geometry, voxels) = largest_known_box(finest, &voxels)?;
    let mut findings = vec![Finding::info(
        codes::DOSE_RESAMPLED,
        Provenance::unknown(),
        format!("the {} doses have different grids; they were sampled on the finest of them", parts.len()),
    )];
    if geometry.voxel_count() < finest.voxel_count() {
        let text = format!(
            "the sum covers {} of {} voxels of the finest grid",
            geometry.voxel_count(),
            finest.voxel_count()
        );
        findings.push(Finding::warning(codes::DOSE_SUM_CUT, Provenance::unknown(), text));
    }
    Ok(Parsed { value: finished(geometry, voxels, parts)?, findings })
}

fn finished(
    geometry: GridGeometry,
    voxels: Vec<f64>,
    parts: &[(&DoseGrid, f64)],
) -> Result<DoseGrid, ComposeError> {
    let step = parts.iter().map(|(dose, factor)| dose.step().0 * factor).fold(0.0, f64::max);
    DoseGrid::new(geometry, voxels.into_iter().map(|dose| dose as f32).collect(), Gy(step))
        .map_err(ComposeError::Dose)
}

/// Mean volume of a voxel, mm³.
fn voxel_volume(geometry: &GridGeometry) -> f64 {
    let [si, sj] = geometry.spacing();
    let gaps = (geometry.offsets().len().max(2) - 1) as f64;
    si.0 * sj.0 * geometry.offset_at(gaps).abs() / gaps
}

/// Shrinks a grid, layer by layer from the side with most unknown voxels, until all are known.
fn largest_known_box(
    geometry: &GridGeometry,
    voxels: &[f64],
) -> Result<(GridGeometry, Vec<f64>), ComposeError> {
    let [ni, nj, _] = geometry.size();
    let mut low = [0usize; 3];
    let mut high = geometry.size();
    let at = |i: usize, j: usize, k: usize| voxels[(k * nj + j) * ni + i];
    loop {
        if (0..3).any(|axis| low[axis] >= high[axis]) {
            return Err(ComposeError::NoOverlap);
        }
        let unknown = |low: [usize; 3], high: [usize; 3]| {
            let mut count = 0usize;
            for k in low[2]..high[2] {
                for j in low[1]..high[1] {
                    count += (low[0]..high[0]).filter(|i| at(*i, j, k).is_nan()).count();
                }
            }
            let all = (0..3).map(|axis| high[axis] - low[axis]).product::<usize>();
            count as f64 / all as f64
        };
        let sides = (0..6).map(|side| {
            let (axis, mut face_low, mut face_high) = (side / 2, low, high);
            if side % 2 == 0 {
                face_high[axis] = low[axis] + 1;
            } else {
                face_low[axis] = high[axis] - 1;
            }
            (side, unknown(face_low, face_high))
        });
        let Some((side, share)) = sides.max_by(|a, b| a.1.total_cmp(&b.1)) else {
            return Err(ComposeError::NoOverlap);
        };
        if share == 0.0 {
            break;
        }
        if side % 2 == 0 {
            low[side / 2] += 1;
        } else {
            high[side / 2] -= 1;
        }
    }
    let origin =
        geometry.patient_from_grid(GridPoint { i: low[0] as f64, j: low[1] as f64, k: low[2] as f64 });
    let offsets = geometry.offsets()[low[2]..high[2]]
        .iter()
        .map(|offset| offset - geometry.offsets()[low[2]])
        .collect();
    let size = [high[0] - low[0], high[1] - low[1]];
    let cut = GridGeometry::new(origin, geometry.row(), geometry.column(), geometry.spacing(), size, offsets)
        .map_err(ComposeError::Grid)?;
    let mut kept = Vec::with_capacity(cut.voxel_count());
    for k in low[2]..high[2] {
        for j in low[1]..high[1] {
            kept.extend((low[0]..high[0]).map(|i| at(i, j, k)));
        }
    }
    Ok((cut, kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::frame::{PatientPoint, PatientVector};
    use rt_model::units::Mm;

    /// x + 10 y + 100 z on a grid of `size` voxels `spacing` mm apart from `origin` on.
    fn ramp(origin: f64, spacing: f64, size: usize) -> DoseGrid {
        let geometry = GridGeometry::new(
            PatientPoint::new(origin, origin, origin),
            PatientVector::new(1.0, 0.0, 0.0),
            PatientVector::new(0.0, 1.0, 0.0),
            [Mm(spacing); 2],
            [size; 2],
            (0..size).map(|k| k as f64 * spacing).collect(),
        )
        .unwrap();
        let at = |n: usize| origin + n as f64 * spacing;
        let voxels = (0..size)
            .flat_map(|k| {
                (0..size)
                    .flat_map(move |j| (0..size).map(move |i| (at(i) + 10.0 * at(j) + 100.0 * at(k)) as f32))
            })
            .collect();
        DoseGrid::new(geometry, voxels, Gy(0.001)).unwrap()
    }

    #[test]
    fn equal_grids_add_voxel_by_voxel() {
        let dose = ramp(0.0, 2.0, 4);
        let total = sum(&[(&dose, 1.0), (&dose, 30.0)]).unwrap();
        assert!(total.findings.is_empty());
        assert_eq!(total.value.voxels()[5], dose.voxels()[5] * 31.0);
        assert_eq!(total.value.step(), Gy(0.03));
    }

    #[test]
    fn different_grids_meet_where_all_are_known() {
        let (fine, coarse) = (ramp(0.0, 1.0, 10), ramp(1.5, 3.0, 5));
        let total = sum(&[(&fine, 1.0), (&coarse, 1.0)]).unwrap();
        assert_eq!(total.value.geometry().size(), [8, 8, 8]);
        assert_eq!(total.value.geometry().origin(), PatientPoint::new(2.0, 2.0, 2.0));
        assert!((total.value.voxels()[0] - 444.0).abs() < 1e-3);
        assert_eq!(total.findings.len(), 2);
    }

    #[test]
    fn grids_apart_have_no_sum() {
        assert_eq!(
            sum(&[(&ramp(0.0, 1.0, 4), 1.0), (&ramp(50.0, 1.0, 5), 1.0)]),
            Err(ComposeError::NoOverlap)
        );
        assert_eq!(sum(&[]), Err(ComposeError::Nothing));
    }
}

//! Which slices are worth a picture.
//!
//! Units: millimetres, gray. Frame: along the normal of the stack, DICOM patient coordinates (LPS).

use crate::case::ExportCase;
use crate::error::{ExportError, ExportErrorKind};
use crate::gate::refused;
use rt_model::finding::{Finding, export as codes};
use rt_model::frame::PatientVector;

/// Slices this far beyond the lowest shown level are shown too, mm.
const MARGIN: f64 = 10.0;

/// Slices from the lowest level that is shown, and 10 mm beyond.
pub(crate) struct Shown {
    /// Their places in the stack.
    pub(crate) slices: Vec<usize>,
    /// Dose above the level lies beyond the images.
    pub(crate) beyond: Option<Finding>,
}

/// The slices where the dose reaches `lowest`, 10 mm beyond included.
pub(crate) fn shown(case: &ExportCase, lowest: f64) -> Result<Shown, ExportError> {
    let slices = &case.stack.slices;
    let normal = slices[0].plane.normal();
    let Some([low, high]) = extent(case, lowest, normal) else {
        let text = format!(
            "the dose reaches {:.2} {} at most, below the lowest level {lowest}",
            case.labels.maximum, case.labels.unit
        );
        return Err(refused(ExportErrorKind::Unsuitable, case.plan_info(), text));
    };
    let heights: Vec<f64> = slices.iter().map(|slice| slice.plane.height()).collect();
    let within = |height: &f64| (low - MARGIN..=high + MARGIN).contains(height);
    let chosen: Vec<usize> = (0..slices.len()).filter(|at| within(&heights[*at])).collect();
    let (first, last) = (heights[0], heights[heights.len() - 1]);
    let step = case.stack.distance(0).unwrap_or(0.0);
    let beyond = (low < first - step || high > last + step).then(|| {
        let text = format!(
            "dose of {lowest} {} and more reaches from {low:.1} to {high:.1} mm along the normal, the images from {first:.1} to {last:.1}",
            case.labels.unit
        );
        Finding::warning(codes::DOSE_BEYOND_IMAGES, case.stack.provenance(), text)
    });
    if chosen.is_empty() {
        let text = "no image lies where the dose reaches the lowest level";
        return Err(refused(ExportErrorKind::NoOverlap, case.plan_info(), text));
    }
    Ok(Shown { slices: chosen, beyond })
}

/// How far voxels of at least `lowest` reach along `normal`.
fn extent(case: &ExportCase, lowest: f64, normal: PatientVector) -> Option<[f64; 2]> {
    let geometry = case.dose().geometry();
    let [ni, nj, _] = geometry.size();
    let [si, sj] = geometry.spacing();
    let (along_i, along_j) = (geometry.row().dot(normal) * si.0, geometry.column().dot(normal) * sj.0);
    let across = geometry.normal().dot(normal);
    let start = geometry.origin().along(normal);
    let mut reach: Option<[f64; 2]> = None;
    for (row, voxels) in case.dose().voxels().chunks_exact(ni).enumerate() {
        let (j, k) = (row % nj, row / nj);
        let reaches = |voxel: &f32| f64::from(*voxel) >= lowest;
        let Some(first) = voxels.iter().position(reaches) else { continue };
        let last = voxels.iter().rposition(reaches).unwrap_or(first);
        for i in [first, last] {
            let height = start + i as f64 * along_i + j as f64 * along_j + geometry.offsets()[k] * across;
            let [low, high] = reach.unwrap_or([height, height]);
            reach = Some([low.min(height), high.max(height)]);
        }
    }
    reach
}

//! From contours to planes.
//!
//! Units: millimetres. Frame: the [`StackFrame`] of the contours; w counts along its normal.

use super::drawn::{is_even, median};
use super::{StackError, StackErrorKind};
use crate::plane::{StackFrame, newell};
use crate::region::{Defect, DrawnRing, Region, Unit};
use crate::tolerance::{OFF_PLANE_MM, SAME_PLANE_MM};
use rt_model::finding::{Finding, dvh as codes};
use rt_model::provenance::Provenance;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::Mm;

/// Planes that are one by [`SAME_PLANE_MM`] and farther apart than this are reported, mm: beyond what
/// coordinates lose when written.
const ROUNDING_MM: f64 = 1e-4;

/// A plane while the stack is built.
pub(super) struct Plane {
    pub(super) w: f64,
    pub(super) region: Region,
    pub(super) thickness: Option<Mm>,
}

/// The median distance between neighbouring planes over all of `rois`: what a ROI of a single plane takes as
/// its thickness. ROIs that lack contours of their file do not count: where a contour is missing, planes seem
/// farther apart than they are.
pub(super) fn nominal_spacing<'r>(rois: impl IntoIterator<Item = &'r Roi>) -> Option<Mm> {
    let mut gaps = Vec::new();
    for roi in rois.into_iter().filter(|roi| roi.unusable_contours == 0) {
        let closed: Vec<&Contour> = roi.contours.iter().filter(|contour| contour.kind.is_closed()).collect();
        let Ok(frame) = common_frame(&closed) else { continue };
        let mut heights: Vec<f64> =
            closed.iter().map(|contour| height(contour, &frame)).filter(|w| w.is_finite()).collect();
        heights.sort_by(f64::total_cmp);
        gaps.extend(heights.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > SAME_PLANE_MM));
    }
    median(gaps).map(Mm)
}

/// The frame all contours share: that of the largest, whose directions suffer least from rounded coordinates.
pub(super) fn common_frame(closed: &[&Contour]) -> Result<StackFrame, StackError> {
    let areas = closed.iter().map(|contour| (newell(&contour.points).length(), contour));
    let largest = areas.max_by(|(a, _), (b, _)| a.total_cmp(b));
    let frame = largest
        .and_then(|(_, contour)| StackFrame::of_contour(&contour.points))
        .ok_or_else(|| StackError::new(StackErrorKind::NoClosedContour, "no contour encloses an area"))?;
    parallel(closed, &frame)?;
    Ok(frame)
}

/// Refuses contours that do not lie on planes of a frame.
pub(super) fn parallel(closed: &[&Contour], frame: &StackFrame) -> Result<(), StackError> {
    for contour in closed.iter().filter(|contour| !is_even(contour, frame)) {
        let Some(own) = StackFrame::of_contour(&contour.points) else { continue };
        let mean = height(contour, frame);
        let flat = || contour.points.iter().all(|point| (frame.height(*point) - mean).abs() <= OFF_PLANE_MM);
        if !frame.is_parallel(&own) && !flat() {
            let text = format!("contour {} is not parallel to the ROI's other contours", contour.index);
            return Err(StackError::new(StackErrorKind::NotParallel, text));
        }
    }
    Ok(())
}

/// Mean height of a contour's points.
fn height(contour: &Contour, frame: &StackFrame) -> f64 {
    contour.points.iter().map(|point| frame.height(*point)).sum::<f64>() / contour.points.len() as f64
}

/// Contours grouped into planes by rising height, planes without area left out.
///
/// # Errors
/// Where the contours of a plane are entangled beyond measure.
pub(super) fn planes(
    closed: &[&Contour],
    frame: &StackFrame,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Plane>, StackError> {
    let mut by_height: Vec<(f64, &Contour)> = closed
        .iter()
        .filter(|contour| !contour.points.is_empty())
        .map(|contour| (height(contour, frame), *contour))
        .collect();
    by_height.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut planes = Vec::new();
    let mut rest = by_height.as_slice();
    while let Some((w, _)) = rest.first() {
        let (group, higher) = rest.split_at(rest.partition_point(|(height, _)| height - w <= SAME_PLANE_MM));
        rest = higher;
        tell_heights(group, frame, findings);
        let contours: Vec<&Contour> = group.iter().map(|(_, contour)| *contour).collect();
        let (region, defects) = region(&contours, *w, frame, None)?;
        let index = |ring: usize| contours[ring].index;
        findings.extend(defects.iter().filter_map(|defect| reported(defect, &index)));
        if !region.is_empty() {
            let thickness = group.iter().find_map(|(_, contour)| contour.slab_thickness);
            planes.push(Plane { w: *w, region, thickness });
        }
    }
    Ok(planes)
}

/// The region of the contours on the plane at height `w`, and what was wrong with their rings.
///
/// # Errors
/// Where the contours are entangled beyond measure.
pub(super) fn region(
    contours: &[&Contour],
    w: f64,
    frame: &StackFrame,
    unit: Option<&dyn Fn(usize) -> Unit>,
) -> Result<(Region, Vec<Defect>), StackError> {
    let ring = |contour: &&Contour| DrawnRing {
        points: contour.points.iter().map(|point| frame.plane_from_patient(*point)).collect(),
        exclusive_or: contour.kind == ContourKind::ClosedPlanarXor,
    };
    let drawn: Vec<DrawnRing> = contours.iter().map(ring).collect();
    let made = match unit {
        Some(unit) => Region::from_written(&drawn, unit),
        None => Region::from_drawn(&drawn),
    };
    made.map_err(|error| StackError::new(StackErrorKind::TooComplex, format!("plane at {w:.2} mm: {error}")))
}

/// Tells where points leave their plane, and where several planes count as one.
fn tell_heights(group: &[(f64, &Contour)], frame: &StackFrame, findings: &mut Vec<Finding>) {
    for (mean, contour) in group {
        let off = contour.points.iter().map(|point| (frame.height(*point) - mean).abs()).fold(0.0, f64::max);
        if off > OFF_PLANE_MM {
            let text = format!(
                "contour {}: points leave their plane by up to {off:.2} mm; their mean plane is taken",
                contour.index
            );
            findings.push(Finding::warning(codes::OFF_PLANE, Provenance::unknown(), text));
        }
    }
    if let [(low, first), .., (high, last)] = group
        && high - low > ROUNDING_MM
    {
        let text = format!(
            "contours {} and {} lie {:.4} mm apart at {low:.2} mm; planes closer than {SAME_PLANE_MM} mm are one",
            first.index,
            last.index,
            high - low
        );
        findings.push(Finding::info(codes::PLANES_JOINED, Provenance::unknown(), text));
    }
}

/// A defect of the drawing in words.
pub(super) fn reported(defect: &Defect, index: &dyn Fn(usize) -> usize) -> Option<Finding> {
    let at = Provenance::unknown();
    Some(match defect {
        // Counted for the whole ROI.
        Defect::Nested { .. } => return None,
        Defect::Degenerate { ring } => {
            let text =
                format!("contour {}: fewer than three distinct points or no area; left out", index(*ring));
            Finding::warning(codes::DEGENERATE_CONTOUR, at, text)
        }
        Defect::Duplicate { ring, of } => {
            let text =
                format!("contour {} is contour {} drawn again; it counts once", index(*ring), index(*of));
            Finding::warning(codes::DUPLICATE_CONTOUR, at, text)
        }
        Defect::SelfCrossing { ring } => {
            let text = format!(
                "contour {} crosses itself; what it encloses an odd number of times is inside",
                index(*ring)
            );
            Finding::warning(codes::SELF_CROSSING_CONTOUR, at, text)
        }
        Defect::Overlap { rings, united } => {
            let numbers = rings.iter().map(|ring| index(*ring).to_string()).collect::<Vec<_>>().join(", ");
            let how = if *united { "united" } else { "combined by exclusive-or" };
            Finding::warning(
                codes::OVERLAPPING_CONTOURS,
                at,
                format!("contours {numbers} overlap in part; they are {how}"),
            )
        }
    })
}

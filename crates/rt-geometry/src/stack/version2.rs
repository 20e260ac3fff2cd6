//! Planes by version 2 of the rules: fitted frames, each ROI's own slice distance, and witnesses.
//!
//! Units: millimetres. Frame: the [`StackFrame`](crate::plane::StackFrame) that the ROI shares with others of
//! its structure set, or its own.

use super::cap::Cap;
use super::drawn::median;
use super::drawn_part::DrawnPart;
use super::gaps::Gap;
use super::notes::Notes;
use super::options::{Between, Caps, StackOptions};
use super::planes::{self, Plane};
use super::spaces::Spaces;
use super::structure_planes::Surroundings;
use super::usable::UsableContours;
use super::witness::Witnesses;
use super::{Built, Slab, StackError, StackErrorKind, interpolated, merged, prism};
use crate::plane::StackFrame;
use crate::region::{Region, Unit};
use rt_model::finding::{Finding, dvh as codes};
use rt_model::provenance::Provenance;
use rt_model::structure_set::{Contour, Roi};
use rt_model::units::Mm;

/// The slabs of a ROI.
///
/// # Errors
/// Where nothing encloses an area, contours are not parallel to the frame, are entangled beyond measure, or a
/// single plane has no thickness.
pub(super) fn build(
    roi: &Roi,
    usable: &UsableContours<'_>,
    options: &StackOptions<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Built, StackError> {
    let nothing = || StackError::new(StackErrorKind::NoClosedContour, "no contour encloses an area");
    let surroundings = Surroundings::of(roi, options.neighbours.as_ref()).ok_or_else(nothing)?;
    let frame = surroundings.frame;
    planes::parallel(usable.contours(), &frame)?;
    let parts = surroundings.parts(usable.contours());
    let mut notes = Notes::default();
    let mut stacks = Vec::new();
    let mut distances = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let planes = planes_of(part, &frame, &mut notes, findings)?;
        if planes.iter().all(|plane| plane.region.is_empty()) {
            continue;
        }
        let own = parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| &other.part);
        let witnesses = Witnesses { part: &part.part, others: surroundings.others().chain(own).collect() };
        if planes.len() == 1 {
            let (thickness, slabs) = single(planes, &witnesses, options.caps, findings)?;
            distances.push(thickness.0);
            stacks.push(slabs);
        } else {
            distances.extend(part.part.steps());
            stacks.push(several(planes, &witnesses, roi, options, findings));
        }
    }
    if stacks.is_empty() {
        return Err(nothing());
    }
    findings.extend(notes.findings(&parts, surroundings.turned()));
    Ok(Built { frame, nominal: Mm(median(distances).unwrap_or_default()), slabs: merged::slabs(stacks) })
}

/// The planes of a part by rising height, those that enclose nothing included: the ROI was drawn there.
fn planes_of(
    part: &DrawnPart<'_>,
    frame: &StackFrame,
    notes: &mut Notes,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Plane>, StackError> {
    let plane = |(w, contours): (&f64, &Vec<&Contour>)| {
        let unit = |ring: usize| {
            Unit::of(contours[ring].points.iter().flat_map(|point| [point.x, point.y, point.z]))
        };
        let (region, defects) = planes::region(contours, *w, frame, Some(&unit))?;
        let index = |ring: usize| contours[ring].index;
        findings.extend(defects.iter().filter_map(|defect| planes::reported(defect, &index)));
        notes.plane(contours, frame, &defects);
        let thickness = contours.iter().find_map(|contour| contour.slab_thickness);
        Ok(Plane { w: *w, region, thickness })
    };
    part.part.planes.iter().zip(&part.contours).map(plane).collect()
}

/// The slabs of a part with one plane, and their thickness.
fn single(
    planes: Vec<Plane>,
    witnesses: &Witnesses<'_>,
    caps: Caps,
    findings: &mut Vec<Finding>,
) -> Result<(Mm, Vec<Slab>), StackError> {
    let refuse = |text: &str| Err(StackError::new(StackErrorKind::NoThickness, text));
    if caps == Caps::None {
        return refuse("a single plane has no volume without end caps");
    }
    let stated = planes[0].thickness.filter(|mm| mm.is_finite() && mm.0 > 0.0);
    let (thickness, source) = match (stated, witnesses.thickness()) {
        (Some(stated), _) => (stated, "Contour Slab Thickness"),
        (None, Some((distance, true))) => {
            (Mm(distance), "the slice distance of other ROIs drawn on this plane")
        }
        (None, Some((distance, false))) => {
            (Mm(distance), "the median slice distance of the structure set's other ROIs")
        }
        (None, None) => {
            return refuse(
                "a single plane, and neither Contour Slab Thickness nor another ROI gives a thickness",
            );
        }
    };
    let text = format!("a single plane; its thickness of {:.3} mm is {source}", thickness.0);
    findings.push(Finding::info(codes::SINGLE_PLANE, Provenance::unknown(), text));
    Ok((thickness, prism::slabs(planes, &[], &[[Cap::new(caps, thickness.0); 2]])))
}

/// The slabs of a part with two or more planes.
fn several(
    planes: Vec<Plane>,
    witnesses: &Witnesses<'_>,
    roi: &Roi,
    options: &StackOptions<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<Slab> {
    let regions: Vec<&Region> = planes.iter().map(|plane| &plane.region).collect();
    let spaces = Spaces::of(witnesses, &regions, roi.source_planes.as_ref(), options.reading);
    findings.extend(spaces.findings);
    let joined: Vec<bool> = spaces.gaps.iter().map(|gap| *gap != Gap::Kept).collect();
    let caps: Vec<[Cap; 2]> =
        spaces.nominal.iter().map(|sides| sides.map(|nominal| Cap::new(options.caps, nominal))).collect();
    match options.between {
        Between::Prism => prism::slabs(planes, &joined, &caps),
        Between::Interpolated => {
            // A part that the next plane lacks ends as a run does whose slices are these two.
            let endings: Vec<Cap> =
                witnesses.part.steps().iter().map(|step| Cap::new(options.caps, *step)).collect();
            interpolated::slabs(&planes, &joined, &caps, &endings)
        }
    }
}

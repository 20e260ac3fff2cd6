//! RT Dose: its header, and the whole object with grid and stored DVHs.
//!
//! Units: gray. Frame: DICOM patient coordinates (LPS).

use super::object::Object;
use super::{dose_geometry, dose_voxels, stored_dvh};
use crate::dose::{Dose, DoseGrid, DoseHeader, DosePart, DoseType, DoseUnits, Summation};
use crate::finding::dose;
use crate::read::bytes::node::Node;
use crate::read::error::{ReadError, ReadErrorKind};
use crate::read::options::ReadOptions;
use crate::units::Gy;
use dicom_core::Tag;
use dicom_dictionary_std::tags;

/// Largest and smallest usual maximum of a dose, Gy.
const USUAL_MAXIMUM: std::ops::RangeInclusive<f64> = 0.5..=200.0;

/// Reads what a scan wants to know; voxels and DVHs may have been left in the file.
pub(in crate::read) fn header(object: &Object<'_, '_>) -> Result<DoseHeader, ReadError> {
    let root = &object.root;
    let text = root.text(tags::DOSE_SUMMATION_TYPE).unwrap_or_default();
    let summation = Summation::parse(&text);
    miswritten(root, tags::DOSE_SUMMATION_TYPE, &text, summation.as_str());
    let transform = root.text(tags::SPATIAL_TRANSFORM_OF_DOSE);
    let header = DoseHeader {
        units: units(root),
        dose_type: dose_type(root),
        summation,
        timestamp: root.date_time(tags::CONTENT_DATE, tags::CONTENT_TIME),
        plans: root.uids_of(tags::REFERENCED_RT_PLAN_SEQUENCE, tags::REFERENCED_SOP_INSTANCE_UID)?,
        structure_sets: root
            .uids_of(tags::REFERENCED_STRUCTURE_SET_SEQUENCE, tags::REFERENCED_SOP_INSTANCE_UID)?,
        parts: parts(root)?,
        comment: root.text(tags::DOSE_COMMENT),
        derived: root.has(tags::DERIVATION_CODE_SEQUENCE) || transform.is_some_and(|term| term != "NONE"),
        size: size(object)?,
        has_dvhs: object.has_value(tags::DVH_SEQUENCE),
    };
    check(root, &header);
    Ok(header)
}

fn units(root: &Node<'_, '_>) -> DoseUnits {
    let text = root.text(tags::DOSE_UNITS).unwrap_or_default();
    let upper = text.to_ascii_uppercase();
    if upper != text && matches!(upper.as_str(), "GY" | "CGY" | "RELATIVE") {
        root.warn(dose::ODD_DOSE_UNITS, tags::DOSE_UNITS, format!("expected {upper}, found {text}"));
    }
    match upper.as_str() {
        "GY" => DoseUnits::Gray,
        "CGY" => {
            root.warn(
                dose::ODD_DOSE_UNITS,
                tags::DOSE_UNITS,
                "expected GY or RELATIVE, found CGY: taken as hundredths of a gray",
            );
            DoseUnits::Centigray
        }
        "RELATIVE" => DoseUnits::Relative,
        _ => DoseUnits::Unknown(text),
    }
}

fn dose_type(root: &Node<'_, '_>) -> DoseType {
    let text = root.text(tags::DOSE_TYPE).unwrap_or_default();
    let found = DoseType::parse(&text);
    miswritten(root, tags::DOSE_TYPE, &text, found.as_str());
    found
}

/// Reports a term that was understood although it is not written in capitals.
fn miswritten(root: &Node<'_, '_>, tag: Tag, text: &str, meant: &str) {
    if text != meant {
        let text = format!("expected {meant}, found {text:?}: read as meant");
        root.warn(dose::UNKNOWN_DOSE_TERM, tag, text);
    }
}

/// The fraction groups, beams and application setups named under Referenced RT Plan Sequence.
fn parts(root: &Node<'_, '_>) -> Result<Vec<DosePart>, ReadError> {
    let mut parts = Vec::new();
    for plan in root.items(tags::REFERENCED_RT_PLAN_SEQUENCE) {
        for group in plan?.items(tags::REFERENCED_FRACTION_GROUP_SEQUENCE) {
            let group = group?;
            let Some(fraction_group) = group.integer(tags::REFERENCED_FRACTION_GROUP_NUMBER) else {
                continue;
            };
            let before = parts.len();
            for (sequence, number) in [
                (tags::REFERENCED_BEAM_SEQUENCE, tags::REFERENCED_BEAM_NUMBER),
                (
                    tags::REFERENCED_BRACHY_APPLICATION_SETUP_SEQUENCE,
                    tags::REFERENCED_BRACHY_APPLICATION_SETUP_NUMBER,
                ),
            ] {
                for item in group.items(sequence) {
                    let item = item?;
                    let Some(beam) = item.integer(number) else { continue };
                    let ranges = control_points(&item)?;
                    let part = |control_points| DosePart { fraction_group, beam: Some(beam), control_points };
                    if ranges.is_empty() {
                        parts.push(part(None));
                    }
                    parts.extend(ranges.into_iter().map(|range| part(Some(range))));
                }
            }
            if parts.len() == before {
                parts.push(DosePart { fraction_group, beam: None, control_points: None });
            }
        }
    }
    Ok(parts)
}

/// The control points of a beam that a dose is for, first and last.
fn control_points(beam: &Node<'_, '_>) -> Result<Vec<[i32; 2]>, ReadError> {
    let mut ranges = Vec::new();
    for item in beam.items(tags::REFERENCED_CONTROL_POINT_SEQUENCE) {
        let item = item?;
        let ends = [tags::REFERENCED_START_CONTROL_POINT_INDEX, tags::REFERENCED_STOP_CONTROL_POINT_INDEX];
        if let [Some(start), Some(stop)] = ends.map(|tag| item.integer(tag)) {
            ranges.push([start, stop]);
        }
    }
    Ok(ranges)
}

/// Voxels along i, j, k, where there is a grid.
pub(in crate::read) fn size(object: &Object<'_, '_>) -> Result<Option<[usize; 3]>, ReadError> {
    let root = &object.root;
    if !object.has_value(tags::PIXEL_DATA) {
        return Ok(None);
    }
    let columns = root.required_integer(tags::COLUMNS)?;
    let rows = root.required_integer(tags::ROWS)?;
    let frames = match root.has(tags::NUMBER_OF_FRAMES) {
        true => root.required_integer(tags::NUMBER_OF_FRAMES)?,
        false => 1,
    };
    let mut size = [0; 3];
    for (size, (tag, number)) in
        size.iter_mut().zip([(tags::COLUMNS, columns), (tags::ROWS, rows), (tags::NUMBER_OF_FRAMES, frames)])
    {
        *size = usize::try_from(number).ok().filter(|number| *number > 0).ok_or_else(|| {
            root.error(ReadErrorKind::Value, tag, format!("expected a number above 0, found {number}"))
        })?;
    }
    Ok(Some(size))
}

/// What the header says of itself that does not agree.
fn check(root: &Node<'_, '_>, header: &DoseHeader) {
    if let DoseType::Other(term) = &header.dose_type {
        root.warn(
            dose::UNKNOWN_DOSE_TERM,
            tags::DOSE_TYPE,
            format!("expected PHYSICAL, EFFECTIVE or ERROR, found {term:?}"),
        );
    }
    if let Summation::Other(term) = &header.summation {
        root.warn(
            dose::UNKNOWN_DOSE_TERM,
            tags::DOSE_SUMMATION_TYPE,
            format!("expected a defined term, found {term:?}"),
        );
    }
    let plans = header.plans.len();
    if header.summation == Summation::MultiPlan && plans < 2 {
        let text = format!("expected two or more plans for MULTI_PLAN, found {plans}");
        root.warn(dose::MULTI_PLAN_REFERENCES, tags::REFERENCED_RT_PLAN_SEQUENCE, text);
    }
    let needs_beam = matches!(
        header.summation,
        Summation::Beam
            | Summation::BeamSession
            | Summation::ControlPoint
            | Summation::Brachy
            | Summation::BrachySession
    );
    let needs_group =
        needs_beam || matches!(header.summation, Summation::Fraction | Summation::FractionSession);
    let complete =
        !header.parts.is_empty() && (!needs_beam || header.parts.iter().all(|part| part.beam.is_some()));
    if needs_group && !complete {
        let text = format!(
            "expected the part of the plan that a {} dose is for, found none",
            header.summation.as_str()
        );
        root.warn(dose::NO_DOSE_PART, tags::REFERENCED_RT_PLAN_SEQUENCE, text);
    }
}

/// Reads the dose in full.
pub(in crate::read) fn dose(object: &Object<'_, '_>, options: &ReadOptions) -> Result<Dose, ReadError> {
    let header = header(object)?;
    let grid = grid(object, &header, options)?;
    let stored_dvhs = stored_dvh::read(&object.root, options)?;
    Ok(Dose { info: object.info.clone(), header, grid, stored_dvhs })
}

fn grid(
    object: &Object<'_, '_>,
    header: &DoseHeader,
    options: &ReadOptions,
) -> Result<Option<DoseGrid>, ReadError> {
    let root = &object.root;
    let Some(size) = header.size else {
        let found = if root.has(tags::PIXEL_DATA) { "an empty value" } else { "no such attribute" };
        root.warn(dose::NO_DOSE_GRID, tags::PIXEL_DATA, format!("expected a dose grid, found {found}"));
        return Ok(None);
    };
    let factor = gray_per_unit(root, header, options)?;
    let step = dose_voxels::scaling(root)? * factor.0;
    let geometry = dose_geometry::geometry(root, size, options)?;
    let voxels = dose_voxels::voxels(object, size, &header.dose_type, step)?;
    let grid = DoseGrid::new(geometry, voxels, Gy(step))
        .map_err(|error| root.error(ReadErrorKind::Value, tags::PIXEL_DATA, error.to_string()))?;
    let (Gy(lowest), Gy(maximum)) = grid.range();
    if lowest < 0.0 && header.dose_type != DoseType::Error {
        // A voxel of the upper half of the unsigned range that is marked signed reads as a large negative
        // dose.
        let detail = format!(
            "expected no negative dose for dose type {:?}, found {lowest:.4} Gy",
            header.dose_type.as_str()
        );
        return Err(root.error(ReadErrorKind::NegativeDose, tags::PIXEL_DATA, detail));
    }
    if !USUAL_MAXIMUM.contains(&maximum) && header.dose_type != DoseType::Error {
        let text =
            format!("expected a largest dose of 0.5 to 200 Gy, found {maximum:.6} Gy: are the units right");
        root.warn(dose::DOSE_MAGNITUDE, tags::DOSE_GRID_SCALING, text);
    }
    Ok(Some(grid))
}

/// Gray for one unit of the scaled voxels.
fn gray_per_unit(root: &Node<'_, '_>, header: &DoseHeader, options: &ReadOptions) -> Result<Gy, ReadError> {
    match (&header.units, options.reference()) {
        (DoseUnits::Gray, _) => Ok(Gy(1.0)),
        (DoseUnits::Centigray, _) => Ok(Gy(0.01)),
        (DoseUnits::Relative, Some(reference)) => {
            root.warn(
                dose::RELATIVE_DOSE,
                tags::DOSE_UNITS,
                format!("expected GY, found RELATIVE: a relative dose of 1 was taken as {reference}, as the user said"),
            );
            Ok(reference)
        }
        (DoseUnits::Relative, _) => {
            let detail = "expected GY, found RELATIVE: say how many gray a relative dose of 1 stands for";
            Err(root.error(ReadErrorKind::RelativeDose, tags::DOSE_UNITS, detail))
        }
        (DoseUnits::Unknown(text), _) => Err(root.error(
            ReadErrorKind::DoseUnits,
            tags::DOSE_UNITS,
            format!("expected GY or RELATIVE, found {text:?}"),
        )),
    }
}

//! RT Structure Set: its header, and ROIs joined from the three sequences that describe them.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::contour::{self, ContourTally};
use super::object::Object;
use super::source_planes;
use crate::approval::ApprovalStatus;
use crate::finding::{Severity, structures};
use crate::read::bytes::node::Node;
use crate::read::error::ReadError;
use crate::structure_set::{Roi, StructureSet, StructureSetHeader};
use crate::uid::Uid;
use dicom_dictionary_std::tags;
use std::collections::{HashMap, HashSet};

/// Longest ROI Name (VR LO), characters.
const NAME_LENGTH: usize = 64;

/// Reads what a scan wants to know; contours may have been left in the file.
pub(in crate::read) fn header(object: &Object<'_, '_>) -> Result<StructureSetHeader, ReadError> {
    let root = &object.root;
    let mut frames = Vec::new();
    let mut series = Vec::new();
    for frame in root.items(tags::REFERENCED_FRAME_OF_REFERENCE_SEQUENCE) {
        let frame = frame?;
        frames.extend(frame.uid(tags::FRAME_OF_REFERENCE_UID));
        for study in frame.items(tags::RT_REFERENCED_STUDY_SEQUENCE) {
            series.extend(study?.uids_of(tags::RT_REFERENCED_SERIES_SEQUENCE, tags::SERIES_INSTANCE_UID)?);
        }
    }
    frames.extend(root.uids_of(tags::STRUCTURE_SET_ROI_SEQUENCE, tags::REFERENCED_FRAME_OF_REFERENCE_UID)?);
    frames.extend(object.info.frame_of_reference.clone());
    Ok(StructureSetHeader {
        label: root.text(tags::STRUCTURE_SET_LABEL),
        name: root.text(tags::STRUCTURE_SET_NAME),
        timestamp: root.date_time(tags::STRUCTURE_SET_DATE, tags::STRUCTURE_SET_TIME),
        frames_of_reference: distinct(frames),
        referenced_series: distinct(series),
        approval_status: root.text(tags::APPROVAL_STATUS).as_deref().map(ApprovalStatus::parse),
    })
}

/// Each identifier once, in order of appearance.
fn distinct(mut uids: Vec<Uid>) -> Vec<Uid> {
    let mut seen = HashSet::new();
    uids.retain(|uid| seen.insert(uid.clone()));
    uids
}

/// Reads the structure set with its contours.
pub(in crate::read) fn structure_set(object: &Object<'_, '_>) -> Result<StructureSet, ReadError> {
    let root = &object.root;
    let header = header(object)?;
    let mut rois: Vec<Roi> = Vec::new();
    let mut index = HashMap::new();
    let mut ambiguous = HashSet::new();
    for item in root.items(tags::STRUCTURE_SET_ROI_SEQUENCE) {
        let item = item?;
        let roi = roi(&item)?;
        if index.contains_key(&roi.number) || ambiguous.contains(&roi.number) {
            let text = format!(
                "expected each ROI number once, found {} again for {:?}: its contours cannot be assigned, and no ROI of this number is read",
                roi.number, roi.name
            );
            item.spoil(structures::DUPLICATE_ROI_NUMBER, tags::ROI_NUMBER, text);
            index.remove(&roi.number);
            ambiguous.insert(roi.number);
            continue;
        }
        index.insert(roi.number, rois.len());
        rois.push(roi);
    }
    if !ambiguous.is_empty() {
        rois.retain(|roi| !ambiguous.contains(&roi.number));
        index = rois.iter().enumerate().map(|(at, roi)| (roi.number, at)).collect();
    }
    let known = Known { index, ambiguous };
    let tallies = read_contours(root, &known, &mut rois)?;
    read_observations(root, &known, &mut rois)?;
    check(root, &rois, &tallies);
    Ok(StructureSet { info: object.info.clone(), header, rois })
}

/// Which ROI has a number.
struct Known {
    index: HashMap<i32, usize>,
    /// Numbers that several ROIs have.
    ambiguous: HashSet<i32>,
}

fn roi(item: &Node<'_, '_>) -> Result<Roi, ReadError> {
    let number = item.required_integer(tags::ROI_NUMBER)?;
    let name = item.text(tags::ROI_NAME).unwrap_or_default();
    let length = name.chars().count();
    if name.is_empty() {
        item.warn(
            structures::UNNAMED_ROI,
            tags::ROI_NAME,
            format!("expected a name for ROI {number}, found none"),
        );
    } else if length > NAME_LENGTH {
        let text = format!("expected at most {NAME_LENGTH} characters in a name, found {length}");
        item.warn(structures::ODD_ROI_NAME, tags::ROI_NAME, text);
    } else if name.chars().any(char::is_control) {
        item.warn(
            structures::ODD_ROI_NAME,
            tags::ROI_NAME,
            "expected printable characters in a name, found control characters",
        );
    }
    let frame_of_reference = item.uid(tags::REFERENCED_FRAME_OF_REFERENCE_UID);
    Ok(Roi { number, name, frame_of_reference, ..Roi::default() })
}

/// Fills in the contours; the tally of each ROI says what was met.
fn read_contours(
    root: &Node<'_, '_>,
    known: &Known,
    rois: &mut [Roi],
) -> Result<Vec<ContourTally>, ReadError> {
    let mut tallies = vec![ContourTally::default(); rois.len()];
    let mut total = 0;
    for item in root.items(tags::ROI_CONTOUR_SEQUENCE) {
        let item = item?;
        let number = item.required_integer(tags::REFERENCED_ROI_NUMBER)?;
        let Some(&at) = known.index.get(&number) else {
            if known.ambiguous.contains(&number) {
                continue;
            }
            let text = format!("expected the number of a ROI of the structure set, found {number}");
            item.spoil(structures::CONTOURS_WITHOUT_ROI, tags::REFERENCED_ROI_NUMBER, text);
            continue;
        };
        let roi = &mut rois[at];
        if tallies[at].items > 0 {
            let text =
                format!("expected one item for ROI {number}, found another: their contours are joined");
            item.warn(structures::ROI_CONTOURS_JOINED, tags::REFERENCED_ROI_NUMBER, text);
        }
        roi.colour = roi.colour.or_else(|| colour(&item));
        if roi.source_planes.is_none() {
            roi.source_planes = source_planes::read(&item)?;
        }
        contour::read(&item, roi, &mut tallies[at], &mut total)?;
    }
    Ok(tallies)
}

fn colour(item: &Node<'_, '_>) -> Option<[u8; 3]> {
    let numbers = item.decimals(tags::ROI_DISPLAY_COLOR)?;
    let [red, green, blue] = numbers.as_slice().try_into().ok()?;
    let byte = |value: f64| (0.0..=255.0).contains(&value).then_some(value as u8);
    Some([byte(red)?, byte(green)?, byte(blue)?])
}

fn read_observations(root: &Node<'_, '_>, known: &Known, rois: &mut [Roi]) -> Result<(), ReadError> {
    for item in root.items(tags::RTROI_OBSERVATIONS_SEQUENCE) {
        let item = item?;
        let Some(number) = item.integer(tags::REFERENCED_ROI_NUMBER) else {
            continue;
        };
        match known.index.get(&number) {
            None if known.ambiguous.contains(&number) => {}
            Some(&at) => {
                let kind = item.text(tags::RTROI_INTERPRETED_TYPE);
                rois[at].interpreted_type = rois[at].interpreted_type.take().or(kind);
            }
            None => {
                let text = format!("expected the number of a ROI of the structure set, found {number}");
                item.warn(structures::OBSERVATION_WITHOUT_ROI, tags::REFERENCED_ROI_NUMBER, text);
            }
        }
    }
    Ok(())
}

/// Tells what a clinician should know of each ROI.
fn check(root: &Node<'_, '_>, rois: &[Roi], tallies: &[ContourTally]) {
    let mut names: HashMap<&str, usize> = HashMap::new();
    for (at, (roi, tally)) in rois.iter().zip(tallies).enumerate() {
        let say = |severity, code, text: String| {
            let place = || {
                let mut place = root.at(Some(tags::STRUCTURE_SET_ROI_SEQUENCE));
                place.path = place.path.map(|path| format!("{path}[{at}]"));
                place
            };
            root.notes().add(severity, code, place, text);
        };
        let name = format!("ROI {} {:?}", roi.number, roi.name);
        if tally.contours == 0 {
            say(
                Severity::Info,
                structures::ROI_WITHOUT_CONTOURS,
                format!("expected contours of {name}, found none"),
            );
        } else if !roi.contours.is_empty() && !roi.contours.iter().any(|contour| contour.kind.is_closed()) {
            let text = format!(
                "expected closed contours of {name}, found points or lines alone: it encloses no volume"
            );
            say(Severity::Info, structures::ROI_WITHOUT_AREA, text);
        }
        let open = roi.contours.iter().filter(|contour| !contour.kind.is_closed()).count();
        if open > 0 && open < roi.contours.len() {
            let text = format!(
                "{open} of {} contours of {name} are points or lines: they enclose nothing and do not count",
                roi.contours.len()
            );
            say(Severity::Warning, structures::OPEN_CONTOURS, text);
        }
        if tally.repeated_first > 0 {
            let text = format!(
                "{name} repeats the first point of {} closed contours at their end",
                tally.repeated_first
            );
            say(Severity::Info, structures::CLOSING_POINT_DROPPED, text);
        }
        if tally.non_axial > 0 {
            let text = format!("expected axial planes, found {} other contours of {name}", tally.non_axial);
            say(Severity::Warning, structures::NON_AXIAL_CONTOURS, text);
        }
        if let Some(earlier) = names.insert(&roi.name, at).filter(|_| !roi.name.is_empty()) {
            let text = format!(
                "expected each name once, found {:?} for ROI {} and ROI {}",
                roi.name, rois[earlier].number, roi.number
            );
            say(Severity::Warning, structures::DUPLICATE_ROI_NAME, text);
        }
    }
}

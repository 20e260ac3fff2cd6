//! The stack of planes that products lie on: the planning images, or the dose grid's own frames where there
//! are none.
//!
//! Images are sorted along their normal, never by number or file name. Localizers and images of another
//! orientation, spacing or size are left out; two different images at one place are refused. Every slice
//! keeps its own position, so that a tilted gantry, gaps and uneven spacing are kept as they are.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::attributes::wanted;
use crate::error::{ExportError, ExportErrorKind};
use rayon::prelude::*;
use rt_geometry::pixel_plane::{PixelPlane, distance_to_neighbour};
use rt_model::attribute::CopiedAttributes;
use rt_model::finding::{Finding, export as codes};
use rt_model::frame::{GridPoint, PatientVector};
use rt_model::grid::GridGeometry;
use rt_model::image::ImageHeader;
use rt_model::instance::{Content, InstanceInfo, Inventory};
use rt_model::provenance::Provenance;
use rt_model::read::{read_attributes, read_image};
use rt_model::uid::Uid;
use std::path::PathBuf;

/// Planes that products lie on, along their normal.
#[derive(Debug, Clone)]
pub(crate) struct Stack {
    pub(crate) slices: Vec<Slice>,
    /// Patient, study, series and frame of reference attributes of the whole stack.
    pub(crate) header: CopiedAttributes,
    /// Modality of the images; `None` for planes of the dose grid.
    pub(crate) modality: Option<String>,
}

/// One plane.
#[derive(Debug, Clone)]
pub(crate) struct Slice {
    pub(crate) plane: PixelPlane,
    /// The image's attributes; none for a plane of the dose grid.
    pub(crate) attributes: CopiedAttributes,
    /// The image's file.
    pub(crate) path: Option<PathBuf>,
    pub(crate) sop_class: Option<Uid>,
    pub(crate) sop_instance: Option<Uid>,
}

/// Directions and spacings this close are the same (direction cosines, and mm).
const SAME: f64 = 1e-4;
/// Images this close along the normal lie at one place, mm.
const SAME_PLACE: f64 = 0.01;
/// A gap is wider than this many times the median distance.
const GAP: f64 = 1.5;

struct Candidate<'a> {
    info: &'a InstanceInfo,
    plane: PixelPlane,
}

/// The stack that the images `chosen` of an inventory make; `None` where there are none.
pub(crate) fn of_images(
    inventory: &Inventory,
    chosen: &[usize],
    findings: &mut Vec<Finding>,
) -> Result<Option<Stack>, ExportError> {
    let mut candidates = Vec::new();
    for at in chosen {
        let instance = &inventory.instances[*at];
        let Content::Image(header) = &instance.content else { continue };
        match plane(header) {
            Ok(plane) => candidates.push(Candidate { info: &instance.info, plane }),
            Err(reason) => {
                findings.push(Finding::warning(
                    codes::IMAGE_LEFT_OUT,
                    instance.info.provenance(),
                    reason.to_string(),
                ));
            }
        }
    }
    let Some(first) = candidates.first() else {
        let Some(some) = chosen.first() else { return Ok(None) };
        let at = inventory.instances[*some].info.provenance();
        let why = findings.last().map(|finding| finding.text.as_str()).unwrap_or_default();
        return Err(ExportError::new(
            ExportErrorKind::Images,
            at,
            format!("none of the planning images is a slice: {why}"),
        ));
    };
    let first_at = first.info.provenance();
    let mut candidates = largest_group(candidates, first_at, findings)?;
    candidates.sort_by(|a, b| a.plane.height().total_cmp(&b.plane.height()));
    let candidates = without_duplicates(candidates, findings)?;
    tell_unevenness(&candidates, findings);
    let wanted = wanted();
    let slices = candidates
        .par_iter()
        .map(|candidate| slice(candidate, &wanted))
        .collect::<Result<Vec<_>, ExportError>>()?;
    let header = slices.first().map(|slice| slice.attributes.clone()).unwrap_or_default();
    let modality = candidates.first().map(|candidate| candidate.info.modality.clone());
    Ok(Some(Stack { slices, header, modality }))
}

/// Why an image is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum NotASlice {
    #[error("expected an image of one frame, found {0}: left out")]
    Frames(usize),
    #[error("the image does not say where it lies: left out")]
    NoPlace,
    #[error("the image's rows and columns are not perpendicular, or it is empty: left out")]
    NoPlane,
}

/// Where an image lies.
fn plane(header: &ImageHeader) -> Result<PixelPlane, NotASlice> {
    if header.frames != 1 {
        return Err(NotASlice::Frames(header.frames));
    }
    let (Some(origin), Some([row, column]), Some(spacing)) =
        (header.position, header.orientation, header.spacing)
    else {
        return Err(NotASlice::NoPlace);
    };
    if row.dot(column).abs() > 1e-3 || header.size.contains(&0) {
        return Err(NotASlice::NoPlane);
    }
    Ok(PixelPlane { origin, row, column, spacing, size: header.size })
}

fn alike(a: &PixelPlane, b: &PixelPlane) -> bool {
    let close = |a: PatientVector, b: PatientVector| a.plus(b.scaled(-1.0)).length() <= SAME;
    let spacing = |axis: usize| (a.spacing[axis].0 - b.spacing[axis].0).abs() <= SAME;
    close(a.row, b.row) && close(a.column, b.column) && spacing(0) && spacing(1) && a.size == b.size
}

/// The largest group of images that are alike; the others are reported. Two groups of one size leave the
/// choice open.
fn largest_group<'a>(
    candidates: Vec<Candidate<'a>>,
    first_at: Provenance,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Candidate<'a>>, ExportError> {
    let mut groups: Vec<Vec<Candidate<'a>>> = Vec::new();
    for candidate in candidates {
        match groups.iter_mut().find(|group| alike(&group[0].plane, &candidate.plane)) {
            Some(group) => group.push(candidate),
            None => groups.push(vec![candidate]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    if let [first, second, ..] = &groups[..]
        && first.len() == second.len()
    {
        let count = first.len();
        let text = format!(
            "the planning images make several stacks of {count} slices of different orientation or size"
        );
        return Err(ExportError::new(ExportErrorKind::Images, first_at, text));
    }
    let mut groups = groups.into_iter();
    let largest = groups.next().unwrap_or_default();
    for left in groups.flatten() {
        let text = "the image's orientation, spacing or size differs from most of its series: left out";
        findings.push(Finding::warning(codes::IMAGE_LEFT_OUT, left.info.provenance(), text));
    }
    Ok(largest)
}

/// Of images at one place with the same pixels the first stays; with different pixels they are refused.
fn without_duplicates<'a>(
    sorted: Vec<Candidate<'a>>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Candidate<'a>>, ExportError> {
    let mut kept: Vec<Candidate<'a>> = Vec::new();
    for candidate in sorted {
        let Some(last) =
            kept.last().filter(|last| candidate.plane.height() - last.plane.height() < SAME_PLACE)
        else {
            kept.push(candidate);
            continue;
        };
        let same_place = candidate.plane.origin.from_point(last.plane.origin).length() < SAME_PLACE;
        let pixels = |info: &InstanceInfo| Ok::<_, ExportError>(read_image(&info.path)?.value.values);
        let [a, b] = [pixels(last.info)?, pixels(candidate.info)?];
        let equal = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.to_bits() == b.to_bits());
        if !(same_place && equal) {
            let text = format!(
                "two different images lie at one place (time series, or two acquisitions): {}",
                last.info.path.display()
            );
            return Err(ExportError::new(ExportErrorKind::Images, candidate.info.provenance(), text));
        }
        let text = "the same image lies at this place already: left out";
        findings.push(Finding::warning(codes::IMAGE_LEFT_OUT, candidate.info.provenance(), text));
    }
    Ok(kept)
}

/// Gaps and shifts along the planes are told; products keep them.
fn tell_unevenness(sorted: &[Candidate<'_>], findings: &mut Vec<Finding>) {
    let [first, .., last] = sorted else { return };
    let heights: Vec<f64> = sorted.iter().map(|candidate| candidate.plane.height()).collect();
    let distances: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut ordered = distances.clone();
    ordered.sort_by(f64::total_cmp);
    let median = ordered[ordered.len() / 2];
    let wide = distances.iter().zip(&heights).filter(|(distance, _)| **distance > GAP * median);
    let places: Vec<String> =
        wide.map(|(distance, height)| format!("{:.2} to {:.2}", height, height + distance)).collect();
    if !places.is_empty() {
        let text =
            format!("slices of {median:.2} mm are missing between {} mm along the normal", places.join(", "));
        findings.push(Finding::warning(codes::SLICES_MISSING, first.info.provenance(), text));
    }
    let between = last.plane.origin.from_point(first.plane.origin);
    let aside = between.plus(first.plane.normal().scaled(-between.dot(first.plane.normal()))).length();
    if aside > SAME_PLACE {
        let text = format!(
            "the slices are shifted along their planes by {aside:.2} mm from first to last (tilted gantry): each keeps its place"
        );
        findings.push(Finding::info(codes::SLICES_SHIFTED, first.info.provenance(), text));
    }
}

fn slice(candidate: &Candidate<'_>, wanted: &[rt_model::provenance::Tag]) -> Result<Slice, ExportError> {
    let read = read_attributes(&candidate.info.path, wanted)?.value;
    if read.0 != *candidate.info {
        let text = "expected the file as it was when the folder was scanned, found it changed";
        return Err(ExportError::new(ExportErrorKind::Read, candidate.info.provenance(), text));
    }
    Ok(Slice {
        plane: candidate.plane,
        attributes: read.1,
        path: Some(candidate.info.path.clone()),
        sop_class: Some(candidate.info.sop_class.clone()),
        sop_instance: Some(candidate.info.sop_instance.clone()),
    })
}

/// The frames of the dose grid itself as a stack; `header` has the dose's own patient and study.
pub(crate) fn of_grid(grid: &GridGeometry, header: CopiedAttributes) -> Stack {
    let [ni, nj, nk] = grid.size();
    let plane = |k: usize| PixelPlane {
        origin: grid.patient_from_grid(GridPoint { i: 0.0, j: 0.0, k: k as f64 }),
        row: grid.row(),
        column: grid.column(),
        spacing: grid.spacing(),
        size: [ni, nj],
    };
    let mut planes: Vec<PixelPlane> = (0..nk).map(plane).collect();
    planes.sort_by(|a, b| a.height().total_cmp(&b.height()));
    let slice = |plane| Slice {
        plane,
        attributes: CopiedAttributes::default(),
        path: None,
        sop_class: None,
        sop_instance: None,
    };
    Stack { slices: planes.into_iter().map(slice).collect(), header, modality: None }
}

impl Stack {
    /// The first image as a place for findings.
    pub(crate) fn provenance(&self) -> Provenance {
        let first = self.slices.first();
        Provenance {
            file: first.and_then(|slice| slice.path.clone()),
            sop_instance: first.and_then(|slice| slice.sop_instance.clone()),
            ..Provenance::unknown()
        }
    }

    /// The slices' planes.
    pub(crate) fn planes(&self) -> Vec<PixelPlane> {
        self.slices.iter().map(|slice| slice.plane).collect()
    }

    /// Distance to the nearer neighbour of slice `at`, mm; `None` for a lone slice.
    pub(crate) fn distance(&self, at: usize) -> Option<f64> {
        let heights: Vec<f64> = self.slices.iter().map(|slice| slice.plane.height()).collect();
        distance_to_neighbour(&heights, at)
    }
}

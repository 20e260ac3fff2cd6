//! Which images a plan was made on. They lend their spacing and a date; they never change a number.
//!
//! Units: millimetres along the normal. Frame: DICOM patient coordinates (LPS).

use super::index::Index;
use crate::instance::Content;
use crate::uid::Uid;
use std::collections::BTreeMap;

/// The images of the series that structure set `set` was drawn on, sorted along their normal. Where it names
/// no series that is there, the one series of its study and frame of reference; none where several are.
pub(super) fn of_structure_set(index: &Index<'_>, set: usize) -> Vec<usize> {
    let Content::StructureSet(header) = &index.instance(set).content else { return Vec::new() };
    let mut series: BTreeMap<&Uid, Vec<usize>> = BTreeMap::new();
    for at in index.images_in_frame_of(set) {
        if !is_localizer(index, at)
            && let Some(uid) = &index.info(at).series_instance
            && index.info(at).patient.id == index.info(set).patient.id
        {
            series.entry(uid).or_default().push(at);
        }
    }
    let named = header.referenced_series.iter().find_map(|uid| series.remove(uid));
    let mut images = named.unwrap_or_else(|| {
        series.retain(|_, images| index.share_study(set, images[0]));
        match series.len() {
            1 => series.into_values().next().unwrap_or_default(),
            _ => Vec::new(),
        }
    });
    images.sort_by(|a, b| along_normal(index, *a).total_cmp(&along_normal(index, *b)));
    images
}

/// A scout view: value 3 of Image Type (PS3.3 C.8.2.1.1.1) says so. It is no part of the stack.
fn is_localizer(index: &Index<'_>, at: usize) -> bool {
    match &index.instance(at).content {
        Content::Image(header) => header.image_type.iter().any(|value| value == "LOCALIZER"),
        _ => false,
    }
}

/// Where an image lies along its own normal; images without a position come last.
fn along_normal(index: &Index<'_>, at: usize) -> f64 {
    match &index.instance(at).content {
        Content::Image(header) => header
            .position
            .zip(header.orientation)
            .map_or(f64::INFINITY, |(position, [row, column])| position.along(row.cross(column))),
        _ => f64::INFINITY,
    }
}

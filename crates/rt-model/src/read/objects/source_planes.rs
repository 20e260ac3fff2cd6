//! The planes a ROI was drawn on, where the object states them (Source Pixel Planes Characteristics Sequence,
//! PS3.3 C.8.8.6.4).
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::finding::structures;
use crate::read::bytes::node::Node;
use crate::read::error::ReadError;
use crate::structure_set::SourcePlanes;
use crate::units::Mm;
use dicom_dictionary_std::tags;

/// Reads the planes of an item of ROI Contour Sequence; unusable ones are a finding and count as not stated.
pub(super) fn read(item: &Node<'_, '_>) -> Result<Option<SourcePlanes>, ReadError> {
    let Some(planes) = item.first(tags::SOURCE_PIXEL_PLANES_CHARACTERISTICS_SEQUENCE)? else {
        return Ok(None);
    };
    let usable = usable(&planes);
    if usable.is_none() {
        let text = "expected position, orientation, spacing and number of planes, found no usable ones: gaps between contours are judged without them";
        planes.warn(structures::UNUSABLE_SOURCE_PLANES, tags::NUMBER_OF_FRAMES, text);
    }
    Ok(usable)
}

fn usable(planes: &Node<'_, '_>) -> Option<SourcePlanes> {
    let [row, column] = planes.directions(tags::IMAGE_ORIENTATION_PATIENT)?;
    let spacing = planes.decimal(tags::SPACING_BETWEEN_SLICES).filter(|spacing| *spacing > 0.0)?;
    Some(SourcePlanes {
        origin: planes.point(tags::IMAGE_POSITION_PATIENT)?,
        normal: row.cross(column).unit()?,
        spacing: Mm(spacing),
        count: planes.count(tags::NUMBER_OF_FRAMES).filter(|count| *count > 0)? as usize,
    })
}

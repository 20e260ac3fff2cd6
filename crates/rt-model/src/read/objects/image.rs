//! Headers of CT, MR and PET images.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use super::object::Object;
use crate::finding::images;
use crate::frame::PatientVector;
use crate::image::ImageHeader;
use crate::read::bytes::node::Node;
use crate::units::Mm;
use dicom_dictionary_std::tags;

/// Reads where an image lies. What is missing is a finding: images never change a number.
pub(in crate::read) fn header(object: &Object<'_, '_>) -> ImageHeader {
    let root = &object.root;
    let header = ImageHeader {
        position: root.point(tags::IMAGE_POSITION_PATIENT),
        orientation: root.directions(tags::IMAGE_ORIENTATION_PATIENT).and_then(units),
        spacing: spacing(root),
        size: [tags::COLUMNS, tags::ROWS].map(|tag| root.count(tag).unwrap_or(0) as usize),
        frames: root.count(tags::NUMBER_OF_FRAMES).map_or(1, |frames| frames as usize),
        image_type: root.texts(tags::IMAGE_TYPE),
        patient_position: root.text(tags::PATIENT_POSITION),
        instance_number: root.integer(tags::INSTANCE_NUMBER),
    };
    for (tag, present) in [
        (tags::IMAGE_POSITION_PATIENT, header.position.is_some()),
        (tags::IMAGE_ORIENTATION_PATIENT, header.orientation.is_some()),
        (tags::PIXEL_SPACING, header.spacing.is_some()),
    ] {
        if !present {
            root.warn(
                images::IMAGE_WITHOUT_GEOMETRY,
                tag,
                "expected where the image lies, found no usable value",
            );
        }
    }
    if !object.has_value(tags::PIXEL_DATA) {
        root.info(images::IMAGE_WITHOUT_PIXELS, tags::PIXEL_DATA, "expected pixels, found none");
    }
    header
}

fn units([row, column]: [PatientVector; 2]) -> Option<[PatientVector; 2]> {
    Some([row.unit()?, column.unit()?])
}

/// Pixel Spacing gives the distance between rows first (PS3.3 10.7.1.3), which is the spacing along j.
fn spacing(root: &Node<'_, '_>) -> Option<[Mm; 2]> {
    match root.decimals(tags::PIXEL_SPACING)?.as_slice() {
        &[j, i] if i > 0.0 && j > 0.0 => Some([Mm(i), Mm(j)]),
        _ => None,
    }
}

//! Pixel Data behind the data set that dicom-object wrote.
//!
//! dicom-object clones each element while it writes it: of a series of images that is a copy of every pixel,
//! a tenth of the time. The pixels are the last element of an image: dicom-encoding encodes their headers,
//! and their bytes follow.
//!
//! Units: bytes. Frame: none.

use crate::data_set::{DataSet, Element, Value};
use crate::error::WriteError;
use crate::tags;
use crate::transfer_syntax::TransferSyntax;
use dicom_core::{DataElementHeader, Length, Tag as CoreTag, VR};
use dicom_encoding::encode::{EncodeTo, Result};

/// Takes the pixels out of a data set, where they are its last element and their bytes are written as they
/// are.
pub(super) fn take(data: &mut DataSet, syntax: TransferSyntax) -> Option<Element> {
    let last = data.elements.last()?;
    let as_they_are = matches!(last.value, Value::Bytes(_) | Value::Fragments(_));
    // What is deflated is one stream.
    let own = last.tag == tags::PIXEL_DATA && as_they_are && syntax != TransferSyntax::Deflated;
    if own { data.elements.pop() } else { None }
}

/// Appends pixels that [`take`] gave to what was written of their data set.
pub(super) fn append(
    out: &mut Vec<u8>,
    pixels: Element,
    syntax: &dicom_encoding::TransferSyntax,
) -> std::result::Result<(), WriteError> {
    let encoder = syntax.encoder_for::<Vec<u8>>().expect("uncompressed transfer syntaxes have an encoder");
    let Element { tag, vr, value } = pixels;
    let tag = CoreTag(tag.group, tag.element);
    let written = match value {
        Value::Fragments(fragments) => encapsulated(out, tag, &fragments, &*encoder),
        plain => plain_bytes(out, tag, vr.0, plain, &*encoder),
    };
    written.map_err(WriteError::data_set)
}

fn plain_bytes(
    out: &mut Vec<u8>,
    tag: CoreTag,
    vr: VR,
    value: Value,
    encoder: &dyn EncodeTo<Vec<u8>>,
) -> Result<()> {
    let Value::Bytes(mut bytes) = value else { return Ok(()) };
    if bytes.len() % 2 == 1 {
        bytes.push(0);
    }
    encoder.encode_element_header(out, DataElementHeader::new(tag, vr, Length(bytes.len() as u32)))?;
    out.append(&mut bytes);
    Ok(())
}

/// Fragments behind an empty offset table (PS3.5 section A.4).
fn encapsulated(
    out: &mut Vec<u8>,
    tag: CoreTag,
    fragments: &[Vec<u8>],
    encoder: &dyn EncodeTo<Vec<u8>>,
) -> Result<()> {
    encoder.encode_element_header(out, DataElementHeader::new(tag, VR::OB, Length::UNDEFINED))?;
    encoder.encode_item_header(out, 0)?;
    for fragment in fragments {
        encoder.encode_item_header(out, fragment.len().next_multiple_of(2) as u32)?;
        out.extend_from_slice(fragment);
        out.resize(out.len().next_multiple_of(2), 0);
    }
    encoder.encode_sequence_delimiter(out)
}

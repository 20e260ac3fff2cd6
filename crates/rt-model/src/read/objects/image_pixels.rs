//! The pixels of an image: stored numbers, sign and bits as the header says, rescaled.
//!
//! Units: as the modality has them. Frame: none.

use super::image;
use super::object::Object;
use crate::finding::images;
use crate::image::{Image, Window};
use crate::read::bytes::element_header::Form;
use crate::read::bytes::encoding::Encoding;
use crate::read::bytes::items::Items;
use crate::read::bytes::limits::MAX_BYTES;
use crate::read::bytes::node::Node;
use crate::read::bytes::part10::PixelCoding;
use crate::read::bytes::{jpeg, rle};
use crate::read::error::{ReadError, ReadErrorKind};
use dicom_core::Tag;
use dicom_dictionary_std::tags;

/// Where a pixel's number lies in its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Format {
    /// Bytes of a pixel: 1 or 2.
    bytes: usize,
    /// Bits that count.
    stored: u32,
    /// Place of the highest of them.
    high: u32,
    signed: bool,
}

impl Format {
    /// The number in a pixel's bytes; bits beside the stored ones (overlays of old) do not count.
    fn number(self, raw: u16) -> i32 {
        let number = i32::from(raw) << (31 - self.high);
        if self.signed {
            number >> (32 - self.stored)
        } else {
            (number.cast_unsigned() >> (32 - self.stored)).cast_signed()
        }
    }
}

/// Reads an image of one frame with its pixels.
pub(in crate::read) fn image(object: &Object<'_, '_>) -> Result<Image, ReadError> {
    let root = &object.root;
    let header = image::header(object);
    if header.frames != 1 {
        let detail = format!("expected an image of one frame, found {}", header.frames);
        return Err(root.error(ReadErrorKind::PixelFormat, tags::NUMBER_OF_FRAMES, detail));
    }
    let format = format(root)?;
    let inverted = inverted(root)?;
    let [columns, rows] = header.size.map(|size| size as u64);
    let count = columns.saturating_mul(rows);
    if count == 0 || count.saturating_mul(4) > MAX_BYTES {
        let detail =
            format!("expected an image of at most {MAX_BYTES} bytes, found {columns} x {rows} pixels");
        return Err(root.error(ReadErrorKind::TooLarge, tags::PIXEL_DATA, detail));
    }
    let stored = stored_numbers(object, header.size, format)?;
    let values = rescaled(root, format, &stored)?;
    Ok(Image { info: object.info.clone(), header, values, windows: windows(root), inverted })
}

fn format(root: &Node<'_, '_>) -> Result<Format, ReadError> {
    let number = |tag: Tag| root.required_integer(tag);
    let wrong = |tag, detail: String| Err(root.error(ReadErrorKind::PixelFormat, tag, detail));
    let samples = number(tags::SAMPLES_PER_PIXEL)?;
    if samples != 1 {
        return wrong(tags::SAMPLES_PER_PIXEL, format!("expected 1 sample, found {samples}"));
    }
    let allocated = number(tags::BITS_ALLOCATED)?;
    let bytes = match allocated {
        8 => 1,
        16 => 2,
        other => return wrong(tags::BITS_ALLOCATED, format!("expected 8 or 16 bits, found {other}")),
    };
    let stored = number(tags::BITS_STORED)?;
    let high = root.integer(tags::HIGH_BIT).unwrap_or(stored - 1);
    if !(1..=allocated).contains(&stored) || !(stored - 1..allocated).contains(&high) {
        return wrong(
            tags::BITS_STORED,
            format!("expected bits within {allocated}, found {stored} with highest {high}"),
        );
    }
    if high != stored - 1 {
        let text = format!(
            "expected {} for {stored} bits stored, found {high}: the bits below are left out",
            stored - 1
        );
        root.warn(images::IMAGE_HIGH_BIT, tags::HIGH_BIT, text);
    }
    let signed = match number(tags::PIXEL_REPRESENTATION)? {
        0 => false,
        1 => true,
        other => return wrong(tags::PIXEL_REPRESENTATION, format!("expected 0 or 1, found {other}")),
    };
    if root.has(tags::MODALITY_LUT_SEQUENCE) {
        let detail = "expected a rescale slope, found a lookup table".to_owned();
        return wrong(tags::MODALITY_LUT_SEQUENCE, detail);
    }
    Ok(Format { bytes, stored: stored.cast_unsigned(), high: high.cast_unsigned(), signed })
}

fn inverted(root: &Node<'_, '_>) -> Result<bool, ReadError> {
    let found = root.text(tags::PHOTOMETRIC_INTERPRETATION).unwrap_or_default();
    match found.as_str() {
        "MONOCHROME1" => Ok(true),
        "MONOCHROME2" => Ok(false),
        _ => {
            let detail = format!("expected MONOCHROME1 or MONOCHROME2, found {found:?}");
            Err(root.error(ReadErrorKind::PixelFormat, tags::PHOTOMETRIC_INTERPRETATION, detail))
        }
    }
}

/// The numbers as stored, sign and bits settled.
fn stored_numbers(object: &Object<'_, '_>, size: [usize; 2], format: Format) -> Result<Vec<i32>, ReadError> {
    let root = &object.root;
    let count = size[0] * size[1];
    let expected = count * format.bytes;
    let fail = |kind, detail: String| root.error(kind, tags::PIXEL_DATA, detail);
    let fits = |found: u64| {
        let right = found == expected as u64 || found == expected as u64 + expected as u64 % 2;
        let detail = || format!("expected {expected} bytes, found {found}");
        if right { Ok(()) } else { Err(fail(ReadErrorKind::PixelDataLength, detail())) }
    };
    match (root.element(tags::PIXEL_DATA), object.stored) {
        (None, Some(stored)) => {
            fits(stored.length)?;
            let mut bytes = vec![0; expected];
            stored.read(0, &mut bytes).map_err(|error| ReadError::io("read", error))?;
            Ok(numbers(&bytes, stored.encoding, format))
        }
        (Some(element), _) if element.form == Form::Fragments => {
            let fragments =
                Items::of(element, 0).map(|item| Ok(item?.bytes)).collect::<Result<Vec<_>, ReadError>>()?;
            // The first item is the table of offsets; a frame may be cut into several fragments.
            let frame = fragments.get(1..).unwrap_or_default().concat();
            let bytes = match &object.pixels {
                PixelCoding::Rle => {
                    if frame.len() < expected / 64 {
                        let detail =
                            format!("expected {} bytes or more, found {}", expected / 64, frame.len());
                        return Err(fail(ReadErrorKind::Rle, detail));
                    }
                    let mut bytes = vec![0; expected];
                    rle::decode_frame(&frame, &mut bytes, format.bytes)
                        .map_err(|error| fail(ReadErrorKind::Rle, error.to_string()))?;
                    bytes
                }
                PixelCoding::Other(uid) if jpeg::reads(uid) => {
                    if jpeg::is_lossy(uid) {
                        let text = "expected pixels without loss, found them compressed with loss";
                        root.warn(images::IMAGE_LOSSY, tags::PIXEL_DATA, text);
                    }
                    jpeg::decode(&frame, size, format.bytes)
                        .map_err(|error| fail(ReadErrorKind::Compressed, error.to_string()))?
                }
                PixelCoding::Other(uid) => {
                    let detail = format!(
                        "expected pixels plain, run-length encoded or in JPEG, found transfer syntax {uid}"
                    );
                    return Err(fail(ReadErrorKind::Compressed, detail));
                }
                PixelCoding::Native => {
                    let detail =
                        "expected plain pixels for the transfer syntax, found encapsulated ones".to_owned();
                    return Err(fail(ReadErrorKind::Compressed, detail));
                }
            };
            Ok(numbers(&bytes, Encoding::EXPLICIT, format))
        }
        (Some(element), _) => {
            fits(element.value.len() as u64)?;
            Ok(numbers(&element.value[..expected], element.encoding, format))
        }
        (None, None) => Err(root.missing(tags::PIXEL_DATA)),
    }
}

fn numbers(bytes: &[u8], encoding: Encoding, format: Format) -> Vec<i32> {
    match format.bytes {
        1 => bytes.iter().map(|byte| format.number(u16::from(*byte))).collect(),
        _ => bytes.as_chunks::<2>().0.iter().map(|bytes| format.number(encoding.u16(*bytes))).collect(),
    }
}

/// Stored numbers times slope plus intercept (PS3.3 C.11.1.1.2); padding is NaN.
fn rescaled(root: &Node<'_, '_>, format: Format, stored: &[i32]) -> Result<Vec<f32>, ReadError> {
    let number = |tag, absent: f64| match root.strict_decimals(tag, ReadErrorKind::Value)?.as_deref() {
        None => Ok(absent),
        Some(&[number]) => Ok(number),
        Some(others) => {
            Err(root.error(ReadErrorKind::Value, tag, format!("expected a number, found {others:?}")))
        }
    };
    let slope = number(tags::RESCALE_SLOPE, 1.0)?;
    let intercept = number(tags::RESCALE_INTERCEPT, 0.0)?;
    if slope == 0.0 {
        return Err(root.error(
            ReadErrorKind::Value,
            tags::RESCALE_SLOPE,
            "expected a slope other than 0, found 0",
        ));
    }
    let padding = padding(root, format);
    let value = |stored: &i32| match padding {
        Some([low, high]) if (low..=high).contains(stored) => f32::NAN,
        _ => (f64::from(*stored) * slope + intercept) as f32,
    };
    Ok(stored.iter().map(value).collect())
}

/// The stored numbers that pad the image (PS3.3 C.7.5.1.1.2): one, or a range.
fn padding(root: &Node<'_, '_>, format: Format) -> Option<[i32; 2]> {
    let number = |tag: Tag| {
        let element = root.element(tag)?;
        let raw = element.encoding.u16(*element.value.first_chunk()?);
        Some(if format.signed { i32::from(raw.cast_signed()) } else { i32::from(raw) })
    };
    let value = number(tags::PIXEL_PADDING_VALUE)?;
    let limit = number(tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value);
    Some([value.min(limit), value.max(limit)])
}

/// The recommended windows. One without a width above 0 is none.
fn windows(root: &Node<'_, '_>) -> Vec<Window> {
    let centres = root.decimals(tags::WINDOW_CENTER).unwrap_or_default();
    let widths = root.decimals(tags::WINDOW_WIDTH).unwrap_or_default();
    let pairs = centres.into_iter().zip(widths);
    pairs.filter(|(_, width)| *width > 0.0).map(|(centre, width)| Window { centre, width }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_and_sign_make_the_number() {
        let format = |stored, high, signed| Format { bytes: 2, stored, high, signed };
        for (format, raw, number) in [
            (format(16, 15, true), 0xFC18, -1000),
            (format(16, 15, false), 0xFC18, 64536),
            (format(12, 11, true), 0x0C18, -1000),
            (format(12, 11, false), 0xFC18, 0xC18),
            (format(12, 15, false), 0x1230, 0x123),
            (format(12, 15, true), 0xF000, -256),
            (format(1, 0, false), 0x0003, 1),
        ] {
            assert_eq!(format.number(raw), number, "{format:?} {raw:x}");
        }
    }
}

//! The voxels of an RT Dose: stored numbers times Dose Grid Scaling.
//!
//! Units: gray. Frame: none.

use super::object::Object;
use crate::dose::DoseType;
use crate::finding::dose;
use crate::read::bytes::element_header::Form;
use crate::read::bytes::encoding::Encoding;
use crate::read::bytes::file::StoredPixels;
use crate::read::bytes::items::Items;
use crate::read::bytes::limits::MAX_BYTES;
use crate::read::bytes::node::Node;
use crate::read::bytes::part10::PixelCoding;
use crate::read::bytes::rle::{self, RleError};
use crate::read::error::{ReadError, ReadErrorKind};
use dicom_dictionary_std::tags;
use rayon::prelude::*;

/// Dose Grid Scaling: the dose of one stored unit in Dose Units. Nothing stands in for a missing one.
pub(super) fn scaling(root: &Node<'_, '_>) -> Result<f64, ReadError> {
    let fail = |found: String| {
        root.error(
            ReadErrorKind::DoseGridScaling,
            tags::DOSE_GRID_SCALING,
            format!("expected a number above 0, found {found}"),
        )
    };
    let numbers = root.strict_decimals(tags::DOSE_GRID_SCALING, ReadErrorKind::DoseGridScaling)?;
    match numbers.as_deref() {
        Some(&[scaling]) if scaling > 0.0 => Ok(scaling),
        Some(others) => Err(fail(format!("{others:?}"))),
        None => Err(fail("none".to_owned())),
    }
}

/// How a voxel is stored.
#[derive(Debug, Clone, Copy)]
struct Format {
    /// Bytes of a voxel: 2 or 4.
    bytes: usize,
    signed: bool,
}

fn format(root: &Node<'_, '_>, dose_type: &DoseType) -> Result<Format, ReadError> {
    let allocated = root.required_integer(tags::BITS_ALLOCATED)?;
    let bytes = match allocated {
        16 => 2,
        32 => 4,
        other => {
            return Err(root.error(
                ReadErrorKind::PixelFormat,
                tags::BITS_ALLOCATED,
                format!("expected 16 or 32 bits, found {other}"),
            ));
        }
    };
    for (tag, expected) in [(tags::BITS_STORED, allocated), (tags::HIGH_BIT, allocated - 1)] {
        if let Some(found) = root.integer(tag).filter(|found| *found != expected) {
            let text = format!(
                "expected {expected} for {allocated} bits allocated, found {found}: all allocated bits are read"
            );
            root.warn(dose::BITS_STORED, tag, text);
        }
    }
    if let Some(samples) = root.integer(tags::SAMPLES_PER_PIXEL).filter(|samples| *samples != 1) {
        return Err(root.error(
            ReadErrorKind::PixelFormat,
            tags::SAMPLES_PER_PIXEL,
            format!("expected 1 sample, found {samples}"),
        ));
    }
    let signed = match root.integer(tags::PIXEL_REPRESENTATION) {
        None | Some(0) => false,
        Some(1) => {
            if *dose_type != DoseType::Error {
                let text = format!(
                    "expected unsigned voxels for dose type {:?}, found signed ones",
                    dose_type.as_str()
                );
                root.warn(dose::SIGNED_DOSE, tags::PIXEL_REPRESENTATION, text);
            }
            true
        }
        Some(other) => {
            return Err(root.error(
                ReadErrorKind::PixelFormat,
                tags::PIXEL_REPRESENTATION,
                format!("expected 0 or 1, found {other}"),
            ));
        }
    };
    Ok(Format { bytes, signed })
}

/// What stands beside Dose Grid Scaling and must not be applied to it.
fn check_ignored(root: &Node<'_, '_>) {
    for tag in
        [tags::RESCALE_SLOPE, tags::RESCALE_INTERCEPT, tags::MODALITY_LUT_SEQUENCE, tags::VOILUT_SEQUENCE]
    {
        if root.has(tag) {
            root.warn(
                dose::RESCALE_IGNORED,
                tag,
                "expected Dose Grid Scaling alone, found another rule for the voxels: ignored",
            );
        }
    }
    let overlay = root.elements().iter().find(|element| element.tag.0 & 0xFF01 == 0x6000);
    if let Some(overlay) = overlay {
        root.warn(dose::OVERLAY_IGNORED, overlay.tag, "expected no overlay, found one: ignored");
    }
}

/// The dose of each voxel in Gy, `step` Gy for one stored unit.
pub(super) fn voxels(
    object: &Object<'_, '_>,
    size: [usize; 3],
    dose_type: &DoseType,
    step: f64,
) -> Result<Vec<f32>, ReadError> {
    let root = &object.root;
    let format = format(root, dose_type)?;
    check_ignored(root);
    let fail = |kind, detail: String| root.error(kind, tags::PIXEL_DATA, detail);
    let [columns, rows, frames] = size.map(|size| size as u64);
    // Each factor is below 2^31, so that three of them overflow 64 bits.
    let count = columns.checked_mul(rows).and_then(|count| count.checked_mul(frames));
    let Some(count) = count.filter(|count| count.saturating_mul(4) <= MAX_BYTES) else {
        let detail =
            format!("expected at most {MAX_BYTES} bytes of dose, found {columns} x {rows} x {frames} voxels");
        return Err(fail(ReadErrorKind::TooLarge, detail));
    };
    let count = count as usize;
    let expected = count * format.bytes;
    match (root.element(tags::PIXEL_DATA), object.stored, &object.pixels) {
        (_, _, PixelCoding::Other(uid)) => {
            let detail = format!("expected voxels plain or run-length encoded, found transfer syntax {uid}");
            Err(fail(ReadErrorKind::Compressed, detail))
        }
        (None, Some(stored), _) => {
            check_length(root, stored.length, expected as u64)?;
            from_file(stored, count, format, step).map_err(|error| ReadError::io("read", error))
        }
        (Some(element), _, PixelCoding::Rle) if element.form == Form::Fragments => {
            let fragments =
                Items::of(element, 0).map(|item| Ok(item?.bytes)).collect::<Result<Vec<_>, ReadError>>()?;
            from_rle(&fragments, size[2], count, format, step)
                .map_err(|error| fail(ReadErrorKind::Rle, error.to_string()))
        }
        (Some(element), ..) if element.form == Form::Fragments => {
            let detail = "expected plain voxels for the transfer syntax, found encapsulated ones".to_owned();
            Err(fail(ReadErrorKind::Compressed, detail))
        }
        (Some(element), ..) => {
            check_length(root, element.value.len() as u64, expected as u64)?;
            Ok(from_memory(&element.value[..expected], element.encoding, count, format, step))
        }
        (None, None, _) => Err(root.missing(tags::PIXEL_DATA)),
    }
}

/// Pixel Data is as long as the voxels; one byte more makes an odd length even.
fn check_length(root: &Node<'_, '_>, found: u64, expected: u64) -> Result<(), ReadError> {
    if found == expected || found == expected + 1 {
        return Ok(());
    }
    let difference = if found < expected {
        format!("{} missing", expected - found)
    } else {
        format!("{} too many", found - expected)
    };
    let detail = format!("expected {expected} bytes, found {found} ({difference})");
    Err(root.error(ReadErrorKind::PixelDataLength, tags::PIXEL_DATA, detail))
}

/// Voxels that are decoded at a time: few enough for a core's cache.
const BATCH: usize = 1 << 16;

fn from_memory(bytes: &[u8], encoding: Encoding, count: usize, format: Format, step: f64) -> Vec<f32> {
    let mut doses = vec![0.0; count];
    let batches = doses.par_chunks_mut(BATCH).zip(bytes.par_chunks(BATCH * format.bytes));
    batches.for_each(|(doses, bytes)| scale(bytes, encoding, format, step, doses));
    doses
}

/// Reads and decodes batch by batch, so that the file is never held whole.
fn from_file(stored: &StoredPixels, count: usize, format: Format, step: f64) -> std::io::Result<Vec<f32>> {
    let mut doses = vec![0.0; count];
    doses.par_chunks_mut(BATCH).enumerate().try_for_each_init(
        || vec![0; BATCH * format.bytes],
        |buffer, (at, doses)| {
            let bytes = &mut buffer[..doses.len() * format.bytes];
            stored.read((at * BATCH * format.bytes) as u64, bytes)?;
            scale(bytes, stored.encoding, format, step, doses);
            std::io::Result::Ok(())
        },
    )?;
    Ok(doses)
}

/// Run-length encoded frames that cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum FramesError {
    /// There are not as many fragments as frames.
    #[error("expected {expected} run-length encoded frames, found {found}")]
    Count {
        /// Number of Frames.
        expected: usize,
        /// Fragments without the table of offsets.
        found: usize,
    },
    /// A fragment is too short for any frame of this size.
    #[error("expected {least} bytes or more for frame {frame}, found {found}")]
    Short {
        /// The frame, from 0.
        frame: usize,
        /// The fewest bytes that can make it.
        least: usize,
        /// Bytes of its fragment.
        found: usize,
    },
    /// A frame is damaged.
    #[error("frame {frame}: {error}")]
    Frame {
        /// The frame, from 0.
        frame: usize,
        /// What is wrong with it.
        error: RleError,
    },
}

/// Decodes run-length encoded frames. The first fragment is the table of offsets.
fn from_rle(
    fragments: &[&[u8]],
    frames: usize,
    count: usize,
    format: Format,
    step: f64,
) -> Result<Vec<f32>, FramesError> {
    let found = fragments.len().saturating_sub(1);
    if found != frames {
        return Err(FramesError::Count { expected: frames, found });
    }
    // Two bytes become 128 at most: what claims to be more is refused before anything is allocated.
    let frame = count / frames * format.bytes;
    if let Some(at) = fragments[1..].iter().position(|fragment| fragment.len() < frame / 64) {
        return Err(FramesError::Short { frame: at, least: frame / 64, found: fragments[1 + at].len() });
    }
    let mut doses = vec![0.0; count];
    let mut pixels = vec![0; frame];
    for (at, (fragment, doses)) in
        fragments[1..].iter().zip(doses.chunks_exact_mut(count / frames)).enumerate()
    {
        rle::decode_frame(fragment, &mut pixels, format.bytes)
            .map_err(|error| FramesError::Frame { frame: at, error })?;
        scale(&pixels, Encoding::EXPLICIT, format, step, doses);
    }
    Ok(doses)
}

/// Stored numbers times `step`.
fn scale(bytes: &[u8], encoding: Encoding, format: Format, step: f64, doses: &mut [f32]) {
    let two = || bytes.as_chunks::<2>().0.iter();
    let four = || bytes.as_chunks::<4>().0.iter();
    match (format.bytes, format.signed, encoding.big_endian) {
        (2, false, false) => products(two().map(|b| u16::from_le_bytes(*b)), step, doses),
        (2, false, true) => products(two().map(|b| u16::from_be_bytes(*b)), step, doses),
        (2, true, _) => products(two().map(|b| encoding.u16(*b).cast_signed()), step, doses),
        (_, false, false) => products(four().map(|b| u32::from_le_bytes(*b)), step, doses),
        (_, false, true) => products(four().map(|b| u32::from_be_bytes(*b)), step, doses),
        (_, true, _) => products(four().map(|b| encoding.u32(*b).cast_signed()), step, doses),
    }
}

fn products<T: Into<f64>>(stored: impl Iterator<Item = T>, step: f64, doses: &mut [f32]) {
    for (dose, stored) in doses.iter_mut().zip(stored) {
        *dose = (stored.into() * step) as f32;
    }
}

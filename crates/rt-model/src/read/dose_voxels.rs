//! The voxels of an RT Dose: stored numbers times Dose Grid Scaling.
//!
//! Units: gray. Frame: none.

use super::element::{Form, Items};
use super::encoding::Encoding;
use super::error::{ReadError, ReadErrorKind};
use super::limits::MAX_BYTES;
use super::node::Node;
use super::object::Object;
use super::part10::PixelCoding;
use super::rle;
use crate::dose::DoseType;
use crate::finding::dose;
use dicom_dictionary_std::tags;

/// Dose Grid Scaling: the dose of one stored unit in Dose Units. Nothing stands in for a missing one.
pub(super) fn scaling(root: &Node<'_, '_>) -> Result<f64, ReadError> {
    let fail = |found: String| {
        root.error(ReadErrorKind::DoseGridScaling, tags::DOSE_GRID_SCALING, format!("expected a number above 0, found {found}"))
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
            let text = format!("expected {expected} for {allocated} bits allocated, found {found}: all allocated bits are read");
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
                let text = format!("expected unsigned voxels for dose type {:?}, found signed ones", dose_type.as_str());
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
    for tag in [tags::RESCALE_SLOPE, tags::RESCALE_INTERCEPT, tags::MODALITY_LUT_SEQUENCE, tags::VOILUT_SEQUENCE] {
        if root.has(tag) {
            root.warn(dose::RESCALE_IGNORED, tag, "expected Dose Grid Scaling alone, found another rule for the voxels: ignored");
        }
    }
    let overlay = root.elements().iter().find(|element| element.tag.0 & 0xFF01 == 0x6000);
    if let Some(overlay) = overlay {
        root.warn(dose::OVERLAY_IGNORED, overlay.tag, "expected no overlay, found one: ignored");
    }
}

/// The dose of each voxel in Gy, `step` Gy for one stored unit.
pub(super) fn voxels(object: &Object<'_, '_>, size: [usize; 3], dose_type: &DoseType, step: f64) -> Result<Vec<f32>, ReadError> {
    let root = &object.root;
    let format = format(root, dose_type)?;
    check_ignored(root);
    let fail = |kind, detail: String| root.error(kind, tags::PIXEL_DATA, detail);
    let [columns, rows, frames] = size.map(|size| size as u64);
    // Each factor is below 2^31, so that three of them overflow 64 bits.
    let count = columns.checked_mul(rows).and_then(|count| count.checked_mul(frames));
    let Some(count) = count.filter(|count| count.saturating_mul(4) <= MAX_BYTES) else {
        return Err(fail(
            ReadErrorKind::TooLarge,
            format!("expected at most {MAX_BYTES} bytes of dose, found {columns} x {rows} x {frames} voxels"),
        ));
    };
    let expected = count as usize * format.bytes;
    let Some(element) = root.element(tags::PIXEL_DATA) else {
        return Err(root.missing(tags::PIXEL_DATA));
    };
    let mut voxels = Voxels { doses: Vec::new(), lowest: f64::INFINITY };
    match (element.form, &object.pixels) {
        (Form::Fragments, PixelCoding::Rle) => {
            let fragments = Items::of(element, 0).map(|item| Ok(item?.bytes)).collect::<Result<Vec<_>, ReadError>>()?;
            voxels
                .append_rle(&fragments, size[2], expected / size[2], format, step)
                .map_err(|detail| fail(ReadErrorKind::Rle, detail))?;
        }
        (Form::Fragments, PixelCoding::Native) => {
            return Err(fail(
                ReadErrorKind::Compressed,
                "expected plain voxels for the transfer syntax, found encapsulated ones".to_owned(),
            ));
        }
        (_, PixelCoding::Other(uid)) => {
            return Err(fail(
                ReadErrorKind::Compressed,
                format!("expected voxels plain or run-length encoded, found transfer syntax {uid}"),
            ));
        }
        (_, _) => {
            check_length(root, element.value.len(), expected)?;
            voxels.doses.reserve_exact(count as usize);
            voxels.append(&element.value[..expected], element.encoding, format, step);
        }
    }
    if voxels.lowest < 0.0 && *dose_type != DoseType::Error {
        // A voxel of the upper half of the unsigned range that is marked signed reads as a large negative dose.
        let text = format!("expected no negative dose for dose type {:?}, found {:.4} Gy", dose_type.as_str(), voxels.lowest);
        return Err(fail(ReadErrorKind::NegativeDose, text));
    }
    Ok(voxels.doses)
}

/// Pixel Data is as long as the voxels; one byte more makes an odd length even.
fn check_length(root: &Node<'_, '_>, found: usize, expected: usize) -> Result<(), ReadError> {
    if found == expected || found == expected + expected % 2 || found == expected + 1 {
        return Ok(());
    }
    let difference =
        if found < expected { format!("{} missing", expected - found) } else { format!("{} too many", found - expected) };
    let detail = format!("expected {expected} bytes, found {found} ({difference})");
    Err(root.error(ReadErrorKind::PixelDataLength, tags::PIXEL_DATA, detail))
}

/// Doses in Gy as they are decoded.
struct Voxels {
    doses: Vec<f32>,
    lowest: f64,
}

impl Voxels {
    /// Appends stored numbers times `step`.
    fn append(&mut self, bytes: &[u8], encoding: Encoding, format: Format, step: f64) {
        let two = || bytes.as_chunks::<2>().0.iter();
        let four = || bytes.as_chunks::<4>().0.iter();
        match (format.bytes, format.signed, encoding.big_endian) {
            (2, false, false) => self.extend(two().map(|b| f64::from(u16::from_le_bytes(*b))), step),
            (2, false, true) => self.extend(two().map(|b| f64::from(u16::from_be_bytes(*b))), step),
            (2, true, _) => self.extend(two().map(|b| f64::from(encoding.u16(*b).cast_signed())), step),
            (_, false, false) => self.extend(four().map(|b| f64::from(u32::from_le_bytes(*b))), step),
            (_, false, true) => self.extend(four().map(|b| f64::from(u32::from_be_bytes(*b))), step),
            (_, true, _) => self.extend(four().map(|b| f64::from(encoding.u32(*b).cast_signed())), step),
        }
    }

    fn extend(&mut self, stored: impl ExactSizeIterator<Item = f64>, step: f64) {
        let from = self.doses.len();
        self.doses.extend(stored.map(|stored| (stored * step) as f32));
        let lowest = self.doses[from..].iter().copied().fold(f32::INFINITY, f32::min);
        self.lowest = self.lowest.min(f64::from(lowest));
    }

    /// Appends run-length encoded frames of `frame` bytes each. The first fragment is the table of offsets.
    fn append_rle(&mut self, fragments: &[&[u8]], frames: usize, frame: usize, format: Format, step: f64) -> Result<(), String> {
        let found = fragments.len().saturating_sub(1);
        if found != frames {
            return Err(format!("expected {frames} run-length encoded frames, found {found}"));
        }
        // Two bytes become 128 at most: what claims to be more is refused before anything is allocated.
        if let Some(at) = fragments[1..].iter().position(|fragment| fragment.len() < frame / 64) {
            return Err(format!("expected {} bytes or more for frame {at}, found {}", frame / 64, fragments[1 + at].len()));
        }
        self.doses.reserve_exact(frames * frame / format.bytes);
        let mut pixels = vec![0; frame];
        for (at, fragment) in fragments[1..].iter().enumerate() {
            rle::decode_frame(fragment, &mut pixels, format.bytes).map_err(|detail| format!("frame {at}: {detail}"))?;
            self.append(&pixels, Encoding::EXPLICIT, format, step);
        }
        Ok(())
    }
}

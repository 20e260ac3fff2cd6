//! The header of an element: tag, value representation, length.
//!
//! Units: bytes. Frame: none.

use super::dictionary;
use super::encoding::Encoding;
use crate::read::error::{ReadError, ReadErrorKind};
use crate::vr::has_short_length;
use dicom_core::{Tag, VR};

/// Pixel Data.
pub(in crate::read) const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
/// A length that is not stated.
pub(in crate::read) const UNDEFINED: u32 = u32::MAX;

/// What the bytes of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum Form {
    /// Values of the VR.
    Plain,
    /// Items, the sequence's own delimiter cut off.
    Items,
    /// Fragments of encapsulated pixel data, delimiter cut off.
    Fragments,
}

/// An element's header.
#[derive(Debug, Clone, Copy)]
pub(in crate::read) struct Header {
    pub(in crate::read) tag: Tag,
    pub(in crate::read) vr: VR,
    /// Bytes of the value; `None` for undefined.
    pub(in crate::read) length: Option<usize>,
    /// Where the value starts.
    pub(in crate::read) body: usize,
    /// Encoding of what is inside the value.
    pub(in crate::read) inner: Encoding,
}

/// `N` bytes at `at`, if there are as many.
pub(in crate::read) fn bytes_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

pub(in crate::read) fn tag_at(bytes: &[u8], at: usize, encoding: Encoding) -> Option<Tag> {
    Some(Tag(encoding.u16(bytes_at(bytes, at)?), encoding.u16(bytes_at(bytes, at + 2)?)))
}

pub(in crate::read) fn truncated(what: &str, expected: usize, found: usize) -> ReadError {
    ReadError::new(ReadErrorKind::Truncated, format!("{what}: expected {expected} bytes, found {found}"))
}

pub(in crate::read) fn truncated_value(tag: Tag, expected: usize, found: usize) -> ReadError {
    ReadError::at_tag(
        ReadErrorKind::Truncated,
        tag,
        format!(
            "the data ends inside a value: expected {expected} bytes, found {found} ({} missing)",
            expected - found
        ),
    )
}

/// Two capital letters, as every VR is.
pub(in crate::read) const fn looks_like_vr(letters: [u8; 2]) -> bool {
    letters[0].is_ascii_uppercase() && letters[1].is_ascii_uppercase()
}

/// Reads the element header at `at`.
pub(in crate::read) fn header(bytes: &[u8], at: usize, encoding: Encoding) -> Result<Header, ReadError> {
    let cut = || truncated("the data ends inside an element's header", 8, bytes.len().saturating_sub(at));
    let tag = tag_at(bytes, at, encoding).ok_or_else(cut)?;
    let (vr, length, short, body) = if !encoding.explicit {
        let length = encoding.u32(bytes_at(bytes, at + 4).ok_or_else(cut)?);
        (dictionary::vr(tag).unwrap_or(VR::UN), length, false, at + 8)
    } else {
        let letters: [u8; 2] = bytes_at(bytes, at + 4).ok_or_else(cut)?;
        if !looks_like_vr(letters) {
            return Err(ReadError::at_tag(
                ReadErrorKind::Structure,
                tag,
                format!(
                    "expected the two letters of a VR, found the bytes {:02X} {:02X}",
                    letters[0], letters[1]
                ),
            ));
        }
        let vr = VR::from_binary(letters).unwrap_or(VR::UN);
        if has_short_length(letters) {
            (vr, u32::from(encoding.u16(bytes_at(bytes, at + 6).ok_or_else(cut)?)), true, at + 8)
        } else {
            (vr, encoding.u32(bytes_at(bytes, at + 8).ok_or_else(cut)?), false, at + 12)
        }
    };
    // UN holds implicit VR little endian, whatever is around it (PS3.5 6.2.2, note 5).
    let inner = if vr == VR::UN { Encoding::IMPLICIT } else { encoding };
    let length = (length != UNDEFINED || short).then_some(length as usize);
    Ok(Header { tag, vr, length, body, inner })
}

impl Header {
    /// The VR that the value is read by: what UN hides is found in the dictionary.
    pub(super) fn meaning(&self) -> VR {
        if self.vr == VR::UN { dictionary::vr(self.tag).unwrap_or(VR::UN) } else { self.vr }
    }

    /// What a value of undefined length holds.
    pub(in crate::read) fn undefined_form(&self) -> Result<Form, ReadError> {
        match self.meaning() {
            VR::SQ | VR::UN => Ok(Form::Items),
            _ if self.tag == PIXEL_DATA => Ok(Form::Fragments),
            VR::OB | VR::OW => Ok(Form::Fragments),
            vr => Err(ReadError::at_tag(
                ReadErrorKind::Structure,
                self.tag,
                format!("expected a defined length for VR {}, found an undefined one", vr.to_string()),
            )),
        }
    }
}

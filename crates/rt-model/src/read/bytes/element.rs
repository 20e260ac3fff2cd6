//! An element over borrowed bytes: its value behind its header. Nothing is read beyond the slice, nothing is
//! copied.
//!
//! Units: bytes. Frame: none.

use super::element_header::{Form, Header, truncated_value};
use super::encoding::Encoding;
use super::extent::{Open, end_of};
use crate::read::error::ReadError;
use dicom_core::{Tag, VR};

/// An element; the value is borrowed.
#[derive(Debug, Clone, Copy)]
pub(in crate::read) struct Element<'a> {
    pub(in crate::read) tag: Tag,
    pub(in crate::read) vr: VR,
    pub(in crate::read) form: Form,
    /// Encoding of the value's numbers, or of the items in it.
    pub(in crate::read) encoding: Encoding,
    pub(in crate::read) value: &'a [u8],
}

impl Header {
    /// The element with its value, and where the next one starts. `depth` counts the sequences around it.
    pub(in crate::read) fn element<'a>(
        &self,
        bytes: &'a [u8],
        depth: usize,
    ) -> Result<(Element<'a>, usize), ReadError> {
        let vr = self.meaning();
        match self.length {
            Some(length) => {
                let rest = bytes.get(self.body..).unwrap_or_default();
                let value =
                    rest.get(..length).ok_or_else(|| truncated_value(self.tag, length, rest.len()))?;
                let form = if vr == VR::SQ { Form::Items } else { Form::Plain };
                Ok((Element { tag: self.tag, vr, form, encoding: self.inner, value }, self.body + length))
            }
            None => {
                let form = self.undefined_form()?;
                let (end, next) = end_of(bytes, self.body, Open::Sequence(self.inner), depth)
                    .map_err(|error| error.or_tag(self.tag))?;
                Ok((
                    Element { tag: self.tag, vr, form, encoding: self.inner, value: &bytes[self.body..end] },
                    next,
                ))
            }
        }
    }
}

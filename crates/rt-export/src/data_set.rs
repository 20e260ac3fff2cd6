//! Data sets that are written: elements in order, encoded in explicit or implicit VR little endian (PS3.5 section 7).
//!
//! Units: bytes. Frame: none.

use crate::decimal;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};
use rt_model::uid::Uid;

/// A data set or item.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct DataSet {
    /// Sorted by tag.
    elements: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq)]
struct Element {
    tag: Tag,
    vr: VR,
    value: Value,
}

/// An element's value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// As it is written, but for padding to even length.
    Bytes(Vec<u8>),
    /// The items of a sequence.
    Items(Vec<DataSet>),
    /// Encapsulated pixel data: one fragment for each frame.
    Fragments(Vec<Vec<u8>>),
}

/// How elements state their VR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Explicit,
    Implicit,
}

const ITEM: Tag = Tag(0xFFFE, 0xE000);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

impl DataSet {
    /// Sets an element of a stated VR.
    pub(crate) fn put(&mut self, tag: Tag, vr: VR, value: Value) -> &mut Self {
        let element = Element { tag, vr, value };
        match self.elements.binary_search_by_key(&tag, |element| element.tag) {
            Ok(at) => self.elements[at] = element,
            Err(at) => self.elements.insert(at, element),
        }
        self
    }

    /// Sets an element whose VR is the dictionary's.
    pub(crate) fn bytes(&mut self, tag: Tag, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.put(tag, vr(tag), Value::Bytes(bytes.into()))
    }

    pub(crate) fn text(&mut self, tag: Tag, text: impl AsRef<str>) -> &mut Self {
        self.bytes(tag, text.as_ref())
    }

    /// Text, where there is one.
    pub(crate) fn text_if(&mut self, tag: Tag, text: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(text) = text {
            self.text(tag, text);
        }
        self
    }

    pub(crate) fn uid(&mut self, tag: Tag, uid: &Uid) -> &mut Self {
        self.text(tag, uid.as_str())
    }

    pub(crate) fn empty(&mut self, tag: Tag) -> &mut Self {
        self.bytes(tag, [])
    }

    pub(crate) fn short(&mut self, tag: Tag, number: u16) -> &mut Self {
        self.put(tag, VR::US, Value::Bytes(number.to_le_bytes().into()))
    }

    pub(crate) fn double(&mut self, tag: Tag, number: f64) -> &mut Self {
        self.bytes(tag, number.to_le_bytes())
    }

    pub(crate) fn integer(&mut self, tag: Tag, number: usize) -> &mut Self {
        self.text(tag, number.to_string())
    }

    pub(crate) fn decimals(&mut self, tag: Tag, numbers: impl IntoIterator<Item = f64>) -> &mut Self {
        self.text(tag, decimal::join(numbers))
    }

    pub(crate) fn items(&mut self, tag: Tag, items: Vec<Self>) -> &mut Self {
        self.put(tag, VR::SQ, Value::Items(items))
    }

    /// Takes an element away.
    pub(crate) fn remove(&mut self, tag: Tag) -> &mut Self {
        self.elements.retain(|element| element.tag != tag);
        self
    }

    pub(crate) fn has(&self, tag: Tag) -> bool {
        self.elements.binary_search_by_key(&tag, |element| element.tag).is_ok()
    }

    /// An item of a code sequence (PS3.3 table 8.8-1).
    pub(crate) fn code(value: &str, scheme: &str, meaning: &str) -> Self {
        let mut item = Self::default();
        item.text(tags::CODE_VALUE, value).text(tags::CODING_SCHEME_DESIGNATOR, scheme).text(tags::CODE_MEANING, meaning);
        item
    }

    /// An item that names a SOP instance.
    pub(crate) fn reference(sop_class: &str, sop_instance: &Uid) -> Self {
        let mut item = Self::default();
        item.text(tags::REFERENCED_SOP_CLASS_UID, sop_class).uid(tags::REFERENCED_SOP_INSTANCE_UID, sop_instance);
        item
    }

    /// Appends the encoded elements.
    pub(crate) fn encode(&self, coding: Coding, out: &mut Vec<u8>) {
        for element in &self.elements {
            element.encode(coding, out);
        }
    }
}

/// The VR of a public attribute; the first of several.
fn vr(tag: Tag) -> VR {
    StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed())
}

impl Element {
    fn encode(&self, coding: Coding, out: &mut Vec<u8>) {
        match &self.value {
            Value::Bytes(bytes) => {
                let odd = bytes.len() % 2 == 1;
                self.header(coding, length(bytes.len() + usize::from(odd)), out);
                out.extend_from_slice(bytes);
                if odd {
                    // Text is padded with a blank, identifiers and binary values with zero (PS3.5 6.2).
                    let binary = matches!(self.vr, VR::UI | VR::OB | VR::UN | VR::OW);
                    out.push(if binary { 0 } else { b' ' });
                }
            }
            Value::Items(items) => {
                self.header(coding, 0, out);
                let start = out.len();
                for item in items {
                    bare(ITEM, 0, out);
                    let begin = out.len();
                    item.encode(coding, out);
                    settle(begin, out);
                }
                settle(start, out);
            }
            Value::Fragments(fragments) => {
                self.header(coding, u32::MAX, out);
                // An empty table of offsets.
                bare(ITEM, 0, out);
                for fragment in fragments {
                    bare(ITEM, length(fragment.len()), out);
                    out.extend_from_slice(fragment);
                }
                bare(SEQUENCE_END, 0, out);
            }
        }
    }

    fn header(&self, coding: Coding, length: u32, out: &mut Vec<u8>) {
        if coding == Coding::Implicit {
            return bare(self.tag, length, out);
        }
        out.extend(self.tag.0.to_le_bytes());
        out.extend(self.tag.1.to_le_bytes());
        let long = matches!(
            self.vr,
            VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::SQ | VR::SV | VR::UC | VR::UN | VR::UR | VR::UT | VR::UV
        );
        match u16::try_from(length) {
            Ok(short) if !long => {
                out.extend_from_slice(self.vr.to_string().as_bytes());
                out.extend(short.to_le_bytes());
            }
            _ => {
                // A value too long for a 16-bit length becomes UN with a 32-bit one (PS3.5 6.2.2).
                let vr = if long { self.vr } else { VR::UN };
                out.extend_from_slice(vr.to_string().as_bytes());
                out.extend([0, 0]);
                out.extend(length.to_le_bytes());
            }
        }
    }
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("values are below 4 GiB")
}

/// Tag and 32-bit length alone: implicit VR, and items everywhere.
fn bare(tag: Tag, length: u32, out: &mut Vec<u8>) {
    out.extend(tag.0.to_le_bytes());
    out.extend(tag.1.to_le_bytes());
    out.extend(length.to_le_bytes());
}

/// Fills the length field before `start` with the number of bytes written since.
fn settle(start: usize, out: &mut [u8]) {
    let bytes = length(out.len() - start).to_le_bytes();
    out[start - 4..start].copy_from_slice(&bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(data: &DataSet, coding: Coding) -> Vec<u8> {
        let mut out = Vec::new();
        data.encode(coding, &mut out);
        out
    }

    #[test]
    fn elements_are_in_order_and_of_even_length() {
        let mut item = DataSet::default();
        item.text(tags::ROI_NAME, "abc");
        let mut data = DataSet::default();
        data.items(tags::STRUCTURE_SET_ROI_SEQUENCE, vec![item]).text(tags::MODALITY, "CT");
        let implicit = [
            &[0x08, 0, 0x60, 0, 2, 0, 0, 0][..],
            b"CT",
            &[0x06, 0x30, 0x20, 0, 20, 0, 0, 0, 0xFE, 0xFF, 0, 0xE0, 12, 0, 0, 0, 0x06, 0x30, 0x26, 0, 4, 0, 0, 0],
            b"abc ",
        ];
        assert_eq!(encoded(&data, Coding::Implicit), implicit.concat());
        let explicit = encoded(&data, Coding::Explicit);
        assert!(explicit.starts_with(b"\x08\0\x60\0CS\x02\0CT\x06\x30\x20\0SQ\0\0\x14\0\0\0"), "{explicit:?}");
    }

    #[test]
    fn identifiers_are_padded_with_zero_and_fragments_delimited() {
        let mut data = DataSet::default();
        data.text(tags::SOP_INSTANCE_UID, "1.2.3").put(tags::PIXEL_DATA, VR::OB, Value::Fragments(vec![vec![1, 2]]));
        let bytes = encoded(&data, Coding::Explicit);
        assert!(bytes.starts_with(b"\x08\0\x18\0UI\x06\x001.2.3\0"));
        assert!(
            bytes.ends_with(
                b"OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0\xFE\xFF\0\xE0\x02\0\0\0\x01\x02\xFE\xFF\xDD\xE0\0\0\0\0"
            )
        );
    }
}

//! A data set as a plain tree of elements, built attribute by attribute (PS3.5 section 7).
//!
//! ```
//! use rt_dicom::{DataSet, TransferSyntax, tags};
//!
//! let mut roi = DataSet::default();
//! roi.integer(tags::ROI_NUMBER, 1).text(tags::ROI_NAME, "PTV");
//! let mut data = DataSet::default();
//! data.text(tags::MODALITY, "RTSTRUCT").items(tags::STRUCTURE_SET_ROI_SEQUENCE, [roi]);
//! let bytes = data.encode(TransferSyntax::ImplicitLittle)?;
//! assert!(bytes.starts_with(b"\x08\0\x60\0\x08\0\0\0RTSTRUCT"));
//! # Ok::<(), rt_dicom::WriteError>(())
//! ```
//!
//! Units: none. Frame: none.

use crate::decimal;
use crate::tags;
use crate::vr::Vr;
use rt_model::provenance::Tag;
use rt_model::uid::Uid;
use std::borrow::{Borrow, Cow};
use std::fmt::Debug;

/// A data set or item: its elements, sorted by tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataSet {
    pub(crate) elements: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) tag: Tag,
    pub(crate) vr: Vr,
    pub(crate) value: Value,
}

/// The value of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// Text in UTF-8, or in ASCII where the VR or the character set holds no more; several values are joined
    /// by backslashes.
    Text(String),
    /// Bytes that are written as they are: text in another character set, numbers in little endian,
    /// documents, pixels.
    Bytes(Vec<u8>),
    /// 16-bit words in the byte order of the transfer syntax (US, OW).
    Words(Vec<u16>),
    /// 32-bit words in the byte order of the transfer syntax (UL, the bits of FL, 32-bit pixels in OW).
    DoubleWords(Vec<u32>),
    /// 64-bit words in the byte order of the transfer syntax (the bits of FD).
    QuadWords(Vec<u64>),
    /// Attribute tags (AT).
    Tags(Vec<Tag>),
    /// The items of a sequence. They are in the character set of the outermost data set and state none of
    /// their own.
    Items(Vec<DataSet>),
    /// Fragments of encapsulated pixel data behind an empty offset table.
    Fragments(Vec<Vec<u8>>),
}

impl Value {
    /// Text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Decimal strings.
    #[must_use]
    pub fn decimals(values: &[f64]) -> Self {
        Self::Text(decimal::join(values.iter().copied()))
    }

    /// Integer strings.
    #[must_use]
    pub fn integers(values: &[i64]) -> Self {
        Self::Text(values.iter().map(i64::to_string).collect::<Vec<_>>().join("\\"))
    }

    /// The bytes in little endian, without padding; those of fragments one after the other, none of items.
    pub(crate) fn little_endian(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Text(text) => text.as_bytes().into(),
            Self::Bytes(bytes) => bytes.as_slice().into(),
            Self::Words(words) => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
            Self::DoubleWords(words) => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
            Self::QuadWords(words) => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
            Self::Tags(tags) => tags
                .iter()
                .flat_map(|tag| [tag.group.to_le_bytes(), tag.element.to_le_bytes()].concat())
                .collect(),
            Self::Fragments(fragments) => fragments.concat().into(),
            Self::Items(_) => Cow::default(),
        }
    }

    /// Bytes of the value, without padding.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Words(words) => 2 * words.len(),
            Self::DoubleWords(words) => 4 * words.len(),
            Self::QuadWords(words) => 8 * words.len(),
            Self::Tags(tags) => 4 * tags.len(),
            Self::Fragments(fragments) => fragments.iter().map(|fragment| fragment.len() + 8).sum(),
            Self::Items(items) => items.iter().map(|item| item.size() + 16).sum(),
        }
    }
}

impl DataSet {
    /// Sets an element, with the value representation of the dictionary.
    pub fn put(&mut self, tag: Tag, value: Value) -> &mut Self {
        self.put_as(tag, Vr::of(tag), value)
    }

    /// Sets an element with a stated value representation.
    pub fn put_as(&mut self, tag: Tag, vr: Vr, value: Value) -> &mut Self {
        let element = Element { tag, vr, value };
        match self.place(tag) {
            Ok(at) => self.elements[at] = element,
            Err(at) => self.elements.insert(at, element),
        }
        self
    }

    /// Sets text.
    pub fn text(&mut self, tag: Tag, text: impl AsRef<str>) -> &mut Self {
        self.put(tag, Value::text(text.as_ref()))
    }

    /// Sets text where there is one.
    pub fn text_if(&mut self, tag: Tag, text: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(text) = text {
            self.text(tag, text);
        }
        self
    }

    /// Sets bytes: text in the character set of the data set, or numbers in little endian.
    pub fn bytes(&mut self, tag: Tag, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.put(tag, Value::Bytes(bytes.into()))
    }

    /// Sets a unique identifier.
    pub fn uid(&mut self, tag: Tag, uid: &Uid) -> &mut Self {
        self.text(tag, uid.as_str())
    }

    /// Sets an element without a value.
    pub fn empty(&mut self, tag: Tag) -> &mut Self {
        self.bytes(tag, [])
    }

    /// Sets a number of 16 bits.
    pub fn short(&mut self, tag: Tag, number: u16) -> &mut Self {
        self.put(tag, Value::Words(vec![number]))
    }

    /// Sets a double (FD).
    pub fn double(&mut self, tag: Tag, number: f64) -> &mut Self {
        self.put(tag, Value::QuadWords(vec![number.to_bits()]))
    }

    /// Sets an integer string.
    ///
    /// # Panics
    /// Where the number does not fit into 64 bits with a sign.
    pub fn integer(&mut self, tag: Tag, number: impl TryInto<i64, Error: Debug>) -> &mut Self {
        self.put(tag, Value::integers(&[number.try_into().expect("integer strings are far shorter")]))
    }

    /// Sets decimal strings.
    ///
    /// # Panics
    /// Where a number is not finite.
    pub fn decimals(&mut self, tag: Tag, numbers: impl IntoIterator<Item: Borrow<f64>>) -> &mut Self {
        self.put(tag, Value::Text(decimal::join(numbers.into_iter().map(|number| *number.borrow()))))
    }

    /// Sets the items of a sequence.
    pub fn items(&mut self, tag: Tag, items: impl Into<Vec<Self>>) -> &mut Self {
        self.put_as(tag, Vr::SQ, Value::Items(items.into()))
    }

    /// Takes an element out.
    pub fn exclude(&mut self, tag: Tag) -> &mut Self {
        if let Ok(at) = self.place(tag) {
            self.elements.remove(at);
        }
        self
    }

    /// There is an element with `tag`, be it empty.
    #[must_use]
    pub fn has(&self, tag: Tag) -> bool {
        self.place(tag).is_ok()
    }

    /// The value of an element.
    #[must_use]
    pub fn value(&self, tag: Tag) -> Option<&Value> {
        self.place(tag).ok().map(|at| &self.elements[at].value)
    }

    /// The tags there are, in order.
    pub fn tags(&self) -> impl Iterator<Item = Tag> {
        self.elements.iter().map(|element| element.tag)
    }

    /// An item of a code sequence (PS3.3 table 8.8-1).
    #[must_use]
    pub fn code(value: &str, scheme: &str, meaning: &str) -> Self {
        let mut item = Self::default();
        item.text(tags::CODE_VALUE, value)
            .text(tags::CODING_SCHEME_DESIGNATOR, scheme)
            .text(tags::CODE_MEANING, meaning);
        item
    }

    /// An item that names a SOP instance.
    #[must_use]
    pub fn reference(sop_class: &str, sop_instance: &str) -> Self {
        let mut item = Self::default();
        item.text(tags::REFERENCED_SOP_CLASS_UID, sop_class)
            .text(tags::REFERENCED_SOP_INSTANCE_UID, sop_instance);
        item
    }

    /// Nearly the number of bytes that it has when encoded.
    pub(crate) fn size(&self) -> usize {
        self.elements.iter().map(|element| element.value.len() + 16).sum()
    }

    pub(crate) fn place(&self, tag: Tag) -> Result<usize, usize> {
        self.elements.binary_search_by_key(&tag, |element| element.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stay_in_order_and_occur_once() {
        let mut data = DataSet::default();
        data.text(tags::PATIENT_ID, "1")
            .text(tags::MODALITY, "CT")
            .text(tags::PATIENT_ID, "2")
            .empty(tags::STUDY_DATE);
        assert_eq!(data.tags().collect::<Vec<_>>(), [tags::STUDY_DATE, tags::MODALITY, tags::PATIENT_ID]);
        assert_eq!(data.value(tags::PATIENT_ID), Some(&Value::text("2")));
        data.exclude(tags::MODALITY);
        assert!(!data.has(tags::MODALITY) && data.has(tags::STUDY_DATE));
    }

    #[test]
    fn numbers_are_written_as_their_attribute_asks() {
        let mut data = DataSet::default();
        data.integer(tags::INSTANCE_NUMBER, 7_usize)
            .decimals(tags::PIXEL_SPACING, [0.5, 2.0])
            .short(tags::ROWS, 512);
        assert_eq!(data.value(tags::INSTANCE_NUMBER), Some(&Value::text("7")));
        assert_eq!(data.value(tags::PIXEL_SPACING), Some(&Value::text("0.5\\2")));
        assert_eq!(data.value(tags::ROWS), Some(&Value::Words(vec![512])));
    }
}

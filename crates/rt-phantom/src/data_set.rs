//! DICOM data sets as a plain tree that can be built, edited by attribute path, and made wrong on purpose.
//!
//! Units: none. Frame: none.

use crate::decimal;
use crate::error::PhantomError;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

/// The value of a data element.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Any text value representation; several values are joined by backslashes. Padded to even length when written.
    Text(String),
    /// Bytes written as they are.
    Bytes(Vec<u8>),
    /// 16-bit words in the byte order of the file (US, OW).
    Words(Vec<u16>),
    /// 32-bit words in the byte order of the file (UL, and 32-bit pixels in OW).
    DoubleWords(Vec<u32>),
    /// Attribute tags as (group, element).
    Tags(Vec<(u16, u16)>),
    /// Items of a sequence.
    Items(Vec<DataSet>),
    /// Fragments of encapsulated pixel data, behind an empty offset table.
    Fragments(Vec<Vec<u8>>),
}

impl Value {
    /// One text value.
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
}

/// One data element, with what is written in place of the truth where a test asks for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Element {
    pub(crate) tag: Tag,
    pub(crate) vr: VR,
    pub(crate) value: Value,
    /// Written in the length field in place of the value's length.
    pub(crate) declared_length: Option<u32>,
}

/// Data elements in ascending order of their tags, unless an edit disturbed it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DataSet {
    pub(crate) elements: Vec<Element>,
}

impl DataSet {
    /// Sets a top-level element, with the value representation of the dictionary.
    pub(crate) fn put(&mut self, tag: Tag, value: Value) -> &mut Self {
        let vr = StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed());
        let element = Element { tag, vr, value, declared_length: None };
        match self.elements.binary_search_by_key(&tag, |e| e.tag) {
            Ok(found) => self.elements[found] = element,
            Err(place) => self.elements.insert(place, element),
        }
        self
    }

    pub(crate) fn text(&mut self, tag: Tag, text: impl Into<String>) -> &mut Self {
        self.put(tag, Value::text(text))
    }

    pub(crate) fn decimals(&mut self, tag: Tag, values: &[f64]) -> &mut Self {
        self.put(tag, Value::decimals(values))
    }

    pub(crate) fn integer(&mut self, tag: Tag, value: impl Into<i64>) -> &mut Self {
        self.put(tag, Value::integers(&[value.into()]))
    }

    pub(crate) fn short(&mut self, tag: Tag, value: u16) -> &mut Self {
        self.put(tag, Value::Words(vec![value]))
    }

    pub(crate) fn items(&mut self, tag: Tag, items: impl Into<Vec<DataSet>>) -> &mut Self {
        self.put(tag, Value::Items(items.into()))
    }

    /// An element of length zero.
    pub(crate) fn empty(&mut self, tag: Tag) -> &mut Self {
        self.put(tag, Value::Bytes(Vec::new()))
    }

    /// An item that names another instance.
    pub(crate) fn reference(sop_class: &str, sop_instance: &str) -> Self {
        let mut item = Self::default();
        item.text(dicom_dictionary_std::tags::REFERENCED_SOP_CLASS_UID, sop_class)
            .text(dicom_dictionary_std::tags::REFERENCED_SOP_INSTANCE_UID, sop_instance);
        item
    }

    /// The value at an attribute path such as `ROIContourSequence[3] > ContourSequence[17] > ContourData`; a tag in place of a
    /// keyword is written `(3006,0050)`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let (last, outer) = split(path);
        let mut here = self;
        for step in outer {
            let (tag, item) = parse_item(step)?;
            let Value::Items(items) = &here.find(tag)?.value else { return None };
            here = items.get(item)?;
        }
        Some(&here.find(parse_tag(last)?)?.value)
    }

    /// Sets the value at an attribute path, inserting the element where it is absent. The items on the way have to exist. The
    /// value representation stays that of the dictionary.
    ///
    /// # Errors
    /// Where the path names no known attribute or no item.
    pub fn set(&mut self, path: &str, value: Value) -> Result<&mut Self, PhantomError> {
        let (holder, tag) = self.holder(path)?;
        holder.put(tag, value);
        Ok(self)
    }

    /// Removes the element at an attribute path.
    ///
    /// # Errors
    /// Where nothing is there.
    pub fn remove(&mut self, path: &str) -> Result<&mut Self, PhantomError> {
        let (holder, tag) = self.holder(path)?;
        let place = holder.elements.iter().position(|e| e.tag == tag).ok_or_else(|| PhantomError::attribute(path))?;
        holder.elements.remove(place);
        Ok(self)
    }

    /// Writes `length` in the length field of the element at an attribute path, whatever its value's length is.
    ///
    /// # Errors
    /// Where nothing is there.
    pub fn declare_length(&mut self, path: &str, length: u32) -> Result<&mut Self, PhantomError> {
        self.element(path)?.declared_length = Some(length);
        Ok(self)
    }

    /// Writes the element at an attribute path with another value representation (two letters), in explicit encodings.
    ///
    /// # Errors
    /// Where nothing is there, or there is no such value representation.
    pub fn set_vr(&mut self, path: &str, vr: &str) -> Result<&mut Self, PhantomError> {
        let vr = vr.parse().map_err(|_| PhantomError::attribute(path))?;
        self.element(path)?.vr = vr;
        Ok(self)
    }

    /// Repeats the element at an attribute path behind itself with another value.
    ///
    /// # Errors
    /// Where nothing is there.
    pub fn repeat(&mut self, path: &str, value: Value) -> Result<&mut Self, PhantomError> {
        let (holder, tag) = self.holder(path)?;
        let place = holder.elements.iter().position(|e| e.tag == tag).ok_or_else(|| PhantomError::attribute(path))?;
        let second = Element { value, ..holder.elements[place].clone() };
        holder.elements.insert(place + 1, second);
        Ok(self)
    }

    fn find(&self, tag: Tag) -> Option<&Element> {
        self.elements.iter().find(|e| e.tag == tag)
    }

    fn element(&mut self, path: &str) -> Result<&mut Element, PhantomError> {
        let (holder, tag) = self.holder(path)?;
        holder.elements.iter_mut().find(|e| e.tag == tag).ok_or_else(|| PhantomError::attribute(path))
    }

    /// The data set that holds the path's last attribute, and its tag.
    fn holder(&mut self, path: &str) -> Result<(&mut Self, Tag), PhantomError> {
        let unknown = || PhantomError::attribute(path);
        let (last, outer) = split(path);
        let mut here = self;
        for step in outer {
            let (tag, item) = parse_item(step).ok_or_else(unknown)?;
            let sequence = here.elements.iter_mut().find(|e| e.tag == tag).ok_or_else(unknown)?;
            let Value::Items(items) = &mut sequence.value else { return Err(unknown()) };
            here = items.get_mut(item).ok_or_else(unknown)?;
        }
        Ok((here, parse_tag(last).ok_or_else(unknown)?))
    }
}

/// The last step of a path and those before it.
fn split(path: &str) -> (&str, Vec<&str>) {
    let mut steps: Vec<_> = path.split('>').map(str::trim).collect();
    (steps.pop().unwrap_or_default(), steps)
}

/// `Keyword[3]`
fn parse_item(step: &str) -> Option<(Tag, usize)> {
    let (keyword, index) = step.strip_suffix(']')?.split_once('[')?;
    Some((parse_tag(keyword)?, index.parse().ok()?))
}

/// A keyword of the dictionary or `(gggg,eeee)`.
fn parse_tag(text: &str) -> Option<Tag> {
    match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(numbers) => {
            let (group, element) = numbers.split_once(',')?;
            Some(Tag(u16::from_str_radix(group, 16).ok()?, u16::from_str_radix(element, 16).ok()?))
        }
        None => StandardDataDictionary.by_name(text).map(DataDictionaryEntry::tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dicom_dictionary_std::tags;

    fn nested() -> DataSet {
        let mut item = DataSet::default();
        item.text(tags::CONTOUR_DATA, "1\\2\\3");
        let mut data = DataSet::default();
        data.items(tags::CONTOUR_SEQUENCE, [item]).text(tags::MODALITY, "RTSTRUCT");
        data
    }

    #[test]
    fn paths_reach_into_items() {
        let mut data = nested();
        let path = "ContourSequence[0] > ContourData";
        assert_eq!(data.get(path), Some(&Value::text("1\\2\\3")));
        data.set(path, Value::decimals(&[4.5])).unwrap();
        assert_eq!(data.get("(3006,0040)[0] > (3006,0050)"), Some(&Value::text("4.5")));
        data.remove(path).unwrap();
        assert_eq!(data.get(path), None);
    }

    #[test]
    fn wrong_paths_are_told() {
        for path in
            ["ContourSequence[1] > ContourData", "NoSuchKeyword", "Modality[0] > ContourData", "ContourSequence > ContourData"]
        {
            let mut data = nested();
            assert!(data.set(path, Value::text("")).is_err(), "{path}");
        }
        let error = nested().remove("PatientID").unwrap_err();
        assert_eq!(error.to_string(), "PatientID: expected an attribute of the data set, found none at this path");
    }

    #[test]
    fn elements_stay_in_order() {
        let mut data = nested();
        data.text(tags::PATIENT_ID, "1");
        assert!(data.elements.is_sorted_by_key(|e| e.tag));
    }
}

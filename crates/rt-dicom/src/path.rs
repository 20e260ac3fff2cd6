//! Attribute paths such as `ROIContourSequence[3] > ContourSequence[17] > ContourData`: keywords of the
//! dictionary, items counted from 0; a tag in place of a keyword is written `(3006,0050)`.
//!
//! Units: none. Frame: none.

use crate::data_set::{DataSet, Value};
use crate::error::PathError;
use crate::vr::Vr;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use rt_model::provenance::Tag;

/// Where an element is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The sequences that lead to it, outermost first, each with the number of its item.
    pub steps: Vec<(Tag, usize)>,
    /// Its tag.
    pub tag: Tag,
    /// Its value representation.
    pub vr: Vr,
}

impl DataSet {
    /// The value at an attribute path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let (last, outer) = split(path);
        let mut here = self;
        for step in outer {
            let (tag, item) = parse_item(step)?;
            let Value::Items(items) = here.value(tag)? else { return None };
            here = items.get(item)?;
        }
        here.value(parse_tag(last)?)
    }

    /// Sets the value at an attribute path, inserting the element where it is absent. The items on the way
    /// have to exist. The value representation becomes that of the dictionary.
    ///
    /// # Errors
    /// Where the path names no known attribute or no item.
    pub fn set(&mut self, path: &str, value: Value) -> Result<&mut Self, PathError> {
        let (holder, tag) = self.holder(path)?;
        holder.put(tag, value);
        Ok(self)
    }

    /// Removes the element at an attribute path.
    ///
    /// # Errors
    /// Where nothing is there.
    pub fn remove(&mut self, path: &str) -> Result<&mut Self, PathError> {
        let (holder, tag) = self.holder(path)?;
        let at = holder.place(tag).map_err(|_| PathError::new(path))?;
        holder.elements.remove(at);
        Ok(self)
    }

    /// Gives the element at an attribute path another value representation (two letters).
    ///
    /// # Errors
    /// Where nothing is there, or there is no such value representation.
    pub fn set_vr(&mut self, path: &str, vr: &str) -> Result<&mut Self, PathError> {
        let unknown = || PathError::new(path);
        let vr = vr.as_bytes().try_into().ok().and_then(Vr::from_letters).ok_or_else(unknown)?;
        let (holder, tag) = self.holder(path)?;
        let at = holder.place(tag).map_err(|_| unknown())?;
        holder.elements[at].vr = vr;
        Ok(self)
    }

    /// The place of the element at an attribute path.
    ///
    /// # Errors
    /// Where nothing is there.
    pub fn locate(&self, path: &str) -> Result<Place, PathError> {
        let unknown = || PathError::new(path);
        let (last, outer) = split(path);
        let steps: Vec<(Tag, usize)> =
            outer.into_iter().map(parse_item).collect::<Option<_>>().ok_or_else(unknown)?;
        let mut here = self;
        for (tag, item) in &steps {
            let Some(Value::Items(items)) = here.value(*tag) else { return Err(unknown()) };
            here = items.get(*item).ok_or_else(unknown)?;
        }
        let tag = parse_tag(last).ok_or_else(unknown)?;
        let at = here.place(tag).map_err(|_| unknown())?;
        Ok(Place { steps, tag, vr: here.elements[at].vr })
    }

    /// The data set that holds the path's last attribute, and its tag.
    fn holder(&mut self, path: &str) -> Result<(&mut Self, Tag), PathError> {
        let unknown = || PathError::new(path);
        let (last, outer) = split(path);
        let mut here = self;
        for step in outer {
            let (tag, item) = parse_item(step).ok_or_else(unknown)?;
            let at = here.place(tag).map_err(|_| unknown())?;
            let Value::Items(items) = &mut here.elements[at].value else { return Err(unknown()) };
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
            Some(Tag::new(u16::from_str_radix(group, 16).ok()?, u16::from_str_radix(element, 16).ok()?))
        }
        None => StandardDataDictionary.by_name(text).map(|entry| Tag::new(entry.tag().0, entry.tag().1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags;

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
        data.set_vr(path, "UN").unwrap();
        let found = data.locate(path).unwrap();
        assert_eq!(
            found,
            Place { steps: vec![(tags::CONTOUR_SEQUENCE, 0)], tag: tags::CONTOUR_DATA, vr: Vr::UN }
        );
        data.remove(path).unwrap();
        assert_eq!(data.get(path), None);
    }

    #[test]
    fn paths_that_lead_nowhere_are_errors() {
        for path in [
            "ContourSequence[1] > ContourData",
            "NoSuchKeyword",
            "Modality[0] > ContourData",
            "ContourSequence > ContourData",
        ] {
            let mut data = nested();
            assert!(data.set(path, Value::text("")).is_err(), "{path}");
            assert!(data.locate(path).is_err(), "{path}");
        }
        let error = nested().remove("PatientID").unwrap_err();
        assert_eq!(
            error.to_string(),
            "PatientID: expected an attribute of the data set, found none at this path"
        );
    }
}

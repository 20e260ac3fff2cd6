//! The data dictionary: what a public attribute is called and which VR it has (PS3.6).
//!
//! Units: none. Frame: none.

use dicom_core::dictionary::{DataDictionary, VirtualVr};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

/// The VR of a public attribute; `None` where the dictionary does not hold it.
pub(in crate::read) fn vr(tag: Tag) -> Option<VR> {
    if tag.0 % 2 == 1 {
        return None;
    }
    StandardDataDictionary.by_tag(tag).map(|entry| match entry.vr {
        VirtualVr::Exact(vr) => vr,
        other => other.relaxed(),
    })
}

/// The attribute's keyword, or its tag in hexadecimal digits where the dictionary does not hold it.
pub(in crate::read) fn keyword(tag: Tag) -> String {
    match StandardDataDictionary.by_tag(tag) {
        Some(entry) if tag.0.is_multiple_of(2) => entry.alias.to_owned(),
        _ => format!("{:04X}{:04X}", tag.0, tag.1),
    }
}

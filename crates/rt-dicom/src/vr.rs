//! Value representations (PS3.5 section 6.2).
//!
//! Units: none. Frame: none.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag as CoreTag, VR};
use dicom_dictionary_std::StandardDataDictionary;
use rt_model::provenance::Tag;
use std::fmt;

/// The value representation of an element.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Vr(pub(crate) VR);

impl Vr {
    /// Other Byte.
    pub const OB: Self = Self(VR::OB);
    /// Other Word.
    pub const OW: Self = Self(VR::OW);
    /// Sequence of Items.
    pub const SQ: Self = Self(VR::SQ);
    /// Unsigned Long.
    pub const UL: Self = Self(VR::UL);
    /// Unknown.
    pub const UN: Self = Self(VR::UN);
    /// Unsigned Short.
    pub const US: Self = Self(VR::US);

    /// The value representation of two letters; `None` where there is no such.
    #[must_use]
    pub fn from_letters(letters: [u8; 2]) -> Option<Self> {
        VR::from_binary(letters).map(Self)
    }

    /// Its two letters.
    #[must_use]
    pub fn letters(self) -> [u8; 2] {
        self.0.to_bytes()
    }

    /// That of an attribute in the dictionary, the first where it allows several; [`Self::UN`] for attributes
    /// it does not have.
    #[must_use]
    pub fn of(tag: Tag) -> Self {
        let entry = StandardDataDictionary.by_tag(CoreTag(tag.group, tag.element));
        Self(entry.map_or(VR::UN, |entry| entry.vr().relaxed()))
    }

    /// Explicit VR states the value's length in 16 bits (PS3.5 section 7.1.2).
    #[must_use]
    pub fn has_short_length(self) -> bool {
        rt_model::vr::has_short_length(self.letters())
    }

    /// What fills a value up to even length: a blank for text, zero for identifiers and binary values (PS3.5
    /// section 6.2).
    pub(crate) const fn padding(self) -> u8 {
        if self.is_text() { b' ' } else { 0 }
    }

    /// Text that ends in insignificant blanks.
    pub(crate) const fn is_text(self) -> bool {
        use VR::{AE, AS, CS, DA, DS, DT, IS, LO, LT, PN, SH, ST, TM, UC, UR, UT};
        matches!(self.0, AE | AS | CS | DA | DS | DT | IS | LO | LT | PN | SH | ST | TM | UC | UR | UT)
    }
}

impl fmt::Debug for Vr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_string())
    }
}

//! Where a value, an error or a finding comes from.
//!
//! Units: none. Frame: none.

use crate::uid::Uid;
use std::fmt;
use std::path::PathBuf;

/// A DICOM attribute's tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    /// Group number.
    pub group: u16,
    /// Element number.
    pub element: u16,
}

impl Tag {
    /// The tag (group,element).
    #[must_use]
    pub const fn new(group: u16, element: u16) -> Self {
        Self { group, element }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({:04X},{:04X})", self.group, self.element)
    }
}

/// The place a value was read from: file, SOP instance, attribute. Every part may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// The file.
    pub file: Option<PathBuf>,
    /// The SOP Instance UID.
    pub sop_instance: Option<Uid>,
    /// The attribute by keywords with item numbers counted from 0, outermost first:
    /// `ROIContourSequence[3] > ContourSequence[17] > ContourData`.
    pub path: Option<String>,
    /// The attribute's tag.
    pub tag: Option<Tag>,
}

impl Provenance {
    /// Nothing known.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// A whole file.
    #[must_use]
    pub fn of_file(file: impl Into<PathBuf>) -> Self {
        Self { file: Some(file.into()), ..Self::default() }
    }

    /// The same place, narrowed to one attribute.
    ///
    /// ```
    /// use rt_model::provenance::{Provenance, Tag};
    ///
    /// let at = Provenance::of_file("RD.dcm").attribute("DoseUnits", Tag::new(0x3004, 0x0002));
    /// assert_eq!(at.to_string(), "RD.dcm, DoseUnits (3004,0002)");
    /// ```
    #[must_use]
    pub fn attribute(mut self, path: impl Into<String>, tag: Tag) -> Self {
        self.path = Some(path.into());
        self.tag = Some(tag);
        self
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut blank = "";
        if let Some(file) = &self.file {
            write!(f, "{}", file.display())?;
            blank = " ";
        }
        if let Some(uid) = &self.sop_instance {
            write!(f, "{blank}[{uid}]")?;
            blank = " ";
        }
        if let Some(path) = &self.path {
            let comma = if blank.is_empty() { "" } else { ", " };
            write!(f, "{comma}{path}")?;
            blank = " ";
        }
        if let Some(tag) = self.tag {
            write!(f, "{blank}{tag}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_file_instance_attribute_tag() {
        let mut at = Provenance::of_file("case/RS.dcm")
            .attribute("ROIContourSequence[3] > ContourData", Tag::new(0x3006, 0x50));
        at.sop_instance = Uid::new("2.25.7");
        assert_eq!(at.to_string(), "case/RS.dcm [2.25.7], ROIContourSequence[3] > ContourData (3006,0050)");
    }
}

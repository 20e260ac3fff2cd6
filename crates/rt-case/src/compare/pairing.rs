//! Which ROI a table of another system is of.
//!
//! Units: none. Frame: none.

use crate::tables::TpsDvh;
use rt_model::structure_set::Roi;
use std::fmt;

/// A table that belongs to no one ROI.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoRoi {
    /// No ROI has its number.
    Number(i32),
    /// No ROI, or more than one, has its name.
    Name(String),
}

impl fmt::Display for NoRoi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => {
                write!(f, "ROI {number} of the table is not in the structure set: left out")
            }
            Self::Name(name) => {
                write!(f, "{name:?} of the table is no one ROI of the structure set: left out")
            }
        }
    }
}

/// The ROI that a table is of: by number, by name, by the letters of its name.
pub(super) fn roi_of<'a>(rois: &'a [Roi], theirs: &TpsDvh) -> Result<&'a Roi, NoRoi> {
    let one = |same: &dyn Fn(&Roi) -> bool| {
        let mut found = rois.iter().filter(|roi| same(roi));
        found.next().filter(|_| found.next().is_none())
    };
    let nameless = theirs.name.is_empty();
    let by_number = theirs
        .number
        .and_then(|number| one(&|roi| roi.number == number && (nameless || roi.name == theirs.name)));
    by_number
        .or_else(|| one(&|roi| roi.name == theirs.name))
        .or_else(|| one(&|roi| same_name(&roi.name, &theirs.name)))
        .ok_or_else(|| match theirs.number.filter(|_| nameless) {
            Some(number) => NoRoi::Number(number),
            None => NoRoi::Name(theirs.name.clone()),
        })
}

/// Names are one where they differ only in case, blanks and signs: exporters change those.
fn same_name(one: &str, other: &str) -> bool {
    let letters = |name: &str| {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_letters() {
        assert!(same_name("Femoral Head Lt", "FemoralHeadLt") && same_name("PTV_50", "ptv 50"));
        assert!(!same_name("PTV1", "PTV2"));
    }
}

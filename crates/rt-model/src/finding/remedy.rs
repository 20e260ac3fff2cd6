//! What to do about a finding: who can cure it, and how. Each remedy stands at its code; here are the kinds
//! of remedies and the ones that codes of several subjects share.
//!
//! Units: none. Frame: none.

use super::Code;
use crate::provenance::Tag;
use std::fmt;

/// What to do about a finding. It prints as one sentence, lower case, no full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// An option of the programs, or a key of their configuration, settles it.
    Option {
        /// The option as it is written: `--select`, `import.rx_fallback`.
        option: &'static str,
        /// The sentence.
        text: &'static str,
    },
    /// A command settles it.
    Command {
        /// The command as it is written.
        command: &'static str,
        /// The sentence.
        text: &'static str,
    },
    /// An attribute of the object must be corrected or filled in, in the system that owns it.
    Attribute {
        /// The attribute.
        tag: Tag,
        /// The sentence.
        text: &'static str,
    },
    /// Only the exporting system can cure it: correct the object there and export it again.
    ExportingSystem(&'static str),
    /// The files that were given must change: others with them, other rights, another copy.
    Files(&'static str),
    /// A person compares the value with another source; nothing needs to change.
    Comparison(&'static str),
    /// Nothing needs to be done.
    Nothing(&'static str),
}

impl Remedy {
    /// The sentence.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Option { text, .. } | Self::Command { text, .. } | Self::Attribute { text, .. } => text,
            Self::ExportingSystem(text)
            | Self::Files(text)
            | Self::Comparison(text)
            | Self::Nothing(text) => text,
        }
    }

    /// The remedy for a code in its printed form. A code that the registry does not have refers to the page
    /// of all findings.
    ///
    /// ```
    /// use rt_model::finding::{Remedy, matching};
    ///
    /// let remedy = Remedy::of("RT0605");
    /// assert_eq!(remedy, matching::STRUCTURE_SET_AMBIGUOUS.remedy());
    /// assert!(matches!(remedy, Remedy::Option { option: "--select", .. }));
    /// assert_eq!(remedy.to_string(), "several structure sets could be the plan's: --select structures=UID");
    /// ```
    #[must_use]
    pub fn of(code: &str) -> Self {
        Code::parse(code).map_or(SEE_PAGE, Code::remedy)
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

pub(super) const SEE_PAGE: Remedy = Remedy::Comparison("docs/findings.md has the meaning of the code");
pub(super) const NOT_PART_OF_A_CASE: Remedy =
    Remedy::Nothing("nothing to do: no case is made of such a file");
pub(super) const UNCOMPRESSED: Remedy =
    Remedy::ExportingSystem("export it uncompressed (Explicit or Implicit VR Little Endian)");
pub(super) const NO_CLOSED_CONTOUR: Remedy = Remedy::ExportingSystem(
    "a ROI without closed contours has no DVH: draw it, or delete it from the structure set",
);
pub(super) const REDRAW: Remedy =
    Remedy::ExportingSystem("redraw or clean up the ROI in the planning system: it gets no DVH as it is");
pub(super) const EMPTY_CONTOUR: Remedy = Remedy::ExportingSystem(
    "look at the ROI in the planning system: a contour that encloses nothing is left out, the others count",
);
pub(super) const GRAY: Remedy = Remedy::Attribute {
    tag: Tag::new(0x3004, 0x0002),
    text: "export the dose in Gy; a relative dose has no gray",
};
pub(super) const NEGATIVE_DOSE: Remedy = Remedy::ExportingSystem(
    "a negative dose is no dose: export it again, and tell the maker of the planning system",
);

#[cfg(test)]
mod tests {
    use super::super::registry;
    use super::*;

    #[test]
    fn every_code_has_a_remedy_that_names_what_settles_it() {
        for entry in registry() {
            let remedy = entry.code.remedy();
            assert!(!remedy.text().is_empty(), "{}", entry.code);
            match remedy {
                Remedy::Option { option: named, text } | Remedy::Command { command: named, text } => {
                    assert!(text.contains(named), "{}: {text}", entry.code);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_code_without_a_remedy_of_its_own_has_its_subjects() {
        let of = |code: Code| code.remedy().to_string();
        assert_eq!(of(super::super::plan::UNKNOWN_BEAM), of(super::super::plan::BEAM_COUNT));
        assert_eq!(Remedy::of("RT9999"), SEE_PAGE);
    }
}

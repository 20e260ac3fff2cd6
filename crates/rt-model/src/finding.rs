//! Findings: what a clinician should know of a value that can still be used, or why it can't.
//!
//! Every finding has a code that never changes its meaning. The registry is split by subject, one file each;
//! the page
//! `docs/findings.md` lists all of it, and a test fails where the two differ.
//!
//! Units: none. Frame: none.

use crate::provenance::Provenance;
use std::fmt;

/// Makes the codes of one subject: a constant each and the table `CODES` for the registry. A code without a
/// remedy of its own has the one that follows `otherwise`.
macro_rules! codes {
    (otherwise $otherwise:expr; $($(#[doc = $doc:literal])+ $name:ident = $number:literal $(=> $remedy:expr)?;)*) => {
        const OTHERWISE: super::Remedy = $otherwise;
        $($(#[doc = $doc])+ pub const $name: super::Code = super::Code($number);)*
        /// Every code of this subject with its meaning and its remedy.
        pub(super) const CODES: &[super::CodeEntry] = &[
            $(super::CodeEntry {
                code: $name,
                name: stringify!($name),
                meaning: concat!($($doc),+),
                remedy: codes!(@remedy $($remedy)?),
            },)*
        ];
    };
    (@remedy) => { OTHERWISE };
    (@remedy $remedy:expr) => { $remedy };
}

pub mod database;
pub mod dose;
pub mod dvh;
pub mod export;
pub mod files;
pub mod images;
pub mod matching;
pub mod plan;
mod remedy;
pub mod structures;

pub use remedy::Remedy;

/// A stable finding code, printed `RT0107`. A number is never used for a second meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

impl Code {
    /// Reads the printed form of a code that the registry has.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        entries().map(|entry| entry.code).find(|code| code.to_string() == text)
    }

    /// What to do about a finding of this code.
    ///
    /// ```
    /// use rt_model::finding::{Code, Remedy, database};
    ///
    /// let code = Code::parse("RT0802").unwrap();
    /// assert_eq!(code, database::STORED_WITH_OTHER_OPTIONS);
    /// assert!(matches!(code.remedy(), Remedy::Command { command: "rt-import recompute", .. }));
    /// ```
    #[must_use]
    pub fn remedy(self) -> Remedy {
        entries().find(|entry| entry.code == self).map_or(remedy::SEE_PAGE, |entry| entry.remedy)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RT{:04}", self.0)
    }
}

/// One row of the registry.
#[derive(Debug, Clone, Copy)]
pub struct CodeEntry {
    /// The code.
    pub code: Code,
    /// Its constant's name.
    pub name: &'static str,
    /// What it says, as the documentation prints it.
    pub meaning: &'static str,
    /// What to do about it.
    pub remedy: Remedy,
}

/// The subjects, in the order of their codes.
const SUBJECTS: [&[CodeEntry]; 9] = [
    files::CODES,
    plan::CODES,
    structures::CODES,
    dose::CODES,
    images::CODES,
    matching::CODES,
    dvh::CODES,
    database::CODES,
    export::CODES,
];

fn entries() -> impl Iterator<Item = &'static CodeEntry> {
    SUBJECTS.into_iter().flatten()
}

/// Every code there is, in order.
///
/// ```
/// let codes = rt_model::finding::registry();
/// assert!(codes.is_sorted_by_key(|entry| entry.code));
/// assert!(codes.iter().all(|entry| !entry.remedy.text().is_empty()));
/// ```
#[must_use]
pub fn registry() -> Vec<CodeEntry> {
    SUBJECTS.concat()
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Something was assumed, repaired or is suspicious; the value is usable with care.
    Warning,
    /// The value, the object or the case can't be used.
    Error,
}

impl Severity {
    /// Reads the printed form: `info`, `warning`, `error`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Error].into_iter().find(|severity| severity.to_string() == text)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing worth telling, with its place. The text holds no patient name and no birth date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of finding.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// Where it was seen.
    pub at: Provenance,
    /// What was expected and found, in words, lower case, no full stop.
    pub text: String,
}

impl Finding {
    /// A finding worth knowing.
    #[must_use]
    pub fn info(code: Code, at: Provenance, text: impl Into<String>) -> Self {
        Self { code, severity: Severity::Info, at, text: text.into() }
    }

    /// A finding that asks for care.
    #[must_use]
    pub fn warning(code: Code, at: Provenance, text: impl Into<String>) -> Self {
        Self { code, severity: Severity::Warning, at, text: text.into() }
    }

    /// A finding that makes its subject unusable.
    #[must_use]
    pub fn error(code: Code, at: Provenance, text: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, at, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.code, self.severity)?;
        if self.at != Provenance::default() {
            write!(f, "{}: ", self.at)?;
        }
        f.write_str(&self.text)
    }
}

/// A value and what was noticed while it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed<T> {
    /// The value.
    pub value: T,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl<T> Parsed<T> {
    /// A value with nothing to say about it.
    pub const fn clean(value: T) -> Self {
        Self { value, findings: Vec::new() }
    }

    /// The same findings around another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed { value: change(self.value), findings: self.findings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_their_range() {
        let all = registry();
        for pair in all.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} and {}", pair[0].code, pair[1].code);
        }
    }

    #[test]
    fn a_code_reads_back() {
        assert_eq!(Code::parse("RT0801"), Some(database::VALUE_DOES_NOT_FIT));
        assert_eq!(Code::parse("RT0800"), None);
    }

    /// `UPDATE_DOCS=1 cargo test -p rt-model` writes the page anew.
    #[test]
    fn every_code_is_documented() {
        let mut page = String::from(
            "# Findings\n\nWhat the programs say about the data they meet. A code keeps its meaning for ever.\n\n\
             | code | name | meaning | remedy |\n|---|---|---|---|\n",
        );
        for entry in registry() {
            page += &format!(
                "| {} | {} | {} | {} |\n",
                entry.code,
                entry.name,
                entry.meaning.trim(),
                entry.remedy
            );
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/findings.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &page).unwrap();
        }
        assert!(
            std::fs::read_to_string(path).unwrap_or_default() == page,
            "docs/findings.md is out of date: run with UPDATE_DOCS=1"
        );
    }
}

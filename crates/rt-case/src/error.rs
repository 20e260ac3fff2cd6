//! Why a case cannot be prepared or evaluated.
//!
//! Units: none. Frame: none.

use rt_model::chain::chain;
use rt_model::derive::{PlanSummary, TotalDose};
use rt_model::finding::Finding;
use rt_model::provenance::Provenance;
use std::error::Error;
use std::fmt;

/// What kind of obstacle it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CaseErrorKind {
    /// Something is missing or ambiguous.
    Incomplete,
    /// The files contradict each other.
    Refused,
    /// The dose grid is not the plan's total: near a number of fractions of it.
    TotalContradicted,
    /// Only a confirmed total would make the dose the plan's, and nothing confirms it.
    TotalNotConfirmed,
    /// The dose grid meets no ROI.
    NoOverlap,
    /// A file cannot be read, or is not the one that was scanned.
    Unreadable,
    /// The doses do not add up.
    NotSummable,
    /// A named file is absent, is no regular file, or holds another kind of object.
    NoInput,
    /// The caller asked to stop.
    Cancelled,
}

/// Why a case cannot be prepared or evaluated, where, and everything that was known until then.
#[derive(Debug)]
pub struct CaseError {
    kind: CaseErrorKind,
    text: String,
    at: Box<Provenance>,
    source: Option<Source>,
    known: Box<Known>,
}

/// What an error comes from.
#[derive(Debug)]
enum Source {
    /// The error is this one.
    Same(Box<dyn Error + Send + Sync>),
    /// The error has this cause.
    Cause(Box<dyn Error + Send + Sync>),
}

/// What was known of a case when it was refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) findings: Vec<Finding>,
    pub(crate) total: Option<TotalDose>,
    pub(crate) summary: Option<PlanSummary>,
}

impl CaseError {
    pub(crate) fn new(kind: CaseErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), at: Box::default(), source: None, known: Box::default() }
    }

    /// An error of another kind of operation, as it is.
    pub(crate) fn of(kind: CaseErrorKind, error: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Source::Same(Box::new(error))), ..Self::new(kind, "") }
    }

    pub(crate) fn at_place(self, at: &Provenance) -> Self {
        Self { at: Box::new(at.clone()), ..self }
    }

    pub(crate) fn caused(self, cause: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Source::Cause(Box::new(cause))), ..self }
    }

    pub(crate) fn knowing(mut self, known: Known) -> Self {
        *self.known = known;
        self
    }

    /// What kind of obstacle it is.
    #[must_use]
    pub const fn kind(&self) -> CaseErrorKind {
        self.kind
    }

    /// Where: a file, an object or an attribute; unknown where the whole case is meant.
    #[must_use]
    pub const fn at(&self) -> &Provenance {
        &self.at
    }

    /// The reason in words, with its causes.
    #[must_use]
    pub fn reason(&self) -> String {
        chain(self)
    }

    /// What was noticed until then, the reason itself included where it has a code.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.known.findings
    }

    /// The outcome of the total-dose check, if it was reached.
    #[must_use]
    pub const fn total(&self) -> Option<&TotalDose> {
        self.known.total.as_ref()
    }

    /// The plan's derived columns, if they were reached.
    #[must_use]
    pub const fn summary(&self) -> Option<&PlanSummary> {
        self.known.summary.as_ref()
    }
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(Source::Same(error)) => error.fmt(f),
            _ => f.write_str(&self.text),
        }
    }
}

impl Error for CaseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.source.as_ref()? {
            Source::Same(error) => error.source(),
            Source::Cause(cause) => Some(&**cause),
        }
    }
}

//! Why a case cannot be prepared or evaluated.
//!
//! Units: none. Frame: none.

use rt_model::derive::{PlanSummary, TotalDose};
use rt_model::finding::Finding;
use std::fmt;

/// What kind of obstacle it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CaseErrorKind {
    /// Something is missing or ambiguous.
    Incomplete,
    /// The files contradict each other, or a rule refuses them.
    Refused,
    /// A file cannot be read, or its content is impossible.
    Failed,
    /// A named file is absent, is no regular file, or holds another kind of object.
    NoInput,
    /// The caller asked to stop.
    Cancelled,
}

/// Why a case cannot be prepared or evaluated, with everything that was known until then.
#[derive(Debug, Clone)]
pub struct CaseError {
    kind: CaseErrorKind,
    reason: String,
    known: Box<Known>,
}

/// What was known of a case when it was refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) findings: Vec<Finding>,
    pub(crate) total: Option<TotalDose>,
    pub(crate) summary: Option<PlanSummary>,
}

impl CaseError {
    pub(crate) fn new(kind: CaseErrorKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), known: Box::default() }
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

    /// The reason in words, with its causes.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
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
        f.write_str(&self.reason)
    }
}

impl std::error::Error for CaseError {}

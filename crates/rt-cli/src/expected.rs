//! A text that the user stated, and that is not what was expected.
//!
//! Units: none. Frame: none.

/// What was expected and what was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found:?}")]
pub struct Unexpected {
    /// What was expected.
    pub expected: &'static str,
    /// What was found.
    pub found: String,
}

impl Unexpected {
    /// Expected `expected`, found `found`.
    #[must_use]
    pub fn new(expected: &'static str, found: impl Into<String>) -> Self {
        Self { expected, found: found.into() }
    }
}

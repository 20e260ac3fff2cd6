//! What goes wrong with a destination.
//!
//! Units: none. Frame: none.

use rt_model::chain::chain;
use rt_net::NetError;
use rt_net::retry::{may_pass, remedy};
use std::error::Error;
use std::fmt;

/// A destination can't be reached or used. Displays as the transport's own error, whose cause is the
/// `source`.
#[derive(Debug)]
pub struct DestinationError {
    kind: DestinationErrorKind,
    remedy: Option<&'static str>,
    error: Box<dyn Error + Send + Sync>,
}

/// Whether it is of use to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DestinationErrorKind {
    /// It may pass by itself.
    Transient,
    /// A person has to act first.
    Permanent,
}

impl DestinationError {
    /// An error that does not pass by itself.
    #[must_use]
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: DestinationErrorKind::Permanent, remedy: None, error: error.into() }
    }

    /// The same error, which may pass by itself.
    #[must_use]
    pub const fn transient(mut self) -> Self {
        self.kind = DestinationErrorKind::Transient;
        self
    }

    /// The same error with what to do about it.
    #[must_use]
    pub const fn with_remedy(mut self, remedy: &'static str) -> Self {
        self.remedy = Some(remedy);
        self
    }

    /// Whether it is of use to try again.
    #[must_use]
    pub const fn kind(&self) -> DestinationErrorKind {
        self.kind
    }

    /// What to do, or to ask the other side's administrator for.
    #[must_use]
    pub const fn remedy(&self) -> Option<&'static str> {
        self.remedy
    }

    /// The error with its causes, and on a line of its own what to do.
    ///
    /// ```
    /// use rt_deliver::DestinationError;
    ///
    /// let error = DestinationError::new("no connection").with_remedy("check host and port");
    /// assert_eq!(error.in_words(), "no connection\n  check host and port");
    /// ```
    #[must_use]
    pub fn in_words(&self) -> String {
        let remedy = self.remedy.map(|remedy| format!("\n  {remedy}")).unwrap_or_default();
        format!("{}{remedy}", chain(self))
    }
}

impl fmt::Display for DestinationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for DestinationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl From<NetError> for DestinationError {
    fn from(error: NetError) -> Self {
        let kind = if may_pass(error.kind()) {
            DestinationErrorKind::Transient
        } else {
            DestinationErrorKind::Permanent
        };
        Self { kind, remedy: remedy(error.kind()), error: error.into() }
    }
}

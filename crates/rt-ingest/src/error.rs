//! Why an import cannot begin or go on.
//!
//! Units: none. Frame: none.

use crate::sink::SinkError;
use rt_model::read::{ScanError, ScanErrorKind};
use std::path::PathBuf;

/// Why an import cannot begin or go on. What stops a single case is in its [`crate::Outcome`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct IngestError(#[from] pub(crate) Cause);

/// The obstacle with its source.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("{}: expected a file or folder, found none", .0.display())]
    Absent(PathBuf),
    #[error(transparent)]
    Scan(ScanError),
    #[error("threads: {0}")]
    Threads(String),
    #[error("a working thread ended: {0}")]
    Worker(String),
    #[error(transparent)]
    Sink(SinkError),
}

/// What kind of obstacle it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IngestErrorKind {
    /// A path is absent or cannot be listed.
    Input,
    /// The user asked to stop.
    Cancelled,
    /// Threads cannot be had, or one ended by a defect.
    Threads,
    /// The database cannot be asked at the start.
    Sink,
}

impl IngestError {
    /// What kind of obstacle it is.
    #[must_use]
    pub fn kind(&self) -> IngestErrorKind {
        match &self.0 {
            Cause::Absent(_) => IngestErrorKind::Input,
            Cause::Scan(error) if matches!(error.kind(), ScanErrorKind::Cancelled) => {
                IngestErrorKind::Cancelled
            }
            Cause::Scan(_) => IngestErrorKind::Input,
            Cause::Threads(_) | Cause::Worker(_) => IngestErrorKind::Threads,
            Cause::Sink(_) => IngestErrorKind::Sink,
        }
    }
}

//! What can go wrong while data sets are built, written or turned into another transfer syntax.
//!
//! Units: none. Frame: none.

use rt_model::provenance::{Provenance, Tag};
use std::error::Error;
use std::path::Path;

/// A data set cannot be encoded, or a file not be written.
#[derive(Debug, thiserror::Error)]
#[error("{at}: {detail}")]
pub struct WriteError {
    kind: WriteErrorKind,
    at: Box<Provenance>,
    detail: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Why something cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WriteErrorKind {
    /// A value has 4 GiB or more, which no length field holds.
    TooLong,
    /// An item has a Specific Character Set of its own.
    CharacterSetOfItem,
    /// Fragments stand elsewhere than in Pixel Data of the outermost data set.
    Fragments,
    /// dicom-object refuses the data set.
    DataSet,
    /// A file cannot be written.
    File,
}

impl WriteError {
    pub(crate) fn at_tag(kind: WriteErrorKind, tag: Tag, detail: &'static str) -> Self {
        let at = Provenance { tag: Some(tag), ..Provenance::unknown() };
        Self { kind, at: Box::new(at), detail, source: None }
    }

    pub(crate) fn data_set(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let at = Box::new(Provenance { path: Some("data set".to_owned()), ..Provenance::unknown() });
        Self { kind: WriteErrorKind::DataSet, at, detail: "cannot be encoded", source: Some(source.into()) }
    }

    pub(crate) fn file(path: &Path, source: std::io::Error) -> Self {
        let at = Box::new(Provenance::of_file(path));
        Self {
            kind: WriteErrorKind::File,
            at,
            detail: "the file cannot be written",
            source: Some(source.into()),
        }
    }

    /// Why.
    #[must_use]
    pub const fn kind(&self) -> WriteErrorKind {
        self.kind
    }

    /// Where.
    #[must_use]
    pub const fn at(&self) -> &Provenance {
        &self.at
    }

    /// Its cause, for who says in words of their own what could not be written.
    #[must_use]
    pub fn into_source(self) -> Option<Box<dyn Error + Send + Sync>> {
        self.source
    }
}

/// An instance cannot be turned into another transfer syntax.
#[derive(Debug, thiserror::Error)]
#[error("{at}: {detail}")]
pub struct TranscodeError {
    kind: TranscodeErrorKind,
    at: Box<Provenance>,
    detail: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Why an instance cannot be turned into another transfer syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TranscodeErrorKind {
    /// It is in a transfer syntax that is not read here.
    TransferSyntax,
    /// Its bytes are not a data set in its transfer syntax.
    Damaged,
    /// Its file cannot be read, or the new one not be written.
    File,
}

impl TranscodeError {
    pub(crate) fn new(kind: TranscodeErrorKind, at: Provenance, detail: &'static str) -> Self {
        Self { kind, at: Box::new(at), detail, source: None }
    }

    pub(crate) fn caused(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Why.
    #[must_use]
    pub const fn kind(&self) -> TranscodeErrorKind {
        self.kind
    }

    /// The instance.
    #[must_use]
    pub const fn at(&self) -> &Provenance {
        &self.at
    }
}

/// An attribute path leads to no element.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: expected an attribute of the data set, found none at this path")]
pub struct PathError {
    path: String,
}

impl PathError {
    /// No element is at `path`.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self { path: path.to_owned() }
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

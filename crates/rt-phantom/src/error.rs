//! What can go wrong while a phantom is made.
//!
//! Units: none. Frame: none.

use rt_dicom::PathError;
use rt_model::provenance::Provenance;
use std::fmt;
use std::path::Path;

/// A phantom could not be made or written.
#[derive(Debug, thiserror::Error)]
pub struct PhantomError {
    kind: PhantomErrorKind,
    at: Provenance,
    source: Option<std::io::Error>,
}

/// Why a phantom could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhantomErrorKind {
    /// The description contradicts itself; says what was expected and found.
    Description(String),
    /// A file or folder could not be written.
    Write,
    /// An attribute path names nothing, or no known attribute.
    Attribute,
    /// The case holds no file of this name.
    File,
}

impl PhantomError {
    pub(crate) fn description(text: impl Into<String>) -> Self {
        Self { kind: PhantomErrorKind::Description(text.into()), at: Provenance::unknown(), source: None }
    }

    pub(crate) fn write(path: &Path, source: std::io::Error) -> Self {
        Self { kind: PhantomErrorKind::Write, at: Provenance::of_file(path), source: Some(source) }
    }

    pub(crate) fn attribute(path: &str) -> Self {
        let at = Provenance { path: Some(path.to_owned()), ..Provenance::unknown() };
        Self { kind: PhantomErrorKind::Attribute, at, source: None }
    }

    pub(crate) fn file(name: &str) -> Self {
        Self { kind: PhantomErrorKind::File, at: Provenance::of_file(name), source: None }
    }

    /// Why.
    #[must_use]
    pub const fn kind(&self) -> &PhantomErrorKind {
        &self.kind
    }
}

impl From<PathError> for PhantomError {
    fn from(error: PathError) -> Self {
        Self::attribute(error.path())
    }
}

impl fmt::Display for PhantomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at != Provenance::unknown() {
            write!(f, "{}: ", self.at)?;
        }
        match &self.kind {
            PhantomErrorKind::Description(text) => f.write_str(text),
            PhantomErrorKind::Write => f.write_str("could not be written"),
            PhantomErrorKind::Attribute => {
                f.write_str("expected an attribute of the data set, found none at this path")
            }
            PhantomErrorKind::File => f.write_str("expected a file of the case, found none of this name"),
        }
    }
}

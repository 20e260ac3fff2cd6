//! Why a case's dose cannot be exported.
//!
//! Units: none. Frame: none.

use rt_model::provenance::Provenance;
use std::error::Error;
use std::fmt;

/// A case cannot be exported, or one of its products cannot be made.
#[derive(Debug)]
pub struct ExportError {
    kind: ExportErrorKind,
    at: Box<Provenance>,
    detail: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExportErrorKind {
    /// Plan, structure set and dose are not settled, or contradict each other.
    NotMatched,
    /// The files name different patients, or the user accepted that they do.
    Patient,
    /// The files are marked as stripped of the patient's identity.
    IdentityRemoved,
    /// The plan treats nobody: verification, machine QA, research, service.
    NotATreatment,
    /// The plan is not approved.
    Unapproved,
    /// The dose is not the plan's total, or nothing confirms it where that is needed.
    Total,
    /// Images and dose are in different frames of reference, or one of them states none.
    Frame,
    /// The images make no stack: several at one place, several orientations, no geometry.
    Images,
    /// Dose and images have no place in common.
    NoOverlap,
    /// The product needs dose in gray, or images, and there are none.
    Unsuitable,
    /// A file cannot be read.
    Read,
    /// A page cannot be made.
    Page,
    /// An instance cannot be encoded.
    Encode,
    /// A file cannot be written.
    Write,
}

impl ExportError {
    pub(crate) fn new(kind: ExportErrorKind, at: Provenance, detail: impl Into<String>) -> Self {
        Self { kind, at: Box::new(at), detail: detail.into(), source: None }
    }

    pub(crate) fn caused(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What stands against it.
    #[must_use]
    pub const fn kind(&self) -> ExportErrorKind {
        self.kind
    }

    /// Where.
    #[must_use]
    pub const fn at(&self) -> &Provenance {
        &self.at
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self.at != Provenance::default() {
            write!(f, "{}: ", self.at)?;
        }
        f.write_str(&self.detail)
    }
}

impl Error for ExportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<rt_dicom::WriteError> for ExportError {
    fn from(error: rt_dicom::WriteError) -> Self {
        Self::new(ExportErrorKind::Encode, Provenance::unknown(), "the instance cannot be encoded")
            .caused(error)
    }
}

impl From<rt_model::read::ReadError> for ExportError {
    fn from(error: rt_model::read::ReadError) -> Self {
        Self::new(ExportErrorKind::Read, Provenance::unknown(), "a file of the case cannot be read")
            .caused(error)
    }
}

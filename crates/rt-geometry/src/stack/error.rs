//! Why a ROI has no volume.
//!
//! Units: none. Frame: none.

use rt_model::finding::{Finding, dvh as codes};
use rt_model::provenance::Provenance;

/// Why a ROI has no volume.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{text}")]
pub struct StackError {
    kind: StackErrorKind,
    text: String,
}

/// What kept a ROI from having a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StackErrorKind {
    /// No closed contour with an area.
    NoClosedContour,
    /// Planes that are not parallel.
    NotParallel,
    /// A single plane without any thickness, or parts on single planes without end caps.
    NoThickness,
    /// A coordinate that is not finite or beyond 100 m.
    ImpossibleCoordinate,
    /// Contours of one plane cross or nest too often to be resolved.
    TooComplex,
}

impl StackError {
    /// What kept the ROI from having a volume.
    #[must_use]
    pub const fn kind(&self) -> StackErrorKind {
        self.kind
    }

    /// This error as a finding about the ROI: information where nothing was drawn, an error where a drawing can't be used.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let at = Provenance::unknown();
        match self.kind {
            StackErrorKind::NoClosedContour => Finding::info(codes::NO_CLOSED_CONTOUR, at, self.text.clone()),
            StackErrorKind::NotParallel => Finding::error(codes::NOT_PARALLEL, at, self.text.clone()),
            StackErrorKind::NoThickness => Finding::error(codes::NO_THICKNESS, at, self.text.clone()),
            StackErrorKind::ImpossibleCoordinate => Finding::error(codes::IMPOSSIBLE_COORDINATE, at, self.text.clone()),
            StackErrorKind::TooComplex => Finding::error(codes::CONTOURS_TOO_COMPLEX, at, self.text.clone()),
        }
    }

    pub(super) fn new(kind: StackErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

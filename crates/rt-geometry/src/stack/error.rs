//! Why a ROI has no volume.
//!
//! Units: none. Frame: none.

use rt_model::finding::{Finding, dvh as codes, structures};
use rt_model::provenance::Provenance;
use rt_model::structure_set::Roi;

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
    /// The ROI lies in another frame of reference than the dose
    /// ([`rt_model::structure_set::Roi::is_foreign`]).
    ForeignFrame,
    /// Contours of the ROI could not be read ([`rt_model::structure_set::Roi::unusable_contours`]): the
    /// others enclose another volume.
    UnusableContours {
        /// How many.
        count: usize,
    },
}

impl StackError {
    /// What kept the ROI from having a volume.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, stack::{RoiStack, StackErrorKind}};
    /// use rt_model::structure_set::Roi;
    ///
    /// let error = RoiStack::build(&Roi::default(), &example::options()).unwrap_err();
    /// assert_eq!(error.kind(), StackErrorKind::NoClosedContour);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> StackErrorKind {
        self.kind
    }

    /// This error as a finding about the ROI: information where nothing was drawn, an error where a drawing
    /// can't be used.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, stack::RoiStack};
    /// use rt_model::structure_set::Roi;
    ///
    /// let damaged = Roi { unusable_contours: 2, ..example::roi() };
    /// let finding = RoiStack::build(&damaged, &example::options()).unwrap_err().finding();
    /// assert_eq!(finding.code.to_string(), "RT0390");
    /// assert_eq!(finding.text, "2 contours can't be used; a DVH of the others would be of another volume");
    /// ```
    #[must_use]
    pub fn finding(&self) -> Finding {
        let at = Provenance::unknown();
        match self.kind {
            StackErrorKind::NoClosedContour => Finding::info(codes::NO_CLOSED_CONTOUR, at, self.text.clone()),
            StackErrorKind::NotParallel => Finding::error(codes::NOT_PARALLEL, at, self.text.clone()),
            StackErrorKind::NoThickness => Finding::error(codes::NO_THICKNESS, at, self.text.clone()),
            StackErrorKind::ImpossibleCoordinate => {
                Finding::error(codes::IMPOSSIBLE_COORDINATE, at, self.text.clone())
            }
            StackErrorKind::TooComplex => Finding::error(codes::CONTOURS_TOO_COMPLEX, at, self.text.clone()),
            StackErrorKind::ForeignFrame => {
                Finding::warning(structures::FOREIGN_FRAME, at, self.text.clone())
            }
            StackErrorKind::UnusableContours { .. } => {
                Finding::error(structures::ROI_LEFT_OUT, at, self.text.clone())
            }
        }
    }

    /// The refusal of a ROI that lacks contours of its file; `None` where it has all of them.
    pub(super) fn of_unusable_contours(roi: &Roi) -> Option<Self> {
        let count = roi.unusable_contours;
        let text = format!("{count} contours can't be used; a DVH of the others would be of another volume");
        (count > 0).then(|| Self::new(StackErrorKind::UnusableContours { count }, text))
    }

    pub(super) fn new(kind: StackErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

//! Why a ROI has no DVH.
//!
//! Units: none. Frame: none.

use rt_dvh::DvhError;
use rt_geometry::stack::{StackError, StackErrorKind};
use rt_model::finding::Finding;

/// Why a ROI has no DVH, or none with a dose.
///
/// ```
/// use rt_draw::report::NoDvh;
/// use rt_geometry::example;
/// use rt_geometry::stack::RoiStack;
/// use rt_model::structure_set::Roi;
///
/// let reason = |roi: Roi| NoDvh::from(RoiStack::build(&roi, &example::options()).unwrap_err());
/// assert_eq!(reason(Roi::default()).to_string(), "no contours");
/// let damaged = Roi { unusable_contours: 2, ..example::roi() };
/// assert_eq!(reason(damaged), NoDvh::UnusableContours(2));
/// assert_eq!(NoDvh::UnusableContours(2).to_string(), "2 contours can't be used");
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoDvh {
    /// This many of its contours cannot be used: a volume of the rest would be wrong.
    #[error("{0} contours can't be used")]
    UnusableContours(usize),
    /// Its contours enclose no volume.
    #[error(transparent)]
    NoVolume(StackError),
    /// Its DVH was not computed.
    #[error(transparent)]
    NotComputed(#[from] DvhError),
    /// What computed the DVHs of a case reports this in place of a DVH.
    #[error("{}", .0.text)]
    Reported(Finding),
    /// No part of it lies inside the dose grid.
    #[error("outside the dose grid")]
    OutsideGrid,
}

impl From<StackError> for NoDvh {
    fn from(error: StackError) -> Self {
        match error.kind() {
            StackErrorKind::UnusableContours { count } => Self::UnusableContours(count),
            _ => Self::NoVolume(error),
        }
    }
}

impl From<Finding> for NoDvh {
    fn from(finding: Finding) -> Self {
        Self::Reported(finding)
    }
}

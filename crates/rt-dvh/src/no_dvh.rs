//! Why a ROI has no DVH.
//!
//! Units: none. Frame: none.

use crate::compute::DvhError;
use rt_geometry::stack::StackError;
use rt_model::finding::{Finding, dvh as codes};
use rt_model::provenance::Provenance;

/// Why a ROI has no DVH, or none with a dose.
///
/// ```
/// use rt_dvh::NoDvh;
/// use rt_geometry::stack::{Between, Caps, RoiStack, StackOptions};
/// use rt_model::structure_set::Roi;
///
/// let options = StackOptions::new(Between::Prism, Caps::HalfSlice);
/// let error = RoiStack::build(&Roi::default(), &options).unwrap_err();
/// assert_eq!(NoDvh::from(error.clone()).to_string(), error.to_string());
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoDvh {
    /// Its contours enclose no volume, or cannot be used.
    #[error(transparent)]
    NoVolume(#[from] StackError),
    /// Its DVH was not computed.
    #[error(transparent)]
    NotComputed(#[from] DvhError),
    /// No part of it lies inside the dose grid.
    #[error("outside the dose grid")]
    OutsideGrid,
}

impl NoDvh {
    /// The reason as a finding about the ROI.
    #[must_use]
    pub fn finding(&self) -> Finding {
        match self {
            Self::NoVolume(error) => error.finding(),
            Self::NotComputed(error) => error.finding(),
            Self::OutsideGrid => {
                Finding::warning(codes::OUTSIDE_GRID, Provenance::unknown(), self.to_string())
            }
        }
    }
}

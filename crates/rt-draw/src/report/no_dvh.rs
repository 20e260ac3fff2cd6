//! Why a ROI has no DVH.
//!
//! Units: none. Frame: none.

use rt_dvh::DvhError;
use rt_geometry::stack::StackError;

/// Why a ROI has no DVH, or none with a dose.
///
/// ```
/// use rt_draw::report::NoDvh;
/// use rt_geometry::stack::{Between, Caps, RoiStack, StackOptions};
/// use rt_model::structure_set::Roi;
///
/// let options = StackOptions { between: Between::Prism, caps: Caps::HalfSlice, fallback_thickness: None };
/// let error = RoiStack::build(&Roi::default(), &options).unwrap_err();
/// assert_eq!(NoDvh::from(error.clone()).to_string(), error.to_string());
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
    NoVolume(#[from] StackError),
    /// Its DVH was not computed.
    #[error(transparent)]
    NotComputed(#[from] DvhError),
    /// No part of it lies inside the dose grid.
    #[error("outside the dose grid")]
    OutsideGrid,
}

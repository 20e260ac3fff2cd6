//! ROIs and dose grids become regions, exact coverage, sampled and composed dose.
//!
//! The way of a ROI: contours of one plane make a [`region::Region`]; planes make a [`stack::RoiStack`], the
//! explicit volume model; a region on a plane of a dose grid has an exact [`coverage::Coverage`] of its
//! cells. Dose is trilinear between voxel centres ([`sample`]); several doses become one in [`compose`];
//! where it has a value, [`isodose`] draws the line.
//!
//! Nothing here knows of DICOM tags, histograms or files.
//!
//! Units: millimetres and gray unless a type says otherwise. Frame: named by the types; plane coordinates in
//! [`plane`].

#![warn(missing_debug_implementations)]

pub mod compose;
pub mod coverage;
pub mod distance;
mod edges;
#[doc(hidden)]
pub mod example;
pub mod isodose;
mod level;
mod linear;
pub mod pixel_plane;
pub mod plane;
pub mod region;
pub mod resample;
pub mod sample;
pub mod solid;
pub mod stack;
pub mod tolerance;
pub mod transform;
mod tree;

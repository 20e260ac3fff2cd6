//! The objects: what the attributes of a plan, a structure set, a dose or an image mean.
//!
//! Units: millimetres and gray; relative and cGy doses are converted or refused. Frame: DICOM patient
//! coordinates (LPS).

pub(super) mod attributes;
pub(super) mod beam;
pub(super) mod brachy;
pub(super) mod case;
pub(super) mod contour;
pub(super) mod control_point;
pub(super) mod dose;
pub(super) mod dose_geometry;
pub(super) mod dose_voxels;
pub(super) mod header;
pub(super) mod image;
pub(super) mod image_pixels;
pub(super) mod object;
pub(super) mod plan;
pub(super) mod source_planes;
pub(super) mod stored_dvh;
pub(super) mod structure_set;

//! What a user may say about data that does not speak for itself.
//!
//! Units: as each field says. Frame: DICOM patient coordinates (LPS).

use crate::units::Gy;

/// How to read data that leaves a question open. The default answers none: such data is refused with its remedy.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ReadOptions {
    /// How to read a Grid Frame Offset Vector that starts neither at 0 nor, in axial frames, at the z of the first voxel.
    pub assume_offsets: Option<AssumeOffsets>,
    /// Take the distance of a dose grid's frames from Slice Thickness (0018,0050) where Grid Frame Offset Vector is absent.
    pub assume_spacing: bool,
    /// The dose that a RELATIVE dose of 1 stands for.
    pub relative_dose_reference: Option<Gy>,
}

impl ReadOptions {
    /// The reference of relative doses, if it can be one.
    pub(super) fn reference(&self) -> Option<Gy> {
        self.relative_dose_reference.filter(|reference| reference.is_finite() && reference.0 > 0.0)
    }
}

/// A reading of Grid Frame Offset Vector (3004,000C).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssumeOffsets {
    /// Distances along the normal; the first is the first frame's, whatever its number.
    Relative,
    /// z coordinates in the patient; the frames are axial and the first value is the z of the first voxel.
    Absolute,
}

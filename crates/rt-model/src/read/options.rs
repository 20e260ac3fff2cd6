//! What a user may say about data that does not speak for itself.
//!
//! Units: as each field says. Frame: DICOM patient coordinates (LPS).

use crate::units::Gy;
use std::fmt;
use std::str::FromStr;

/// How to read data that leaves a question open. The default answers none: such data is refused with its
/// remedy.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ReadOptions {
    /// How to read a Grid Frame Offset Vector that starts neither at 0 nor, in axial frames, at the z of the
    /// first voxel.
    pub assume_offsets: Option<AssumeOffsets>,
    /// Take the distance of a dose grid's frames from Slice Thickness (0018,0050) where Grid Frame Offset
    /// Vector is absent.
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

impl AssumeOffsets {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Relative, Self::Absolute];

    /// The word in options, reports and stored decisions.
    ///
    /// ```
    /// use rt_model::read::AssumeOffsets;
    ///
    /// assert_eq!("absolute".parse(), Ok(AssumeOffsets::Absolute));
    /// assert_eq!(AssumeOffsets::Absolute.as_str(), "absolute");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relative => "relative",
            Self::Absolute => "absolute",
        }
    }
}

impl fmt::Display for AssumeOffsets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A reading that is neither `relative` nor `absolute`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected relative or absolute, found {0:?}")]
pub struct AssumeOffsetsError(String);

impl FromStr for AssumeOffsets {
    type Err = AssumeOffsetsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|how| how.as_str() == text)
            .ok_or_else(|| AssumeOffsetsError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_reading_reads_as_it_prints() {
        for how in AssumeOffsets::ALL {
            assert_eq!(how.to_string().parse(), Ok(how));
        }
    }

    proptest! {
        #[test]
        fn a_reading_is_one_of_two_words(text in "relative|absolute|[a-zA-Z ]{0,10}") {
            match text.parse::<AssumeOffsets>() {
                Ok(how) => prop_assert_eq!(how.to_string(), text),
                Err(_) => prop_assert!(!["relative", "absolute"].contains(&text.as_str())),
            }
        }
    }
}

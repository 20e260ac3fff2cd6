//! The eight patient positions as direction cosines of image rows and columns.
//!
//! The table is literal, so that an error in anybody's transforms can't cancel against it. Source: PS3.3
//! C.7.3.1.1.2 (positions) with C.7.6.2.1.1 (cosines in patient coordinates), for images seen from the
//! scanner's front.
//!
//! Units: none. Frame: DICOM patient coordinates (LPS).

use rt_model::frame::PatientVector;

/// Patient Position (0018,5100).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Position {
    /// Head first, supine.
    Hfs,
    /// Head first, prone.
    Hfp,
    /// Feet first, supine.
    Ffs,
    /// Feet first, prone.
    Ffp,
    /// Head first, lying on the left side.
    Hfdl,
    /// Head first, lying on the right side.
    Hfdr,
    /// Feet first, lying on the left side.
    Ffdl,
    /// Feet first, lying on the right side.
    Ffdr,
}

impl Position {
    /// All eight.
    pub const ALL: [Self; 8] =
        [Self::Hfs, Self::Hfp, Self::Ffs, Self::Ffp, Self::Hfdl, Self::Hfdr, Self::Ffdl, Self::Ffdr];

    /// The term as DICOM writes it.
    #[must_use]
    pub const fn term(self) -> &'static str {
        match self {
            Self::Hfs => "HFS",
            Self::Hfp => "HFP",
            Self::Ffs => "FFS",
            Self::Ffp => "FFP",
            Self::Hfdl => "HFDL",
            Self::Hfdr => "HFDR",
            Self::Ffdl => "FFDL",
            Self::Ffdr => "FFDR",
        }
    }

    /// Row and column cosines of an axial plane.
    #[must_use]
    pub const fn cosines(self) -> [PatientVector; 2] {
        let [rx, ry, cx, cy] = match self {
            Self::Hfs => [1.0, 0.0, 0.0, 1.0],
            Self::Hfp => [-1.0, 0.0, 0.0, -1.0],
            Self::Ffs => [-1.0, 0.0, 0.0, 1.0],
            Self::Ffp => [1.0, 0.0, 0.0, -1.0],
            Self::Hfdl => [0.0, -1.0, 1.0, 0.0],
            Self::Hfdr => [0.0, 1.0, -1.0, 0.0],
            Self::Ffdl => [0.0, 1.0, 1.0, 0.0],
            Self::Ffdr => [0.0, -1.0, -1.0, 0.0],
        };
        [PatientVector::new(rx, ry, 0.0), PatientVector::new(cx, cy, 0.0)]
    }

    /// Which way the normal of an axial plane points: +1 to the head, -1 to the feet.
    #[must_use]
    pub const fn normal_z(self) -> f64 {
        match self {
            Self::Hfs | Self::Hfp | Self::Hfdl | Self::Hfdr => 1.0,
            Self::Ffs | Self::Ffp | Self::Ffdl | Self::Ffdr => -1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_follow_from_the_cosines() {
        for position in Position::ALL {
            let [row, column] = position.cosines();
            let determinant = row.x * column.y - row.y * column.x;
            assert_eq!(determinant, position.normal_z(), "{}", position.term());
        }
    }
}

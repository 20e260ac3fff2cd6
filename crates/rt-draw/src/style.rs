//! How dose is coloured: levels, palettes, unit.
//!
//! Units: as [`DoseUnit`] says. Frame: none.

use std::fmt;

/// What a number of dose is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DoseUnit {
    /// Gray.
    Gy,
    /// Gray weighted by relative biological effectiveness: the effective dose of an ion plan.
    GyRbe,
    /// Percent of a reference that the file does not state: a relative dose.
    Percent,
}

impl fmt::Display for DoseUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gy => "Gy",
            Self::GyRbe => "Gy(RBE)",
            Self::Percent => "%",
        })
    }
}

/// A shown dose level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Dose in the case's unit.
    pub dose: f64,
    /// Red, green, blue of its line; the wash from this level up to the next has the same.
    pub colour: [u8; 3],
}

/// What is shown on a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureStyle {
    /// Levels, rising; below the first nothing is shown.
    pub levels: Vec<Level>,
    /// The unit of the levels and of the scene's dose.
    pub unit: DoseUnit,
    /// Opacity of the colour wash, 0 to 1; 0 shows lines alone.
    pub opacity: f64,
    /// Draw isodose lines.
    pub lines: bool,
    /// Draw ROI outlines.
    pub outlines: bool,
}

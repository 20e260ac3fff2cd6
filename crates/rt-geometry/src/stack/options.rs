//! The choices that turn planes into a volume.
//!
//! Units: millimetres. Frame: none.

use super::structure_planes::Neighbours;
use rt_model::units::Mm;
use std::fmt;
use std::str::FromStr;

/// How the space between two planes is filled.
///
/// Written as `prism` or `interpolated`; reading takes what writing gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Between {
    /// Each plane reaches half-way to its neighbours.
    Prism,
    /// Shape-based: at a part t of the way, what lies where (1 - t) times the signed distance to the lower
    /// plane's boundary plus t times that to the upper's is positive (Raya and Udupa 1990, IEEE Trans Med
    /// Imaging 9:32; Herman et al. 1992, IEEE Comput Graph Appl 12(3):69).
    ///
    /// Parts of two planes correspond where they overlap, one with several where it branches. A part (or
    /// hole) that nothing overlaps on the other plane ends as a whole run does: by [`Caps`], at most
    /// half-way. Without that rule, how fast a part vanishes would depend on how far away other parts are.
    Interpolated,
}

/// How far a run of planes reaches beyond its end planes.
///
/// Written as `none`, `half-slice`, `half-slice-capped(1.5 mm)` or `rounded`; reading takes what writing
/// gives.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Caps {
    /// Not at all: an end plane keeps its inward half only.
    None,
    /// By half the nominal spacing.
    HalfSlice,
    /// By half the nominal spacing, at most by this much.
    HalfSliceCapped(Mm),
    /// By half the nominal spacing h, rounded: at distance z from the plane, its region without a border of h
    /// - √(h² - z²).
    Rounded,
}

/// The version of the rules that make planes out of contours: which contours share a plane, which spaces
/// between planes belong to the ROI, and how long its caps are.
///
/// Written as `1` and `2`; reading takes what writing gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlaneRules {
    /// Contours within 0.01 mm share a plane; gaps and caps go by the median distance of the ROI's planes.
    /// Kept so that stored volumes reproduce.
    Version1,
    /// Frames fitted to all contours, planes by each ROI's own slice distance, and gaps and caps by what the
    /// ROIs drawn on the same planes tell ([`super::StructurePlanes`]).
    Version2,
}

/// How steps between planes are read that leave a doubt ([`PlaneRules::Version2`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Reading {
    /// As is likeliest.
    #[default]
    Likely,
    /// Each of them as a gap.
    Sparse,
}

/// The volume model, and the ROI's neighbours in its structure set.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct StackOptions<'s> {
    /// From contours to planes.
    pub planes: PlaneRules,
    /// Between planes.
    pub between: Between,
    /// At the ends.
    pub caps: Caps,
    /// Of steps in doubt.
    pub reading: Reading,
    /// The other ROIs of the structure set; without them the ROI is looked at alone.
    pub neighbours: Option<Neighbours<'s>>,
}

impl<'s> StackOptions<'s> {
    /// These rules with the newest ones for planes, for a ROI that is looked at alone.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::stack::{Between, Caps, PlaneRules, StackOptions};
    ///
    /// assert_eq!(StackOptions::new(Between::Prism, Caps::HalfSlice).planes, PlaneRules::Version2);
    /// ```
    #[must_use]
    pub const fn new(between: Between, caps: Caps) -> Self {
        Self { planes: PlaneRules::Version2, between, caps, reading: Reading::Likely, neighbours: None }
    }

    /// The same with other rules for planes.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::stack::{Between, Caps, PlaneRules, StackOptions};
    ///
    /// let options = StackOptions::new(Between::Prism, Caps::Rounded).with_planes(PlaneRules::Version1);
    /// assert_eq!(options.planes, PlaneRules::Version1);
    /// ```
    #[must_use]
    pub const fn with_planes(self, planes: PlaneRules) -> Self {
        Self { planes, ..self }
    }

    /// The same with another rule between planes.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::stack::{Between, Caps, StackOptions};
    ///
    /// let options = StackOptions::new(Between::Prism, Caps::Rounded).with_between(Between::Interpolated);
    /// assert_eq!((options.between, options.caps), (Between::Interpolated, Caps::Rounded));
    /// ```
    #[must_use]
    pub const fn with_between(self, between: Between) -> Self {
        Self { between, ..self }
    }

    /// The same with other ends.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::stack::{Between, Caps, StackOptions};
    ///
    /// let options = StackOptions::new(Between::Prism, Caps::Rounded).with_caps(Caps::None);
    /// assert_eq!((options.between, options.caps), (Between::Prism, Caps::None));
    /// ```
    #[must_use]
    pub const fn with_caps(self, caps: Caps) -> Self {
        Self { caps, ..self }
    }

    /// The same with another reading of steps in doubt.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::stack::{Between, Caps, Reading, StackOptions};
    ///
    /// let options = StackOptions::new(Between::Prism, Caps::Rounded).with_reading(Reading::Sparse);
    /// assert_eq!(options.reading, Reading::Sparse);
    /// ```
    #[must_use]
    pub const fn with_reading(self, reading: Reading) -> Self {
        Self { reading, ..self }
    }

    /// The same for a ROI of a structure set.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, stack::StructurePlanes};
    ///
    /// let rois = [example::roi()];
    /// let planes = StructurePlanes::of(&rois);
    /// assert!(example::options().with_neighbours(planes.neighbours(0)).neighbours.is_some());
    /// ```
    #[must_use]
    pub const fn with_neighbours(self, neighbours: Neighbours<'s>) -> Self {
        Self { neighbours: Some(neighbours), ..self }
    }
}

/// A name of a rule between planes or of caps that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found:?}")]
pub struct ParseRuleError {
    expected: &'static str,
    found: String,
}

impl fmt::Display for PlaneRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version1 => "1",
            Self::Version2 => "2",
        })
    }
}

impl FromStr for PlaneRules {
    type Err = ParseRuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "1" => Ok(Self::Version1),
            "2" => Ok(Self::Version2),
            _ => Err(ParseRuleError { expected: "1 or 2", found: text.to_owned() }),
        }
    }
}

impl fmt::Display for Between {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prism => "prism",
            Self::Interpolated => "interpolated",
        })
    }
}

impl FromStr for Between {
    type Err = ParseRuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "prism" => Ok(Self::Prism),
            "interpolated" => Ok(Self::Interpolated),
            _ => Err(ParseRuleError { expected: "prism or interpolated", found: text.to_owned() }),
        }
    }
}

impl fmt::Display for Caps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::HalfSlice => f.write_str("half-slice"),
            Self::HalfSliceCapped(most) => write!(f, "half-slice-capped({most})"),
            Self::Rounded => f.write_str("rounded"),
        }
    }
}

impl FromStr for Caps {
    type Err = ParseRuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let most = |text: &str| {
            let mm: f64 = text.strip_prefix("half-slice-capped(")?.strip_suffix(" mm)")?.parse().ok()?;
            (mm.is_finite() && mm >= 0.0).then_some(Mm(mm))
        };
        match text {
            "none" => Ok(Self::None),
            "half-slice" => Ok(Self::HalfSlice),
            "rounded" => Ok(Self::Rounded),
            _ => most(text).map(Self::HalfSliceCapped).ok_or_else(|| ParseRuleError {
                expected: "none, half-slice, half-slice-capped(1.5 mm) or rounded",
                found: text.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_rule_reads_back_as_written(
            between in prop_oneof![Just(Between::Prism), Just(Between::Interpolated)],
            caps in prop_oneof![
                Just(Caps::None),
                Just(Caps::HalfSlice),
                prop_oneof![0.0f64..1e-6, 0.0f64..50.0, 0.0..=f64::MAX].prop_map(|mm| Caps::HalfSliceCapped(Mm(mm))),
                Just(Caps::Rounded),
            ],
        ) {
            prop_assert_eq!(between.to_string().parse(), Ok(between));
            prop_assert_eq!(caps.to_string().parse(), Ok(caps));
        }

        #[test]
        fn what_reads_is_written_the_same_way(text in "(prism|interpolated|none|half-slice(-capped\\([0-9.]{1,9} mm\\))?|rounded)\\PC{0,2}") {
            if let Ok(between) = text.parse::<Between>() {
                prop_assert_eq!(between.to_string(), text.clone());
            }
            if let Ok(caps) = text.parse::<Caps>() {
                prop_assert_eq!(caps.to_string().parse(), Ok(caps));
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for planes in [PlaneRules::Version1, PlaneRules::Version2] {
            assert_eq!(planes.to_string().parse(), Ok(planes));
        }
        for between in [Between::Prism, Between::Interpolated] {
            assert_eq!(between.to_string().parse(), Ok(between));
        }
        for caps in [Caps::None, Caps::HalfSlice, Caps::HalfSliceCapped(Mm(1.5)), Caps::Rounded] {
            assert_eq!(caps.to_string().parse(), Ok(caps));
        }
        assert_eq!(Caps::HalfSliceCapped(Mm(1.5)).to_string(), "half-slice-capped(1.5 mm)");
        for wrong in
            ["", "flat", "half-slice-capped(-1 mm)", "half-slice-capped(x mm)", "half-slice-capped(NaN mm)"]
        {
            assert!(wrong.parse::<Caps>().is_err(), "{wrong}");
        }
    }
}

//! The numbers clinicians read from a DVH, by their names.
//!
//! | name | what it is | default unit | page |
//! |---|---|---|---|
//! | `D95%`, `D2cc` | the largest dose that at least this volume receives | Gy | [`dose_at_volume`] |
//! | `DC700cc`, `DC5%` | the largest dose in the coldest part of this volume | Gy | [`dose_at_volume`] |
//! | `V20Gy`, `V95%` | the volume that receives at least this dose | % | [`volume_at_dose`] |
//! | `CV20Gy`, `CV95%` | the volume that receives less than this dose | cc | [`volume_at_dose`] |
//! | `Min` `Mean` `Max` `Median` | of the dose over the volume | Gy | [`statistics`] |
//! | `gEUD(a=8)` | generalised equivalent uniform dose | Gy | [`geud`] |
//! | `HI` | homogeneity index | none | [`homogeneity`] |
//! | `CI` `PCI` `GI` `R50` | conformity and gradient indices | none | [`conformity`] |
//!
//! A unit in brackets chooses another one: `D95%[%]` (of the prescription), `V20Gy[cc]`, `Mean[EQD2]`,
//! `D2cc[BED]` ([`fractionation`]). A dose level in percent is of the prescription too. The names follow AAPM
//! TG-263 (2018) and Mayo et al., Pract Radiat Oncol 2016; 6: 117.
//!
//! What cannot be computed has no value, with its [`Reason`]; never a silent 0. Where part of the ROI lies
//! outside the dose grid (coverage under 99.9 %), the value is of the covered part, and the interval states
//! what the whole ROI may have: low with the rest at 0 Gy, high with the rest at the largest dose on the
//! grid's border.
//!
//! ```
//! use rt_dvh::metric::Metric;
//! let metric: Metric = "D0.03cc".parse().unwrap();
//! assert_eq!(metric.to_string(), "D0.03cc[Gy]");
//! assert!("D95".parse::<Metric>().is_err());
//! ```
//!
//! Units: as the metric says. Frame: none.

pub mod conformity;
mod context;
pub mod dose_at_volume;
mod evaluate;
pub mod fractionation;
pub mod geud;
pub mod homogeneity;
mod known;
mod parse;
pub mod statistics;
mod value;
pub mod volume_at_dose;

pub use context::{MetricContext, Reason};
pub use parse::ParseMetricError;
pub use value::MetricValue;

use std::fmt;
use std::str::FromStr;

/// A number to read from a DVH.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Metric {
    /// `D95%`, `D2cc`: the largest dose that at least a volume receives. See [`dose_at_volume`].
    DoseAtVolume {
        /// The volume.
        volume: VolumeLevel,
        /// Unit of the answer.
        unit: DoseUnit,
    },
    /// `DC700cc`: the largest dose in the coldest part of a volume. See [`dose_at_volume`].
    ColdDose {
        /// The volume.
        volume: VolumeLevel,
        /// Unit of the answer.
        unit: DoseUnit,
    },
    /// `V20Gy`: the volume that receives at least a dose. See [`volume_at_dose`].
    VolumeAtDose {
        /// The dose.
        dose: DoseLevel,
        /// Unit of the answer.
        unit: VolumeUnit,
    },
    /// `CV20Gy`: the volume that receives less than a dose. See [`volume_at_dose`].
    ColdVolume {
        /// The dose.
        dose: DoseLevel,
        /// Unit of the answer.
        unit: VolumeUnit,
    },
    /// The smallest dose. See [`statistics`].
    Min(DoseUnit),
    /// The mean dose. See [`statistics`].
    Mean(DoseUnit),
    /// The largest dose. See [`statistics`].
    Max(DoseUnit),
    /// The dose that half of the volume receives. See [`statistics`].
    Median(DoseUnit),
    /// `gEUD(a=8)`: the generalised equivalent uniform dose. See [`geud`].
    Geud {
        /// The exponent, not 0: large for serial organs, negative for targets.
        a: f64,
        /// Unit of the answer.
        unit: DoseUnit,
    },
    /// `HI`: the homogeneity index. See [`homogeneity`].
    Homogeneity,
    /// `CI`: the RTOG conformity index. See [`conformity`].
    Conformity,
    /// `PCI`: Paddick's conformity index. See [`conformity`].
    PaddickConformity,
    /// `GI`: the gradient index. See [`conformity`].
    Gradient,
    /// `R50`: the volume at half the prescription to the target's. See [`conformity`].
    R50,
}

/// A volume asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum VolumeLevel {
    /// Percent of the ROI inside the dose grid, 0 to 100.
    Percent(f64),
    /// Cubic centimetres.
    Cm3(f64),
}

/// A dose asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DoseLevel {
    /// Gray.
    Gy(f64),
    /// Percent of the prescription.
    Percent(f64),
}

/// Unit of a dose that is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DoseUnit {
    /// Gray.
    Gy,
    /// Percent of the prescription.
    Percent,
    /// Gray in fractions of 2 Gy of the same effect. See [`fractionation`].
    Eqd2,
    /// Gray of biologically effective dose. See [`fractionation`].
    Bed,
}

/// Unit of a volume that is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeUnit {
    /// Percent of the ROI inside the dose grid.
    Percent,
    /// Cubic centimetres.
    Cm3,
}

/// Unit of a metric's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricUnit {
    /// Gray.
    Gy,
    /// Percent.
    Percent,
    /// Cubic centimetres.
    Cm3,
    /// Gray in fractions of 2 Gy.
    Eqd2,
    /// Gray of biologically effective dose.
    Bed,
    /// A ratio, printed as 1.
    Ratio,
}

impl fmt::Display for MetricUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gy => "Gy",
            Self::Percent => "%",
            Self::Cm3 => "cm3",
            Self::Eqd2 => "Gy EQD2",
            Self::Bed => "Gy BED",
            Self::Ratio => "1",
        })
    }
}

/// A text that is not a unit of a metric's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected Gy, %, cm3, Gy EQD2, Gy BED or 1, found {0:?}")]
pub struct ParseUnitError(String);

/// Reads what writing gives.
impl FromStr for MetricUnit {
    type Err = ParseUnitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Gy, Self::Percent, Self::Cm3, Self::Eqd2, Self::Bed, Self::Ratio];
        all.into_iter().find(|unit| unit.to_string() == text).ok_or_else(|| ParseUnitError(text.to_owned()))
    }
}

impl From<DoseUnit> for MetricUnit {
    fn from(unit: DoseUnit) -> Self {
        match unit {
            DoseUnit::Gy => Self::Gy,
            DoseUnit::Percent => Self::Percent,
            DoseUnit::Eqd2 => Self::Eqd2,
            DoseUnit::Bed => Self::Bed,
        }
    }
}

impl From<VolumeUnit> for MetricUnit {
    fn from(unit: VolumeUnit) -> Self {
        match unit {
            VolumeUnit::Percent => Self::Percent,
            VolumeUnit::Cm3 => Self::Cm3,
        }
    }
}

impl Metric {
    /// The unit of its value.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::{Metric, MetricUnit};
    ///
    /// assert_eq!("V20Gy".parse::<Metric>().unwrap().unit(), MetricUnit::Percent);
    /// ```
    #[must_use]
    pub fn unit(&self) -> MetricUnit {
        match *self {
            Self::DoseAtVolume { unit, .. } | Self::ColdDose { unit, .. } | Self::Geud { unit, .. } => {
                unit.into()
            }
            Self::Min(unit) | Self::Mean(unit) | Self::Max(unit) | Self::Median(unit) => unit.into(),
            Self::VolumeAtDose { unit, .. } | Self::ColdVolume { unit, .. } => unit.into(),
            Self::Homogeneity | Self::Conformity | Self::PaddickConformity | Self::Gradient | Self::R50 => {
                MetricUnit::Ratio
            }
        }
    }
}

/// The name with its unit, which reads back as the same metric. Ratios have no unit.
impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DoseAtVolume { volume, .. } => write!(f, "D{volume}")?,
            Self::ColdDose { volume, .. } => write!(f, "DC{volume}")?,
            Self::VolumeAtDose { dose, .. } => write!(f, "V{dose}")?,
            Self::ColdVolume { dose, .. } => write!(f, "CV{dose}")?,
            Self::Min(_) => f.write_str("Min")?,
            Self::Mean(_) => f.write_str("Mean")?,
            Self::Max(_) => f.write_str("Max")?,
            Self::Median(_) => f.write_str("Median")?,
            Self::Geud { a, .. } => write!(f, "gEUD(a={a})")?,
            Self::Homogeneity => f.write_str("HI")?,
            Self::Conformity => f.write_str("CI")?,
            Self::PaddickConformity => f.write_str("PCI")?,
            Self::Gradient => f.write_str("GI")?,
            Self::R50 => f.write_str("R50")?,
        }
        f.write_str(match self.unit() {
            MetricUnit::Gy => "[Gy]",
            MetricUnit::Percent => "[%]",
            MetricUnit::Cm3 => "[cc]",
            MetricUnit::Eqd2 => "[EQD2]",
            MetricUnit::Bed => "[BED]",
            MetricUnit::Ratio => "",
        })
    }
}

impl fmt::Display for VolumeLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent}%"),
            Self::Cm3(cm3) => write!(f, "{cm3}cc"),
        }
    }
}

impl fmt::Display for DoseLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gy(gy) => write!(f, "{gy}Gy"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

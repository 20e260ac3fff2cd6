//! The numbers clinicians read from a DVH, by their names.
//!
//! | name | formula | default unit |
//! |---|---|---|
//! | `D95%`, `D2cc` | the largest dose that at least this volume receives (the smallest dose in the hottest volume) | Gy |
//! | `V20Gy`, `V95%` | the volume that receives at least this dose (percent: of the prescription) | % |
//! | `Min` `Mean` `Max` | exact for the volume model | Gy |
//! | `Median` | `D50%` | Gy |
//!
//! A unit in brackets chooses another one: `D95%[%]` (of the prescription), `V20Gy[cc]`. The names follow AAPM TG-263 (2018) and
//! Mayo et al., Pract Radiat Oncol 2016; 6: 117.
//!
//! Where part of the ROI lies outside the dose grid (coverage under 99.9 %), the value is of the covered part, and the interval
//! tells what the whole ROI may have: low with the rest at 0 Gy, high with the rest at the largest dose on the grid's border.
//!
//! ```
//! use rt_dvh::metric::Metric;
//! let metric: Metric = "D0.03cc".parse().unwrap();
//! assert_eq!(metric.to_string(), "D0.03cc[Gy]");
//! assert!("D95".parse::<Metric>().is_err());
//! ```
//!
//! Units: as the metric says. Frame: none.

mod evaluate;
mod parse;

pub use evaluate::{MetricContext, MetricValue, Reason};
pub use parse::ParseMetricError;

use std::fmt;

/// A number to read from a DVH.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Metric {
    /// The largest dose that at least a volume receives.
    DoseAtVolume {
        /// The volume.
        volume: VolumeLevel,
        /// Unit of the answer.
        unit: DoseUnit,
    },
    /// The volume that receives at least a dose.
    VolumeAtDose {
        /// The dose.
        dose: DoseLevel,
        /// Unit of the answer.
        unit: VolumeUnit,
    },
    /// The smallest dose.
    Min(DoseUnit),
    /// The mean dose.
    Mean(DoseUnit),
    /// The largest dose.
    Max(DoseUnit),
    /// The dose that half of the volume receives.
    Median(DoseUnit),
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
pub enum DoseUnit {
    /// Gray.
    Gy,
    /// Percent of the prescription.
    Percent,
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
}

impl fmt::Display for MetricUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gy => "Gy",
            Self::Percent => "%",
            Self::Cm3 => "cm3",
        })
    }
}

impl Metric {
    /// The unit of its value.
    #[must_use]
    pub const fn unit(&self) -> MetricUnit {
        match self {
            Self::DoseAtVolume { unit, .. } | Self::Min(unit) | Self::Mean(unit) | Self::Max(unit) | Self::Median(unit) => {
                match unit {
                    DoseUnit::Gy => MetricUnit::Gy,
                    DoseUnit::Percent => MetricUnit::Percent,
                }
            }
            Self::VolumeAtDose { unit: VolumeUnit::Percent, .. } => MetricUnit::Percent,
            Self::VolumeAtDose { unit: VolumeUnit::Cm3, .. } => MetricUnit::Cm3,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DoseAtVolume { volume: VolumeLevel::Percent(percent), .. } => write!(f, "D{percent}%")?,
            Self::DoseAtVolume { volume: VolumeLevel::Cm3(cm3), .. } => write!(f, "D{cm3}cc")?,
            Self::VolumeAtDose { dose: DoseLevel::Gy(gy), .. } => write!(f, "V{gy}Gy")?,
            Self::VolumeAtDose { dose: DoseLevel::Percent(percent), .. } => write!(f, "V{percent}%")?,
            Self::Min(_) => f.write_str("Min")?,
            Self::Mean(_) => f.write_str("Mean")?,
            Self::Max(_) => f.write_str("Max")?,
            Self::Median(_) => f.write_str("Median")?,
        }
        f.write_str(match self.unit() {
            MetricUnit::Gy => "[Gy]",
            MetricUnit::Percent => "[%]",
            MetricUnit::Cm3 => "[cc]",
        })
    }
}

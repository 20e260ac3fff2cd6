//! The metrics of a ROI with their units, intervals and reasons.
//!
//! Units: as each metric says. Frame: DICOM patient coordinates (LPS) for ROIs and dose.

use crate::prepared::NoLevel;
use rt_dvh::band::BandReason;
use rt_dvh::metric::ParseMetricError;
use rt_dvh::{Band, Metric, MetricUnit, NoDvh, Reason};
use std::fmt;
use std::str::FromStr;

/// A metric that was asked for, with the text that asked.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedMetric {
    /// As the user wrote it.
    pub text: String,
    /// As it was understood.
    pub metric: Metric,
}

/// A metric by its own name.
impl From<Metric> for AskedMetric {
    fn from(metric: Metric) -> Self {
        Self { text: metric.to_string(), metric }
    }
}

impl FromStr for AskedMetric {
    type Err = ParseMetricError;

    /// Reads a metric by its name.
    ///
    /// ```
    /// let asked: rt_case::AskedMetric = "D95%".parse().unwrap();
    /// assert_eq!((asked.text.as_str(), asked.metric.to_string()), ("D95%", "D95%[Gy]".to_owned()));
    /// ```
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { text: text.to_owned(), metric: text.parse()? })
    }
}

/// A metric's value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MetricResult {
    /// What was asked.
    pub asked: AskedMetric,
    /// The value, of the part inside the dose grid; always finite.
    pub value: Option<f64>,
    /// Unit of value, low and high.
    pub unit: MetricUnit,
    /// The least it can be.
    pub low: Option<f64>,
    /// The most it can be.
    pub high: Option<f64>,
    /// Why there is no value, or what to mind.
    pub reason: Option<MetricReason>,
    /// The uncertainty interval by cause, if it was asked for.
    pub band: Option<Band>,
}

/// Why a metric has no value, or what to mind about it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MetricReason {
    /// The ROI has no DVH.
    NoDvh(NoDvh),
    /// The metric needs a prescription and the case settles none for the ROI.
    NoLevel(NoLevel),
    /// What the engine says.
    Engine(Reason),
    /// There is a value, but no uncertainty interval.
    NoBand {
        /// What to mind about the value itself.
        value: Option<Box<MetricReason>>,
        /// Why there is no interval.
        band: BandReason,
    },
}

impl fmt::Display for MetricReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDvh(why) => why.fmt(f),
            Self::NoLevel(why) => write!(f, "{}: {why}", Reason::NeedsPrescription),
            Self::Engine(reason) => reason.fmt(f),
            Self::NoBand { value: Some(value), band } => write!(f, "{value}; no band: {band}"),
            Self::NoBand { value: None, band } => write!(f, "no band: {band}"),
        }
    }
}

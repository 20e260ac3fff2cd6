//! A metric's value and the interval of what the whole ROI may have.
//!
//! Units: as the metric says. Frame: none.

use super::{MetricUnit, Reason};

/// A metric's value with the interval of what the whole ROI may have.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MetricValue {
    /// The value; `None` where it can't be told.
    pub value: Option<f64>,
    /// Unit of value, low and high.
    pub unit: MetricUnit,
    /// Lower end of the interval, where part of the ROI lies outside the dose grid.
    pub low: Option<f64>,
    /// Upper end of the interval, where part of the ROI lies outside the dose grid; `None` there where
    /// nothing bounds it.
    pub high: Option<f64>,
    /// Why there is no value, or that the value is of a part.
    pub reason: Option<Reason>,
}

/// A value, and its least and most with the part outside the dose grid taken into account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reported {
    pub(super) value: f64,
    pub(super) low: f64,
    /// Infinite where nothing bounds it.
    pub(super) high: f64,
}

impl Reported {
    /// A value that the part outside does not change.
    pub(super) const fn certain(value: f64) -> Self {
        Self { value, low: value, high: value }
    }

    /// All three, changed by a function that never falls.
    pub(super) fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Self { value: change(self.value), low: change(self.low), high: change(self.high) }
    }
}

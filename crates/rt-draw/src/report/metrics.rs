//! The numbers of the tables.
//!
//! Units: the case's dose unit, cm³, percent. Frame: none.

use super::{NoDvh, ReportRoi};
use rt_dvh::{Dvh, Metric, MetricContext};
use rt_model::structure_set::TargetKind;

/// What the tables show of each ROI, by the metric's name.
pub(super) const COLUMNS: [&str; 8] = ["Min", "Mean", "Max", "D98%", "D95%", "D50%", "D2%", "D0.03cc"];

/// Below this coverage a value is marked as one of a part, percent.
const WHOLE_PERCENT: f64 = 99.9;

/// A value of a table with the interval of what the whole ROI may have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub(super) value: Option<f64>,
    pub(super) interval: Option<(f64, f64)>,
    /// Why there is no value, or of which part it is.
    pub(super) reason: Option<String>,
}

impl Cell {
    /// Two decimals, a dash without a value, a star where the value is of a part of the ROI.
    pub(super) fn text(&self) -> String {
        match (self.value, &self.reason) {
            (Some(value), None) => format!("{value:.2}"),
            (Some(value), Some(_)) => format!("{value:.2}*"),
            (None, _) => "-".to_owned(),
        }
    }
}

/// A metric of a DVH.
pub(super) fn cell(dvh: &Dvh, metric: &str) -> Cell {
    let Ok(metric) = metric.parse::<Metric>() else {
        return Cell { value: None, interval: None, reason: Some("no such metric".to_owned()) };
    };
    let metric_value = dvh.evaluate(&metric, &MetricContext::default());
    Cell {
        value: metric_value.value,
        interval: metric_value.low.zip(metric_value.high),
        reason: metric_value.reason.map(|reason| reason.to_string()),
    }
}

/// Part of the ROI lies outside the dose grid.
pub(super) fn is_partial(dvh: &Dvh) -> bool {
    dvh.coverage().0 < WHOLE_PERCENT
}

/// The ROIs that have a dose, with their DVHs.
pub(super) fn with_dose(rois: &[ReportRoi]) -> impl Iterator<Item = (&ReportRoi, &Dvh)> {
    rois.iter().filter_map(|roi| Some((roi, roi.curve().ok()?)))
}

/// The ROIs without a dose, with the reason.
pub(super) fn without_dose(rois: &[ReportRoi]) -> impl Iterator<Item = (&ReportRoi, &NoDvh)> {
    rois.iter().filter_map(|roi| Some((roi, roi.curve().err()?)))
}

/// A target by its interpreted type.
pub(super) fn is_target(roi: &ReportRoi) -> bool {
    roi.interpreted_type.as_deref().and_then(TargetKind::parse).is_some()
}

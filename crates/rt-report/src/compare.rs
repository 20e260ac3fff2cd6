//! The report of a comparison.
//!
//! Units: Gy, cm3, percent, as the names say. Frame: none.

use crate::engine::Engine;
use crate::{FindingReport, finite};
use rt_case::compare::{self, Trial};
use serde::Serialize;

/// Schema of [`CompareReport`].
pub const COMPARE_SCHEMA: &str = "dosebridge.compare-report/1";

/// A comparison with another system's DVHs. Differences are ours less theirs.
#[derive(Debug, Clone, Serialize)]
pub struct CompareReport {
    /// [`COMPARE_SCHEMA`].
    pub schema: &'static str,
    /// What made the numbers.
    pub engine: Engine,
    /// How our DVHs were computed.
    pub dvh_options: String,
    /// What kind of file theirs came from.
    pub table_format: &'static str,
    /// Distance in dose that just agrees.
    pub dose_criterion_gy: f64,
    /// What the dose criterion was percent of.
    pub dose_percent_of: &'static str,
    /// Distance in volume that just agrees.
    pub volume_criterion_percent: f64,
    /// Points that have to agree.
    pub pass_percent: f64,
    /// The ROIs, in the table's order.
    pub rois: Vec<ComparedRoi>,
    /// What of the table was left out or assumed.
    pub notes: Vec<String>,
    /// What was noticed about the files.
    pub findings: Vec<FindingReport>,
}

/// A ROI's comparison.
#[derive(Debug, Clone, Serialize)]
pub struct ComparedRoi {
    /// ROI Number.
    pub number: i32,
    /// ROI Name.
    pub name: String,
    /// Its name in the table.
    pub table_name: String,
    /// Our volume.
    pub volume_cm3: Option<f64>,
    /// Theirs.
    pub table_volume_cm3: Option<f64>,
    /// Part of ours inside the dose grid.
    pub coverage_percent: Option<f64>,
    /// Difference of the volume, percent of theirs.
    pub volume_difference_percent: Option<f64>,
    /// Difference of the mean dose.
    pub mean_difference_gy: Option<f64>,
    /// Difference of D95%.
    pub d95_difference_gy: Option<f64>,
    /// Difference of D0.03cc.
    pub d003cc_difference_gy: Option<f64>,
    /// Points compared.
    pub points: Option<usize>,
    /// Points that agree.
    pub gamma_percent: Option<f64>,
    /// The worst gamma, and the dose it is at.
    pub worst_gamma: Option<f64>,
    /// See `worst_gamma`.
    pub worst_gamma_at_gy: Option<f64>,
    /// The mean gamma.
    pub mean_gamma: Option<f64>,
    /// Curve and volume agree; null where there is nothing to compare.
    pub pass: Option<bool>,
    /// Where the difference comes from; null where it agrees.
    pub cause: Option<String>,
    /// What was tried for the cause, the best first.
    pub trials: Vec<TrialReport>,
    /// Why there is nothing to compare.
    pub reason: Option<String>,
}

/// Something that was tried.
#[derive(Debug, Clone, Serialize)]
pub struct TrialReport {
    /// Caps, between, grid, coverage or dose bin; or two.
    pub kind: String,
    /// What was taken in place of ours.
    pub change: String,
    /// Points that agree then.
    pub gamma_percent: f64,
    /// The mean gamma then.
    pub mean_gamma: f64,
    /// Difference of the volume then, percent of theirs.
    pub volume_difference_percent: Option<f64>,
}

impl From<&compare::ComparedRoi> for ComparedRoi {
    fn from(roi: &compare::ComparedRoi) -> Self {
        let blank = Self {
            number: roi.number,
            name: roi.name.clone(),
            table_name: roi.table_name.clone(),
            volume_cm3: None,
            table_volume_cm3: roi.table_volume.and_then(|volume| finite(volume.0)),
            coverage_percent: None,
            volume_difference_percent: None,
            mean_difference_gy: None,
            d95_difference_gy: None,
            d003cc_difference_gy: None,
            points: None,
            gamma_percent: None,
            worst_gamma: None,
            worst_gamma_at_gy: None,
            mean_gamma: None,
            pass: None,
            cause: None,
            trials: Vec::new(),
            reason: None,
        };
        match &roi.outcome {
            Err(reason) => Self { reason: Some(reason.to_string()), ..blank },
            Ok(found) => Self {
                volume_cm3: finite(found.volume.0),
                coverage_percent: finite(found.coverage_percent),
                volume_difference_percent: found.differences.volume_percent.and_then(finite),
                mean_difference_gy: found.differences.mean.and_then(|gy| finite(gy.0)),
                d95_difference_gy: found.differences.d95.and_then(|gy| finite(gy.0)),
                d003cc_difference_gy: found.differences.d003cc.and_then(|gy| finite(gy.0)),
                points: Some(found.agreement.points),
                gamma_percent: finite(found.agreement.percent()),
                worst_gamma: finite(found.agreement.worst),
                worst_gamma_at_gy: finite(found.agreement.worst_at.0),
                mean_gamma: finite(found.agreement.mean),
                pass: Some(found.pass),
                cause: found.cause.as_ref().map(|cause| cause.text.clone()),
                trials: found.cause.iter().flat_map(|cause| &cause.trials).map(TrialReport::new).collect(),
                ..blank
            },
        }
    }
}

impl TrialReport {
    fn new(trial: &Trial) -> Self {
        Self {
            kind: trial.kind.clone(),
            change: trial.change.clone(),
            gamma_percent: trial.percent,
            mean_gamma: trial.mean_gamma,
            volume_difference_percent: trial.volume_percent.and_then(finite),
        }
    }
}

//! The report of DVHs from a structure set and doses.
//!
//! Units: in the field names. Frame: none.

use crate::engine::Engine;
use crate::import::FileReport;
use crate::roi::RoiReport;
use crate::{FindingReport, path_text};
use rt_case::{CaseResult, EvaluateOptions, FileFacts};
use rt_model::instance::InstanceInfo;
use serde::Serialize;

/// Schema of [`DvhReport`].
pub const DVH_SCHEMA: &str = "dosebridge.dvh-report/1";

/// The report of DVHs from a structure set and doses.
#[derive(Debug, Clone, Serialize)]
pub struct DvhReport {
    /// [`DVH_SCHEMA`].
    pub schema: &'static str,
    /// What computed the numbers.
    pub engine: Engine,
    /// What the user asked for.
    pub options: AskedDvhs,
    /// PHYSICAL, or EFFECTIVE for Gy(RBE).
    pub dose_type: String,
    /// The files.
    pub files: DvhFiles,
    /// The ROIs.
    pub rois: Vec<RoiReport>,
    /// What was noticed.
    pub findings: Vec<FindingReport>,
}

/// What the user asked for.
#[derive(Debug, Clone, Serialize)]
pub struct AskedDvhs {
    /// How DVHs are computed.
    pub dvh: String,
    /// The metrics.
    pub metrics: Vec<String>,
    /// Names of ROIs; empty for all.
    pub rois: Vec<String>,
}

/// The files that DVHs were computed from.
#[derive(Debug, Clone, Serialize)]
pub struct DvhFiles {
    /// The structure set.
    pub structure_set: FileReport,
    /// The doses.
    pub doses: Vec<FileReport>,
}

impl DvhReport {
    /// The report of a result, with curves where `curves` asks for them; `rois` are the names that were asked
    /// for.
    #[must_use]
    pub fn new(
        facts: &FileFacts,
        result: &CaseResult,
        options: &EvaluateOptions,
        rois: &[String],
        curves: bool,
    ) -> Self {
        let file = |info: &InstanceInfo| FileReport {
            path: path_text(&info.path),
            sop_instance_uid: info.sop_instance.to_string(),
        };
        Self {
            schema: DVH_SCHEMA,
            engine: Engine::current(),
            options: AskedDvhs {
                dvh: options.dvh.to_string(),
                metrics: options.metrics.iter().map(|metric| metric.text.clone()).collect(),
                rois: rois.to_vec(),
            },
            dose_type: facts.dose_type.as_str().to_owned(),
            files: DvhFiles {
                structure_set: file(&facts.structure_set_info),
                doses: facts.doses.iter().map(file).collect(),
            },
            rois: result.rois.iter().map(|roi| RoiReport::new(roi, curves)).collect(),
            findings: FindingReport::all(&facts.findings),
        }
    }
}

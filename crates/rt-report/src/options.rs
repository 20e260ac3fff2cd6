//! What the user asked of an import, secrets left out.
//!
//! Units: in the field names. Frame: none.

use crate::path_text;
use rt_case::CaseOptions;
use serde::Serialize;
use std::path::PathBuf;

/// What the user asked of an import, secrets left out.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportOptions {
    /// Pairs `ID1=ID2` of identifiers that are one patient.
    pub accept_patient_mismatch: Vec<String>,
    /// The user's α/β.
    pub alpha_beta: Vec<String>,
    /// How to read frame offsets that leave their meaning open.
    pub assume_offsets: Option<&'static str>,
    /// The distance of frames is the slice thickness where it is not stated.
    pub assume_spacing: bool,
    /// Metrics carry uncertainty intervals.
    pub bands: bool,
    /// Curves are in the report.
    pub curves: bool,
    /// The database's address.
    pub database: String,
    /// Pairs `UID=scope` of doses and what they cover.
    pub dose_is: Vec<String>,
    /// How DVHs are computed.
    pub dvh: String,
    /// QA, research and service plans are included.
    pub include_qa: bool,
    /// The metrics.
    pub metrics: Vec<String>,
    /// The medical record number of plans without a Patient ID.
    pub mrn: Option<String>,
    /// Files and folders.
    pub paths: Vec<String>,
    /// The dose that a relative dose of 1 stands for.
    pub relative_dose_gy: Option<f64>,
    /// Pairs `PLAN_UID=DOSE` of stated prescriptions.
    pub rx: Vec<String>,
    /// `max` or `none`.
    pub rx_fallback: &'static str,
    /// Objects to take where references do not settle it.
    pub select: Vec<String>,
    /// Incomplete cases and unmatched files count as refused.
    pub strict: bool,
}

impl ImportOptions {
    /// The options of an import of `paths`; database, curves and strictness are the caller's to add.
    #[must_use]
    pub fn new(paths: &[PathBuf], options: &CaseOptions) -> Self {
        let CaseOptions { matching, prepare, evaluate } = options;
        let pairs = matching.accept_patient_mismatch.iter();
        Self {
            accept_patient_mismatch: pairs.map(|(a, b)| format!("{a}={b}")).collect(),
            alpha_beta: evaluate.alpha_beta.texts(),
            assume_offsets: prepare.read.assume_offsets.map(|how| how.as_str()),
            assume_spacing: prepare.read.assume_spacing,
            bands: evaluate.bands,
            dose_is: matching.dose_is.iter().map(|(uid, scope)| format!("{uid}={scope}")).collect(),
            dvh: evaluate.dvh.to_string(),
            include_qa: matching.include_qa,
            metrics: evaluate.metrics.iter().map(|metric| metric.text.clone()).collect(),
            mrn: matching.mrn.clone(),
            paths: paths.iter().map(|path| path_text(path)).collect(),
            relative_dose_gy: prepare.read.relative_dose_reference.map(|dose| dose.0),
            rx: prepare.prescriptions.iter().map(|(uid, dose)| format!("{uid}={dose:.2}")).collect(),
            rx_fallback: if prepare.fall_back_to_maximum { "max" } else { "none" },
            select: matching.select.iter().map(ToString::to_string).collect(),
            ..Self::default()
        }
    }
}

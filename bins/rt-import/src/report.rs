//! The JSON reports: a contract. Within version 1 fields are only ever added; what can't be told is null, with a reason.
//!
//! Units: in the field names (gy, cm3, percent). Frame: none.

mod compare;
mod finding;
mod roi;
mod selftest;

pub use compare::{COMPARE_SCHEMA, CompareReport, ComparedRoi, TrialReport};
pub use finding::{FindingReport, PlaceReport};
pub use roi::{BandReport, CurveReport, MetricReport, RoiReport, SpreadReport};
pub use selftest::{SELFTEST_SCHEMA, SelftestReport, SelftestRow};

use rt_model::finding::Severity;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// Schema of [`ImportReport`].
pub const IMPORT_SCHEMA: &str = "dosebridge.import-report/1";
/// Schema of [`DvhReport`].
pub const DVH_SCHEMA: &str = "dosebridge.dvh-report/1";

/// What made the numbers.
#[derive(Debug, Clone, Serialize)]
pub struct Engine {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Engine {
    /// This program's engine.
    #[must_use]
    pub const fn current() -> Self {
        Self { name: "dosebridge", version: env!("CARGO_PKG_VERSION") }
    }
}

/// The report of a run.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// [`IMPORT_SCHEMA`].
    pub schema: &'static str,
    /// What made the numbers.
    pub engine: Engine,
    /// What the user asked for, secrets left out.
    pub options: Map<String, Value>,
    /// Nothing was written.
    pub dry_run: bool,
    /// The run ended before all cases were done.
    pub interrupted: bool,
    /// Every plan that was found.
    pub cases: Vec<CaseReport>,
    /// Every file that is in no case.
    pub unmatched: Vec<UnmatchedReport>,
    /// What concerns the run as a whole.
    pub findings: Vec<FindingReport>,
}

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseOutcome {
    /// New rows (in a dry run: there would be).
    Stored,
    /// The same content was in the database.
    Unchanged,
    /// Something is missing or ambiguous.
    Incomplete,
    /// The files contradict each other or the database.
    Refused,
    /// A file or the database failed.
    Failed,
}

impl CaseOutcome {
    /// The word in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Unchanged => "unchanged",
            Self::Incomplete => "incomplete",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A case.
#[derive(Debug, Clone, Serialize)]
pub struct CaseReport {
    /// Medical record number.
    pub mrn: String,
    /// Number of the plan under it, where it is in the database.
    pub plan_id: Option<u16>,
    /// RT Plan Label.
    pub plan_label: String,
    /// SOP Instance UID of the plan.
    pub plan_uid: String,
    /// PHYSICAL, or EFFECTIVE for Gy(RBE).
    pub dose_type: Option<String>,
    /// What became of it.
    pub status: CaseOutcome,
    /// Why it is not stored.
    pub reason: Option<String>,
    /// The older version of this plan whose place it took.
    pub supersedes: Option<u16>,
    /// The prescription, where one is settled or RxDose has a value.
    pub prescription: Option<PrescriptionReport>,
    /// Whether the dose grid agrees with the plan's beam doses, in words.
    pub total_dose: Option<String>,
    /// Its files.
    pub files: CaseFiles,
    /// Its ROIs.
    pub rois: Vec<RoiReport>,
    /// What was noticed about it.
    pub findings: Vec<FindingReport>,
    /// The columns of `Plans` and what is in them as text, without MRN and PlanID; for `check`.
    #[serde(skip)]
    pub columns: BTreeMap<&'static str, Option<String>>,
}

/// The prescription of a case.
#[derive(Debug, Clone, Serialize)]
pub struct PrescriptionReport {
    /// The value of the column RxDose.
    pub rx_dose_gy: Option<f64>,
    /// The rule it comes from.
    pub source: Option<&'static str>,
    /// Nothing speaks against it.
    pub settled: bool,
    /// Fractions over all groups.
    pub fractions: Option<u32>,
    /// Why it is not settled.
    pub reason: Option<String>,
}

/// The files of a case.
#[derive(Debug, Clone, Serialize)]
pub struct CaseFiles {
    /// The plan.
    pub plan: String,
    /// The structure set.
    pub structure_set: Option<String>,
    /// Its SOP Instance UID.
    pub structure_set_uid: Option<String>,
    /// The doses that make the plan's dose.
    pub doses: Vec<FileReport>,
    /// Doses of the plan that are not part of that.
    pub other_doses: Vec<FileReport>,
    /// The planning images, sorted along their normal.
    pub images: Vec<String>,
}

/// A file by path and SOP Instance UID.
#[derive(Debug, Clone, Serialize)]
pub struct FileReport {
    /// The file.
    pub path: String,
    /// Its SOP instance.
    pub sop_instance_uid: String,
}

/// A file that is in no case.
#[derive(Debug, Clone, Serialize)]
pub struct UnmatchedReport {
    /// The file.
    pub path: String,
    /// Modality, where it could be read.
    pub modality: Option<String>,
    /// SOP Instance UID, where it could be read.
    pub sop_instance_uid: Option<String>,
    /// Why.
    pub reason: String,
    /// The reason's code.
    pub code: String,
    /// How much it weighs.
    pub severity: &'static str,
}

/// The report of DVHs from files at hand.
#[derive(Debug, Clone, Serialize)]
pub struct DvhReport {
    /// [`DVH_SCHEMA`].
    pub schema: &'static str,
    /// What made the numbers.
    pub engine: Engine,
    /// What the user asked for.
    pub options: Map<String, Value>,
    /// PHYSICAL, or EFFECTIVE for Gy(RBE).
    pub dose_type: String,
    /// The files.
    pub files: DvhFiles,
    /// The ROIs.
    pub rois: Vec<RoiReport>,
    /// What was noticed.
    pub findings: Vec<FindingReport>,
}

/// The files DVHs were computed from.
#[derive(Debug, Clone, Serialize)]
pub struct DvhFiles {
    /// The structure set.
    pub structure_set: FileReport,
    /// The doses.
    pub doses: Vec<FileReport>,
}

/// A severity's word.
#[must_use]
pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A path as text; what is no Unicode is shown by a replacement character.
#[must_use]
pub fn path_text(path: &Path) -> String {
    path.display().to_string()
}

/// A finite number, else null: JSON has neither NaN nor infinity.
#[must_use]
pub fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

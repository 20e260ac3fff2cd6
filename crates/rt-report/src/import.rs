//! The report of an import.
//!
//! Units: in the field names (gy, cm3, percent). Frame: none.

use crate::engine::Engine;
use crate::options::ImportOptions;
use crate::roi::RoiReport;
use crate::{FindingReport, as_text, path_text};
use rt_ingest::{CaseFiles as Files, Ingested, IngestedCase, Outcome, SourceObject, UnmatchedFile};
use rt_model::derive::PlanSummary;
use rt_model::finding::{Code, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

/// Schema of [`ImportReport`].
pub const IMPORT_SCHEMA: &str = "dosebridge.import-report/1";

/// The report of a run.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// [`IMPORT_SCHEMA`].
    pub schema: &'static str,
    /// What made the numbers.
    pub engine: Engine,
    /// What the user asked for, secrets left out.
    pub options: ImportOptions,
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

impl ImportReport {
    /// The report of an import, from its cases in their order.
    #[must_use]
    pub fn new(options: ImportOptions, dry_run: bool, cases: Vec<CaseReport>, ingested: &Ingested) -> Self {
        Self {
            schema: IMPORT_SCHEMA,
            engine: Engine::current(),
            options,
            dry_run,
            interrupted: ingested.ended.is_some(),
            cases,
            unmatched: ingested.unmatched.iter().map(UnmatchedReport::from).collect(),
            findings: FindingReport::all(&ingested.findings),
        }
    }
}

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseStatus {
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

impl CaseStatus {
    /// All of them, in the order of a summary.
    pub const ALL: [Self; 5] = [Self::Stored, Self::Unchanged, Self::Incomplete, Self::Refused, Self::Failed];

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

impl From<&Outcome> for CaseStatus {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Stored { .. } => Self::Stored,
            Outcome::Unchanged { .. } => Self::Unchanged,
            Outcome::Incomplete(_) => Self::Incomplete,
            Outcome::Refused(_) => Self::Refused,
            Outcome::Failed(_) => Self::Failed,
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
    pub status: CaseStatus,
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

impl CaseReport {
    /// The report of a case, with the curves of its ROIs where `curves` asks for them.
    #[must_use]
    pub fn new(case: &IngestedCase, curves: bool) -> Self {
        let supersedes = match &case.outcome {
            Outcome::Stored { supersedes, .. } => *supersedes,
            _ => None,
        };
        Self {
            mrn: case.mrn.clone(),
            plan_id: case.outcome.plan().map(|id| id.0),
            plan_label: case.plan_label.clone(),
            plan_uid: case.plan_uid.to_string(),
            dose_type: case.dose_type.as_ref().map(|kind| kind.as_str().to_owned()),
            status: CaseStatus::from(&case.outcome),
            reason: case.outcome.reason().map(str::to_owned),
            supersedes: supersedes.map(|older| older.0),
            prescription: case.summary.as_ref().map(PrescriptionReport::from),
            total_dose: case.total.as_ref().map(|total| total.in_words()),
            files: CaseFiles::from(&case.files),
            rois: case.rois.iter().map(|roi| RoiReport::new(roi, curves)).collect(),
            findings: FindingReport::all(&case.findings),
            columns: case.columns.clone(),
        }
    }
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

impl From<&PlanSummary> for PrescriptionReport {
    fn from(summary: &PlanSummary) -> Self {
        let rx = &summary.prescription;
        Self {
            rx_dose_gy: rx.rx_dose.map(|dose| dose.0),
            source: rx
                .candidates
                .iter()
                .find(|candidate| candidate.chosen)
                .map(|candidate| candidate.source.as_str()),
            settled: rx.settled.is_some(),
            fractions: summary.fractions.as_ref().map(|fractions| fractions.value),
            reason: rx.reason.clone(),
        }
    }
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

impl From<&SourceObject> for FileReport {
    fn from(object: &SourceObject) -> Self {
        Self { path: path_text(&object.path), sop_instance_uid: object.sop_instance.to_string() }
    }
}

impl From<&Files> for CaseFiles {
    fn from(files: &Files) -> Self {
        let structure_set = files.structure_set.as_ref().map(FileReport::from);
        Self {
            plan: path_text(&files.plan),
            structure_set: structure_set.as_ref().map(|file| file.path.clone()),
            structure_set_uid: structure_set.map(|file| file.sop_instance_uid),
            doses: files.doses.iter().map(FileReport::from).collect(),
            other_doses: files.other_doses.iter().map(FileReport::from).collect(),
            images: files.images.iter().map(|image| path_text(image)).collect(),
        }
    }
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
    #[serde(serialize_with = "as_text")]
    pub code: Code,
    /// How much it weighs.
    #[serde(serialize_with = "as_text")]
    pub severity: Severity,
}

impl From<&UnmatchedFile> for UnmatchedReport {
    fn from(file: &UnmatchedFile) -> Self {
        Self {
            path: path_text(&file.path),
            modality: file.modality.clone(),
            sop_instance_uid: file.sop_instance.as_ref().map(ToString::to_string),
            reason: file.reason.text.clone(),
            code: file.reason.code,
            severity: file.reason.severity,
        }
    }
}

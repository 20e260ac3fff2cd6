//! The report of a check: what an import would store, what is missing, what is unusual, each with its remedy.
//!
//! Units: in the field names. Frame: none.

use crate::engine::Engine;
use crate::import::{CaseReport, CaseStatus, ImportReport, UnmatchedReport};
use crate::options::ImportOptions;
use crate::{FindingReport, as_text};
use rt_model::finding::{Code, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

/// Schema of [`CheckReport`].
pub const CHECK_SCHEMA: &str = "dosebridge.check-report/1";

/// The report of a check.
#[derive(Debug, Serialize)]
pub struct CheckReport {
    /// [`CHECK_SCHEMA`].
    pub schema: &'static str,
    /// What read the files.
    pub engine: Engine,
    /// What the user asked for.
    pub options: ImportOptions,
    /// The check ended early: `cases` are those that were looked at until then.
    pub interrupted: bool,
    /// Every plan that was found.
    pub cases: Vec<CheckedCase>,
    /// Every file that is in no case.
    pub unmatched: Vec<CheckedFile>,
}

/// A case.
#[derive(Debug, Serialize)]
pub struct CheckedCase {
    /// Medical record number.
    pub mrn: String,
    /// RT Plan Label.
    pub plan_label: String,
    /// SOP Instance UID of the plan.
    pub plan_uid: String,
    /// An import would store it.
    pub would_be_stored: bool,
    /// Why not.
    pub reason: Option<String>,
    /// The columns of `Plans` and what would be in them, without those of identity.
    pub columns: BTreeMap<&'static str, Option<String>>,
    /// The columns that would be empty, with what would fill them.
    pub missing: BTreeMap<&'static str, &'static str>,
    /// Whether the dose grid agrees with the plan's beam doses, in words.
    pub total_dose: Option<String>,
    /// ROIs that would have a DVH.
    pub rois_with_dvh: usize,
    /// ROIs that would have none, and why.
    pub rois_without_dvh: BTreeMap<String, String>,
    /// What is suspicious or wrong.
    pub advice: Vec<Advice>,
}

/// Something unusual or wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// Stable code.
    #[serde(serialize_with = "as_text")]
    pub code: Code,
    /// info, warning or error.
    #[serde(serialize_with = "as_text")]
    pub severity: Severity,
    /// The ROI, where it is about one.
    pub roi: Option<String>,
    /// The file, where it is about one.
    pub file: Option<String>,
    /// What was expected and found.
    pub text: String,
    /// What to do.
    pub remedy: &'static str,
}

/// A file that is in no case.
#[derive(Debug, Serialize)]
pub struct CheckedFile {
    /// The file and why.
    #[serde(flatten)]
    pub file: UnmatchedReport,
    /// What to do.
    pub remedy: &'static str,
}

impl CheckReport {
    /// The check that an import in a dry run makes.
    #[must_use]
    pub fn new(report: ImportReport) -> Self {
        let unmatched = report.unmatched.into_iter();
        Self {
            schema: CHECK_SCHEMA,
            engine: report.engine,
            options: report.options,
            interrupted: report.interrupted,
            cases: report.cases.iter().map(case).collect(),
            unmatched: unmatched
                .map(|file| CheckedFile { remedy: file.code.remedy().text(), file })
                .collect(),
        }
    }
}

fn case(case: &CaseReport) -> CheckedCase {
    let of_case = case.findings.iter().map(|finding| advice(finding, None));
    let of_rois = case
        .rois
        .iter()
        .flat_map(|roi| roi.findings.iter().map(move |finding| advice(finding, Some(&roi.name))));
    let without = case
        .rois
        .iter()
        .filter_map(|roi| Some((format!("{} {}", roi.number, roi.name), roi.reason.clone()?)));
    let columns = case.columns.clone();
    let empty = |column: &&str| columns.get(*column).is_some_and(Option::is_none);
    CheckedCase {
        mrn: case.mrn.clone(),
        plan_label: case.plan_label.clone(),
        plan_uid: case.plan_uid.clone(),
        would_be_stored: case.status == CaseStatus::Stored,
        reason: case.reason.clone(),
        missing: FILLED_BY.iter().filter(|(column, _)| empty(column)).copied().collect(),
        total_dose: case.total_dose.clone(),
        rois_with_dvh: case.rois.iter().filter(|roi| roi.reason.is_none()).count(),
        rois_without_dvh: without.collect(),
        advice: of_case.chain(of_rois).filter(|advice| advice.severity > Severity::Info).collect(),
        columns,
    }
}

fn advice(finding: &FindingReport, roi: Option<&String>) -> Advice {
    Advice {
        code: finding.code,
        severity: finding.severity,
        roi: roi.cloned(),
        file: finding.at.file.clone(),
        text: finding.text.clone(),
        remedy: finding.code.remedy().text(),
    }
}

/// What would fill a column of `Plans` that is empty.
const FILLED_BY: [(&str, &str); 18] = [
    ("Age", "birth date and study date in the plan"),
    ("Birthdate", "Patient's Birth Date (0010,0030) of the plan"),
    ("DoseTimeStamp", "Content Date and Time (0008,0023), (0008,0033) of the dose"),
    ("Energy", "Nominal Beam Energy (300A,0114) of a treatment beam"),
    ("Fractions", "Number of Fractions Planned (300A,0078)"),
    ("MUs", "Beam Meterset (300A,0086) in monitor units; other machines have none"),
    ("PatientOrientation", "Patient Position (0018,5100) of the plan's set-up"),
    ("PlanTimeStamp", "RT Plan Date and Time (300A,0006), (300A,0007)"),
    ("RadOnc", "Referring Physician's Name (0008,0090) of the plan"),
    ("RxDose", "a point named `rx: <dose> Gy`, or a prescription in the plan"),
    ("Sex", "Patient's Sex (0010,0040) of the plan"),
    ("SimStudyDate", "Study Date (0008,0020) of the plan"),
    ("StTimeStamp", "Structure Set Date and Time (3006,0008), (3006,0009)"),
    ("TPSManufacturer", "Manufacturer (0008,0070) of the plan"),
    ("TPSSoftwareName", "Manufacturer's Model Name (0008,1090) of the plan"),
    ("TPSSoftwareVersion", "Software Versions (0018,1020) of the plan"),
    ("TxModality", "beams or application setups from which the technique can be told"),
    ("TxSite", "RT Plan Label (300A,0002)"),
];

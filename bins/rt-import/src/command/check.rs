//! `rt-import check`: reads everything, writes nothing, and says of each case what would be stored, what is missing and what is
//! suspicious, each with its remedy. The cases go the whole way that an import goes, but for the database, so that both tell the same.
//!
//! Units: Gy, cm3, percent, as the names say. Frame: none.

use super::run::{exit, options};
use crate::cli::CheckArgs;
use crate::config::{Layer, Settings};
use crate::exit::{Exit, Failure};
use crate::pipeline::{self, Job};
use crate::report::{CaseOutcome, CaseReport, Engine, FindingReport, ImportReport, UnmatchedReport};
use crate::{output, table};
use rt_model::finding::Remedy;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

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
    pub options: Map<String, Value>,
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

/// Something to mind, and what to do about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// Stable code.
    pub code: String,
    /// info, warning or error.
    pub severity: &'static str,
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

/// Checks what `args` name.
///
/// # Errors
/// Where it can't begin.
pub fn run(args: &CheckArgs, layer: &Layer) -> Result<Exit, Failure> {
    let mut settings = Settings::new(layer)?;
    args.choice.apply(&mut settings);
    if let Some(path) = &args.result.json {
        output::check(path)?;
    }
    let strict = settings.strict;
    let options = options(&args.paths, &settings);
    let finished = pipeline::run(Job::new(args.paths.clone(), settings, true, options))?;
    let exit = finished.ended.unwrap_or_else(|| exit(&finished.report, strict));
    let report = checked(finished.report);
    output::print(&text(&report), args.result.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.result.json {
        output::write_json(path, &report)?;
    }
    Ok(exit)
}

fn checked(report: ImportReport) -> CheckReport {
    let unmatched = report.unmatched.into_iter().map(|file| CheckedFile { remedy: Remedy::of(&file.code).text(), file });
    CheckReport {
        schema: CHECK_SCHEMA,
        engine: report.engine,
        options: report.options,
        cases: report.cases.iter().map(case).collect(),
        unmatched: unmatched.collect(),
    }
}

fn case(case: &CaseReport) -> CheckedCase {
    let of_case = case.findings.iter().map(|finding| advice(finding, None));
    let of_rois = case.rois.iter().flat_map(|roi| roi.findings.iter().map(move |finding| advice(finding, Some(&roi.name))));
    let without = case.rois.iter().filter_map(|roi| Some((format!("{} {}", roi.number, roi.name), roi.reason.clone()?)));
    let columns = case.columns.clone();
    let empty = |column: &&str| columns.get(*column).is_some_and(Option::is_none);
    CheckedCase {
        mrn: case.mrn.clone(),
        plan_label: case.plan_label.clone(),
        plan_uid: case.plan_uid.clone(),
        would_be_stored: case.status == CaseOutcome::Stored,
        reason: case.reason.clone(),
        missing: FILLED_BY.iter().filter(|(column, _)| empty(column)).copied().collect(),
        total_dose: case.total_dose.clone(),
        rois_with_dvh: case.rois.iter().filter(|roi| roi.reason.is_none()).count(),
        rois_without_dvh: without.collect(),
        advice: of_case.chain(of_rois).filter(|advice| advice.severity != "info").collect(),
        columns,
    }
}

fn advice(finding: &FindingReport, roi: Option<&String>) -> Advice {
    Advice {
        code: finding.code.clone(),
        severity: finding.severity,
        roi: roi.cloned(),
        file: finding.at.file.clone(),
        text: finding.text.clone(),
        remedy: Remedy::of(&finding.code).text(),
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

/// The check for people.
fn text(report: &CheckReport) -> String {
    let mut text = String::new();
    for case in &report.cases {
        text += &of_a_case(case);
        text.push('\n');
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &report.unmatched {
        *reasons.entry(file.file.code.as_str()).or_default() += 1;
    }
    let files: Vec<&UnmatchedReport> = report.unmatched.iter().map(|file| &file.file).collect();
    text += &table::unmatched(&files);
    for (code, _) in reasons {
        let _ = writeln!(text, "  {code}: {}", Remedy::of(code));
    }
    let sound = report.cases.iter().filter(|case| case.would_be_stored).count();
    let quiet = report.cases.iter().filter(|case| case.would_be_stored && case.advice.is_empty()).count();
    let _ = writeln!(
        text,
        "{sound} of {} cases would be stored, {quiet} of them with nothing to mind; {} files are in no case; nothing was written",
        report.cases.len(),
        report.unmatched.len()
    );
    text
}

fn of_a_case(case: &CheckedCase) -> String {
    let verdict = if case.would_be_stored { "would be stored" } else { "would NOT be stored" };
    let [mrn, label] = table::named(&case.mrn, &case.plan_label);
    let mut text = format!("{mrn} · {label} · {verdict}\n");
    // Writing to a String can't fail, here and below.
    if let Some(reason) = &case.reason {
        let _ = writeln!(text, "  {reason}");
    }
    let filled: Vec<String> =
        case.columns.iter().filter_map(|(column, value)| Some(format!("{column} {}", value.as_ref()?))).collect();
    if !filled.is_empty() {
        let _ = writeln!(text, "  {}", filled.join(" · "));
    }
    if let Some(total) = &case.total_dose {
        let _ = writeln!(text, "  total dose {total}");
    }
    if case.rois_with_dvh + case.rois_without_dvh.len() > 0 {
        let all = case.rois_with_dvh + case.rois_without_dvh.len();
        let _ = writeln!(text, "  {} of {all} ROIs would have a DVH", case.rois_with_dvh);
    }
    for (column, filled_by) in &case.missing {
        let _ = writeln!(text, "  missing: {column}\n      remedy: {filled_by}");
    }
    for advice in &case.advice {
        let file = advice.file.as_deref().and_then(|file| Path::new(file).file_name()).map(|name| name.to_string_lossy());
        let place = advice.roi.as_deref().or(file.as_deref()).map_or_else(String::new, |place| format!("{place}: "));
        let _ = writeln!(text, "  {} {}: {place}{}\n      remedy: {}", advice.code, advice.severity, advice.text, advice.remedy);
    }
    text
}

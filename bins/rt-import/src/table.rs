//! What people read: a table per case and a summary.
//!
//! Units: Gy, cm3, percent. Frame: none.

use crate::report::{CaseOutcome, CaseReport, FindingReport, ImportReport, PrescriptionReport, RoiReport, UnmatchedReport};
use comfy_table::{CellAlignment, ContentArrangement, Table};
use std::collections::BTreeMap;
use std::fmt::Write;

/// ROI names are cut at this many characters.
const NAME_WIDTH: usize = 34;
/// Files that the summary names for one reason.
const NAMED_FILES: usize = 3;

/// Lines between header and rows only.
const PRESET: &str = "     ──            ";

/// A table of ROIs with `headers`; all columns but the first two and the last hold numbers.
fn table(headers: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::TableStyle::from_preset(PRESET)).set_content_arrangement(ContentArrangement::Disabled).set_header(headers);
    for (at, column) in table.column_iter_mut().enumerate() {
        if at >= 2 && at + 1 < headers.len() {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The table of a case's or a file's ROIs.
#[must_use]
pub fn rois(rois: &[RoiReport]) -> String {
    let mut table = table(&["ROI", "type", "volume cm3", "min Gy", "mean Gy", "max Gy", "D95% Gy", "coverage %", "findings"]);
    let number = |value: Option<f64>, digits: usize| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"));
    for roi in rois {
        let volume_digits = if roi.volume_cm3.is_some_and(|volume| volume < 10.0) { 3 } else { 2 };
        table.add_row([
            shortened(&roi.name),
            roi.interpreted_type.clone().unwrap_or_default(),
            number(roi.volume_cm3, volume_digits),
            number(roi.min_gy, 2),
            number(roi.mean_gy, 2),
            number(roi.max_gy, 2),
            number(roi.d95_gy, 2),
            number(roi.coverage_percent, 1),
            codes(&roi.findings),
        ]);
    }
    table.trim_fmt() + "\n"
}

/// Codes of findings, each once, the graver marked.
fn codes(findings: &[FindingReport]) -> String {
    let mut marks: Vec<String> = findings
        .iter()
        .map(|finding| {
            let mark = match finding.severity {
                "error" => "!!",
                "warning" => "!",
                _ => "",
            };
            format!("{}{mark}", finding.code)
        })
        .collect();
    marks.sort();
    marks.dedup();
    marks.join(" ")
}

fn shortened(name: &str) -> String {
    let clean: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.chars().count() <= NAME_WIDTH {
        return clean;
    }
    clean.chars().take(NAME_WIDTH - 1).chain(['…']).collect()
}

/// A case: whose, which plan, what became of it, its ROIs and what to mind.
#[must_use]
pub fn case(report: &CaseReport) -> String {
    let plan = report.plan_id.map_or_else(|| "plan".to_owned(), |id| format!("plan {id}"));
    let mut text = format!("{} · {plan} · {:?} · {}", report.mrn, report.plan_label, report.status.as_str());
    if let Some(older) = report.supersedes {
        let _ = write!(text, " (supersedes plan {older})");
    }
    text.push('\n');
    if let Some(reason) = &report.reason {
        let _ = writeln!(text, "  {reason}");
    }
    let mut facts: Vec<String> = report.prescription.iter().map(prescription).collect();
    facts.extend(report.total_dose.iter().map(|total| format!("total dose {total}")));
    facts.extend(report.dose_type.iter().map(|kind| format!("dose {kind}")));
    if !facts.is_empty() {
        let _ = writeln!(text, "  {}", facts.join(" · "));
    }
    if !report.rois.is_empty() {
        text += "\n";
        text += &rois(&report.rois);
    }
    text += &findings(&report.findings, report.reason.as_deref());
    text
}

fn prescription(rx: &PrescriptionReport) -> String {
    let dose = match (rx.rx_dose_gy, rx.settled, rx.source) {
        (Some(dose), true, _) => format!("prescription {dose:.2} Gy"),
        (Some(dose), false, Some("rtdose_max")) => format!("no prescription (maximum {dose:.2} Gy)"),
        (Some(dose), false, _) => format!("prescription {dose:.2} Gy not settled"),
        (None, ..) => "no prescription".to_owned(),
    };
    match rx.fractions {
        Some(1) => format!("{dose} in 1 fraction"),
        Some(count) => format!("{dose} in {count} fractions"),
        None => dose,
    }
}

/// Warnings and errors in full, notes by number.
#[must_use]
pub fn findings(findings: &[FindingReport], told: Option<&str>) -> String {
    let mut text = String::new();
    for finding in findings.iter().filter(|finding| finding.severity != "info" && told != Some(finding.text.as_str())) {
        let file = finding.at.file.as_ref().and_then(|file| file.file_name()).map(|file| file.to_string_lossy().into_owned());
        let file = file.map_or_else(String::new, |file| format!("{file}: "));
        let _ = writeln!(text, "  {} {}: {file}{}", finding.code, finding.severity, finding.text);
    }
    let notes: Vec<&str> = findings.iter().filter(|f| f.severity == "info").map(|f| f.code.as_str()).collect();
    if !notes.is_empty() {
        let _ = writeln!(text, "  notes: {}", notes.join(" "));
    }
    text
}

/// The whole run: every case and the summary.
#[must_use]
pub fn run(report: &ImportReport, database: Option<&str>) -> String {
    let mut text = String::new();
    for report in &report.cases {
        text += &case(report);
        text.push('\n');
    }
    text += &unmatched(&report.unmatched);
    text += &findings(&report.findings, None);
    let count = |outcome| report.cases.iter().filter(|case| case.status == outcome).count();
    let mut parts: Vec<String> = Vec::new();
    for outcome in
        [CaseOutcome::Stored, CaseOutcome::Unchanged, CaseOutcome::Incomplete, CaseOutcome::Refused, CaseOutcome::Failed]
    {
        let word = if report.dry_run && outcome == CaseOutcome::Stored { "would be stored" } else { outcome.as_str() };
        if count(outcome) > 0 || outcome == CaseOutcome::Stored {
            parts.push(format!("{} {word}", count(outcome)));
        }
    }
    let _ = writeln!(text, "{} cases: {} · {} files in no case", report.cases.len(), parts.join(", "), report.unmatched.len());
    match database {
        Some(database) => {
            let _ = writeln!(text, "database: {database}");
        }
        None => text += "dry run: nothing was written\n",
    }
    if report.interrupted {
        text += "the run ended early; what is stored is whole, the next run does the rest\n";
    }
    text
}

/// Files in no case, by reason.
fn unmatched(files: &[UnmatchedReport]) -> String {
    let mut groups: BTreeMap<(&str, &str), Vec<&UnmatchedReport>> = BTreeMap::new();
    for file in files {
        groups.entry((file.code.as_str(), file.modality.as_deref().unwrap_or("-"))).or_default().push(file);
    }
    if groups.is_empty() {
        return String::new();
    }
    let mut text = "files in no case:\n".to_owned();
    for ((code, modality), group) in groups {
        let first = group[0];
        let _ = writeln!(text, "  {code} {} × {} {modality}: {}", first.severity, group.len(), first.reason);
        for file in group.iter().take(NAMED_FILES) {
            let _ = writeln!(text, "      {}", file.path.display());
        }
        if group.len() > NAMED_FILES {
            let _ = writeln!(text, "      and {} more", group.len() - NAMED_FILES);
        }
    }
    text.push('\n');
    text
}

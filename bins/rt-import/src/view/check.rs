//! A check for people.
//!
//! Units: Gy, cm3, percent, as the names say. Frame: none.

use super::table;
use rt_model::finding::Code;
use rt_report::check::{CheckReport, CheckedCase};
use rt_report::import::UnmatchedReport;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// The check for people.
pub(crate) fn text(report: &CheckReport) -> String {
    let mut text = String::new();
    for case in &report.cases {
        text += &of_a_case(case);
        text.push('\n');
    }
    let reasons: BTreeSet<Code> = report.unmatched.iter().map(|file| file.file.code).collect();
    let files: Vec<&UnmatchedReport> = report.unmatched.iter().map(|file| &file.file).collect();
    text += &table::unmatched(&files);
    for code in reasons {
        let _ = writeln!(text, "  {code}: {}", code.remedy());
    }
    let sound = report.cases.iter().filter(|case| case.would_be_stored).count();
    let quiet = report.cases.iter().filter(|case| case.would_be_stored && case.advice.is_empty()).count();
    let _ = writeln!(
        text,
        "{sound} of {} cases would be stored, {quiet} of them without a warning; {} files are in no case; nothing was written",
        report.cases.len(),
        report.unmatched.len()
    );
    if report.interrupted {
        text += "the check ended early: cases that are not listed were not looked at\n";
    }
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
    let filled: Vec<String> = case
        .columns
        .iter()
        .filter_map(|(column, value)| Some(format!("{column} {}", value.as_ref()?)))
        .collect();
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
    let lines = case.advice.iter().map(|advice| {
        let file = advice
            .file
            .as_deref()
            .and_then(|file| Path::new(file).file_name())
            .map(|name| name.to_string_lossy());
        let place =
            advice.roi.as_deref().or(file.as_deref()).map_or_else(String::new, |place| format!("{place}: "));
        (format!("  {} {}: {place}{}", advice.code, advice.severity, advice.text), &advice.remedy)
    });
    for ((said, remedy), times) in table::folded(lines) {
        let _ = writeln!(text, "{said}{times}\n      remedy: {remedy}");
    }
    text
}

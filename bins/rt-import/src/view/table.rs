//! What people read: a table per case and a summary.
//!
//! Units: Gy, cm3, percent. Frame: none.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use rt_model::finding::{Code, Severity};
use rt_report::FindingReport;
use rt_report::import::{CaseReport, CaseStatus, ImportReport, PrescriptionReport, UnmatchedReport};
use rt_report::roi::RoiReport;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// ROI names are cut at this many characters.
const NAME_WIDTH: usize = 34;
/// Files that the summary names for one reason.
const NAMED_FILES: usize = 3;

/// One line between header and rows, nothing else.
pub(crate) const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table of ROIs with `headers`; all columns but the first two and the last hold numbers.
pub(super) fn table(headers: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Disabled).set_header(headers);
    for (at, column) in table.column_iter_mut().enumerate() {
        if at >= 2 && at + 1 < headers.len() {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The table of a case's or a file's ROIs, and what to mind about them.
#[must_use]
pub(crate) fn rois(rois: &[RoiReport]) -> String {
    let mut table = table(&[
        "ROI",
        "type",
        "volume cm3",
        "min Gy",
        "mean Gy",
        "max Gy",
        "D95% Gy",
        "coverage %",
        "findings",
    ]);
    let number = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
    };
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
            roi.coverage_percent.map_or_else(|| "-".to_owned(), coverage),
            codes(&roi.findings),
        ]);
    }
    let mut text = table.trim_fmt() + "\n";
    for roi in rois {
        for finding in roi.findings.iter().filter(|finding| finding.severity > Severity::Info) {
            let _ = writeln!(
                text,
                "  {} {}: {}: {}",
                finding.code,
                finding.severity,
                shortened(&roi.name),
                finding.text
            );
        }
    }
    text
}

/// Percent covered; a part is never rounded to nothing or to the whole.
fn coverage(percent: f64) -> String {
    let digits = if percent > 0.0 && percent < 0.05 || (99.95..100.0).contains(&percent) { 4 } else { 1 };
    format!("{percent:.digits$}")
}

/// Codes of findings, each once, the graver marked.
fn codes(findings: &[FindingReport]) -> String {
    let mut marks: Vec<String> = findings
        .iter()
        .map(|finding| {
            let mark = match finding.severity {
                Severity::Error => "!!",
                Severity::Warning => "!",
                Severity::Info => "",
            };
            format!("{}{mark}", finding.code)
        })
        .collect();
    marks.sort();
    marks.dedup();
    marks.join(" ")
}

pub(super) fn shortened(name: &str) -> String {
    // A line end in a name would break the row.
    let name = name.replace(['\n', '\r'], " ");
    if name.chars().count() <= NAME_WIDTH {
        return name;
    }
    name.chars().take(NAME_WIDTH - 1).chain(['…']).collect()
}

/// Whose case it is and which plan, also where the files do not say.
pub(crate) fn named(mrn: &str, label: &str) -> [String; 2] {
    let mrn = if mrn.is_empty() { "(no patient identifier)".to_owned() } else { mrn.to_owned() };
    let label = if label.is_empty() { "(no label)".to_owned() } else { format!("{label:?}") };
    [mrn, label]
}

/// A case: whose, which plan, what became of it, its ROIs and what to mind.
#[must_use]
pub(crate) fn case(report: &CaseReport) -> String {
    let plan = report.plan_id.map_or_else(|| "plan".to_owned(), |id| format!("plan {id}"));
    let [mrn, label] = named(&report.mrn, &report.plan_label);
    let mut text = format!("{mrn} · {plan} · {label} · {}", report.status.as_str());
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

/// What is said, each once in the order in which it comes first, with how often it is said.
pub(super) fn folded<T: PartialEq>(said: impl Iterator<Item = T>) -> Vec<(T, String)> {
    let mut counted: Vec<(T, usize)> = Vec::new();
    for one in said {
        match counted.iter_mut().find(|(other, _)| *other == one) {
            Some((_, count)) => *count += 1,
            None => counted.push((one, 1)),
        }
    }
    let times = |count| if count > 1 { format!(" (×{count})") } else { String::new() };
    counted.into_iter().map(|(one, count)| (one, times(count))).collect()
}

/// Warnings and errors in full, those that are equal once; notes by number.
#[must_use]
pub(crate) fn findings(findings: &[FindingReport], reported: Option<&str>) -> String {
    let lines = findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info && reported != Some(finding.text.as_str()))
        .map(|finding| {
            let file = finding.at.file.as_deref().and_then(|file| Path::new(file).file_name());
            let file = file.map_or_else(String::new, |file| format!("{}: ", file.display()));
            format!("{} {}: {file}{}", finding.code, finding.severity, finding.text)
        });
    let mut text: String =
        folded(lines).into_iter().map(|(line, times)| format!("  {line}{times}\n")).collect();
    let mut notes: BTreeMap<Code, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Info) {
        *notes.entry(finding.code).or_default() += 1;
    }
    let counted =
        |(code, count): (Code, usize)| if count > 1 { format!("{code} ×{count}") } else { code.to_string() };
    let notes: Vec<String> = notes.into_iter().map(counted).collect();
    if !notes.is_empty() {
        let _ = writeln!(text, "  notes: {}", notes.join(", "));
    }
    text
}

/// The whole run: every case and the summary.
#[must_use]
pub(crate) fn run(report: &ImportReport, database: Option<&str>) -> String {
    let mut text = String::new();
    for report in &report.cases {
        text += &case(report);
        text.push('\n');
    }
    text += &unmatched(&report.unmatched.iter().collect::<Vec<_>>());
    text += &findings(&report.findings, None);
    let count = |outcome| report.cases.iter().filter(|case| case.status == outcome).count();
    let mut parts: Vec<String> = Vec::new();
    for outcome in CaseStatus::ALL {
        let word = if report.dry_run && outcome == CaseStatus::Stored {
            "would be stored"
        } else {
            outcome.as_str()
        };
        if count(outcome) > 0 || outcome == CaseStatus::Stored {
            parts.push(format!("{} {word}", count(outcome)));
        }
    }
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (cases, files) = (counted(report.cases.len(), "case"), counted(report.unmatched.len(), "file"));
    let _ = writeln!(text, "{cases}: {} · {files} in no case", parts.join(", "));
    match database {
        Some(database) => {
            let _ = writeln!(text, "database: {database}");
        }
        None if report.dry_run => text += "dry run: nothing was written\n",
        None => {}
    }
    if report.interrupted {
        text += "the run ended early; what is stored is whole, the next run does the rest\n";
    }
    text
}

/// Files in no case, by reason.
pub(crate) fn unmatched(files: &[&UnmatchedReport]) -> String {
    let mut groups: BTreeMap<(Code, &str), Vec<&UnmatchedReport>> = BTreeMap::new();
    for &file in files {
        groups.entry((file.code, file.modality.as_deref().unwrap_or("-"))).or_default().push(file);
    }
    if groups.is_empty() {
        return String::new();
    }
    let mut text = "files in no case:\n".to_owned();
    for ((code, modality), group) in groups {
        let first = group[0];
        let one_reason = group.iter().all(|file| file.reason == first.reason);
        let reason = if one_reason { format!(": {}", first.reason) } else { String::new() };
        let _ = writeln!(text, "  {code} {} × {} {modality}{reason}", first.severity, group.len());
        for file in group.iter().take(NAMED_FILES) {
            let reason = if one_reason { String::new() } else { format!(": {}", file.reason) };
            let _ = writeln!(text, "      {}{reason}", file.path);
        }
        if group.len() > NAMED_FILES {
            let _ = writeln!(text, "      and {} more", group.len() - NAMED_FILES);
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(code: &str, severity: Severity) -> FindingReport {
        let at = rt_report::PlaceReport::default();
        FindingReport { code: Code::parse(code).unwrap(), severity, at, text: "what is odd".into() }
    }

    fn roi(name: &str, coverage: Option<f64>) -> RoiReport {
        RoiReport {
            number: 1,
            name: name.into(),
            interpreted_type: Some("PTV".into()),
            volume_cm3: coverage.map(|_| 1.23456),
            coverage_percent: coverage,
            min_gy: None,
            mean_gy: None,
            max_gy: None,
            d95_gy: Some(49.996),
            reason: None,
            metrics: BTreeMap::new(),
            curve: None,
            findings: vec![
                finding("RT0720", Severity::Warning),
                finding("RT0701", Severity::Info),
                finding("RT0701", Severity::Info),
            ],
        }
    }

    #[test]
    fn what_is_said_again_is_counted() {
        let folded = folded(["a", "b", "a", "a"].into_iter());
        assert_eq!(folded, [("a", " (×3)".to_owned()), ("b", String::new())]);
    }

    #[test]
    fn a_part_is_never_rounded_to_nothing_or_to_the_whole() {
        for (percent, text) in
            [(0.0, "0.0"), (0.035, "0.0350"), (99.0, "99.0"), (99.96, "99.9600"), (100.0, "100.0")]
        {
            assert_eq!(coverage(percent), text);
        }
    }

    #[test]
    fn a_row_shows_what_is_known_and_what_is_not() {
        let text = rois(&[roi("PTV\nlong", Some(100.0)), roi(&"x".repeat(50), None)]);
        assert!(text.contains("PTV long"), "{text}");
        assert!(text.contains("1.235") && text.contains("50.00") && text.contains(" - "), "{text}");
        assert!(text.contains("RT0701 RT0720!"), "each code once, warnings marked: {text}");
        assert!(text.contains("RT0720 warning: PTV long: what is odd"), "{text}");
        assert!(text.contains('…') && !text.contains(&"x".repeat(NAME_WIDTH)), "{text}");
    }
}

//! A comparison as a table for people.
//!
//! Units: Gy, cm3, percent. Frame: none.

use super::table::{findings, shortened, table};
use rt_report::compare::CompareReport;
use std::fmt::Write;

/// Notes on the table's rows that are printed; the JSON report has all.
const NOTES: usize = 20;

/// The table of a comparison and what to mind about it.
#[must_use]
pub(crate) fn comparison(report: &CompareReport) -> String {
    let mut rows = table(&[
        "ROI",
        "",
        "volume cm3",
        "dV %",
        "dDmean Gy",
        "dD95% Gy",
        "dD0.03cc Gy",
        "gamma %",
        "worst",
        "cause of the difference",
    ]);
    let signed = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:+.2}"));
    let plain = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
    };
    for roi in &report.rois {
        rows.add_row([
            shortened(&roi.name),
            match roi.pass {
                Some(true) => "pass",
                Some(false) => "FAIL",
                None => "-",
            }
            .to_owned(),
            plain(roi.volume_cm3, 2),
            signed(roi.volume_difference_percent),
            signed(roi.mean_difference_gy),
            signed(roi.d95_difference_gy),
            signed(roi.d003cc_difference_gy),
            plain(roi.gamma_percent, 1),
            plain(roi.worst_gamma, 2),
            roi.cause.clone().or_else(|| roi.reason.clone()).unwrap_or_default(),
        ]);
    }
    let mut text = rows.trim_fmt() + "\n";
    let passed = report.rois.iter().filter(|roi| roi.pass == Some(true)).count();
    let _ = writeln!(
        text,
        "{passed} of {} ROIs pass: {} % of the points within {:.3} Gy (percent of {}) and {} % of the volume, volumes within {} %; \
         differences are ours less theirs ({})",
        report.rois.len(),
        report.pass_percent,
        report.dose_criterion_gy,
        report.dose_percent_of,
        report.volume_criterion_percent,
        report.volume_criterion_percent,
        report.table_format
    );
    for note in report.notes.iter().take(NOTES) {
        let _ = writeln!(text, "  {note}");
    }
    if report.notes.len() > NOTES {
        let _ = writeln!(text, "  and {} notes more in the JSON report", report.notes.len() - NOTES);
    }
    text + &findings(&report.findings, None)
}

//! The record of a self-test for people.
//!
//! Units: Gy, cm3. Frame: none.

use super::table::table;
use rt_report::selftest::SelftestReport;
use std::fmt::Write;

/// The record: when, where, what with, every row, the outcome.
#[must_use]
pub(crate) fn selftest(report: &SelftestReport) -> String {
    let mut text = format!(
        "Self-test of {} {} on {} ({}), {} UTC\nDVH options: {}\n\n",
        report.engine.name, report.engine.version, report.host, report.system, report.at, report.dvh_options
    );
    let headers = [
        "structure",
        "metric",
        "spacing mm",
        "gradient",
        "solid",
        "contours",
        "computed",
        "error",
        "tolerance",
        "to solid",
        "tolerance",
        "",
    ];
    let mut rows = table(&headers);
    let number = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
    };
    let signed = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "-".to_owned(), |value| format!("{value:+.digits$}"))
    };
    for row in &report.rows {
        rows.add_row([
            row.structure.to_owned(),
            format!("{} {}", row.metric, row.unit),
            row.spacing_mm.to_string(),
            row.gradient.to_owned(),
            number(row.solid, 4),
            number(row.contours, 4),
            number(row.computed, 4),
            signed(row.error_to_contours, 5),
            format!("{:.5}", row.tolerance_to_contours),
            signed(row.error_to_solid, 4),
            format!("{:.4}", row.tolerance_to_solid),
            if row.passed { "pass" } else { "FAIL" }.to_owned(),
        ]);
    }
    text += &rows.trim_fmt();
    let passed = report.rows.iter().filter(|row| row.passed).count();
    let _ = writeln!(
        text,
        "\n\n{}: {passed} of {} rows pass. error: computed less the closed form of the contours' slabs (the engine); to solid: less the \
         closed form of the solid (what contours of this spacing can't tell).\nNot a medical device; this record does not replace local \
         commissioning.",
        if report.passed { "PASSED" } else { "FAILED" },
        report.rows.len()
    );
    text
}

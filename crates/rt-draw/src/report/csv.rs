//! Curves and numbers as comma-separated values.
//!
//! Units: in the headings. Frame: none.

use super::Report;
use super::metrics::{COLUMNS, cell, with_dose, without_dose};
use std::fmt::Write;

/// Cumulative DVHs: for each ROI the volume in cm³ at or above each multiple of the bin width, up to the
/// first 0.
///
/// ```
/// use rt_draw::{example, report::dvh_csv};
///
/// let csv = dvh_csv(&example::report());
/// assert!(csv.starts_with("roi,dose_Gy,volume_cm3\nWedge,0,4\n"));
/// ```
#[must_use]
pub fn dvh_csv(report: &Report) -> String {
    let mut csv = format!("roi,dose_{},volume_cm3\n", unit(report));
    for (roi, dvh) in with_dose(&report.rois) {
        let bin = dvh.bin().0;
        // A bin of 0.01 at its 7000th multiple is 70, not 70.00000000000001.
        let decimals = (-bin.log10()).ceil().max(0.0) as usize + 2;
        for (at, volume) in dvh.cumulative().unwrap_or_default().iter().enumerate() {
            let dose = format!("{:.decimals$}", bin * at as f64);
            let _ =
                writeln!(csv, "{},{},{}", quoted(&roi.name), plain(&dose), plain(&format!("{volume:.9}")));
        }
    }
    csv
}

/// One line for each ROI: volume, coverage, extrema, mean and dose-volume metrics; a value that does not
/// exist is empty, with a remark.
///
/// ```
/// use rt_draw::{example, report::metrics_csv};
///
/// let csv = metrics_csv(&example::report());
/// let rows: Vec<&str> = csv.lines().collect();
/// assert!(rows[1].starts_with("Wedge,PTV,4.0000,100.000,10.0000,20.0000,30.0000"));
/// assert_eq!(rows[2], "Marker,,,,,,,,,,,,no contours");
/// ```
#[must_use]
pub fn metrics_csv(report: &Report) -> String {
    let unit = unit(report);
    let mut csv = String::from("roi,type,volume_cm3,coverage_percent");
    for column in COLUMNS {
        let _ = write!(csv, ",{column}_{unit}");
    }
    csv.push_str(",remark\n");
    for (roi, dvh) in with_dose(&report.rois) {
        let kind = roi.interpreted_type.as_deref().unwrap_or("");
        let _ = write!(
            csv,
            "{},{},{:.4},{:.3}",
            quoted(&roi.name),
            quoted(kind),
            dvh.volume().0,
            dvh.coverage().0
        );
        let cells = COLUMNS.map(|column| cell(dvh, column));
        for cell in &cells {
            csv.push(',');
            csv.push_str(&cell.value.map(|value| format!("{value:.4}")).unwrap_or_default());
        }
        let remark = cells.into_iter().find_map(|cell| cell.reason).unwrap_or_default();
        let _ = writeln!(csv, ",{}", quoted(&remark));
    }
    for (roi, reason) in without_dose(&report.rois) {
        let kind = roi.interpreted_type.as_deref().unwrap_or("");
        let _ = writeln!(
            csv,
            "{},{},,{},{}",
            quoted(&roi.name),
            quoted(kind),
            ",".repeat(COLUMNS.len()),
            quoted(&reason.to_string())
        );
    }
    csv
}

fn unit(report: &Report) -> String {
    report.labels.unit.to_string()
}

fn plain(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// RFC 4180: quotes where the text has a comma, a quote or a line break.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

//! The report for the PACS: one page, no goals, no bands.
//!
//! Units: points. Frame: as [`super::drawing`].

use super::drawing::{Drawing, GRAY, Style};
use super::metrics::{cell, is_partial, is_target, with_dose, without_dose};
use super::table::{Column, Row, Table};
use super::{Report, ReportRoi, dvh_plot, facts};
use crate::draw::Anchor;
use rt_dvh::Dvh;

const MARGIN: f64 = 36.0;
/// Room for the plot: no lower than it is legible, no higher than it needs.
const PLOT: [f64; 2] = [165.0, 250.0];
/// Height of a table's row: no lower than it is legible.
const ROW: [f64; 2] = [6.6, 11.0];
const METRICS: [&str; 7] = ["Min", "Mean", "Max", "D98%", "D95%", "D50%", "D2%"];
const PROVENANCE_SIZE: f64 = 5.6;

/// The page. A note names what does not fit.
pub(super) fn page(report: &Report, size: [f64; 2]) -> Drawing {
    let mut page = Drawing::new(size);
    let right = size[0] - MARGIN;
    let mut y = facts::head(&mut page, report, "Planned dose", MARGIN);
    y = facts::columns(&mut page, &report.plan, y, MARGIN, 8.0) - 2.0;

    // From the bottom up: provenance, key slices; the plot and the table share what is left.
    let footer = facts::columns_height(&report.provenance, size[0], MARGIN, PROVENANCE_SIZE);
    let provenance = size[1] - MARGIN + 8.0 - footer;
    let pictures = pictures_height(report, right - MARGIN);
    let slices = provenance - 10.0 - pictures;
    let rows: Vec<_> = with_dose(&report.rois).collect();
    let notes = 9.0;
    let room = slices - y - notes - 22.0;
    let wanted = (rows.len() + 1) as f64 * ROW[1];
    let plot = (room - wanted).clamp(PLOT[0], PLOT[1]);
    dvh_plot::draw(&mut page, report, [MARGIN, y], [right, y + plot], 1.0);
    y += plot + 4.0;

    let row = ((slices - notes - 10.0 - y) / (rows.len() + 1) as f64).clamp(ROW[0], ROW[1]);
    let fitting = ((slices - notes - 10.0 - y) / row).max(1.0) as usize - 1;
    y = table(&mut page, report, &rows[..rows.len().min(fitting)], y, row);
    let note = note(report, rows.len().saturating_sub(fitting));
    page.paragraph(&note, Style::regular(6.2, GRAY), [MARGIN, y + 7.5], right - MARGIN, 7.0);

    key_slices(&mut page, report, slices, right - MARGIN);
    page.rule(MARGIN, right, provenance - 8.0, 0.5, GRAY);
    facts::columns(&mut page, &report.provenance, provenance, MARGIN, PROVENANCE_SIZE);
    page
}

fn table(page: &mut Drawing, report: &Report, rows: &[(&ReportRoi, &Dvh)], y: f64, row: f64) -> f64 {
    let unit = report.labels.unit;
    let mut columns = vec![Column::text("ROI", 2.6), Column::number("volume cm³", 1.2)];
    columns.extend(METRICS.map(|metric| Column::number(&format!("{metric} {unit}"), 1.0)));
    let table = Table::new(columns, MARGIN, page.size[0] - 2.0 * MARGIN, row);
    let mut y = table.head(page, y);
    for (at, (roi, dvh)) in rows.iter().enumerate() {
        let mut cells = vec![roi.name.clone(), format!("{:.2}", dvh.volume().0)];
        cells.extend(METRICS.map(|metric| cell(dvh, metric).text()));
        y = table.row(page, at, &Row { cells, heavy: is_target(roi) }, y);
    }
    table.foot(page, y);
    y
}

/// What the table does not show, and what its stars mean.
fn note(report: &Report, left_out: usize) -> String {
    let mut notes = Vec::new();
    if left_out > 0 {
        notes.push(format!("{left_out} more ROIs: see the full report."));
    }
    if with_dose(&report.rois).any(|(_, dvh)| is_partial(dvh)) {
        notes.push("* of the part inside the dose grid.".to_owned());
    }
    let names: Vec<&str> = without_dose(&report.rois).map(|(roi, _)| roi.name.as_str()).collect();
    if !names.is_empty() {
        notes.push(format!("Without dose: {}.", names.join(", ")));
    }
    notes.join(" ")
}

const GAP: f64 = 6.0;
/// Pictures side by side.
const MOST_PICTURES: usize = 4;
const CAPTION: f64 = 9.0;

fn picture_width(report: &Report, width: f64) -> f64 {
    let count = report.key_slices.len().clamp(3, MOST_PICTURES) as f64;
    (width - (count - 1.0) * GAP) / count
}

fn pictures_height(report: &Report, width: f64) -> f64 {
    let each = picture_width(report, width);
    let shown = report.key_slices.iter().take(MOST_PICTURES);
    let tallest =
        shown.map(|slice| slice.canvas.height as f64 / slice.canvas.width.max(1) as f64).fold(0.0, f64::max);
    if tallest > 0.0 { each * tallest + CAPTION + 4.0 } else { 0.0 }
}

fn key_slices(page: &mut Drawing, report: &Report, y: f64, width: f64) {
    let each = picture_width(report, width);
    for (at, slice) in report.key_slices.iter().take(MOST_PICTURES).enumerate() {
        let x = MARGIN + at as f64 * (each + GAP);
        page.text(&slice.caption, Style::regular(6.8, GRAY), [x, y + CAPTION - 2.5], Anchor::Start);
        page.picture(&slice.canvas, [x, y + CAPTION], each);
    }
}

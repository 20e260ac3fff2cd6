//! The full report for physics: metrics, intervals, findings, options, provenance, on as many pages as it
//! takes.
//!
//! Units: points. Frame: as [`super::drawing`].

use super::drawing::{ALERT, Drawing, GRAY, INK, Style};
use super::metrics::{COLUMNS, cell, is_target, with_dose, without_dose};
use super::table::{Column, Row, Table};
use super::{Report, dvh_plot, facts};
use crate::canvas::Canvas;
use crate::draw::Anchor;
use crate::draw::typeface::{Weight, wrap};
use crate::labels::REFERENCE_ONLY;
use rt_model::finding::Severity;

const MARGIN: f64 = 40.0;
const PLOT: f64 = 300.0;
const ROW: f64 = 10.5;

/// Pages that are filled from top to bottom.
struct Flow<'r> {
    report: &'r Report,
    pages: Vec<Drawing>,
    page: Drawing,
    y: f64,
}

/// The pages.
pub(super) fn pages(report: &Report, size: [f64; 2]) -> Vec<Drawing> {
    let mut page = Drawing::new(size);
    let right = size[0] - MARGIN;
    let mut y = facts::head(&mut page, report, "Planned dose: full report", MARGIN);
    y = facts::columns(&mut page, &report.plan, y, MARGIN, 8.5) + 2.0;
    dvh_plot::draw(&mut page, report, [MARGIN, y], [right, y + PLOT], 1.15);
    let mut flow = Flow { report, pages: Vec::new(), page, y: y + PLOT + 18.0 };
    flow.metrics();
    flow.intervals();
    flow.findings();
    flow.key_slices();
    flow.provenance();
    flow.finish()
}

impl Flow<'_> {
    fn bottom(&self) -> f64 {
        self.page.size[1] - MARGIN - 14.0
    }

    /// A new page where less than `height` is left.
    fn need(&mut self, height: f64) {
        if self.y + height > self.bottom() {
            let next = Drawing::new(self.page.size);
            self.pages.push(std::mem::replace(&mut self.page, next));
            self.y = MARGIN + 12.0;
        }
    }

    fn heading(&mut self, text: &str, with: f64) {
        self.need(30.0 + with);
        self.y = facts::heading(&mut self.page, text, self.y + 8.0, MARGIN) + 3.0;
    }

    /// Rows under a head that is repeated on each page.
    fn table(&mut self, table: &Table, rows: &[Row]) {
        self.need(table.head_height() + table.row);
        self.y = table.head(&mut self.page, self.y);
        for (at, row) in rows.iter().enumerate() {
            if self.y + table.row > self.bottom() {
                self.need(f64::INFINITY);
                self.y = table.head(&mut self.page, self.y);
            }
            self.y = table.row(&mut self.page, at, row, self.y);
        }
        table.foot(&mut self.page, self.y);
        self.y += 12.0;
    }

    fn width(&self) -> f64 {
        self.page.size[0] - 2.0 * MARGIN
    }

    fn metrics(&mut self) {
        let unit = self.report.labels.unit;
        self.heading(&format!("Dose-volume metrics ({unit})"), 3.0 * ROW);
        let mut columns = vec![
            Column::text("ROI", 2.5),
            Column::text("type", 1.55),
            Column::number("volume cm³", 1.6),
            Column::number("inside %", 1.25),
        ];
        columns.extend(COLUMNS.map(|metric| Column::number(metric, 1.0)));
        let rows: Vec<Row> = with_dose(&self.report.rois)
            .map(|(roi, dvh)| {
                let kind = roi.interpreted_type.clone().unwrap_or_default();
                let mut cells = vec![
                    roi.name.clone(),
                    kind,
                    format!("{:.3}", dvh.volume().0),
                    format!("{:.1}", dvh.coverage().0),
                ];
                cells.extend(COLUMNS.map(|metric| cell(dvh, metric).text()));
                Row { cells, heavy: is_target(roi) }
            })
            .collect();
        let table = Table::new(columns, MARGIN, self.width(), ROW);
        self.table(&table, &rows);
        let lacking: Vec<Row> = without_dose(&self.report.rois)
            .map(|(roi, reason)| Row { cells: vec![roi.name.clone(), reason.to_string()], heavy: false })
            .collect();
        if !lacking.is_empty() {
            self.heading("ROIs without dose", ROW);
            let columns = vec![Column::text("ROI", 1.0), Column::text("reason", 3.0)];
            let table = Table::new(columns, MARGIN, self.width(), ROW);
            self.table(&table, &lacking);
        }
    }

    /// What the data leave open: bands where they were computed, and the intervals of ROIs that are partly
    /// outside the dose grid.
    fn intervals(&mut self) {
        let two = |value: f64| format!("{value:.2}");
        let mut rows = Vec::new();
        let ends = |interval: Option<(f64, f64)>| {
            interval.map_or_else(Default::default, |(low, high)| (two(low), two(high)))
        };
        for (roi, dvh) in with_dose(&self.report.rois) {
            for band in &roi.bands {
                let (low, high) = ends(band.interval);
                let (value, remark) =
                    (band.value.map(two).unwrap_or_default(), band.remark.clone().unwrap_or_default());
                rows.push(Row {
                    cells: vec![roi.name.clone(), band.metric.clone(), value, low, high, remark],
                    heavy: false,
                });
            }
            // Without bands, what the part outside the dose grid leaves open.
            let partial =
                COLUMNS.iter().filter(|_| roi.bands.is_empty()).map(|metric| (*metric, cell(dvh, metric)));
            for (metric, cell) in partial.filter(|(_, cell)| cell.reason.is_some()) {
                let (low, high) = ends(cell.interval);
                let value = cell.value.map(two).unwrap_or_default();
                let cells = vec![
                    roi.name.clone(),
                    metric.to_owned(),
                    value,
                    low,
                    high,
                    cell.reason.unwrap_or_default(),
                ];
                rows.push(Row { cells, heavy: false });
            }
        }
        if rows.is_empty() {
            return;
        }
        self.heading("Intervals", 3.0 * ROW);
        let columns = vec![
            Column::text("ROI", 2.0),
            Column::text("metric", 1.4),
            Column::number("value", 0.9),
            Column::number("at least", 0.9),
            Column::number("at most", 0.9),
            Column::text("remark", 4.0),
        ];
        let table = Table::new(columns, MARGIN, self.width(), ROW);
        self.table(&table, &rows);
    }

    fn findings(&mut self) {
        self.heading("Findings", ROW);
        if self.report.findings.is_empty() {
            self.page.text("none", Style::regular(8.0, INK), [MARGIN, self.y + 6.0], Anchor::Start);
            self.y += 16.0;
        }
        for finding in &self.report.findings {
            let colour = if finding.severity == Severity::Info { GRAY } else { ALERT };
            let text = format!("{}: {}", finding.at, finding.text);
            let lines = wrap(&text, Weight::Regular, 7.6, self.width() - 84.0).len();
            self.need(10.0 * lines as f64 + 3.0);
            let base = self.y + 7.0;
            self.page.text(
                &finding.code.to_string(),
                Style::bold(7.6, colour),
                [MARGIN, base],
                Anchor::Start,
            );
            let severity = finding.severity.to_string();
            self.page.text(&severity, Style::regular(7.6, colour), [MARGIN + 40.0, base], Anchor::Start);
            let at = [MARGIN + 84.0, base];
            self.y =
                self.page.paragraph(&text, Style::regular(7.6, INK), at, self.width() - 84.0, 10.0) - 4.0;
        }
        self.y += 10.0;
    }

    /// Two pictures side by side.
    fn key_slices(&mut self) {
        if self.report.key_slices.is_empty() {
            return;
        }
        let gap = 10.0;
        let each = (self.width() - gap) / 2.0;
        let height = |canvas: &Canvas| each * canvas.height as f64 / canvas.width.max(1) as f64;
        let first = self.report.key_slices.first().map_or(0.0, |slice| height(&slice.canvas));
        self.heading("Key slices", first + 12.0);
        for pair in self.report.key_slices.chunks(2) {
            let tallest = pair.iter().map(|slice| height(&slice.canvas)).fold(0.0, f64::max);
            self.need(tallest + 12.0);
            for (at, slice) in pair.iter().enumerate() {
                let x = MARGIN + at as f64 * (each + gap);
                self.page.text(&slice.caption, Style::regular(7.5, GRAY), [x, self.y + 7.0], Anchor::Start);
                self.page.picture(&slice.canvas, [x, self.y + 10.0], each);
            }
            self.y += tallest + 20.0;
        }
    }

    fn provenance(&mut self) {
        let mut scratch = Drawing::new(self.page.size);
        let height = facts::list(&mut scratch, &self.report.provenance, [0.0, 0.0], self.width(), 7.6);
        self.heading("Provenance", height);
        let (facts, width) = (&self.report.provenance, self.width());
        self.y = facts::list(&mut self.page, facts, [MARGIN, self.y + 7.0], width, 7.6);
    }

    /// A foot on every page.
    fn finish(mut self) -> Vec<Drawing> {
        self.pages.push(self.page);
        let count = self.pages.len();
        let who = format!("{} · {} · {REFERENCE_ONLY}", self.report.identity.id, self.report.labels.plan);
        for (at, page) in self.pages.iter_mut().enumerate() {
            let y = page.size[1] - MARGIN + 8.0;
            page.text(&who, Style::regular(6.8, GRAY), [MARGIN, y], Anchor::Start);
            page.text(
                &format!("page {} of {count}", at + 1),
                Style::regular(6.8, GRAY),
                [page.size[0] - MARGIN, y],
                Anchor::End,
            );
        }
        self.pages
    }
}

//! The contact sheet: everything that is about to be sent, on one look, before it is released.
//!
//! Units: pixels (a point of the sheet is one). Frame: as [`super::drawing`].

mod html;
mod legend;

use super::drawing::{ALERT, Drawing, GRAY, INK, Style};
use super::{KeySlice, Report, dvh_plot, facts, raster};
use crate::draw::{Anchor, png, shrunk};
use crate::style::PictureStyle;
use rt_model::finding::Severity;

pub use html::sheet_html;

/// What is about to be sent.
#[derive(Debug, Clone, Copy)]
pub struct ContactSheet<'a> {
    /// Identity, plan, prescription and source, approval, total check, DVHs, findings.
    pub report: &'a Report,
    /// Levels and colours of the pictures.
    pub style: &'a PictureStyle,
    /// Slices of it, with what each shows.
    pub slices: &'a [KeySlice],
    /// Slices that are about to be sent.
    pub sent: usize,
}

const WIDTH: f64 = 1280.0;
const MARGIN: f64 = 28.0;
const PER_ROW: usize = 5;
const GAP: f64 = 10.0;
const CAPTION: f64 = 16.0;

/// The sheet as a picture.
///
/// ```
/// use rt_draw::example;
/// use rt_draw::report::{ContactSheet, sheet_png};
///
/// let (report, style) = (example::report(), example::style());
/// let sheet = ContactSheet { report: &report, style: &style, slices: &report.key_slices, sent: 57 };
/// assert!(sheet_png(&sheet).starts_with(b"\x89PNG"));
/// ```
#[must_use]
pub fn sheet_png(sheet: &ContactSheet<'_>) -> Vec<u8> {
    png::encode(&raster::paint(&drawing(sheet), 1.0))
}

fn drawing(sheet: &ContactSheet<'_>) -> Drawing {
    let report = sheet.report;
    let mut page = Drawing::new([WIDTH, 0.0]);
    let mut y = facts::head(&mut page, report, "Contact sheet: check before release", MARGIN);
    y = facts::columns(&mut page, &report.plan, y + 4.0, MARGIN, 12.0) + 4.0;
    let plot = 330.0;
    dvh_plot::draw(&mut page, report, [MARGIN, y], [WIDTH - MARGIN - 190.0, y + plot], 1.5);
    legend::draw(&mut page, report, sheet.style, [WIDTH - MARGIN - 160.0, y + 24.0]);
    y += plot + 20.0;
    y = findings(&mut page, report, y);
    y = slices(&mut page, sheet, y);
    page.size[1] = y + MARGIN;
    page
}

/// Warnings and errors in full, how many notes there are besides.
fn findings(page: &mut Drawing, report: &Report, y: f64) -> f64 {
    let mut y = facts::heading(page, "Findings", y, MARGIN) + 10.0;
    let heavy: Vec<_> = report.findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
    for finding in &heavy {
        let code = format!("{} {}", finding.code, finding.severity);
        page.text(&code, Style::bold(11.0, ALERT), [MARGIN, y], Anchor::Start);
        y = page.paragraph(
            &finding.text,
            Style::regular(11.0, INK),
            [MARGIN + 120.0, y],
            WIDTH - 2.0 * MARGIN - 120.0,
            15.0,
        );
    }
    let notes = report.findings.len() - heavy.len();
    page.text(&summary(heavy.len(), notes), Style::regular(11.0, GRAY), [MARGIN, y], Anchor::Start);
    y + 20.0
}

fn summary(heavy: usize, notes: usize) -> String {
    let plural = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let warnings = if heavy == 0 { "no warning".to_owned() } else { plural(heavy, "warning") };
    format!("{warnings}, {}", plural(notes, "note"))
}

/// How many of the slices that are sent are shown.
fn slices_heading(sheet: &ContactSheet<'_>) -> String {
    let shown = sheet.slices.len();
    if shown < sheet.sent { format!("{shown} of {} slices", sheet.sent) } else { format!("{shown} slices") }
}

fn slices(page: &mut Drawing, sheet: &ContactSheet<'_>, y: f64) -> f64 {
    let mut y = facts::heading(page, &slices_heading(sheet), y, MARGIN) + 6.0;
    let each = (WIDTH - 2.0 * MARGIN - (PER_ROW - 1) as f64 * GAP) / PER_ROW as f64;
    for row in sheet.slices.chunks(PER_ROW) {
        let mut tallest = 0.0f64;
        for (at, slice) in row.iter().enumerate() {
            let x = MARGIN + at as f64 * (each + GAP);
            page.text(&slice.caption, Style::regular(10.5, GRAY), [x, y + 11.0], Anchor::Start);
            // Thumbnails are kept small, so that a sheet of many slices is too.
            let small = shrunk(&slice.canvas, each.round() as usize);
            tallest = tallest.max(page.picture(&small, [x, y + CAPTION], each));
        }
        y += CAPTION + tallest + GAP;
    }
    y
}

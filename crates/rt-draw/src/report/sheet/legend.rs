//! Levels and colours.
//!
//! Units: points; levels in the case's dose unit. Frame: as [`super::super::drawing`].

use crate::draw::Anchor;
use crate::labels::round;
use crate::report::Report;
use crate::report::drawing::{Drawing, GRAY, INK, Style};
use crate::style::{DoseUnit, PictureStyle};

/// From `at` (top left) down.
pub(super) fn draw(page: &mut Drawing, report: &Report, style: &PictureStyle, at: [f64; 2]) {
    let ink = Style::regular(12.0, INK);
    let [x, mut y] = at;
    page.text(
        &format!("max {} {}", round(report.labels.maximum), report.labels.unit),
        ink,
        [x, y],
        Anchor::Start,
    );
    for line in rows(report, style) {
        y += 19.0;
        page.fill([x, y - 11.0], [x + 24.0, y + 2.0], line.colour);
        page.text(&line.dose, ink, [x + 92.0, y], Anchor::End);
        page.text(&line.percent, ink, [x + 148.0, y], Anchor::End);
    }
    if let Some(lowest) = style.levels.first() {
        page.text(
            &report.labels.threshold_text(lowest.dose),
            Style::regular(11.0, GRAY),
            [x, y + 20.0],
            Anchor::Start,
        );
    }
}

/// A level as it is printed.
pub(super) struct LegendRow {
    pub(super) colour: [u8; 3],
    pub(super) dose: String,
    /// Of the settled prescription; empty without one.
    pub(super) percent: String,
}

/// Levels from the highest down.
pub(super) fn rows(report: &Report, style: &PictureStyle) -> Vec<LegendRow> {
    let prescription = report.labels.prescription.filter(|_| style.unit != DoseUnit::Percent);
    style
        .levels
        .iter()
        .rev()
        .map(|level| LegendRow {
            colour: level.colour,
            dose: format!("{} {}", round(level.dose), style.unit),
            percent: prescription
                .map(|dose| format!("{} %", round(100.0 * level.dose / dose)))
                .unwrap_or_default(),
        })
        .collect()
}

//! What leads and ends a page: whose plan it is, what must not be overlooked, facts as label and value,
//! provenance.
//!
//! Units: points. Frame: as [`super::drawing`].

use super::Report;
use super::drawing::{ACCENT, ALERT, Drawing, GRAY, INK, RULE, Style};
use crate::draw::Anchor;
use crate::draw::typeface::{fitted, wrap};
use crate::labels::{NOT_DELIVERED, REFERENCE_ONLY};

/// Title, patient and warnings from `top` down; gives where the page goes on.
pub(super) fn head(drawing: &mut Drawing, report: &Report, title: &str, margin: f64) -> f64 {
    let right = drawing.size[0] - margin;
    let mut y = margin + 11.0;
    drawing.text(title, Style::bold(16.0, ACCENT), [margin, y], Anchor::Start);
    drawing.text(REFERENCE_ONLY, Style::bold(8.0, ALERT), [right, y - 6.0], Anchor::End);
    drawing.text(NOT_DELIVERED, Style::regular(8.0, ALERT), [right, y + 4.0], Anchor::End);
    y += 10.0;
    drawing.rule(margin, right, y, 1.2, ACCENT);
    y = identity(drawing, report, y + 16.0, margin);
    let burned = report.labels.burned();
    if !burned.is_empty() {
        drawing.fill([margin, y - 9.0], [right, y + 8.0], ALERT);
        let style = Style::bold(11.0, [255; 3]);
        drawing.text(&burned.join("   ·   "), style, [(margin + right) / 2.0, y + 3.5], Anchor::Middle);
        y += 20.0;
    }
    y
}

/// The patient on one line.
fn identity(drawing: &mut Drawing, report: &Report, y: f64, margin: f64) -> f64 {
    let who = &report.identity;
    let bold = Style::bold(11.0, INK);
    let name = fitted(&who.printed_name(), bold.weight, bold.size, 0.45 * drawing.size[0]);
    drawing.text(&name, bold, [margin, y], Anchor::Start);
    let mut x = margin + bold.width(&name) + 16.0;
    let sex = who.sex.map(String::from);
    let birth = who.birth_date.clone();
    for (label, value) in [("ID", Some(who.id.clone())), ("born", birth), ("sex", sex)] {
        let value = value.unwrap_or_else(|| "not stated".to_owned());
        let (gray, ink) = (Style::regular(8.5, GRAY), Style::regular(9.5, INK));
        drawing.text(label, gray, [x, y], Anchor::Start);
        x += gray.width(label) + 4.0;
        drawing.text(&value, ink, [x, y], Anchor::Start);
        x += ink.width(&value) + 14.0;
    }
    y + 17.0
}

/// Facts in two columns, read downwards; gives where the page goes on.
pub(super) fn columns(
    drawing: &mut Drawing,
    facts: &[(String, String)],
    y: f64,
    margin: f64,
    size: f64,
) -> f64 {
    let gap = 18.0;
    let width = (drawing.size[0] - 2.0 * margin - gap) / 2.0;
    let half = facts.len().div_ceil(2);
    let mut lowest = y;
    for (at, part) in [&facts[..half], &facts[half..]].into_iter().enumerate() {
        let end = list(drawing, part, [margin + at as f64 * (width + gap), y], width, size);
        lowest = lowest.max(end);
    }
    lowest
}

/// How high [`columns`] will be.
pub(super) fn columns_height(facts: &[(String, String)], page: f64, margin: f64, size: f64) -> f64 {
    let mut scratch = Drawing::new([page, 0.0]);
    columns(&mut scratch, facts, 0.0, margin, size)
}

/// Labels and values below one another, values wrapped; gives the baseline of the next.
pub(super) fn list(
    drawing: &mut Drawing,
    facts: &[(String, String)],
    at: [f64; 2],
    width: f64,
    size: f64,
) -> f64 {
    let (gray, ink) = (Style::regular(size, GRAY), Style::regular(size, INK));
    let labels = facts.iter().map(|(label, _)| gray.width(label)).fold(0.0, f64::max).min(0.48 * width) + 8.0;
    let leading = 1.38 * size;
    let mut y = at[1];
    for (label, value) in facts {
        let label = fitted(label, gray.weight, size, labels - 4.0);
        drawing.text(&label, gray, [at[0], y], Anchor::Start);
        for line in wrap(value, ink.weight, size, width - labels) {
            let line = fitted(&line, ink.weight, size, width - labels);
            drawing.text(&line, ink, [at[0] + labels, y], Anchor::Start);
            y += leading;
        }
    }
    y
}

/// A heading with a line under it; gives where its section begins.
pub(super) fn heading(drawing: &mut Drawing, text: &str, y: f64, margin: f64) -> f64 {
    drawing.text(text, Style::bold(9.5, ACCENT), [margin, y], Anchor::Start);
    drawing.rule(margin, drawing.size[0] - margin, y + 4.0, 0.5, RULE);
    y + 8.0
}

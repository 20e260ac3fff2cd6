//! A page as a list of what is on it: pages are laid out once and become PDF, SVG or pixels.
//!
//! Units: points (1/72 inch). Frame: x to the right and y down from the page's top left corner.

use crate::canvas::Canvas;
use crate::draw::Anchor;
use crate::draw::typeface::{self, Weight};

/// Dark text.
pub(super) const INK: [u8; 3] = [28, 32, 38];
/// Labels beside values.
pub(super) const GRAY: [u8; 3] = [105, 112, 122];
/// Rules of tables.
pub(super) const RULE: [u8; 3] = [208, 213, 219];
/// Light grid lines and every other row.
pub(super) const PALE: [u8; 3] = [238, 241, 244];
/// Headings.
pub(super) const ACCENT: [u8; 3] = [16, 78, 119];
/// What must not be overlooked.
pub(super) const ALERT: [u8; 3] = [178, 34, 34];

/// A thing on a page.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Line(Line),
    Text(Text),
    Box { low: [f64; 2], high: [f64; 2], colour: [u8; 3] },
    Picture { canvas: Canvas, low: [f64; 2], size: [f64; 2] },
}

/// A polyline.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) points: Vec<[f64; 2]>,
    pub(super) width: f64,
    pub(super) colour: [u8; 3],
    /// Drawn and left out, over and over; empty for a solid line.
    pub(super) dash: &'static [f64],
}

/// A text on one line.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) weight: Weight,
    pub(super) size: f64,
    pub(super) colour: [u8; 3],
    /// The point of the baseline that `anchor` names.
    pub(super) at: [f64; 2],
    pub(super) anchor: Anchor,
    /// Turned to read upwards.
    pub(super) upright: bool,
}

impl Text {
    /// Where the baseline starts, along the direction of reading.
    pub(super) fn start(&self) -> [f64; 2] {
        let wide = typeface::width(&self.text, self.weight, self.size);
        let back = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => wide / 2.0,
            Anchor::End => wide,
        };
        if self.upright { [self.at[0], self.at[1] + back] } else { [self.at[0] - back, self.at[1]] }
    }
}

/// Weight, size and colour of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) weight: Weight,
    pub(super) size: f64,
    pub(super) colour: [u8; 3],
}

impl Style {
    pub(super) const fn regular(size: f64, colour: [u8; 3]) -> Self {
        Self { weight: Weight::Regular, size, colour }
    }

    pub(super) const fn bold(size: f64, colour: [u8; 3]) -> Self {
        Self { weight: Weight::Bold, size, colour }
    }

    pub(super) fn width(self, text: &str) -> f64 {
        typeface::width(text, self.weight, self.size)
    }
}

/// A page or a figure.
#[derive(Debug, Clone)]
pub(super) struct Drawing {
    pub(super) size: [f64; 2],
    pub(super) items: Vec<Item>,
}

impl Drawing {
    pub(super) const fn new(size: [f64; 2]) -> Self {
        Self { size, items: Vec::new() }
    }

    pub(super) fn text(&mut self, text: &str, style: Style, at: [f64; 2], anchor: Anchor) {
        self.push_text(text, style, at, anchor, false);
    }

    pub(super) fn upright(&mut self, text: &str, style: Style, at: [f64; 2], anchor: Anchor) {
        self.push_text(text, style, at, anchor, true);
    }

    fn push_text(&mut self, text: &str, style: Style, at: [f64; 2], anchor: Anchor, upright: bool) {
        let Style { weight, size, colour } = style;
        let text = text.to_owned();
        self.items.push(Item::Text(Text { text, weight, size, colour, at, anchor, upright }));
    }

    pub(super) fn line(&mut self, points: Vec<[f64; 2]>, width: f64, colour: [u8; 3], dash: &'static [f64]) {
        self.items.push(Item::Line(Line { points, width, colour, dash }));
    }

    /// A horizontal rule.
    pub(super) fn rule(&mut self, from: f64, to: f64, y: f64, width: f64, colour: [u8; 3]) {
        self.line(vec![[from, y], [to, y]], width, colour, &[]);
    }

    pub(super) fn fill(&mut self, low: [f64; 2], high: [f64; 2], colour: [u8; 3]) {
        self.items.push(Item::Box { low, high, colour });
    }

    /// A picture of `width` with its own aspect; gives its height.
    pub(super) fn picture(&mut self, canvas: &Canvas, low: [f64; 2], width: f64) -> f64 {
        let height = width * canvas.height as f64 / canvas.width.max(1) as f64;
        self.items.push(Item::Picture { canvas: canvas.clone(), low, size: [width, height] });
        height
    }

    /// A text in as many lines as it needs; gives the baseline after the last.
    pub(super) fn paragraph(
        &mut self,
        text: &str,
        style: Style,
        at: [f64; 2],
        most: f64,
        leading: f64,
    ) -> f64 {
        let mut y = at[1];
        for line in typeface::wrap(text, style.weight, style.size, most) {
            let line = typeface::fitted(&line, style.weight, style.size, most);
            self.text(&line, style, [at[0], y], Anchor::Start);
            y += leading;
        }
        y
    }
}

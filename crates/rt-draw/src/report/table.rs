//! Tables with right-aligned numbers.
//!
//! Units: points. Frame: as [`super::drawing`].

use super::drawing::{Drawing, GRAY, INK, PALE, RULE, Style};
use crate::draw::Anchor;
use crate::draw::typeface::{CAP_HEIGHT, fitted};

/// A column: its heading, its share of the width, and whether it holds numbers.
pub(super) struct Column {
    pub(super) heading: String,
    pub(super) share: f64,
    pub(super) number: bool,
}

impl Column {
    pub(super) fn text(heading: &str, share: f64) -> Self {
        Self { heading: heading.to_owned(), share, number: false }
    }

    pub(super) fn number(heading: &str, share: f64) -> Self {
        Self { heading: heading.to_owned(), share, number: true }
    }
}

/// A row; a heavy one stands out.
pub(super) struct Row {
    pub(super) cells: Vec<String>,
    pub(super) heavy: bool,
}

/// The columns' places on a page.
pub(super) struct Table {
    columns: Vec<Column>,
    left: f64,
    width: f64,
    /// Height of a row.
    pub(super) row: f64,
}

impl Table {
    pub(super) fn new(columns: Vec<Column>, left: f64, width: f64, row: f64) -> Self {
        Self { columns, left, width, row }
    }

    /// Height of the head.
    pub(super) fn head_height(&self) -> f64 {
        self.row + 3.0
    }

    /// The head from `y` down; gives where the first row begins.
    pub(super) fn head(&self, drawing: &mut Drawing, y: f64) -> f64 {
        let style = Style::bold(self.size(), GRAY);
        let cells: Vec<String> = self.columns.iter().map(|column| column.heading.clone()).collect();
        self.cells(drawing, &cells, style, y);
        drawing.rule(self.left, self.left + self.width, y + self.row + 1.0, 0.8, GRAY);
        y + self.head_height()
    }

    /// Row number `at` from `y` down; gives where the next begins.
    pub(super) fn row(&self, drawing: &mut Drawing, at: usize, row: &Row, y: f64) -> f64 {
        if at % 2 == 1 {
            drawing.fill([self.left, y], [self.left + self.width, y + self.row], PALE);
        }
        let style = if row.heavy { Style::bold(self.size(), INK) } else { Style::regular(self.size(), INK) };
        self.cells(drawing, &row.cells, style, y);
        y + self.row
    }

    /// A line below the last row.
    pub(super) fn foot(&self, drawing: &mut Drawing, y: f64) {
        drawing.rule(self.left, self.left + self.width, y, 0.5, RULE);
    }

    fn size(&self) -> f64 {
        (0.72 * self.row).min(8.0)
    }

    fn cells(&self, drawing: &mut Drawing, cells: &[String], style: Style, y: f64) {
        let shares: f64 = self.columns.iter().map(|column| column.share).sum();
        let base = y + 0.5 * self.row + 0.5 * CAP_HEIGHT * style.size;
        let mut x = self.left;
        for (column, cell) in self.columns.iter().zip(cells) {
            let width = self.width * column.share / shares;
            let text = fitted(cell, style.weight, style.size, width - 6.0);
            let (at, anchor) =
                if column.number { (x + width - 3.0, Anchor::End) } else { (x + 3.0, Anchor::Start) };
            drawing.text(&text, style, [at, base], anchor);
            x += width;
        }
    }
}

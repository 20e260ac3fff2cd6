//! Rows of text in columns.
//!
//! Units: as the headers say. Frame: none.

use super::table::STYLE;
use comfy_table::{CellAlignment, ContentArrangement, Table};

/// A header, with `>` in front where its column holds numbers.
pub(crate) type Header = &'static str;

/// Lays rows out under headers.
#[must_use]
pub(crate) fn columns(headers: &[Header], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    let titles = headers.iter().map(|header| header.trim_start_matches('>'));
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Disabled).set_header(titles);
    for (column, header) in table.column_iter_mut().zip(headers) {
        if header.starts_with('>') {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for row in rows {
        // A line end in a value would break the row.
        table.add_row(row.into_iter().map(|cell| cell.replace(['\n', '\r'], " ")));
    }
    table.trim_fmt() + "\n"
}

/// A number with so many digits after the point, or a dash.
#[must_use]
pub(crate) fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

//! Rows of text in columns, for people, and values of the database as JSON.
//!
//! Units: as the headers say. Frame: none.

use crate::report::finite;
use crate::table::STYLE;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use rt_sql::Value;
use serde_json::{Map, Value as Json};

/// A header, with `>` in front where its column holds numbers.
pub type Header = &'static str;

/// Lays rows out under headers.
#[must_use]
pub fn columns(headers: &[Header], rows: impl IntoIterator<Item = Vec<String>>) -> String {
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
pub fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

/// A value of the database as JSON.
#[must_use]
pub fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => finite(*number).into(),
        Value::Text(text) => text.as_str().into(),
    }
}

/// The rows of a table as objects.
#[must_use]
pub fn objects(table: &rt_sql::Table) -> Vec<Json> {
    let object = |row: &Vec<Value>| table.columns.iter().cloned().zip(row.iter().map(json)).collect::<Map<_, _>>().into();
    table.rows.iter().map(object).collect()
}

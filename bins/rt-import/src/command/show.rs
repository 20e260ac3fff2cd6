//! `rt-import show`.
//!
//! Units: as the columns' names say; Gy and cm3 in `Plans` and `DVHs`. Frame: DICOM patient coordinates (LPS)
//! for points.

use super::connection::Connection;
use super::list;
use crate::cli::ShowArgs;
use crate::config::{Layer, Settings};
use crate::view::columns::columns;
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_report::stored::Show;
use rt_sql::record::PlanId;
use rt_sql::{SqlError, SqlErrorKind, Table, Value};

/// Columns that people do not read: keys that the heading says, and the curve.
const HIDDEN: [&str; 4] = ["MRN", "PlanID", "Number", "VolumeString"];
/// A column with a longer value is shown as its beginning.
const WIDEST: usize = 60;

/// Shows a patient or a plan.
///
/// # Errors
/// Where the database can't be reached or read, or nothing of the patient is stored.
pub(crate) fn run(args: &ShowArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    let connection = Connection::open(&settings.database)?;
    let (plans, log) = connection.ask(|database| async move {
        Ok((database.list(Some(&args.mrn)).await?, database.audit(Some(&args.mrn)).await?))
    })?;
    let wanted: Vec<_> =
        plans.into_iter().filter(|plan| args.plan.is_none_or(|id| plan.plan.plan_id == id)).collect();
    if wanted.is_empty() && (args.plan.is_some() || log.rows.is_empty()) {
        return Err(nothing(&args.mrn, args.plan));
    }
    let mut tables = Vec::new();
    if args.plan.is_some() || args.json.is_some() {
        for plan in &wanted {
            let id = plan.plan.plan_id;
            tables.push((
                id,
                connection.ask(|database| async move { database.plan_tables(&args.mrn, id).await })?,
            ));
        }
    }
    connection.close();
    let mut text = list::table(&wanted);
    match args.plan {
        Some(_) => tables.iter().for_each(|(_, tables)| text += &of_a_plan(tables)),
        None => text += &section(&log),
    }
    output::print(&text, args.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.json {
        output::write_json(path, &Show::new(&args.mrn, &tables, &log))?;
    }
    Ok(Exit::Done)
}

fn nothing(mrn: &str, plan_id: Option<PlanId>) -> Failure {
    let kind = SqlErrorKind::NotStored { mrn: mrn.to_owned(), plan_id };
    Failure { exit: Exit::SomeRefused, text: SqlError::from(kind).to_string() }
}

/// Every table that has rows.
fn of_a_plan(tables: &[Table]) -> String {
    tables.iter().map(section).collect()
}

/// A table under its name; one row stands upright, a column per line.
fn section(table: &Table) -> String {
    let shown: Vec<usize> = (0..table.columns.len())
        .filter(|at| !HIDDEN.contains(&table.columns[*at].as_str()))
        .filter(|at| table.rows.iter().any(|row| row[*at] != Value::Null))
        .collect();
    if shown.is_empty() {
        return String::new();
    }
    let body = match &table.rows[..] {
        [row] => columns(
            &["column", "value"],
            shown.iter().map(|at| vec![table.columns[*at].clone(), row[*at].to_string()]),
        ),
        rows => {
            let headers: Vec<String> = shown.iter().map(|at| table.columns[*at].clone()).collect();
            let cells = |row: &Vec<Value>| shown.iter().map(|at| shortened(&row[*at])).collect::<Vec<_>>();
            let titled: Vec<Vec<String>> = std::iter::once(headers).chain(rows.iter().map(cells)).collect();
            under_titles(titled)
        }
    };
    format!("\n{}\n{body}", table.name)
}

/// Rows of which the first has the titles.
fn under_titles(rows: Vec<Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    table
        .load_style(crate::view::table::STYLE)
        .set_content_arrangement(comfy_table::ContentArrangement::Disabled);
    let mut rows = rows.into_iter();
    if let Some(titles) = rows.next() {
        table.set_header(titles);
    }
    rows.for_each(|row| {
        table.add_row(row);
    });
    table.trim_fmt() + "\n"
}

fn shortened(value: &Value) -> String {
    let text = value.to_string().replace(['\n', '\r'], " ");
    if text.chars().count() <= WIDEST { text } else { text.chars().take(WIDEST - 1).chain(['…']).collect() }
}

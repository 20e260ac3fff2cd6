//! `rt-import export`: plans, DVHs, curves or metrics as CSV or JSON, a plan at a time however many there
//! are.
//!
//! Units: as the columns' names say; Gy and cm3 in those of `Plans` and `DVHs`. Frame: none.

use super::connection::Connection;
use crate::cli::{ExportArgs, ExportFormat, ExportWhat};
use crate::config::{Layer, Settings};
use crate::view::csv::{self, quoted};
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_report::stored::{EXPORT_SCHEMA, StoredCurve, line, objects};
use rt_sql::record::PlanId;
use rt_sql::{DvhRow, Table};
use std::io::Write;

/// A plan's key.
type Key = (String, PlanId);

/// Exports what `args` ask for.
///
/// # Errors
/// Where the database can't be reached or read, or the file can't be written.
pub(crate) fn run(args: &ExportArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    output::check(&args.out)?;
    let connection = Connection::open(&settings.database)?;
    let keys = keys(&connection, args)?;
    let mut failed = None;
    output::write(&args.out, |out| {
        let outcome = match args.format {
            ExportFormat::Csv => as_csv(&connection, args, &keys, out),
            ExportFormat::Json => as_json(&connection, args, &keys, out),
        };
        match outcome {
            Ok(()) => Ok(()),
            Err(Stop::Output(error)) => Err(error),
            Err(Stop::Database(failure)) => {
                let error = std::io::Error::other(failure.text.clone());
                failed = Some(failure);
                Err(error)
            }
        }
    })
    .map_err(|failure| failed.take().unwrap_or(failure))?;
    connection.close();
    Ok(Exit::Done)
}

/// Why an export ends early.
enum Stop {
    Output(std::io::Error),
    Database(Failure),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Database(failure)
    }
}

/// The plans to export, in order.
fn keys(connection: &Connection, args: &ExportArgs) -> Result<Vec<Key>, Failure> {
    let mrn = args.mrn.as_deref();
    let keys: Vec<Key> = if args.all {
        let plans = connection.ask(|database| async move { database.plans(mrn).await })?;
        plans.into_iter().map(|plan| (plan.mrn, plan.plan_id)).collect()
    } else {
        let plans = connection.ask(|database| async move { database.cohort_plans().await })?;
        plans
            .into_iter()
            .map(|plan| (plan.mrn, plan.plan_id))
            .filter(|(of, _)| mrn.is_none_or(|mrn| of == mrn))
            .collect()
    };
    Ok(keys)
}

/// A plan's rows, without the curve, which is exported by itself.
fn rows(connection: &Connection, args: &ExportArgs, (mrn, plan): &Key) -> Result<Table, Failure> {
    let mut table =
        connection.ask(|database| async move { database.rows(args.source(), mrn, *plan).await })?;
    if let Some(at) = table.columns.iter().position(|column| column == "VolumeString") {
        table.columns.remove(at);
        for row in &mut table.rows {
            row.remove(at);
        }
    }
    Ok(table)
}

fn dvhs(connection: &Connection, (mrn, plan): &Key) -> Result<Vec<DvhRow>, Failure> {
    connection.ask(|database| async move { database.dvhs(mrn, *plan).await })
}

fn as_csv(connection: &Connection, args: &ExportArgs, keys: &[Key], out: &mut dyn Write) -> Result<(), Stop> {
    if args.what == ExportWhat::Curves {
        writeln!(out, "MRN,PlanID,ROIName,Dose_Gy,Volume_cm3")?;
        for key in keys {
            for dvh in dvhs(connection, key)? {
                csv::write_stored_curve(&key.0, key.1, &dvh, out)?;
            }
        }
        return Ok(());
    }
    // A key that no plan has gives the header alone.
    let columns = rows(connection, args, &(String::new(), PlanId(0)))?.columns;
    writeln!(out, "{}", columns.join(","))?;
    for key in keys {
        for row in rows(connection, args, key)?.rows {
            let cells: Vec<String> = row.iter().map(|value| quoted(&value.to_string())).collect();
            writeln!(out, "{}", cells.join(","))?;
        }
    }
    Ok(())
}

fn as_json(
    connection: &Connection,
    args: &ExportArgs,
    keys: &[Key],
    out: &mut dyn Write,
) -> Result<(), Stop> {
    write!(out, "{{\"schema\":\"{EXPORT_SCHEMA}\",\"what\":\"{}\",\"rows\":[", args.what.as_str())?;
    let mut first = true;
    for key in keys {
        let rows: Vec<String> = match args.what {
            ExportWhat::Curves => {
                let dvhs = dvhs(connection, key)?;
                dvhs.iter().filter_map(|dvh| Some(line(&StoredCurve::new(&key.0, key.1, dvh)?))).collect()
            }
            _ => objects(&rows(connection, args, key)?).iter().map(line).collect(),
        };
        for row in rows {
            write!(out, "{}\n{row}", if first { "" } else { "," })?;
            first = false;
        }
    }
    writeln!(out, "\n]}}")?;
    Ok(())
}

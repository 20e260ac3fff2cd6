//! What the commands that change something share: the decision for the log, the words and the report of what
//! was done.
//!
//! Units: none. Frame: none.

use super::connection::Connection;
use crate::cli::ChangeArgs;
use crate::config::{Layer, Settings};
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_ingest::Importer;
use rt_report::change::ChangeReport;
use rt_sql::record::Act;

/// What was done.
pub(super) struct Done {
    /// For people.
    pub(super) text: String,
    /// For programs.
    pub(super) report: ChangeReport,
}

/// Runs a change of the configured database and tells what it did.
pub(super) fn run(
    args: &ChangeArgs,
    layer: &Layer,
    work: impl FnOnce(&Connection, Act) -> Result<Done, Failure>,
) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    let connection = Connection::open(&settings.database)?;
    let done = work(&connection, Importer::current().act(&args.reason))?;
    connection.close();
    output::print(&done.text, args.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.json {
        output::write_json(path, &done.report.because(&args.reason))?;
    }
    Ok(Exit::Done)
}

//! What the commands that change something share: the decision for the log, the words and the report of what was done.
//!
//! Units: none. Frame: none.

use crate::cli::ChangeArgs;
use crate::config::{Layer, Settings};
use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::record::Importer;
use rt_sql::record::Act;
use serde_json::Value;

/// Schema of the report of a change.
pub const CHANGE_SCHEMA: &str = "dosebridge.change/1";

/// What was done.
pub(super) struct Done {
    /// For people.
    pub(super) text: String,
    /// Fields of the JSON report.
    pub(super) report: Value,
}

/// Runs a change of the configured database and tells what it did.
pub(super) fn run(
    action: &str,
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
        let mut report = done.report;
        report["schema"] = CHANGE_SCHEMA.into();
        report["action"] = action.into();
        report["reason"] = args.reason.as_str().into();
        output::write_json(path, &report)?;
    }
    Ok(Exit::Done)
}

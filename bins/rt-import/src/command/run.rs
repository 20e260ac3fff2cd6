//! `rt-import run`.
//!
//! Units: none. Frame: none.

use super::import;
use crate::cli::{ResultArgs, RunArgs};
use crate::config::{Layer, Settings};
use crate::view::table;
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use std::path::PathBuf;

/// Runs the import that `args` ask for.
pub(crate) fn run(args: &RunArgs, layer: &Layer) -> Result<Exit, Failure> {
    let mut settings = Settings::new(layer)?;
    args.choice.apply(&mut settings);
    import_and_report(args.paths.clone(), &settings, args.dry_run, &args.store.result)
}

/// Imports `paths` and reports.
pub(super) fn import_and_report(
    paths: Vec<PathBuf>,
    settings: &Settings,
    dry_run: bool,
    result: &ResultArgs,
) -> Result<Exit, Failure> {
    if let Some(json) = &result.json {
        output::check(json)?;
    }
    let database = (!dry_run).then(|| settings.database.in_words());
    let finished = import::import(paths, settings, dry_run)?;
    let json_on_standard_output = result.json.as_deref().is_some_and(output::is_standard_output);
    output::print(&table::run(&finished.report, database.as_deref()), json_on_standard_output);
    if let Some(reason) = &finished.reason {
        eprintln!("rt-import: {reason}");
    }
    if let Some(path) = &result.json {
        output::write_json(path, &finished.report)?;
    }
    Ok(finished.exit(settings.strict))
}

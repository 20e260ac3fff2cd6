//! `rt-import check`: reads everything, writes nothing, and says of each case what would be stored, what is
//! missing and what is suspicious, each with its remedy. The cases go the whole way that an import goes, but
//! for the database, so that both report the same.
//!
//! Units: Gy, cm3, percent, as the names say. Frame: none.

use super::import::import;
use crate::cli::CheckArgs;
use crate::config::{Layer, Settings};
use crate::view::check;
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_report::check::CheckReport;

/// Checks what `args` name.
pub(crate) fn run(args: &CheckArgs, layer: &Layer) -> Result<Exit, Failure> {
    let mut settings = Settings::new(layer)?;
    args.choice.apply(&mut settings);
    if let Some(path) = &args.result.json {
        output::check(path)?;
    }
    let finished = import(args.paths.clone(), &settings, true)?;
    let exit = finished.exit(settings.strict);
    let report = CheckReport::new(finished.report);
    output::print(&check::text(&report), args.result.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.result.json {
        output::write_json(path, &report)?;
    }
    Ok(exit)
}

//! `rt-import demo`.
//!
//! Units: none. Frame: none.

use super::run::import_and_report;
use crate::cli::DemoArgs;
use crate::config::{Layer, Settings};
use rt_cli::exit::{Exit, Failure, chain};

/// Writes the demo case and imports it.
///
/// # Errors
/// Where it can't be written, or the import can't begin or stops.
pub(crate) fn run(args: &DemoArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    std::fs::create_dir_all(&args.out)
        .map_err(|error| Failure::usage(format!("{}: {error}", args.out.display())))?;
    rt_phantom::demo::write(&args.out).map_err(|error| Failure::usage(chain(&error)))?;
    import_and_report(vec![args.out.clone()], &settings, false, &args.store.result)
}

//! `rt-import selftest`: verifies this installation against analytic phantoms and writes a dated record.
//!
//! Units: Gy, cm3. Frame: none.

use crate::cli::SelftestArgs;
use crate::view::selftest as view;
use rt_case::selftest::selftest;
use rt_cli::exit::{Exit, Failure, chain};
use rt_cli::output;
use rt_ingest::Importer;
use rt_report::selftest::SelftestReport;

/// Runs the self-test and writes its record.
pub(crate) fn run(args: &SelftestArgs) -> Result<Exit, Failure> {
    for path in args.out.iter().chain(&args.json) {
        output::check(path)?;
    }
    let found = selftest(&std::env::temp_dir()).map_err(|error| Failure::stopped(chain(&error)))?;
    let importer = Importer::current();
    let record = SelftestReport::new(&found, importer.at.to_string(), importer.host);
    let text = view::selftest(&record);
    let to_standard_output = args.json.iter().chain(&args.out).any(|path| output::is_standard_output(path));
    output::print(&text, to_standard_output);
    if let Some(path) = &args.out {
        output::write(path, |out| out.write_all(text.as_bytes()))?;
    }
    if let Some(path) = &args.json {
        output::write_json(path, &record)?;
    }
    Ok(if record.passed { Exit::Done } else { Exit::SomeRefused })
}

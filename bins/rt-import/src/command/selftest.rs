//! `rt-import selftest`: a dated record that this program on this computer finds what closed forms say.
//!
//! Units: Gy, cm3. Frame: none.

use crate::cli::SelftestArgs;
use crate::exit::{Exit, Failure};
use crate::{output, selftest, table};

/// Runs the self-test and writes its record.
///
/// # Errors
/// Where the phantoms can't be written, read or matched.
pub fn run(args: &SelftestArgs) -> Result<Exit, Failure> {
    for path in args.out.iter().chain(&args.json) {
        output::check(path)?;
    }
    let record = selftest::run()?;
    let text = table::selftest(&record);
    let to_standard_output = args.json.iter().chain(&args.out).any(|path| output::is_standard_output(path));
    output::print(&text, to_standard_output);
    if let Some(path) = &args.out {
        output::write(path, |out| out.write_all(text.as_bytes()))?;
    }
    if let Some(path) = &args.json {
        output::write(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &record)?;
            writeln!(out)
        })?;
    }
    Ok(if record.passed { Exit::Done } else { Exit::SomeRefused })
}

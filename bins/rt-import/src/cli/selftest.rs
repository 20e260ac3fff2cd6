//! `rt-import selftest`: its arguments.
//!
//! Units: none. Frame: none.

use clap::Args;
use std::path::PathBuf;

/// `rt-import selftest`
#[derive(Debug, Args)]
pub(crate) struct SelftestArgs {
    /// Write the record to a file too
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write the record as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

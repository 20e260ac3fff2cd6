//! `rt-import demo`: its arguments.
//!
//! Units: none. Frame: none.

use super::options::StoreArgs;
use clap::Args;
use std::path::PathBuf;

/// `rt-import demo`
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Folder the demo case is written to
    #[arg(long, value_name = "DIR", default_value = "dosebridge-demo")]
    pub(crate) out: PathBuf,
    /// Options of every command that stores
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

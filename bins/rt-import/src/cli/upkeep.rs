//! Commands on the database as a whole: their arguments.
//!
//! Units: as the help says. Frame: none.

use super::options::DatabaseArgs;
use clap::Args;
use std::path::PathBuf;

/// `rt-import init`
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Which database
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Write what was made, and the rights to give, as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// `rt-import doctor`
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Which database
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Write what was found as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

//! Configuration: defaults < file < environment < flags, from the same file as the other programs'. Unknown keys of our own sections
//! are rejected.
//!
//! Units: as the keys' documentation says. Frame: none.

mod environment;
mod layer;
mod pacs;
mod settings;

pub use environment::from_environment;
pub use layer::{Export, Layer};
pub use pacs::{CALLING_AE, CommitmentRule, Kind, StudyRule, Target, VerifyRule};
pub use settings::{PdfKind, Settings, print};

use crate::exit::Failure;
use rt_cli::config_file::{find, from_file};
use std::path::Path;

/// The layers below the flags, merged: defaults, the file at `path` or the first that is found, the environment.
///
/// # Errors
/// Where a file can't be read, a key is unknown, or a value is none of its kind.
pub fn load(path: Option<&Path>) -> Result<Layer, Failure> {
    let file = match path {
        Some(path) => from_file(path)?,
        None => find().map_or_else(|| Ok(Layer::default()), |path| from_file(&path))?,
    };
    let environment = from_environment(std::env::vars_os())?;
    Ok(Layer::defaults().under(file).under(environment))
}

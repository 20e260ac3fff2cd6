//! Configuration: defaults < file < environment < flags. Unknown keys are rejected; secrets come from the environment, a file or a
//! prompt, never from a flag, and are never printed.
//!
//! Units: Gy for the bin width. Frame: none.

mod environment;
mod layer;
mod secret;
mod settings;

pub use environment::from_environment;
pub use layer::{Database, Dvh, Import, Layer, Secret};
pub use rt_cli::config_file::find;
pub use secret::password;
pub use settings::{DatabaseSettings, Settings, print};

use crate::exit::Failure;
use rt_cli::config_file::from_file;
use std::path::Path;

/// The layers below the flags, merged: defaults, the file at `path` or the first that is found, the environment.
///
/// # Errors
/// Where a file can't be read, a key is unknown, or a value is none of its kind.
pub fn load(path: Option<&Path>) -> Result<Layer, Failure> {
    let path = path.map(Path::to_owned).or_else(find);
    let mut file: Layer = path.as_deref().map_or_else(|| Ok(Layer::default()), from_file)?;
    file.secret_in = path.filter(|_| file.database.password.is_some());
    let environment = from_environment(std::env::vars_os())?;
    Ok(Layer::defaults().under(file).under(environment))
}

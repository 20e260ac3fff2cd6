//! Configuration: defaults < file < environment < flags. Unknown keys are rejected; secrets come from the
//! environment, a file or a prompt, never from a flag, and are never printed.
//!
//! Units: Gy for the bin width. Frame: none.

mod layer;
mod password;
mod secret;
mod settings;

pub(crate) use layer::{Dvh, Import, Layer, load, print};
pub(crate) use password::password;
pub(crate) use settings::{DatabaseSettings, Settings};

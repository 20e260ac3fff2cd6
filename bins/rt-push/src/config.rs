//! Configuration: defaults < file < environment < flags, from the same file as the other programs'. Unknown
//! keys of our own sections are rejected.
//!
//! Units: as the keys' documentation says. Frame: none.

mod layer;
mod pacs;
mod settings;

pub(crate) use layer::{Layer, load, print};
#[cfg(test)]
pub(crate) use pacs::CALLING_AE;
pub(crate) use pacs::find_target;
pub(crate) use settings::Settings;

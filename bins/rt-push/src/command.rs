//! The subcommands.
//!
//! Units: none. Frame: none.

pub mod echo;
pub mod export;
pub mod prepare;
pub mod queue;
pub mod send;
pub mod sheet;

use crate::exit::Failure;
use tokio::runtime::Runtime;

/// What the commands that speak to nodes run on.
fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| Failure::stopped(format!("no runtime: {error}")))
}

//! The subcommands.
//!
//! Units: none. Frame: none.

pub(crate) mod case;
pub(crate) mod echo;
pub(crate) mod export;
mod failure;
pub(crate) mod find;
mod push;
pub(crate) mod queue;
pub(crate) mod send;
pub(crate) mod sheet;
pub(crate) mod test;

use rt_cli::exit::Failure;
use tokio::runtime::Runtime;

/// What the commands that speak to nodes run on.
fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| Failure::stopped(format!("no runtime: {error}")))
}

/// The name of whoever runs the program, for the audit.
fn user() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned())
}

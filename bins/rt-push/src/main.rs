//! `rt-push`: a plan's dose becomes objects that a PACS can show.
//!
//! The command line, its configuration, its tables and exit codes; what is done stands in the crate
//! rt-deliver.
//!
//! Units: Gy and mm as the help says. Frame: none of its own.

mod cli;
mod command;
mod config;
mod view;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::main().unwrap_or_else(|failure| {
        eprintln!("rt-push: {failure}");
        failure.exit.into()
    })
}

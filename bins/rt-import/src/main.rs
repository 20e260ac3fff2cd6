//! `rt-import`: a folder of DICOM-RT becomes DVH rows in a database.
//!
//! The command line, its configuration, its tables and exit codes; what is done stands in the crates rt-case
//! and rt-ingest.
//!
//! Units: as the help says. Frame: none of its own.

mod cli;
mod command;
mod config;
mod view;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Another crate may bring a second provider; rustls would then refuse to choose.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("rt-import: a cryptography provider was installed before");
    }
    command::main().unwrap_or_else(|failure| {
        eprintln!("rt-import: {failure}");
        failure.exit.into()
    })
}

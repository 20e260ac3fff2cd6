//! `rt-import`: a folder of DICOM-RT becomes DVH rows in a database.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Another crate may bring a second provider; rustls would then refuse to choose.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("rt-import: a cryptography provider was installed before");
    }
    rt_import::cli::main().unwrap_or_else(|failure| {
        eprintln!("rt-import: {failure}");
        failure.exit.into()
    })
}

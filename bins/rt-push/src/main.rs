//! `rt-push`: a plan's dose becomes objects that a PACS can show.

use std::process::ExitCode;

fn main() -> ExitCode {
    rt_push::cli::main().unwrap_or_else(|failure| {
        eprintln!("rt-push: {failure}");
        failure.exit.into()
    })
}

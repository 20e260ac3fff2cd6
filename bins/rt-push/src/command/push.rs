//! Sends a job and reports what became of it: what `send`, `release`, `case`, `verify` and `queue` have in
//! common.
//!
//! Units: none. Frame: none.

use super::failure::delivery;
use crate::view::progress::Progress;
use crate::view::table;
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_deliver::{JobOutcome, JobResult, Spool, Target};
use rt_report::deliver::PushReport;
use std::ops::ControlFlow;
use std::path::Path;
use tokio::sync::watch;

/// Set once the run is to stop: the first Ctrl-C finishes what is on its way, the second ends the program at
/// once.
fn interrupt() -> watch::Receiver<bool> {
    let (set, flag) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        set.send_replace(true);
        eprintln!("rt-push: interrupted; finishing what is being sent (again: end at once)");
        if tokio::signal::ctrl_c().await.is_ok() {
            // What is not recorded is sent again by the next run.
            std::process::exit(i32::from(Exit::Interrupted.number()));
        }
    });
    flag
}

/// Sends a job that may be sent, verifies it and reports; a job that is held is only reported.
pub(super) async fn push(
    spool: &Spool,
    target: &Target,
    job: i64,
    json: Option<&Path>,
) -> Result<Exit, Failure> {
    let (stop, progress) = (interrupt(), Progress::new());
    let result = rt_deliver::push(spool, target, job, |event| {
        progress.show(&event);
        if *stop.borrow() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let result = result.await.map_err(delivery)?;
    progress.finish();
    print(&result, json)?;
    Ok(exit(&result))
}

/// Prints a job for people and, where asked for, writes it as JSON.
pub(super) fn print(result: &JobResult, json: Option<&Path>) -> Result<(), Failure> {
    let report = PushReport::from(result);
    let to_standard_error = json.is_some_and(output::is_standard_output);
    output::print(&table::push(&report), to_standard_error);
    json.map_or(Ok(()), |path| output::write_json(path, &report))
}

/// How the program ends after a job.
pub(super) fn exit(result: &JobResult) -> Exit {
    match result.outcome {
        JobOutcome::Confirmed | JobOutcome::Sent => Exit::Done,
        _ if result.stopped().is_some() => Exit::Stopped,
        JobOutcome::Unverified | JobOutcome::Held | JobOutcome::Failed => Exit::SomeRefused,
    }
}

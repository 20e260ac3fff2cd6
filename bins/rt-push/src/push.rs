//! A job from the last look to the proof: compare with the node, send, verify, report.
//!
//! Units: none. Frame: none.

use crate::before;
use crate::config::{Target, VerifyRule};
use crate::deliver::{self, Delivery, with_remedy};
use crate::exit::{Exit, Failure, chain};
use crate::facts::Facts;
use crate::progress::Progress;
use crate::report::{PushOutcome, PushReport};
use crate::spool::Spool;
use crate::{table, verify};
use rt_cli::output;
use rt_sql::queue::State;
use std::path::Path;
use tokio::sync::watch;

/// Set once the run is to stop: the first Ctrl-C finishes what is on its way, the second ends the program at once.
#[must_use]
pub fn interrupt() -> watch::Receiver<bool> {
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
///
/// # Errors
/// Where the node can't be asked, another program sends, or the queue can't be used.
pub async fn push(spool: &Spool, target: &Target, id: i64, json: Option<&Path>) -> Result<Exit, Failure> {
    target.not_for_planning()?;
    let _lock = spool.lock()?;
    let (stop, progress) = (interrupt(), Progress::new());
    let job = spool.job(id).await?;
    let facts: Facts = serde_json::from_str(&job.facts)
        .map_err(|error| Failure::stopped(format!("job {id}: expected its facts, found others: {error}")))?;
    let mut warnings = [facts.fall_backs.clone(), facts.warnings.clone()].concat();
    let mut delivery = None;
    if job.hold.is_none() && job.count(State::Pending) > 0 {
        let checked = before::ask(&target.node, &facts).await;
        let checked = checked.map_err(|error| Failure::stopped(with_remedy(&error)))?;
        warnings.extend(checked.warnings);
        if checked.holds.is_empty() {
            delivery = Some(deliver::deliver(spool, target, id, &stop, &progress).await?);
        } else {
            let held = spool.queue.hold(id, &checked.holds.join("\n  ")).await;
            held.map_err(|error| Failure::stopped(chain(&error)))?;
        }
    }
    let verification = verify::verify(spool, target, id, &stop, &progress).await?;
    progress.finish();
    let mut report = report(spool, target, id, delivery.as_ref()).await?.verified(verification);
    report.warnings.extend(warnings);
    print(&report, json)?;
    Ok(exit(&report, delivery.as_ref()))
}

/// The report of a job as the queue has it.
///
/// # Errors
/// Where the queue can't be read.
pub async fn report(spool: &Spool, target: &Target, id: i64, delivery: Option<&Delivery>) -> Result<PushReport, Failure> {
    let job = spool.job(id).await?;
    let instances = spool.queue.instances(id).await.map_err(|error| Failure::stopped(chain(&error)))?;
    let verifies = target.verify != VerifyRule::None;
    Ok(PushReport::new(&job, &instances, target.node.to_string(), delivery, verifies))
}

/// Prints a report for people and, where asked for, writes it as JSON.
///
/// # Errors
/// Where it can't be written.
pub fn print(report: &PushReport, json: Option<&Path>) -> Result<(), Failure> {
    let to_standard_error = json.is_some_and(output::is_standard_output);
    output::print(&table::push(report), to_standard_error);
    json.map_or(Ok(()), |path| output::write_json(path, report))
}

/// How the program ends after this report.
#[must_use]
pub fn exit(report: &PushReport, delivery: Option<&Delivery>) -> Exit {
    match report.outcome {
        PushOutcome::Confirmed | PushOutcome::Sent => Exit::Done,
        _ if delivery.is_some_and(|delivery| delivery.stopped.is_some()) => Exit::Stopped,
        PushOutcome::Unverified | PushOutcome::Held | PushOutcome::Failed => Exit::SomeRefused,
    }
}

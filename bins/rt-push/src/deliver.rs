//! Sends what is pending of a job and records what becomes of it.
//!
//! Units: bytes. Frame: none.

use crate::config::Target;
use crate::exit::{Failure, chain};
use crate::progress::Progress;
use crate::spool::Spool;
use crate::supply::Files;
use rt_net::retry::remedy;
use rt_net::status::Status;
use rt_net::{Event, NetError, Outcome, SendOptions, send};
use rt_sql::queue::{Change, QueuedInstance, Recorder, State};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How a delivery went.
#[derive(Debug)]
pub struct Delivery {
    /// Why not everything was tried; `None` where it was.
    pub stopped: Option<NetError>,
    /// Instances that were sent now.
    pub sent: usize,
    /// Bytes of their data sets.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
}

/// Sends the pending instances of a job. The lock on sending has to be held.
///
/// # Errors
/// Where the queue can't be read or written.
pub async fn deliver(
    spool: &Spool,
    target: &Target,
    job: i64,
    stop: &watch::Receiver<bool>,
    progress: &Progress,
) -> Result<Delivery, Failure> {
    let failed = |error: rt_sql::SqlError| Failure::stopped(chain(&error));
    let all = spool.queue.instances(job).await.map_err(failed)?;
    let pending: Vec<QueuedInstance> = all.into_iter().filter(|instance| instance.state == State::Pending).collect();
    let numbers: Vec<i64> = pending.iter().map(|instance| instance.number).collect();
    let size = pending.iter().map(|instance| instance.instance.len).sum();
    let files = Arc::new(Files::new(pending, spool.scratch()));
    let items = files.items(target.transfer_syntaxes.as_deref());
    let recorder = Recorder::new(spool.queue.clone());
    let mut delivery = Delivery { stopped: None, sent: 0, bytes: 0, elapsed: Duration::ZERO };
    progress.begin("send", numbers.len(), size);
    let start = Instant::now();
    let options = SendOptions { associations: target.associations, ..SendOptions::default() };
    let report = send(&target.node, items, Arc::clone(&files) as Arc<dyn rt_net::Supply>, &options, |event| {
        let mut written = true;
        match event {
            Event::Done { index, outcome, bytes } => {
                files.done(index);
                let change = change(job, numbers[index], outcome);
                if matches!(change.state, State::Sent | State::Warned) {
                    delivery.sent += 1;
                    delivery.bytes += bytes;
                }
                progress.advance(bytes);
                written = recorder.note(change);
            }
            Event::Waiting { pause, error } => {
                progress.say(&format!("{}; the next try is in {:.0} s", chain(&error), pause.as_secs_f64()));
            }
            _ => {}
        }
        if written && !*stop.borrow() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .await;
    delivery.elapsed = start.elapsed();
    progress.finish();
    recorder.finish().await.map_err(failed)?;
    delivery.stopped = report.stopped;
    Ok(delivery)
}

/// What the queue keeps of an outcome.
fn change(job: i64, number: i64, outcome: Outcome) -> Change {
    let (state, status, text) = match outcome {
        Outcome::Taken => (State::Sent, Some(Status::SUCCESS), None),
        Outcome::TakenWithWarning { status, comment } => (State::Warned, Some(status), Some(told(status, comment))),
        Outcome::Duplicate { comment } => {
            let status = Status(0x0111);
            (State::Warned, Some(status), Some(told(status, comment)))
        }
        Outcome::Refused { status, comment } => (State::Failed, Some(status), Some(told(status, comment))),
        Outcome::NoContext => {
            let text = "the node accepts this SOP class in none of the transfer syntaxes the instance can be had in: \
                        ask the PACS administrator to accept it";
            (State::Failed, None, Some(text.to_owned()))
        }
        Outcome::NotSupplied { problem } | Outcome::Broken { problem } => (State::Failed, None, Some(problem)),
        other => (State::Failed, None, Some(format!("{other:?}"))),
    };
    Change { job, number, state, is_attempt: true, status: status.map(|status| status.0), text }
}

fn told(status: Status, comment: Option<String>) -> String {
    let comment = comment.map(|comment| format!(", comment {comment:?}")).unwrap_or_default();
    let remedy = status.remedy().map(|remedy| format!(": {remedy}")).unwrap_or_default();
    format!("{}{comment}{remedy}", status.meaning())
}

/// A failure of the network with what to do about it.
#[must_use]
pub fn with_remedy(error: &NetError) -> String {
    let remedy = remedy(error.kind()).map(|remedy| format!("\n  {remedy}")).unwrap_or_default();
    format!("{}{remedy}", chain(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_is_sent_and_never_more() {
        let state = |outcome| change(1, 1, outcome).state;
        assert_eq!(state(Outcome::Taken), State::Sent);
        assert_eq!(state(Outcome::TakenWithWarning { status: Status(0xB000), comment: None }), State::Warned);
        assert_eq!(state(Outcome::Duplicate { comment: None }), State::Warned);
        assert_eq!(state(Outcome::Refused { status: Status(0xA900), comment: None }), State::Failed);
        assert_eq!(state(Outcome::NoContext), State::Failed);
        for outcome in [Outcome::Taken, Outcome::Duplicate { comment: None }] {
            assert!(!state(outcome).is_confirmed());
        }
    }

    #[test]
    fn a_refusal_says_what_to_ask_for() {
        let text = change(1, 1, Outcome::Refused { status: Status(0x0122), comment: Some("no".into()) }).text.unwrap();
        assert!(text.contains("SOP class not supported") && text.contains("\"no\"") && text.contains("administrator"), "{text}");
    }
}

//! Sends what is pending of a job and records what becomes of it.
//!
//! Units: bytes. Frame: none.

use crate::destination::{Destination, DestinationError, SendEvent};
use crate::error::DeliverError;
use crate::event::Event;
use crate::spool::{SendLock, Spool};
use crate::supply::Files;
use crate::target::Target;
use rt_net::status::Status;
use rt_net::{Outcome, SendOptions};
use rt_sql::queue::{Change, QueuedInstance, Recorder, State};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How a delivery went.
#[derive(Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// Why not everything was tried; `None` where it was.
    pub stopped: Option<DestinationError>,
    /// Instances that were sent now.
    pub sent: usize,
    /// Bytes of their data sets.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
}

/// Sends the pending instances of a job.
pub(crate) async fn deliver<D: Destination>(
    spool: &Spool,
    _lock: &SendLock,
    target: &Target<D>,
    job: i64,
    on_event: &mut (impl FnMut(Event<'_>) -> ControlFlow<()> + Send),
) -> Result<Delivery, DeliverError> {
    let all = spool.instances(job).await?;
    let pending: Vec<QueuedInstance> =
        all.into_iter().filter(|instance| instance.state == State::Pending).collect();
    let numbers: Vec<i64> = pending.iter().map(|instance| instance.number).collect();
    let size = pending.iter().map(|instance| instance.instance.len).sum();
    let files = Arc::new(Files::new(pending, spool.scratch()));
    let items = files.items(target.transfer_syntaxes.as_deref());
    let recorder = Recorder::new(spool.queue.clone());
    let mut delivery = Delivery { stopped: None, sent: 0, bytes: 0, elapsed: Duration::ZERO };
    let mut asked_to_stop = on_event(Event::Sending { instances: numbers.len(), bytes: size }).is_break();
    let start = Instant::now();
    let options = SendOptions { associations: target.associations, ..SendOptions::default() };
    let supply = Arc::clone(&files) as Arc<dyn rt_net::Supply>;
    let sent = target.destination.send(items, supply, &options, |event| {
        let mut written = true;
        let flow = match event {
            SendEvent::Completed { index, outcome, bytes } => {
                files.done(index);
                let change = change(job, numbers[index], outcome);
                let state = change.state;
                if matches!(state, State::Sent | State::Warned) {
                    delivery.sent += 1;
                    delivery.bytes += bytes;
                }
                written = recorder.note(change);
                on_event(Event::Instance { state, bytes })
            }
            SendEvent::Waiting { pause, error } => on_event(Event::Waiting { pause, error: &error }),
        };
        asked_to_stop |= flow.is_break();
        if written && !asked_to_stop { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let sent = sent.await;
    delivery.elapsed = start.elapsed();
    recorder.finish().await.map_err(DeliverError::queue)?;
    let _ = on_event(Event::SendingEnded);
    delivery.stopped = sent.err();
    Ok(delivery)
}

/// What the queue keeps of an outcome.
fn change(job: i64, number: i64, outcome: Outcome) -> Change {
    let (state, status, text) = match outcome {
        Outcome::Taken => (State::Sent, Some(Status::SUCCESS), None),
        Outcome::TakenWithWarning { status, comment } => {
            (State::Warned, Some(status), Some(reported(status, comment)))
        }
        Outcome::Duplicate { comment } => {
            let status = Status(0x0111);
            (State::Warned, Some(status), Some(reported(status, comment)))
        }
        Outcome::Refused { status, comment } => {
            (State::Failed, Some(status), Some(reported(status, comment)))
        }
        Outcome::NoContext => {
            let text = "the node accepts this SOP class in none of the transfer syntaxes the instance can be had in: \
                        ask the PACS administrator to accept it";
            (State::Failed, None, Some(text.to_owned()))
        }
        Outcome::NotSupplied { problem } | Outcome::Broken { problem } => {
            (State::Failed, None, Some(problem))
        }
        _ => (State::Failed, None, Some("the node gave an answer of an unknown kind".to_owned())),
    };
    Change { job, number, state, is_attempt: true, status: status.map(|status| status.0), text }
}

fn reported(status: Status, comment: Option<String>) -> String {
    let comment = comment.map(|comment| format!(", comment {comment:?}")).unwrap_or_default();
    let remedy = status.remedy().map(|remedy| format!(": {remedy}")).unwrap_or_default();
    format!("{}{comment}{remedy}", status.meaning())
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
        let text = change(1, 1, Outcome::Refused { status: Status(0x0122), comment: Some("no".into()) })
            .text
            .unwrap();
        assert!(
            text.contains("SOP class not supported")
                && text.contains("\"no\"")
                && text.contains("administrator"),
            "{text}"
        );
    }
}

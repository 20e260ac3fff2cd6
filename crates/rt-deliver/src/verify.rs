//! Proves that instances arrived: the destination commits to keep them, or lists them. What neither says
//! stays unverified.
//!
//! Units: seconds. Frame: none.

mod commitment;
mod listing;

use crate::destination::Destination;
use crate::error::DeliverError;
use crate::event::{Event, Proof};
use crate::spool::Spool;
use crate::target::{Target, VerifyRule};
use rt_sql::queue::{Change, QueuedInstance, State};
use std::ops::ControlFlow;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Verification {
    /// The proofs that were asked for.
    pub(crate) tried: Vec<Proof>,
    /// What kept one from an answer.
    pub(crate) notes: Vec<String>,
}

/// What one proof says of instances, by their numbers.
#[derive(Debug, Default)]
struct Answer {
    confirmed: Vec<i64>,
    /// The destination denies it: number, status, text.
    denied: Vec<(i64, Option<u16>, String)>,
    note: Option<String>,
}

/// Verifies what was sent of a job and records it.
pub(crate) async fn verify<D: Destination>(
    spool: &Spool,
    target: &Target<D>,
    job: i64,
    on_event: &mut (impl FnMut(Event<'_>) -> ControlFlow<()> + Send),
) -> Result<Verification, DeliverError> {
    let mut verification = Verification::default();
    let by_commitment = matches!(target.verify, VerifyRule::Auto | VerifyRule::Commitment);
    if let (true, Some(rule)) = (by_commitment, target.commitment) {
        let open = unconfirmed(spool, job).await?;
        if !open.is_empty() {
            verification.tried.push(Proof::Commitment);
            let stop = on_event(Event::Proving(Proof::Commitment)).is_break();
            let answer = commitment::ask(spool, target, rule, job, &open, stop, on_event).await?;
            record(spool, job, State::Committed, &open, answer, &mut verification).await?;
        }
    } else if target.verify == VerifyRule::Commitment {
        verification.notes.push(
            "storage commitment is not configured: pacs.<name>.commitment = { listen = \"0.0.0.0:11112\" }"
                .into(),
        );
    }
    if matches!(target.verify, VerifyRule::Auto | VerifyRule::Find) {
        let open = unconfirmed(spool, job).await?;
        if !open.is_empty() {
            verification.tried.push(Proof::Listing);
            let stop = on_event(Event::Proving(Proof::Listing)).is_break();
            let answer = listing::ask(target, &open, stop, on_event).await;
            record(spool, job, State::Verified, &open, answer, &mut verification).await?;
        }
    }
    Ok(verification)
}

async fn unconfirmed(spool: &Spool, job: i64) -> Result<Vec<QueuedInstance>, DeliverError> {
    let all = spool.instances(job).await?;
    Ok(all.into_iter().filter(|instance| matches!(instance.state, State::Sent | State::Warned)).collect())
}

async fn record(
    spool: &Spool,
    job: i64,
    state: State,
    asked: &[QueuedInstance],
    answer: Answer,
    verification: &mut Verification,
) -> Result<(), DeliverError> {
    let change = |number, state, status, text| Change { job, number, state, is_attempt: false, status, text };
    let known = |number: &i64| asked.iter().any(|instance| instance.number == *number);
    let confirmed =
        answer.confirmed.into_iter().filter(known).map(|number| change(number, state, None, None));
    let denied = answer.denied.into_iter().filter(|(number, ..)| known(number));
    let denied = denied.map(|(number, status, text)| change(number, State::Failed, status, Some(text)));
    let changes: Vec<Change> = confirmed.chain(denied).collect();
    verification.notes.extend(answer.note);
    spool.queue.record(changes).await.map_err(DeliverError::queue)
}

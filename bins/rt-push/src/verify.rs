//! Proves that instances arrived: the node commits to keep them, or lists them. What neither says stays unverified.
//!
//! Units: seconds. Frame: none.

mod commitment;
mod listing;

use crate::config::{Target, VerifyRule};
use crate::exit::{Failure, chain};
use crate::progress::Progress;
use crate::spool::Spool;
use rt_sql::queue::{Change, QueuedInstance, State};
use tokio::sync::watch;

/// What a verification found, for the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// The ways that were tried: `commitment`, `find`.
    pub tried: Vec<&'static str>,
    /// What kept a way from an answer.
    pub notes: Vec<String>,
}

/// What one way of verifying says of instances, by their numbers.
#[derive(Debug, Default)]
struct Answer {
    confirmed: Vec<i64>,
    /// The node denies it: number, status, text.
    denied: Vec<(i64, Option<u16>, String)>,
    note: Option<String>,
}

/// Verifies what was sent of a job and records it.
///
/// # Errors
/// Where the queue can't be read or written.
pub async fn verify(
    spool: &Spool,
    target: &Target,
    job: i64,
    stop: &watch::Receiver<bool>,
    progress: &Progress,
) -> Result<Verification, Failure> {
    let mut verification = Verification::default();
    let by_commitment = matches!(target.verify, VerifyRule::Auto | VerifyRule::Commitment);
    if let (true, Some(rule)) = (by_commitment, target.commitment) {
        let open = unconfirmed(spool, job).await?;
        if !open.is_empty() {
            verification.tried.push("commitment");
            progress.say("asking the node to commit to what was sent");
            let answer = commitment::ask(spool, target, rule, job, &open, stop).await?;
            record(spool, job, State::Committed, &open, answer, &mut verification).await?;
        }
    } else if target.verify == VerifyRule::Commitment {
        verification
            .notes
            .push("storage commitment is not configured: pacs.<name>.commitment = { listen = \"0.0.0.0:11112\" }".into());
    }
    if matches!(target.verify, VerifyRule::Auto | VerifyRule::Find) {
        let open = unconfirmed(spool, job).await?;
        if !open.is_empty() {
            verification.tried.push("find");
            progress.say("asking the node for what it lists");
            let answer = listing::ask(target, &open, stop).await;
            record(spool, job, State::Verified, &open, answer, &mut verification).await?;
        }
    }
    Ok(verification)
}

async fn unconfirmed(spool: &Spool, job: i64) -> Result<Vec<QueuedInstance>, Failure> {
    let all = spool.queue.instances(job).await.map_err(|error| Failure::stopped(chain(&error)))?;
    Ok(all.into_iter().filter(|instance| matches!(instance.state, State::Sent | State::Warned)).collect())
}

async fn record(
    spool: &Spool,
    job: i64,
    state: State,
    asked: &[QueuedInstance],
    answer: Answer,
    verification: &mut Verification,
) -> Result<(), Failure> {
    let change = |number, state, status, text| Change { job, number, state, is_attempt: false, status, text };
    let known = |number: &i64| asked.iter().any(|instance| instance.number == *number);
    let confirmed = answer.confirmed.into_iter().filter(known).map(|number| change(number, state, None, None));
    let denied = answer.denied.into_iter().filter(|(number, ..)| known(number));
    let denied = denied.map(|(number, status, text)| change(number, State::Failed, status, Some(text)));
    let changes: Vec<Change> = confirmed.chain(denied).collect();
    verification.notes.extend(answer.note);
    spool.queue.record(changes).await.map_err(|error| Failure::stopped(chain(&error)))
}

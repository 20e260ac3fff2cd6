//! Storage commitment: asked in transactions of at most a thousand instances, answered on an association of
//! the node's own.
//!
//! Units: seconds. Frame: none.

use super::Answer;
use crate::destination::Destination;
use crate::error::{DeliverError, DeliverErrorKind};
use crate::event::Event;
use crate::spool::Spool;
use crate::target::{CommitmentRule, Target};
use rt_model::chain::chain;
use rt_model::uid::Uid;
use rt_net::status::Status;
use rt_net::{Commitment, Reference};
use rt_sql::queue::QueuedInstance;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;
use std::time::Duration;

/// How long the association that asked stays open for the answer.
const LINGER: Duration = Duration::from_secs(5);

/// Asks the destination to commit to instances and waits for its answers as long as the rule says.
pub(super) async fn ask<D: Destination>(
    spool: &Spool,
    target: &Target<D>,
    rule: CommitmentRule,
    job: i64,
    instances: &[QueuedInstance],
    mut stop: bool,
    on_event: &mut (impl FnMut(Event<'_>) -> ControlFlow<()> + Send),
) -> Result<Answer, DeliverError> {
    let numbers: HashMap<&Uid, i64> =
        instances.iter().map(|queued| (&queued.instance.sop_instance, queued.number)).collect();
    let transactions: Vec<Commitment> = instances
        .chunks(Commitment::MOST)
        .map(|chunk| Commitment { transaction: new_uid(), instances: chunk.iter().map(reference).collect() })
        .collect();
    let waiting = transactions.iter().map(|commitment| commitment.transaction.clone()).collect();
    let mut answers = target.destination.listen(rule.listen, waiting).await.map_err(|error| {
        DeliverError::new(DeliverErrorKind::Listen, "", "answers to storage commitment can't be heard")
            .caused(error)
    })?;

    let mut answer = Answer::default();
    let mut asked = 0;
    let mut at_once = VecDeque::new();
    for commitment in &transactions {
        spool.queue.asked(job, &commitment.transaction).await.map_err(DeliverError::queue)?;
        match target.destination.request_commitment(commitment, LINGER.min(rule.wait)).await {
            Ok(result) => {
                asked += 1;
                at_once.extend(result);
            }
            Err(error) => {
                answer.note = Some(format!("storage commitment was asked for in vain: {}", chain(&error)));
                break;
            }
        }
    }
    let until = tokio::time::Instant::now() + rule.wait;
    let mut answered = HashSet::new();
    while answered.len() < asked {
        stop |= on_event(Event::Unproved { open: asked - answered.len() }).is_break();
        if stop {
            break;
        }
        let heard = match at_once.pop_front() {
            Some(result) => Some(result),
            None => tokio::time::timeout_at(until, answers.next()).await.ok().flatten(),
        };
        let Some(result) = heard else {
            answer.note = Some(format!(
                "the answer to {} of {asked} requests for storage commitment is still to come",
                asked - answered.len()
            ));
            break;
        };
        spool.queue.answered(&result.transaction).await.map_err(DeliverError::queue)?;
        answer.confirmed.extend(result.committed.iter().filter_map(|one| numbers.get(&one.sop_instance)));
        for failed in &result.failed {
            let Some(number) = numbers.get(&failed.reference.sop_instance) else { continue };
            let meaning = failed.reason.map_or("no reason given", Status::meaning);
            let text = format!(
                "the node does not commit to keep it: {meaning}; send it again with rt-push queue retry"
            );
            answer.denied.push((*number, failed.reason.map(|reason| reason.0), text));
        }
        answered.insert(result.transaction);
    }
    Ok(answer)
}

fn reference(queued: &QueuedInstance) -> Reference {
    Reference {
        sop_class: queued.instance.sop_class.clone(),
        sop_instance: queued.instance.sop_instance.clone(),
    }
}

/// An identifier that was never used before: 2.25 and a random UUID (PS3.5 B.2), from the keys of the
/// standard library's hash maps.
fn new_uid() -> Uid {
    let half = || u128::from(RandomState::new().hash_one(0));
    let number = half() << 64 | half();
    let uuid = number & !(0xF << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    Uid::new(&format!("2.25.{uuid}")).expect("digits and dots make an identifier")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_sound_and_new() {
        let uids: HashSet<Uid> = (0..1000).map(|_| new_uid()).collect();
        assert_eq!(uids.len(), 1000);
        assert!(uids.iter().all(Uid::is_valid));
    }
}

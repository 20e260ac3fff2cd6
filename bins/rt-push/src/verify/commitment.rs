//! Storage commitment: asked in transactions of at most a thousand instances, answered on an association of the node's own.
//!
//! Units: seconds. Frame: none.

use super::Answer;
use crate::config::{CommitmentRule, Target};
use crate::exit::{Failure, chain};
use crate::spool::Spool;
use rt_model::uid::Uid;
use rt_net::status::Status;
use rt_net::{Commitment, CommitmentResult, Handler, Receiver, ReceiverOptions, Reference, request_commitment};
use rt_sql::queue::QueuedInstance;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How long the association that asked stays open for the answer.
const LINGER: Duration = Duration::from_secs(5);

/// Hands answers over; only those to transactions that wait are taken.
struct Listening {
    waiting: HashSet<Uid>,
    results: mpsc::UnboundedSender<CommitmentResult>,
}

impl Handler for Listening {
    fn committed(&self, result: CommitmentResult) -> Status {
        if !self.waiting.contains(&result.transaction) {
            return Status::NO_SUCH_INSTANCE;
        }
        match self.results.send(result) {
            Ok(()) => Status::SUCCESS,
            Err(_) => Status::PROCESSING_FAILURE,
        }
    }
}

/// Asks the node to commit to instances and waits for its answers as long as the rule says.
pub(super) async fn ask(
    spool: &Spool,
    target: &Target,
    rule: CommitmentRule,
    job: i64,
    instances: &[QueuedInstance],
    stop: &watch::Receiver<bool>,
) -> Result<Answer, Failure> {
    let numbers: HashMap<&Uid, i64> = instances.iter().map(|queued| (&queued.instance.sop_instance, queued.number)).collect();
    let transactions: Vec<Commitment> = instances
        .chunks(Commitment::MOST)
        .map(|chunk| Commitment { transaction: new_uid(), instances: chunk.iter().map(reference).collect() })
        .collect();
    let (results, mut heard) = mpsc::unbounded_channel();
    let waiting = transactions.iter().map(|commitment| commitment.transaction.clone()).collect();
    let handler = Listening { waiting, results: results.clone() };
    let options = ReceiverOptions::new(rule.listen, target.node.calling.clone());
    let receiver = Receiver::bind(options, Arc::new(handler)).await.map_err(|error| Failure::usage(chain(&error)))?;
    let listening = tokio::spawn(receiver.serve(std::future::pending()));

    let mut answer = Answer::default();
    let mut asked = 0;
    for commitment in &transactions {
        spool.queue.asked(job, &commitment.transaction).await.map_err(|error| Failure::stopped(chain(&error)))?;
        match request_commitment(&target.node, commitment, LINGER.min(rule.wait)).await {
            Ok(at_once) => {
                asked += 1;
                if let Some(result) = at_once {
                    // The channel is open: this function holds its other end.
                    let _ = results.send(result);
                }
            }
            Err(error) => {
                answer.note = Some(format!("storage commitment was asked for in vain: {}", chain(&error)));
                break;
            }
        }
    }
    let until = tokio::time::Instant::now() + rule.wait;
    let mut answered = HashSet::new();
    while answered.len() < asked && !*stop.borrow() {
        let Ok(Some(result)) = tokio::time::timeout_at(until, heard.recv()).await else {
            answer.note = Some(format!(
                "the answer to {} of {asked} requests for storage commitment is still to come",
                asked - answered.len()
            ));
            break;
        };
        spool.queue.answered(&result.transaction).await.map_err(|error| Failure::stopped(chain(&error)))?;
        answer.confirmed.extend(result.committed.iter().filter_map(|one| numbers.get(&one.sop_instance)));
        for failed in &result.failed {
            let Some(number) = numbers.get(&failed.reference.sop_instance) else { continue };
            let meaning = failed.reason.map_or("no reason given", Status::meaning);
            let text = format!("the node does not commit to keep it: {meaning}; send it again with rt-push queue retry");
            answer.denied.push((*number, failed.reason.map(|reason| reason.0), text));
        }
        answered.insert(result.transaction);
    }
    listening.abort();
    Ok(answer)
}

fn reference(queued: &QueuedInstance) -> Reference {
    Reference { sop_class: queued.instance.sop_class.clone(), sop_instance: queued.instance.sop_instance.clone() }
}

/// An identifier that nobody used before: 2.25 and a random UUID (PS3.5 B.2), from the keys of the standard library's hash maps.
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

//! Storage commitment: the peer's promise that it keeps what it was sent (PS3.4 annex J).
//!
//! The answer may come on the same association, or hours later on one that the peer opens to us:
//! [`crate::Receiver`] hears it.
//!
//! Units: [`Duration`]. Frame: none.

use crate::association::{Association, Next};
use crate::client::{one_context, succeeded};
use crate::data_set::{DataSet, FAILED_SOP_SEQUENCE, REFERENCED_SOP_SEQUENCE};
use crate::error::{NetError, Waited};
use crate::message::{Command, Operation};
use crate::node::Node;
use crate::status::Status;
use crate::uids::{STORAGE_COMMITMENT, STORAGE_COMMITMENT_INSTANCE, uid};
use rt_model::provenance::Tag;
use rt_model::uid::Uid;
use std::time::Duration;

const REFERENCED_CLASS: Tag = Tag::new(0x0008, 0x1150);
const REFERENCED_INSTANCE: Tag = Tag::new(0x0008, 0x1155);
const TRANSACTION: Tag = Tag::new(0x0008, 0x1195);
const FAILURE_REASON: Tag = Tag::new(0x0008, 0x1197);

/// Request Storage Commitment.
const ACTION_REQUEST: u16 = 1;

/// A SOP instance by its identifiers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// SOP class.
    pub sop_class: Uid,
    /// SOP instance.
    pub sop_instance: Uid,
}

/// What a peer is to commit to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// Transaction UID, used once.
    pub transaction: Uid,
    /// The instances, at most [`Commitment::MOST`].
    pub instances: Vec<Reference>,
}

impl Commitment {
    /// Instances of one transaction at most.
    pub const MOST: usize = 1000;
}

/// An instance that the peer does not commit to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncommittedReference {
    /// The instance.
    pub reference: Reference,
    /// Failure Reason (0008,1197), where the peer gives one.
    pub reason: Option<Status>,
}

/// A peer's answer to a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitmentResult {
    /// Transaction UID.
    pub transaction: Uid,
    /// What it commits to.
    pub committed: Vec<Reference>,
    /// What it does not.
    pub failed: Vec<UncommittedReference>,
}

/// Asks a node to commit to instances, and waits `linger` for the answer on the same association. `None`: the
/// request was taken, the answer is still to come on another association.
///
/// # Errors
/// Where no association comes about, the peer offers no storage commitment or refuses the request, or there
/// are more than [`Commitment::MOST`] instances.
pub async fn request_commitment(
    node: &Node,
    commitment: &Commitment,
    linger: Duration,
) -> Result<Option<CommitmentResult>, NetError> {
    if commitment.instances.len() > Commitment::MOST {
        let (most, found) = (Commitment::MOST, commitment.instances.len());
        return Err(NetError::configuration(format!(
            "expected at most {most} instances in a transaction, found {found}"
        )));
    }
    let mut association = Association::request(node, vec![one_context(STORAGE_COMMITMENT)]).await?;
    if let Err(error) = ask(&mut association, commitment).await {
        association.abort().await;
        return Err(error);
    }
    let heard = tokio::time::timeout(linger, hear(&mut association, &commitment.transaction)).await;
    association.release().await;
    // The request stands whatever became of the wait.
    Ok(heard.ok().and_then(Result::ok))
}

async fn ask(association: &mut Association, commitment: &Commitment) -> Result<(), NetError> {
    let context = association.context_of(STORAGE_COMMITMENT)?;
    let mut request = DataSet::default();
    request.put_uid(TRANSACTION, &commitment.transaction);
    request.put_items(REFERENCED_SOP_SEQUENCE, commitment.instances.iter().map(item).collect());
    let message_id = association.next_message_id();
    let command = Command::action(
        message_id,
        &uid(STORAGE_COMMITMENT),
        &uid(STORAGE_COMMITMENT_INSTANCE),
        ACTION_REQUEST,
    );
    association.send(context, &command, Some(&request)).await?;
    let response = association.response(message_id).await?;
    succeeded(association, &response)
}

/// The answer to `transaction` on the association that asked.
async fn hear(association: &mut Association, transaction: &Uid) -> Result<CommitmentResult, NetError> {
    loop {
        let Next::Command(context, command) = association.next(Waited::Idle).await? else {
            return Err(
                association.wrong("expected the answer to storage commitment, found a release request")
            );
        };
        if command.is_response || command.operation != Operation::EventReport {
            return Err(association.wrong("expected the answer to storage commitment, found another command"));
        }
        let result = result(&association.data_set(context).await?);
        let status = if result.is_ok() { Status::SUCCESS } else { Status::PROCESSING_FAILURE };
        association.send(context, &command.response(status), None).await?;
        match result {
            Ok(result) if result.transaction == *transaction => return Ok(result),
            // The answer to another transaction, which nobody waits for any more.
            _ => {}
        }
    }
}

fn item(reference: &Reference) -> DataSet {
    let mut item = DataSet::default();
    item.put_uid(REFERENCED_CLASS, &reference.sop_class);
    item.put_uid(REFERENCED_INSTANCE, &reference.sop_instance);
    item
}

/// Reads the data set of an N-EVENT-REPORT of storage commitment. The lists decide, not the event type.
pub(crate) fn result(data_set: &DataSet) -> Result<CommitmentResult, NetError> {
    let missing = |what: &str| {
        NetError::protocol(format!("expected {what} in the answer to storage commitment, found none"))
    };
    let reference = |item: &DataSet| {
        Ok(Reference {
            sop_class: item.uid(REFERENCED_CLASS).ok_or_else(|| missing("a SOP class"))?,
            sop_instance: item.uid(REFERENCED_INSTANCE).ok_or_else(|| missing("a SOP instance"))?,
        })
    };
    let failed = data_set.items(FAILED_SOP_SEQUENCE).map(|item| {
        Ok(UncommittedReference {
            reference: reference(&item)?,
            reason: item.u16(FAILURE_REASON).map(Status),
        })
    });
    Ok(CommitmentResult {
        transaction: data_set.uid(TRANSACTION).ok_or_else(|| missing("a transaction"))?,
        committed: data_set
            .items(REFERENCED_SOP_SEQUENCE)
            .map(|item| reference(&item))
            .collect::<Result<_, NetError>>()?,
        failed: failed.collect::<Result<_, NetError>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_lists_what_is_kept_and_what_is_not() {
        let reference = |n: u8| Reference {
            sop_class: Uid::new("1.2.840.10008.5.1.4.1.1.2").unwrap(),
            sop_instance: Uid::new(&format!("2.25.{n}")).unwrap(),
        };
        let mut failed = item(&reference(2));
        failed.put_u16(FAILURE_REASON, 0x0112);
        let mut answer = DataSet::default();
        assert!(result(&answer).is_err());
        answer.put_uid(TRANSACTION, &Uid::new("2.25.9").unwrap());
        answer.put_items(REFERENCED_SOP_SEQUENCE, vec![item(&reference(1))]);
        answer.put_items(FAILED_SOP_SEQUENCE, vec![failed]);
        let result = result(&DataSet::decode(&answer.encode()).unwrap()).unwrap();
        assert_eq!(result.committed, [reference(1)]);
        assert_eq!(result.failed[0].reference, reference(2));
        assert_eq!(result.failed[0].reason, Some(Status::NO_SUCH_INSTANCE));
    }
}

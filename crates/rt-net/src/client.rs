//! C-ECHO: is somebody there, and does it let us in?
//!
//! Units: [`Duration`]. Frame: none.

use crate::association::Association;
use crate::error::{NetError, NetErrorKind};
use crate::message::Command;
use crate::node::Node;
use crate::pdu::ProposedContext;
use crate::status::Status;
use crate::uids::{IMPLICIT_LITTLE, VERIFICATION};
use std::time::{Duration, Instant};

/// Sends C-ECHO and returns the time between request and response.
///
/// # Errors
/// Where no association comes about, or the peer answers with anything but success.
pub async fn echo(node: &Node) -> Result<Duration, NetError> {
    let mut association = Association::request(node, vec![one_context(VERIFICATION)]).await?;
    let outcome = exchange(&mut association).await;
    match outcome {
        Ok(_) => association.release().await,
        Err(_) => association.abort().await,
    }
    outcome
}

async fn exchange(association: &mut Association) -> Result<Duration, NetError> {
    let context = association.context_of(VERIFICATION)?;
    let message_id = association.next_message_id();
    let start = Instant::now();
    association.send(context, &Command::echo(message_id), None).await?;
    let response = association.response(message_id).await?;
    succeeded(association, &response)?;
    Ok(start.elapsed())
}

/// The only context of an association for our own data sets: in the encoding that every peer takes.
pub(crate) fn one_context(sop_class: &str) -> ProposedContext {
    ProposedContext {
        id: 1,
        abstract_syntax: sop_class.to_owned(),
        transfer_syntaxes: vec![IMPLICIT_LITTLE.to_owned()],
    }
}

/// The status of a response is success.
pub(crate) fn succeeded(association: &Association, response: &Command) -> Result<(), NetError> {
    match response.status() {
        Some(Status::SUCCESS) => Ok(()),
        Some(status) => Err(NetError::new(NetErrorKind::Status { status, comment: response.comment() })
            .at_peer(association.connection.peer())),
        None => Err(association.wrong("expected a status in the response, found none")),
    }
}

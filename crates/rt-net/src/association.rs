//! An association: negotiated contexts, messages out and in, and its end.
//!
//! Units: bytes. Frame: none.

use crate::connection::{Connection, ReadPdu};
use crate::data_set::DataSet;
use crate::error::{Aborted, NetError, NetErrorKind, Waited};
use crate::message::{Command, MAX_COMMAND};
use crate::node::Node;
use crate::pdu::{
    self, AssociateAccept, AssociateRequest, Fragment, Kind, Layout, ProposedContext, fragments_of,
};
use rt_model::uid::Uid;
use std::collections::VecDeque;

/// A presentation context that both sides agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Context {
    pub(crate) id: u8,
    pub(crate) abstract_syntax: String,
    pub(crate) transfer_syntax: String,
}

/// An open association.
#[derive(Debug)]
pub(crate) struct Association {
    pub(crate) connection: Connection,
    pub(crate) contexts: Vec<Context>,
    peer_max: u32,
    /// The P-DATA PDU at hand and its fragments that nobody has taken yet.
    body: Vec<u8>,
    fragments: VecDeque<Fragment>,
    message_id: u16,
}

/// What a peer sends next.
#[derive(Debug)]
pub(crate) enum Next {
    /// A command in a context; its data set follows where it says so.
    Command(u8, Command),
    /// The peer wants to release the association.
    Release,
}

impl Association {
    /// Connects and negotiates.
    pub(crate) async fn request(node: &Node, contexts: Vec<ProposedContext>) -> Result<Self, NetError> {
        let request = AssociateRequest::new(&node.called, &node.calling, contexts, node.limits.receive);
        let bytes = request.encode()?;
        let mut connection = Connection::connect(node).await?;
        let limit = node.timeouts.association;
        let answered = match connection.write(&bytes).await {
            Ok(()) => connection.read(limit, Waited::Association).await,
            // A peer that refuses at once may have said so before it closed.
            Err(error) => connection.read(limit, Waited::Association).await.map_err(|_| error),
        };
        let ReadPdu { kind, body } = answered?;
        let failed = |error: NetError| error.at_peer(&node.to_string());
        match kind {
            Kind::AssociateAccept => {
                let accept = AssociateAccept::decode(&body).map_err(failed)?;
                let contexts = agreed(&request, &accept).map_err(failed)?;
                Ok(Self::new(connection, contexts, accept.max_data))
            }
            Kind::Reject => {
                Err(failed(NetError::new(NetErrorKind::Rejected(pdu::rejection(&body).map_err(failed)?))))
            }
            Kind::Abort => {
                Err(failed(NetError::new(NetErrorKind::Aborted(pdu::aborted(&body).map_err(failed)?))))
            }
            other => {
                let error = failed(NetError::protocol(format!(
                    "expected an answer to the association request, found {other:?}"
                )));
                refuse(connection, Aborted::UNEXPECTED_PDU).await;
                Err(error)
            }
        }
    }

    /// An association on a connection that is negotiated already.
    pub(crate) const fn new(connection: Connection, contexts: Vec<Context>, peer_max: u32) -> Self {
        Self { connection, contexts, peer_max, body: Vec::new(), fragments: VecDeque::new(), message_id: 0 }
    }

    /// The first agreed context of this SOP class.
    pub(crate) fn context_of(&self, sop_class: &str) -> Result<u8, NetError> {
        let found = self.contexts.iter().find(|context| context.abstract_syntax == sop_class);
        found.map(|context| context.id).ok_or_else(|| {
            let missing = Uid::new(sop_class).map_or_else(
                || NetErrorKind::Configuration { problem: "expected a SOP class, found none".to_owned() },
                |sop_class| NetErrorKind::NoContext { sop_class },
            );
            NetError::new(missing).at_peer(self.connection.peer())
        })
    }

    /// How messages in a context are cut for this peer.
    pub(crate) fn layout(&self, context: u8) -> Layout {
        Layout::new(context, self.peer_max, self.connection.limits().send)
    }

    /// A message ID that was not used lately.
    pub(crate) const fn next_message_id(&mut self) -> u16 {
        self.message_id = if self.message_id == u16::MAX { 1 } else { self.message_id + 1 };
        self.message_id
    }

    /// Sends a message.
    pub(crate) async fn send(
        &mut self,
        context: u8,
        command: &Command,
        data: Option<&DataSet>,
    ) -> Result<(), NetError> {
        let data = data.map(DataSet::encode);
        let bytes = fragments_of(self.layout(context), &command.encode(), data.as_deref());
        self.write(&bytes).await
    }

    /// Writes PDUs. Where that fails, the peer may have said why before it closed.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), NetError> {
        let Err(error) = self.connection.write(bytes).await else { return Ok(()) };
        let limit = std::time::Duration::from_millis(200);
        match self.connection.read(limit, Waited::Response).await {
            Ok(ReadPdu { kind: Kind::Abort, body }) => {
                Err(NetError::new(NetErrorKind::Aborted(pdu::aborted(&body)?))
                    .at_peer(self.connection.peer()))
            }
            _ => Err(error),
        }
    }

    /// The response to message `message_id`; answers to N-EVENT-REPORT and the like have no place here.
    pub(crate) async fn response(&mut self, message_id: u16) -> Result<Command, NetError> {
        match self.next(Waited::Response).await? {
            Next::Command(_, command) if command.is_response && command.message_id == message_id => {
                Ok(command)
            }
            Next::Command(_, command) => Err(self.wrong(format!(
                "expected the response to message {message_id}, found {:?} of message {}",
                command.operation, command.message_id
            ))),
            Next::Release => {
                Err(self
                    .wrong(format!("expected the response to message {message_id}, found a release request")))
            }
        }
    }

    /// What the peer sends next.
    pub(crate) async fn next(&mut self, waited: Waited) -> Result<Next, NetError> {
        let mut bytes = Vec::new();
        let mut context = None;
        loop {
            if self.fragments.is_empty() && self.more(waited).await?.is_some() {
                return match context {
                    None => Ok(Next::Release),
                    Some(_) => Err(self.wrong("expected the rest of a command, found a release request")),
                };
            }
            let Some(fragment) = self.fragments.pop_front() else { continue };
            if !fragment.is_command || context.is_some_and(|context| context != fragment.context) {
                return Err(self.wrong("expected a fragment of a command, found another"));
            }
            if !self.contexts.iter().any(|context| context.id == fragment.context) {
                return Err(self.wrong(format!(
                    "expected an accepted presentation context, found {}",
                    fragment.context
                )));
            }
            context = Some(fragment.context);
            bytes.extend_from_slice(&self.body[fragment.range]);
            if bytes.len() > MAX_COMMAND {
                return Err(
                    self.wrong(format!("expected a command set of at most {MAX_COMMAND} bytes, found more"))
                );
            }
            if fragment.is_last {
                let command =
                    Command::decode(&bytes).map_err(|error| error.at_peer(self.connection.peer()))?;
                return Ok(Next::Command(fragment.context, command));
            }
        }
    }

    /// The next piece of the data set of a command in `context`, and whether it is the last.
    pub(crate) async fn data_piece(&mut self, context: u8) -> Result<(&[u8], bool), NetError> {
        while self.fragments.is_empty() {
            if self.more(Waited::Response).await?.is_some() {
                return Err(self.wrong("expected the rest of a data set, found a release request"));
            }
        }
        match self.fragments.pop_front() {
            Some(fragment) if !fragment.is_command && fragment.context == context => {
                Ok((&self.body[fragment.range], fragment.is_last))
            }
            _ => Err(self.wrong("expected a fragment of a data set, found another")),
        }
    }

    /// The whole data set of a command in `context`: one of our own small ones.
    pub(crate) async fn data_set(&mut self, context: u8) -> Result<DataSet, NetError> {
        let limit = self.connection.limits().data_set;
        let mut bytes = Vec::new();
        loop {
            let (piece, is_last) = self.data_piece(context).await?;
            bytes.extend_from_slice(piece);
            if bytes.len() > limit {
                return Err(self.wrong(format!("expected a data set of at most {limit} bytes, found more")));
            }
            if is_last {
                return DataSet::decode(&bytes).map_err(|error| error.at_peer(self.connection.peer()));
            }
        }
    }

    /// Reads one PDU. `Some` where the peer wants to release the association.
    async fn more(&mut self, waited: Waited) -> Result<Option<()>, NetError> {
        let timeouts = self.connection.timeouts();
        let limit = if waited == Waited::Idle { timeouts.idle } else { timeouts.response };
        let ReadPdu { kind, body } = self.connection.read(limit, waited).await?;
        match kind {
            Kind::Data => {
                self.fragments =
                    pdu::fragments(&body).map_err(|error| error.at_peer(self.connection.peer()))?.into();
                self.body = body;
                Ok(None)
            }
            Kind::ReleaseRequest => Ok(Some(())),
            Kind::Abort => {
                Err(NetError::new(NetErrorKind::Aborted(pdu::aborted(&body)?))
                    .at_peer(self.connection.peer()))
            }
            other => Err(self.wrong(format!("expected P-DATA, found {other:?}"))),
        }
    }

    /// Releases the association and ends the connection. What was confirmed before stays confirmed, whatever
    /// becomes of this.
    pub(crate) async fn release(mut self) {
        let limit = self.connection.timeouts().association;
        if self.connection.write(&pdu::RELEASE_REQUEST).await.is_ok() {
            loop {
                match self.connection.read(limit, Waited::Association).await {
                    // Both sides asked at once: the other one waits for our answer.
                    Ok(ReadPdu { kind: Kind::ReleaseRequest, .. }) => {
                        if self.connection.write(&pdu::RELEASE_RESPONSE).await.is_err() {
                            break;
                        }
                    }
                    // A last answer that crossed our request.
                    Ok(ReadPdu { kind: Kind::Data, .. }) => {}
                    _ => break,
                }
            }
        }
        self.connection.close().await;
    }

    /// Aborts the association and ends the connection.
    pub(crate) async fn abort(self) {
        refuse(self.connection, Aborted::USER).await;
    }

    pub(crate) fn wrong(&self, problem: impl Into<String>) -> NetError {
        NetError::protocol(problem).at_peer(self.connection.peer())
    }
}

/// Aborts on a connection, without waiting for anything.
pub(crate) async fn refuse(mut connection: Connection, aborted: Aborted) {
    // The peer may be gone already.
    let _ =
        tokio::time::timeout(std::time::Duration::from_secs(1), connection.write(&pdu::abort(aborted))).await;
    connection.close().await;
}

/// The contexts that `accept` grants out of `request`; none that was not asked for.
fn agreed(request: &AssociateRequest, accept: &AssociateAccept) -> Result<Vec<Context>, NetError> {
    let mut agreed: Vec<Context> = Vec::new();
    for result in accept.contexts.iter().filter(|result| result.result == 0) {
        let asked = request.contexts.iter().find(|context| context.id == result.id);
        let Some(asked) = asked.filter(|context| context.transfer_syntaxes.contains(&result.transfer_syntax))
        else {
            return Err(NetError::protocol(format!(
                "expected a presentation context as proposed, found {} in transfer syntax {:?}",
                result.id, result.transfer_syntax
            )));
        };
        if agreed.iter().any(|context| context.id == result.id) {
            return Err(NetError::protocol(format!(
                "expected one answer to presentation context {}, found two",
                result.id
            )));
        }
        agreed.push(Context {
            id: asked.id,
            abstract_syntax: asked.abstract_syntax.clone(),
            transfer_syntax: result.transfer_syntax.clone(),
        });
    }
    Ok(agreed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ae::AeTitle;
    use crate::pdu::ContextResult;

    #[test]
    fn only_what_was_asked_for_is_agreed() {
        let title = AeTitle::new("A").unwrap();
        let context = ProposedContext {
            id: 1,
            abstract_syntax: "1.2".into(),
            transfer_syntaxes: vec!["1.2.840.10008.1.2".into()],
        };
        let request = AssociateRequest::new(&title, &title, vec![context], 0);
        let accept = |results: &[(u8, u8, &str)]| {
            let contexts = results.iter().map(|(id, result, syntax)| ContextResult {
                id: *id,
                result: *result,
                transfer_syntax: (*syntax).to_owned(),
            });
            agreed(
                &request,
                &AssociateAccept { contexts: contexts.collect(), max_data: 0, roles: Vec::new() },
            )
        };
        assert_eq!(accept(&[(1, 0, "1.2.840.10008.1.2")]).unwrap().len(), 1);
        assert_eq!(accept(&[(1, 3, "")]).unwrap().len(), 0);
        for wrong in [
            &[(3, 0, "1.2.840.10008.1.2")][..],
            &[(1, 0, "1.2.840.10008.1.2.1")],
            &[(1, 0, "1.2.840.10008.1.2"); 2],
        ] {
            assert!(accept(wrong).is_err(), "{wrong:?}");
        }
    }
}

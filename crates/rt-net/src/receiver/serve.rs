//! One association of a server, from its request to its end.
//!
//! Units: bytes. Frame: none.

use super::negotiate::negotiate;
use super::{Shared, StoreRequest, StoredInstance};
use crate::association::{Association, Context, Next, refuse};
use crate::commitment;
use crate::connection::{Connection, ReadPdu};
use crate::error::{Aborted, NetError, NetErrorKind, Waited};
use crate::message::{Command, Operation};
use crate::pdu::{self, AssociateRequest, Kind};
use crate::status::Status;
use rt_model::uid::Uid;

/// Serves a client while `others` associations are open.
pub(super) async fn serve(
    shared: &Shared,
    mut connection: Connection,
    others: usize,
) -> Result<(), NetError> {
    let limit = shared.options.timeouts.association;
    let ReadPdu { kind, body } = match connection.read(limit, Waited::Association).await {
        Ok(read) => read,
        Err(error) => {
            refuse(connection, Aborted::UNEXPECTED_PDU).await;
            return Err(error);
        }
    };
    let peer = connection.peer().to_owned();
    if kind != Kind::AssociateRequest {
        refuse(connection, Aborted::UNEXPECTED_PDU).await;
        return Err(
            NetError::protocol(format!("expected an association request, found {kind:?}")).at_peer(&peer)
        );
    }
    let request = match AssociateRequest::decode(&body) {
        Ok(request) => request,
        Err(error) => {
            refuse(connection, Aborted { origin: 2, reason: 6 }).await;
            return Err(error.at_peer(&peer));
        }
    };
    let peer = format!("{}@{peer}", request.calling);
    connection.rename(peer.clone());
    let accept = match negotiate(&request, &shared.options, others) {
        Ok(accept) => accept,
        Err(rejection) => {
            connection.write(&pdu::reject(rejection)).await?;
            connection.close().await;
            return Err(NetError::new(NetErrorKind::Rejected(rejection)).at_peer(&peer));
        }
    };
    let accepting = match accept.encode(&request) {
        Ok(bytes) => bytes,
        Err(error) => {
            refuse(connection, Aborted { origin: 2, reason: 0 }).await;
            return Err(error.at_peer(&peer));
        }
    };
    connection.write(&accepting).await?;
    let accepted = accept.contexts.iter().filter(|context| context.result == 0);
    let contexts = accepted.filter_map(|result| {
        let asked = request.contexts.iter().find(|context| context.id == result.id)?;
        let (id, abstract_syntax) = (result.id, asked.abstract_syntax.clone());
        Some(Context { id, abstract_syntax, transfer_syntax: result.transfer_syntax.clone() })
    });
    let mut association = Association::new(connection, contexts.collect(), request.max_data);
    match requests(shared, &mut association, &request.calling).await {
        Ok(()) => {
            // The client may close without waiting for it.
            let _ = association.connection.write(&pdu::RELEASE_RESPONSE).await;
            association.connection.close().await;
            Ok(())
        }
        Err(error) => {
            association.abort().await;
            Err(error)
        }
    }
}

/// Answers requests until the client wants to release.
async fn requests(shared: &Shared, association: &mut Association, calling: &str) -> Result<(), NetError> {
    loop {
        let Next::Command(context, command) = association.next(Waited::Idle).await? else { return Ok(()) };
        if command.is_response {
            return Err(association.wrong("expected a request, found a response"));
        }
        let status = match command.operation {
            Operation::Echo => Status::SUCCESS,
            Operation::Store => store(shared, association, context, &command, calling).await?,
            Operation::EventReport => {
                let answer = association.data_set(context).await?;
                match commitment::result(&answer) {
                    Ok(result) => shared.handler.committed(result),
                    Err(_) => Status::PROCESSING_FAILURE,
                }
            }
            // It asks to break off what is answered already.
            Operation::Cancel => continue,
            _ => {
                if command.has_data {
                    association.data_set(context).await?;
                }
                Status::UNRECOGNISED_OPERATION
            }
        };
        association.send(context, &command.response(status), None).await?;
    }
}

/// Takes an instance; its data set is read to the end whatever the answer is.
async fn store(
    shared: &Shared,
    association: &mut Association,
    context: u8,
    command: &Command,
    calling: &str,
) -> Result<Status, NetError> {
    if !command.has_data {
        return Ok(Status::CANNOT_UNDERSTAND);
    }
    let request = admit(shared, association, context, command, calling);
    let mut status = request.as_ref().map_or_else(|status| *status, |_| Status::SUCCESS);
    let mut writing = request.as_ref().ok().and_then(|request| shared.store.begin(request));
    if writing.is_none() && status == Status::SUCCESS {
        status = Status::CLASS_NOT_SUPPORTED;
    }
    let mut bytes = 0;
    loop {
        let (piece, is_last) = association.data_piece(context).await?;
        bytes += piece.len() as u64;
        let piece = if writing.is_some() { piece.to_vec() } else { Vec::new() };
        if bytes > shared.options.largest {
            status = Status::OUT_OF_RESOURCES;
            if let Some(file) = writing.take() {
                file.give_up().await;
            }
        }
        if let Some(file) = &writing
            && !piece.is_empty()
            && !file.piece(piece).await
        {
            // Full or broken: why, its end tells.
            status = Status::OUT_OF_RESOURCES;
        }
        if is_last {
            break;
        }
    }
    let (Some(file), Ok(request)) = (writing, request) else { return Ok(status) };
    match file.finish().await {
        Ok(path) => Ok(shared.handler.stored(&StoredInstance { request, path, bytes })),
        Err(error) => {
            shared
                .handler
                .failed(&NetError::caused(NetErrorKind::Store, error).at_peer(association.connection.peer()));
            Ok(Status::OUT_OF_RESOURCES)
        }
    }
}

/// What is to be stored, or the answer to it.
fn admit(
    shared: &Shared,
    association: &Association,
    context: u8,
    command: &Command,
    calling: &str,
) -> Result<StoreRequest, Status> {
    let agreed =
        association.contexts.iter().find(|agreed| agreed.id == context).ok_or(Status::PROCESSING_FAILURE)?;
    let sop_class = command.sop_class().ok_or(Status::CANNOT_UNDERSTAND)?;
    let sop_instance = command.sop_instance().ok_or(Status::CANNOT_UNDERSTAND)?;
    if agreed.abstract_syntax != sop_class.as_str() {
        return Err(Status::CLASS_NOT_SUPPORTED);
    }
    // It becomes the name of a file.
    if !sop_instance.is_valid() {
        return Err(Status::INVALID_INSTANCE);
    }
    let transfer_syntax = Uid::new(&agreed.transfer_syntax).ok_or(Status::CANNOT_UNDERSTAND)?;
    let request = StoreRequest { calling: calling.to_owned(), sop_class, sop_instance, transfer_syntax };
    match shared.handler.admit(&request) {
        Status::SUCCESS => Ok(request),
        status => Err(status),
    }
}

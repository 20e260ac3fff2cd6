//! Requests for associations and their acceptance, encoded and decoded by dicom-ul.
//!
//! dicom-ul reads a complete body whose length was checked (at most [`MAX_ASSOCIATE`](super::MAX_ASSOCIATE)
//! bytes), never a socket. Before it does, the body loses what the standard says a receiver shall not test:
//! unknown items, and the transfer syntax of a refused context (PS3.8 sections 9.3.1 and 9.3.3.2). It writes
//! no item longer than its two bytes of length can say.
//!
//! Units: bytes. Frame: none.

use super::HEADER;
use crate::ae::AeTitle;
use crate::error::NetError;
use crate::uids::{APPLICATION_CONTEXT, IMPLEMENTATION_CLASS, IMPLEMENTATION_VERSION, IMPLICIT_LITTLE};
use dicom_ul::pdu::{self as ul, Pdu, UserVariableItem};

/// A presentation context that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedContext {
    /// Odd, 1 to 255.
    pub id: u8,
    /// What it is for: a SOP class.
    pub abstract_syntax: String,
    /// The transfer syntaxes the peer may choose from.
    pub transfer_syntaxes: Vec<String>,
}

/// What became of a presentation context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextResult {
    /// As proposed.
    pub id: u8,
    /// 0 accepted, 1 refused by the user, 2 no reason, 3 abstract syntax not supported, 4 transfer syntaxes
    /// not supported.
    pub result: u8,
    /// The transfer syntax chosen; without meaning where refused.
    pub transfer_syntax: String,
}

/// The roles that the requestor takes for a SOP class (PS3.7 D.3.3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// SOP class.
    pub sop_class: String,
    /// Service class user.
    pub scu: bool,
    /// Service class provider.
    pub scp: bool,
}

/// A-ASSOCIATE-RQ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociateRequest {
    /// Bit 0 is version 1.
    pub protocol_version: u16,
    /// Whom the requestor wants.
    pub called: String,
    /// Who the requestor says it is.
    pub calling: String,
    /// Application context name.
    pub application_context: String,
    /// Presentation contexts.
    pub contexts: Vec<ProposedContext>,
    /// The longest P-DATA that the requestor takes; 0 is any.
    pub max_data: u32,
    /// Roles that are not the usual ones.
    pub roles: Vec<Role>,
}

/// A-ASSOCIATE-AC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociateAccept {
    /// Presentation contexts.
    pub contexts: Vec<ContextResult>,
    /// The longest P-DATA that the acceptor takes; 0 is any.
    pub max_data: u32,
    /// Roles that the acceptor agrees to.
    pub roles: Vec<Role>,
}

impl AssociateRequest {
    /// A request of this implementation.
    #[must_use]
    pub fn new(called: &AeTitle, calling: &AeTitle, contexts: Vec<ProposedContext>, max_data: u32) -> Self {
        Self {
            protocol_version: 1,
            called: called.to_string(),
            calling: calling.to_string(),
            application_context: APPLICATION_CONTEXT.to_owned(),
            contexts,
            max_data,
            roles: Vec::new(),
        }
    }

    /// The whole PDU.
    ///
    /// # Errors
    /// [`crate::NetErrorKind::Configuration`] where a text can't be encoded.
    pub fn encode(&self) -> Result<Vec<u8>, NetError> {
        let texts = |context: &ProposedContext| {
            context.transfer_syntaxes.iter().map(|syntax| 4 + syntax.len()).sum::<usize>()
        };
        fits(
            self.contexts.iter().map(|context| 8 + context.abstract_syntax.len() + texts(context)),
            &self.roles,
        )?;
        let contexts = self.contexts.iter().map(|context| ul::PresentationContextProposed {
            id: context.id,
            abstract_syntax: context.abstract_syntax.clone(),
            transfer_syntaxes: context.transfer_syntaxes.clone(),
        });
        encode(&Pdu::AssociationRQ(ul::AssociationRQ {
            protocol_version: self.protocol_version,
            calling_ae_title: self.calling.clone(),
            called_ae_title: self.called.clone(),
            application_context_name: self.application_context.clone(),
            presentation_contexts: contexts.collect(),
            user_variables: user_variables(self.max_data, &self.roles),
        }))
    }

    /// Reads the body of an A-ASSOCIATE-RQ.
    ///
    /// # Errors
    /// [`crate::NetErrorKind::Protocol`] where it is none.
    pub fn decode(body: &[u8]) -> Result<Self, NetError> {
        let Pdu::AssociationRQ(request) = decode(1, body)? else {
            return Err(NetError::protocol("expected an association request, found another PDU"));
        };
        let (max_data, roles) = read_user_variables(request.user_variables);
        let contexts = request.presentation_contexts.into_iter().map(|context| ProposedContext {
            id: context.id,
            abstract_syntax: plain(context.abstract_syntax),
            transfer_syntaxes: context.transfer_syntaxes.into_iter().map(plain).collect(),
        });
        Ok(Self {
            protocol_version: request.protocol_version,
            called: plain(request.called_ae_title),
            calling: plain(request.calling_ae_title),
            application_context: plain(request.application_context_name),
            contexts: contexts.collect(),
            max_data,
            roles,
        })
    }
}

impl AssociateAccept {
    /// The whole PDU that answers `request`.
    ///
    /// # Errors
    /// [`crate::NetErrorKind::Configuration`] where a text can't be encoded.
    pub fn encode(&self, request: &AssociateRequest) -> Result<Vec<u8>, NetError> {
        fits(self.contexts.iter().map(|context| 8 + context.transfer_syntax.len()), &self.roles)?;
        let contexts = self.contexts.iter().map(|context| ul::PresentationContextResult {
            id: context.id,
            reason: match context.result {
                0 => ul::PresentationContextResultReason::Acceptance,
                1 => ul::PresentationContextResultReason::UserRejection,
                3 => ul::PresentationContextResultReason::AbstractSyntaxNotSupported,
                4 => ul::PresentationContextResultReason::TransferSyntaxesNotSupported,
                _ => ul::PresentationContextResultReason::NoReason,
            },
            transfer_syntax: context.transfer_syntax.clone(),
        });
        encode(&Pdu::AssociationAC(ul::AssociationAC {
            protocol_version: 1,
            calling_ae_title: request.calling.clone(),
            called_ae_title: request.called.clone(),
            application_context_name: APPLICATION_CONTEXT.to_owned(),
            presentation_contexts: contexts.collect(),
            user_variables: user_variables(self.max_data, &self.roles),
        }))
    }

    /// Reads the body of an A-ASSOCIATE-AC.
    ///
    /// # Errors
    /// [`crate::NetErrorKind::Protocol`] where it is none.
    pub fn decode(body: &[u8]) -> Result<Self, NetError> {
        let Pdu::AssociationAC(accept) = decode(2, body)? else {
            return Err(NetError::protocol("expected the acceptance of an association, found another PDU"));
        };
        let (max_data, roles) = read_user_variables(accept.user_variables);
        let contexts = accept.presentation_contexts.into_iter().map(|context| ContextResult {
            id: context.id,
            result: context.reason as u8,
            transfer_syntax: plain(context.transfer_syntax),
        });
        Ok(Self { contexts: contexts.collect(), max_data, roles })
    }
}

/// Some peers pad identifiers with zero bytes here as well, against PS3.8 annex F.
fn plain(text: String) -> String {
    text.trim_matches(['\0', ' ']).to_owned()
}

fn user_variables(max_data: u32, roles: &[Role]) -> Vec<UserVariableItem> {
    let roles = roles.iter().map(|role| {
        let selection = ul::RequestorRoles { scu: role.scu, scp: role.scp };
        UserVariableItem::ScuScpRoleSelectionSubItem(role.sop_class.clone(), selection)
    });
    [
        UserVariableItem::MaxLength(max_data),
        UserVariableItem::ImplementationClassUID(IMPLEMENTATION_CLASS.to_owned()),
        UserVariableItem::ImplementationVersionName(IMPLEMENTATION_VERSION.to_owned()),
    ]
    .into_iter()
    .chain(roles)
    .collect()
}

fn read_user_variables(items: Vec<UserVariableItem>) -> (u32, Vec<Role>) {
    let (mut max_data, mut roles) = (0, Vec::new());
    for item in items {
        match item {
            UserVariableItem::MaxLength(length) => max_data = length,
            UserVariableItem::ScuScpRoleSelectionSubItem(sop_class, selection) => {
                roles.push(Role { sop_class: plain(sop_class), scu: selection.scu, scp: selection.scp });
            }
            _ => {}
        }
    }
    (max_data, roles)
}

/// The lengths of items have two bytes, and dicom-ul writes the lower two of any length: what does not fit is
/// refused before.
fn fits(contexts: impl IntoIterator<Item = usize>, roles: &[Role]) -> Result<(), NetError> {
    let user = 16 + IMPLEMENTATION_CLASS.len() + IMPLEMENTATION_VERSION.len();
    let user = user + roles.iter().map(|role| 8 + role.sop_class.len()).sum::<usize>();
    let most = usize::from(u16::MAX);
    match contexts.into_iter().chain([user]).find(|length| *length > most) {
        None => Ok(()),
        Some(length) => Err(NetError::configuration(format!(
            "expected an item of an association of at most {most} bytes, found {length}"
        ))),
    }
}

fn encode(pdu: &Pdu) -> Result<Vec<u8>, NetError> {
    let mut bytes = Vec::new();
    ul::write_pdu(&mut bytes, pdu).map_err(|error| {
        let problem = format!("expected texts that fit an association, found others: {error}");
        NetError::configuration(problem)
    })?;
    Ok(bytes)
}

fn decode(kind: u8, body: &[u8]) -> Result<Pdu, NetError> {
    let most = super::MAX_ASSOCIATE;
    if body.len() > most as usize {
        return Err(NetError::protocol(format!(
            "expected an association PDU of at most {most} bytes, found {}",
            body.len()
        )));
    }
    let body = tested_alone(body)?;
    let mut bytes = vec![kind, 0];
    bytes.extend_from_slice(&(body.len() as u32).to_be_bytes());
    bytes.extend_from_slice(&body);
    // A refused context that said little is longer than it was.
    let limit = (bytes.len() - HEADER) as u32;
    match ul::read_pdu(&bytes[..], limit.max(most), true) {
        Ok(Some(pdu)) => Ok(pdu),
        Ok(None) => Err(NetError::protocol("expected a whole association PDU, found a part")),
        Err(error) => {
            Err(NetError::protocol(format!("expected an association PDU, found a damaged one: {error}")))
        }
    }
}

/// Bytes before the items: version, titles, reserved.
const FIXED: usize = 68;

/// The body without what a receiver must not test.
fn tested_alone(body: &[u8]) -> Result<Vec<u8>, NetError> {
    let short =
        || NetError::protocol("expected the items of an association PDU to end with it, found otherwise");
    let (fixed, mut left) = body.split_at_checked(FIXED).ok_or_else(short)?;
    let mut out = fixed.to_vec();
    while !left.is_empty() {
        let (&[kind, _, l0, l1], rest) = left.split_first_chunk::<4>().ok_or_else(short)?;
        let (item, rest) = rest.split_at_checked(u16::from_be_bytes([l0, l1]).into()).ok_or_else(short)?;
        match (kind, item) {
            (0x21, &[id, _, result, _, ..]) if result != 0 => {
                let syntax = IMPLICIT_LITTLE.as_bytes();
                out.extend_from_slice(&[
                    0x21,
                    0,
                    0,
                    8 + syntax.len() as u8,
                    id,
                    0,
                    if result > 4 { 1 } else { result },
                    0,
                ]);
                out.extend_from_slice(&[0x40, 0, 0, syntax.len() as u8]);
                out.extend_from_slice(syntax);
            }
            (0x10 | 0x20 | 0x21 | 0x50, _) => out.extend_from_slice(&left[..4 + item.len()]),
            _ => {}
        }
        left = rest;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> AssociateRequest {
        let context = |id, class: &str| ProposedContext {
            id,
            abstract_syntax: class.into(),
            transfer_syntaxes: vec!["1.2.840.10008.1.2.1".into(), "1.2.840.10008.1.2".into()],
        };
        let (called, calling) = (AeTitle::new("PACS").unwrap(), AeTitle::new("DOSEBRIDGE").unwrap());
        let contexts = vec![context(1, "1.2.840.10008.1.1"), context(3, "1.2.840.10008.5.1.4.1.1.2")];
        let roles = vec![Role { sop_class: "1.2.840.10008.1.20.1".into(), scu: false, scp: true }];
        AssociateRequest { roles, ..AssociateRequest::new(&called, &calling, contexts, 131_072) }
    }

    fn accept() -> AssociateAccept {
        let contexts = vec![
            ContextResult { id: 1, result: 0, transfer_syntax: "1.2.840.10008.1.2".into() },
            ContextResult { id: 3, result: 3, transfer_syntax: "1.2.840.10008.1.2".into() },
        ];
        AssociateAccept { contexts, max_data: 16_384, roles: Vec::new() }
    }

    #[test]
    fn associations_read_back() {
        let request = request();
        assert_eq!(AssociateRequest::decode(&request.encode().unwrap()[6..]).unwrap(), request);
        let accept = accept();
        assert_eq!(AssociateAccept::decode(&accept.encode(&request).unwrap()[6..]).unwrap(), accept);
    }

    #[test]
    fn a_refused_context_needs_no_transfer_syntax_and_unknown_items_are_skipped() {
        let whole = accept().encode(&request()).unwrap();
        let refused = whole.windows(2).rposition(|pair| pair == [0x21, 0]).unwrap();
        let end = refused + 4 + usize::from(whole[refused + 3]);
        let bare =
            [&whole[6..refused], &[0x21, 0, 0, 4, 3, 0, 9, 0, 0x77, 0, 0, 1, 0xFF], &whole[end..]].concat();
        let read = AssociateAccept::decode(&bare).unwrap();
        assert_eq!((read.contexts[0].result, read.contexts[1].result), (0, 1));
        assert_eq!(read.max_data, 16_384);
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_survived() {
        for bytes in [&request().encode().unwrap()[6..], &accept().encode(&request()).unwrap()[6..]] {
            for end in 0..bytes.len() {
                drop((AssociateRequest::decode(&bytes[..end]), AssociateAccept::decode(&bytes[..end])));
            }
            for at in 0..bytes.len() {
                for value in [0, 1, 0x54, 0x56, 0x58, 0x7F, 0xFF] {
                    let mut changed = bytes.to_vec();
                    changed[at] = value;
                    drop((AssociateRequest::decode(&changed), AssociateAccept::decode(&changed)));
                }
            }
        }
    }
}

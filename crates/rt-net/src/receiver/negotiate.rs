//! Which associations and contexts a server accepts.
//!
//! Units: none. Frame: none.

use super::ReceiverOptions;
use crate::error::Rejection;
use crate::pdu::{AssociateAccept, AssociateRequest, ContextResult, ProposedContext};
use crate::uids::{APPLICATION_CONTEXT, IMPLICIT_LITTLE, STORAGE_COMMITMENT, STORAGE_PREFIX, VERIFICATION};

const ACCEPTED: u8 = 0;
const CLASS_NOT_SUPPORTED: u8 = 3;
const SYNTAXES_NOT_SUPPORTED: u8 = 4;

/// The identifiers of the standard's transfer syntaxes begin so.
const SYNTAX_PREFIX: &str = IMPLICIT_LITTLE;

/// Accepts or refuses a request of a client, while `others` associations are open.
pub(super) fn negotiate(
    request: &AssociateRequest,
    options: &ReceiverOptions,
    others: usize,
) -> Result<AssociateAccept, Rejection> {
    if request.protocol_version & 1 == 0 {
        return Err(Rejection { transient: false, origin: 2, reason: 2 });
    }
    if request.application_context != APPLICATION_CONTEXT {
        return Err(Rejection::APPLICATION_CONTEXT);
    }
    if request.called != options.ae.as_str() {
        return Err(Rejection::CALLED_AE);
    }
    if !options.callers.is_empty() && !options.callers.iter().any(|caller| caller.as_str() == request.calling)
    {
        return Err(Rejection::CALLING_AE);
    }
    if others >= options.associations {
        return Err(Rejection::LOCAL_LIMIT);
    }
    let contexts = request.contexts.iter().map(|context| {
        let (result, transfer_syntax) = match choose(context, options.folder.is_some()) {
            Ok(syntax) => (ACCEPTED, syntax),
            Err(result) => (result, IMPLICIT_LITTLE),
        };
        ContextResult { id: context.id, result, transfer_syntax: transfer_syntax.to_owned() }
    });
    let roles = request.roles.iter().filter(|role| role.sop_class == STORAGE_COMMITMENT && role.scp);
    Ok(AssociateAccept {
        contexts: contexts.collect(),
        max_data: options.limits.receive,
        roles: roles.cloned().collect(),
    })
}

/// The transfer syntax of a context, or why it is refused. Instances are kept as they come: the client's
/// first choice is taken.
fn choose(context: &ProposedContext, takes_instances: bool) -> Result<&str, u8> {
    let class = context.abstract_syntax.as_str();
    let ours = |syntax: &&String| match class {
        STORAGE_COMMITMENT => syntax.as_str() == IMPLICIT_LITTLE,
        _ => syntax.starts_with(SYNTAX_PREFIX),
    };
    let known = matches!(class, VERIFICATION | STORAGE_COMMITMENT)
        || (takes_instances && class.starts_with(STORAGE_PREFIX));
    if !known {
        return Err(CLASS_NOT_SUPPORTED);
    }
    context.transfer_syntaxes.iter().find(ours).map(String::as_str).ok_or(SYNTAXES_NOT_SUPPORTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ae::AeTitle;
    use crate::pdu::Role;

    fn title(text: &str) -> AeTitle {
        AeTitle::new(text).unwrap()
    }

    fn request(contexts: &[(&str, &[&str])]) -> AssociateRequest {
        let contexts =
            contexts.iter().zip((1_u8..).step_by(2)).map(|((class, syntaxes), id)| ProposedContext {
                id,
                abstract_syntax: (*class).to_owned(),
                transfer_syntaxes: syntaxes.iter().map(|syntax| (*syntax).to_owned()).collect(),
            });
        AssociateRequest::new(&title("US"), &title("THEM"), contexts.collect(), 0)
    }

    fn options() -> ReceiverOptions {
        ReceiverOptions {
            callers: vec![title("THEM")],
            folder: Some("in".into()),
            associations: 2,
            ..ReceiverOptions::new("127.0.0.1:0".parse().unwrap(), title("US"))
        }
    }

    #[test]
    fn strangers_are_refused_for_the_right_reason() {
        let good = request(&[(VERIFICATION, &[IMPLICIT_LITTLE])]);
        assert!(negotiate(&good, &options(), 1).is_ok());
        let refused =
            |request: &AssociateRequest, others| negotiate(request, &options(), others).unwrap_err();
        assert_eq!(refused(&good, 2), Rejection::LOCAL_LIMIT);
        assert_eq!(
            refused(&AssociateRequest { called: "OTHER".into(), ..good.clone() }, 0),
            Rejection::CALLED_AE
        );
        assert_eq!(
            refused(&AssociateRequest { calling: "them".into(), ..good.clone() }, 0),
            Rejection::CALLING_AE
        );
        assert_eq!(
            refused(&AssociateRequest { application_context: "1.2".into(), ..good.clone() }, 0).reason,
            2
        );
        assert_eq!(refused(&AssociateRequest { protocol_version: 2, ..good }, 0).origin, 2);
    }

    #[test]
    fn contexts_are_accepted_in_the_clients_first_choice() {
        let ct = "1.2.840.10008.5.1.4.1.1.2";
        let asked = request(&[
            (ct, &["1.2.840.10008.1.2.5", IMPLICIT_LITTLE]),
            (ct, &["1.2.840.113619.5.2"]),
            ("1.2.840.10008.5.1.4.1.2.2.1", &[IMPLICIT_LITTLE]),
            (STORAGE_COMMITMENT, &["1.2.840.10008.1.2.1", IMPLICIT_LITTLE]),
        ]);
        let results = |options: &ReceiverOptions| {
            let accepted = negotiate(&asked, options, 0).unwrap();
            accepted
                .contexts
                .into_iter()
                .map(|context| (context.result, context.transfer_syntax))
                .collect::<Vec<_>>()
        };
        let implicit = IMPLICIT_LITTLE.to_owned();
        let rle = "1.2.840.10008.1.2.5".to_owned();
        assert_eq!(
            results(&options()),
            [(0, rle), (4, implicit.clone()), (3, implicit.clone()), (0, implicit.clone())]
        );
        let no_instances = ReceiverOptions { folder: None, ..options() };
        assert_eq!(results(&no_instances)[0], (3, implicit));
    }

    #[test]
    fn the_provider_of_storage_commitment_may_call_as_one() {
        let role = Role { sop_class: STORAGE_COMMITMENT.into(), scu: false, scp: true };
        let other = Role { sop_class: VERIFICATION.into(), scu: false, scp: true };
        let asked = AssociateRequest {
            roles: vec![role.clone(), other],
            ..request(&[(STORAGE_COMMITMENT, &[IMPLICIT_LITTLE])])
        };
        assert_eq!(negotiate(&asked, &options(), 0).unwrap().roles, [role]);
    }
}

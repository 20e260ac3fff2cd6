//! Requests for associations and their acceptance as hostile peers write them.

use crate::support::title;
use proptest::collection::vec;
use proptest::prelude::*;
use rt_net::NetErrorKind;
use rt_net::pdu::{
    AssociateAccept, AssociateRequest, ContextResult, HEADER, MAX_ASSOCIATE, ProposedContext, Role,
};

const CONTEXT_NAME: &[u8] = b"1.2.840.10008.3.1.1.1";
const CLASS: &[u8] = b"1.2.840.10008.1.1";
const SYNTAX: &[u8] = b"1.2.840.10008.1.2";

/// An item or sub-item of this type.
fn item(kind: u8, value: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &(value.len() as u16).to_be_bytes(), value].concat()
}

/// A body of these items after the fixed part.
fn body(items: &[Vec<u8>]) -> Vec<u8> {
    let fixed = [&[0, 1, 0, 0][..], b"PACS            ", b"DOSEBRIDGE      ", &[0; 32]].concat();
    [fixed, items.concat()].concat()
}

fn name() -> Vec<u8> {
    item(0x10, CONTEXT_NAME)
}

fn proposed(sub_items: &[Vec<u8>]) -> Vec<u8> {
    item(0x20, &[vec![1, 0, 0, 0], sub_items.concat()].concat())
}

fn result(result: u8, sub_items: &[Vec<u8>]) -> Vec<u8> {
    item(0x21, &[vec![1, 0, result, 0], sub_items.concat()].concat())
}

fn user(sub_items: &[Vec<u8>]) -> Vec<u8> {
    item(0x50, &sub_items.concat())
}

fn request(items: &[Vec<u8>]) -> Option<AssociateRequest> {
    AssociateRequest::decode(&body(items)).ok()
}

fn accept(items: &[Vec<u8>]) -> Option<AssociateAccept> {
    AssociateAccept::decode(&body(items)).ok()
}

#[test]
fn items_that_the_standard_leaves_untested_are_skipped() {
    let unknown = item(0x77, b"\xFF\xFF\xFF");
    let context = proposed(&[item(0x30, CLASS), item(0x40, SYNTAX)]);
    let read =
        request(&[unknown.clone(), name(), context, unknown.clone(), user(std::slice::from_ref(&unknown))])
            .unwrap();
    assert_eq!((read.contexts.len(), read.max_data), (1, 0));
    assert_eq!(request(&[name()]).unwrap().contexts, [], "no user information");
    // A refused context may hold anything or nothing; a reason that does not exist yet is a refusal.
    for rest in
        [vec![], vec![unknown], vec![item(0x40, SYNTAX), item(0x40, SYNTAX)], vec![vec![0x40, 0, 0xFF, 0xFF]]]
    {
        for (sent, read) in [(1, 1), (4, 4), (5, 1), (255, 1)] {
            assert_eq!(accept(&[name(), result(sent, &rest)]).unwrap().contexts[0].result, read);
        }
    }
}

#[test]
fn damaged_items_are_refused() {
    let (class, syntax) = (item(0x30, CLASS), item(0x40, SYNTAX));
    let one_syntax = std::slice::from_ref(&syntax);
    for (damage, items) in [
        ("no application context", vec![]),
        ("an acceptance inside a request", vec![name(), result(0, one_syntax)]),
        ("no abstract syntax", vec![name(), proposed(one_syntax)]),
        (
            "an unknown item in a context",
            vec![name(), proposed(&[class.clone(), syntax.clone(), item(0x41, b"")])],
        ),
        ("a context without an identifier", vec![name(), item(0x20, b"")]),
        ("a sub-item beyond its item", vec![name(), proposed(&[vec![0x30, 0, 0xFF, 0xFF]])]),
        ("an item beyond the PDU", vec![name(), vec![0x20, 0, 0xFF, 0xFF]]),
        ("half a header", vec![name(), vec![0x20, 0, 0]]),
        ("a role beyond its item", vec![name(), user(&[item(0x54, &[0xFF, 0xFF, b'1', 0, 1])])]),
        ("a negotiation beyond its item", vec![name(), user(&[item(0x56, &[0xFF, 0xFF, b'1', 0, 1])])]),
        ("an identity beyond its item", vec![name(), user(&[item(0x58, &[1, 0, 0xFF, 0xFF])])]),
    ] {
        assert_eq!(request(&items), None, "{damage}");
    }
    for (damage, items) in [
        ("a proposal inside an acceptance", vec![name(), proposed(&[class, syntax.clone()])]),
        ("an accepted context without a transfer syntax", vec![name(), result(0, &[])]),
        ("an accepted context with two", vec![name(), result(0, &[syntax.clone(), syntax])]),
    ] {
        assert_eq!(accept(&items), None, "{damage}");
    }
}

#[test]
fn what_can_be_settled_later_is_read() {
    // The negotiation refuses a context of no transfer syntax and an identifier that was never proposed.
    let read = request(&[name(), proposed(&[item(0x30, CLASS)])]).unwrap();
    assert_eq!(read.contexts[0].transfer_syntaxes, Vec::<String>::new());
    let padded = [item(0x30, &[CLASS, b"\0"].concat()), item(0x40, &[SYNTAX, b" "].concat())];
    let read = request(&[item(0x10, &[CONTEXT_NAME, b"\0"].concat()), proposed(&padded)]).unwrap();
    assert_eq!(read.application_context.as_bytes(), CONTEXT_NAME);
    assert_eq!(read.contexts[0].abstract_syntax.as_bytes(), CLASS);
    assert_eq!(read.contexts[0].transfer_syntaxes[0].as_bytes(), SYNTAX);
    // Of an item that comes twice the last one counts.
    let twice =
        [name(), user(&[item(0x51, &[0, 0, 0, 9])]), item(0x10, b"1.2"), user(&[item(0x51, &[0, 0, 1, 0])])];
    let read = request(&twice).unwrap();
    assert_eq!((read.application_context.as_str(), read.max_data), ("1.2", 256));
}

#[test]
fn a_body_beyond_the_bound_is_refused_before_it_is_read() {
    let most = MAX_ASSOCIATE as usize;
    let long = [body(&[name()]), item(0x77, &[0; 60_000]).repeat(4)].concat();
    let fits = [&long[..], &item(0x77, &vec![0; most - long.len() - 4])].concat();
    let too_long = [&long[..], &item(0x77, &vec![0; most - long.len() - 3])].concat();
    assert_eq!((fits.len(), too_long.len()), (most, most + 1));
    assert!(AssociateRequest::decode(&fits).is_ok());
    for error in
        [AssociateRequest::decode(&too_long).unwrap_err(), AssociateAccept::decode(&too_long).unwrap_err()]
    {
        assert!(matches!(error.kind(), NetErrorKind::Protocol { .. }), "{error}");
    }
}

#[test]
fn what_does_not_fit_the_length_of_an_item_is_not_written() {
    let (called, calling) = (title("PACS"), title("DOSEBRIDGE"));
    let context = ProposedContext {
        id: 1,
        abstract_syntax: "1.2".into(),
        transfer_syntaxes: vec!["1".repeat(60); 1100],
    };
    let request = AssociateRequest::new(&called, &calling, vec![context], 0);
    let error = request.encode().unwrap_err();
    assert!(matches!(error.kind(), NetErrorKind::Configuration { .. }), "{error}");
    let roles = vec![Role { sop_class: "1".repeat(60), scu: true, scp: true }; 1000];
    assert!(
        AssociateRequest { roles: roles.clone(), contexts: Vec::new(), ..request.clone() }.encode().is_err()
    );
    assert!(AssociateAccept { contexts: Vec::new(), max_data: 0, roles }.encode(&request).is_err());
}

/// Texts that are sent as they are.
fn uid() -> impl Strategy<Value = String> {
    "[0-9.]{1,64}"
}

prop_compose! {
    fn some_request()(
        contexts in vec((any::<u8>(), uid(), vec(uid(), 0..4)), 0..8),
        roles in vec((uid(), any::<bool>(), any::<bool>()), 0..4),
        application_context in uid(),
        (protocol_version, max_data) in any::<(u16, u32)>(),
    ) -> AssociateRequest {
        let contexts = contexts.into_iter().map(|(id, abstract_syntax, transfer_syntaxes)| {
            ProposedContext { id, abstract_syntax, transfer_syntaxes }
        });
        let roles = roles.into_iter().map(|(sop_class, scu, scp)| Role { sop_class, scu, scp });
        let new = AssociateRequest::new(&title("PACS"), &title("DOSEBRIDGE"), contexts.collect(), max_data);
        AssociateRequest { protocol_version, application_context, roles: roles.collect(), ..new }
    }
}

prop_compose! {
    fn some_accept()(contexts in vec((any::<u8>(), 0..5_u8, uid()), 0..8), max_data in any::<u32>()) -> AssociateAccept {
        let contexts = contexts.into_iter().map(|(id, result, transfer_syntax)| {
            // The transfer syntax of a refused context is without meaning.
            let transfer_syntax = if result == 0 { transfer_syntax } else { "1.2.840.10008.1.2".to_owned() };
            ContextResult { id, result, transfer_syntax }
        });
        AssociateAccept { contexts: contexts.collect(), max_data, roles: Vec::new() }
    }
}

/// One change of some bytes.
#[derive(Debug, Clone)]
enum Mutation {
    Set(prop::sample::Index, u8),
    Length(prop::sample::Index, u16),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Cut(prop::sample::Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<prop::sample::Index>;
    let kind = prop::sample::select(vec![
        0x10, 0x20, 0x21, 0x30, 0x40, 0x50, 0x51, 0x52, 0x54, 0x55, 0x56, 0x58, 0xFF,
    ]);
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, value)| Mutation::Set(at, value)),
        (at(), kind.clone()).prop_map(|(at, value)| Mutation::Set(at, value)),
        (at(), prop_oneof![0..80_u16, 65_500..=65_535_u16])
            .prop_map(|(at, value)| Mutation::Length(at, value)),
        (at(), kind, vec(any::<u8>(), 0..12))
            .prop_map(|(at, kind, value)| Mutation::Insert(at, item(kind, &value))),
        (at(), 1..40_usize).prop_map(|(at, count)| Mutation::Remove(at, count)),
        (at(), 1..40_usize).prop_map(|(at, count)| Mutation::Repeat(at, count)),
        at().prop_map(Mutation::Cut),
    ]
}

fn mutate(mut bytes: Vec<u8>, mutations: &[Mutation]) -> Vec<u8> {
    for mutation in mutations {
        if bytes.is_empty() {
            break;
        }
        let len = bytes.len();
        match mutation {
            Mutation::Set(at, value) => bytes[at.index(len)] = *value,
            Mutation::Length(at, value) => {
                let at = at.index(len);
                let end = (at + 2).min(len);
                bytes[at..end].copy_from_slice(&value.to_be_bytes()[..end - at]);
            }
            Mutation::Insert(at, value) => {
                drop(bytes.splice(at.index(len)..at.index(len), value.iter().copied()))
            }
            Mutation::Remove(at, count) => drop(bytes.drain(at.index(len)..(at.index(len) + count).min(len))),
            Mutation::Repeat(at, count) => {
                bytes.extend_from_within(at.index(len)..(at.index(len) + count).min(len))
            }
            Mutation::Cut(at) => bytes.truncate(at.index(len)),
        }
    }
    bytes
}

/// Whether a text comes back as it is: what is read of damaged bytes may hold others.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn texts(request: &AssociateRequest) -> Vec<&str> {
    let contexts =
        request.contexts.iter().flat_map(|c| c.transfer_syntaxes.iter().chain([&c.abstract_syntax]));
    let roles = request.roles.iter().map(|role| &role.sop_class);
    let own = [&request.called, &request.calling, &request.application_context];
    own.into_iter().chain(contexts).chain(roles).map(String::as_str).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn associations_read_back(request in some_request(), accept in some_accept()) {
        prop_assert_eq!(&AssociateRequest::decode(&request.encode().unwrap()[HEADER..]).unwrap(), &request);
        prop_assert_eq!(AssociateAccept::decode(&accept.encode(&request).unwrap()[HEADER..]).unwrap(), accept);
    }

    #[test]
    fn what_is_read_of_a_mutated_request_is_bounded_by_its_bytes_and_reads_back(
        request in some_request(),
        mutations in vec(mutation(), 0..8),
    ) {
        let bytes = mutate(request.encode().unwrap().split_off(HEADER), &mutations);
        drop(AssociateAccept::decode(&bytes));
        if let Ok(read) = AssociateRequest::decode(&bytes) {
            let texts = texts(&read);
            // A byte is two in UTF-8 at the most.
            prop_assert!(texts.iter().map(|text| text.len()).sum::<usize>() <= 2 * bytes.len());
            prop_assert!(texts.len() <= bytes.len());
            if texts.into_iter().all(is_plain) && !read.called.is_empty() && !read.calling.is_empty() {
                prop_assert_eq!(AssociateRequest::decode(&read.encode().unwrap()[HEADER..]).unwrap(), read);
            }
        }
    }

    #[test]
    fn what_is_read_of_a_mutated_acceptance_reads_back(
        request in some_request(),
        accept in some_accept(),
        mutations in vec(mutation(), 0..8),
    ) {
        let bytes = mutate(accept.encode(&request).unwrap().split_off(HEADER), &mutations);
        drop(AssociateRequest::decode(&bytes));
        if let Ok(read) = AssociateAccept::decode(&bytes) {
            prop_assert!(read.contexts.len() + read.roles.len() <= bytes.len() / 4);
            let syntaxes = read.contexts.iter().map(|context| &context.transfer_syntax);
            if syntaxes.chain(read.roles.iter().map(|role| &role.sop_class)).all(|text| is_plain(text)) {
                prop_assert_eq!(AssociateAccept::decode(&read.encode(&request).unwrap()[HEADER..]).unwrap(), read);
            }
        }
    }

    #[test]
    fn bytes_of_any_kind_are_survived(bytes in vec(any::<u8>(), 0..400)) {
        drop((AssociateRequest::decode(&bytes), AssociateAccept::decode(&bytes)));
        let after_the_titles = [body(&[name()]), bytes].concat();
        drop((AssociateRequest::decode(&after_the_titles), AssociateAccept::decode(&after_the_titles)));
    }
}

//! Replays the fuzz corpus and every regression on stable Rust.

use rt_model::uid::Uid;
use rt_net::AeTitle;
use rt_net::data_set::{DataSet, REFERENCED_SOP_SEQUENCE};
use rt_net::message::Command;
use rt_net::pdu::{self, AssociateAccept, AssociateRequest, ContextResult, ProposedContext, Role};
use rt_net::status::Status;
use rt_testkit::corpus;

const TARGETS: [&str; 2] = ["net_command", "net_pdu"];

/// What the fuzz target of this name does with the bytes.
fn run(target: &str, bytes: &[u8]) {
    if target == "net_command" {
        if let Ok(command) = Command::decode(bytes) {
            assert_eq!(Command::decode(&command.encode()).unwrap(), command);
        }
        if let Ok(data_set) = DataSet::decode(bytes) {
            drop(DataSet::decode(&data_set.encode()));
        }
        return;
    }
    let Some((header, body)) = bytes.split_first_chunk() else { return };
    drop(pdu::header(*header, 1 << 17));
    for fragment in pdu::fragments(body).into_iter().flatten() {
        assert!(body.get(fragment.range).is_some());
    }
    drop((pdu::rejection(body), pdu::aborted(body)));
    drop((AssociateRequest::decode(body), AssociateAccept::decode(body)));
}

fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let uid = |text| Uid::new(text).unwrap();
    let (class, instance) = (uid("1.2.840.10008.5.1.4.1.1.2"), uid("2.25.7"));
    let store = Command::store(7, &class, &instance);
    let mut item = DataSet::default();
    item.put_uid(rt_model::provenance::Tag::new(0x0008, 0x1155), &instance);
    let mut notification = DataSet::default();
    notification.put_items(REFERENCED_SOP_SEQUENCE, vec![item.clone(), item]);
    let title = |text| AeTitle::new(text).unwrap();
    let context = ProposedContext {
        id: 1,
        abstract_syntax: class.to_string(),
        transfer_syntaxes: vec!["1.2.840.10008.1.2".into()],
    };
    let role = Role { sop_class: "1.2.840.10008.1.20.1".into(), scu: false, scp: true };
    let request = AssociateRequest {
        roles: vec![role],
        ..AssociateRequest::new(&title("PACS"), &title("DOSEBRIDGE"), vec![context], 1 << 17)
    };
    let result = |result| ContextResult { id: 1, result, transfer_syntax: "1.2.840.10008.1.2".into() };
    let accept =
        AssociateAccept { contexts: vec![result(0), result(3)], max_data: 16_384, roles: Vec::new() };
    vec![
        ("net_command", "store.bin", store.encode()),
        ("net_command", "store-response.bin", store.response(Status(0xB000)).encode()),
        ("net_command", "find.bin", Command::find(1, &class).encode()),
        ("net_command", "event-report.bin", Command::event_report(3, &class, &instance, 2).encode()),
        ("net_command", "notification.bin", notification.encode()),
        ("net_pdu", "request.bin", request.encode().unwrap()),
        ("net_pdu", "accept.bin", accept.encode(&request).unwrap()),
        ("net_pdu", "data.bin", b"\x04\0\0\0\0\x0F\0\0\0\x04\x01\x03ab\0\0\0\x03\x01\x02c".to_vec()),
        ("net_pdu", "reject.bin", b"\x03\0\0\0\0\x04\0\x01\x01\x07".to_vec()),
        ("net_pdu", "abort.bin", b"\x07\0\0\0\0\x04\0\0\x02\x02".to_vec()),
    ]
}

#[test]
fn the_corpus_and_regressions_are_survived() {
    let replayed = corpus::replay(&TARGETS, run);
    assert!(replayed >= seeds().len(), "the corpus is missing: run with UPDATE_SEEDS=1");
}

#[test]
fn seeds_are_sound() {
    for (target, name, bytes) in seeds() {
        run(target, &bytes);
        let read = match (target, name) {
            ("net_command", "notification.bin") => DataSet::decode(&bytes).is_ok(),
            ("net_command", _) => Command::decode(&bytes).is_ok(),
            _ => pdu::header(bytes[..6].try_into().unwrap(), 1 << 17)
                .is_ok_and(|header| header.len + 6 == bytes.len()),
        };
        assert!(read, "{target} {name}");
        corpus::update_seed(target, name, &bytes);
    }
}

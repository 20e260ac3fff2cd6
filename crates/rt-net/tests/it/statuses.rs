use crate::support::{Scripted, ct, node, receiver, send};
use rt_net::status::Status;
use rt_net::{NetErrorKind, Outcome};
use std::sync::Arc;

/// Sends four instances to a peer that answers the second one as told, and returns what became of it.
async fn answered(statuses: &[u16]) -> (Option<Outcome>, crate::support::Sent) {
    let handler: Arc<Scripted> = Arc::default();
    let instances: Vec<_> = (1..=4).map(|n| ct(n, 2000)).collect();
    let answers = statuses.iter().map(|status| Status(*status)).collect();
    handler.answers.lock().unwrap().insert(instances[1].sop_instance.to_string(), answers);
    let (address, _folder) = receiver(|options| options, &handler).await;
    let sent = send(&node(address.port()), instances).await;
    (sent.outcomes.get(&1).cloned(), sent)
}

#[tokio::test]
async fn what_is_refused_fails_alone() {
    for status in [0xA900, 0xA901, 0xC000, 0xC123, 0x0112, 0x0122] {
        let (outcome, sent) = answered(&[status]).await;
        assert_eq!(outcome, Some(Outcome::Refused { status: Status(status), comment: None }), "{status:04X}");
        assert_eq!((sent.taken(), sent.waits), (3, 0), "{status:04X}");
        assert!(sent.report.stopped.is_none());
    }
}

#[tokio::test]
async fn a_warning_is_taken_and_told() {
    for status in [0xB000, 0xB006, 0xB007] {
        let (outcome, sent) = answered(&[status]).await;
        assert_eq!(outcome, Some(Outcome::TakenWithWarning { status: Status(status), comment: None }));
        assert_eq!(sent.taken(), 3);
    }
}

#[tokio::test]
async fn a_duplicate_is_neither_taken_nor_refused() {
    let (outcome, sent) = answered(&[0x0111]).await;
    assert_eq!(outcome, Some(Outcome::Duplicate { comment: None }));
    assert_eq!(sent.taken(), 3);
}

#[tokio::test]
async fn a_peer_without_room_is_waited_for() {
    let (outcome, sent) = answered(&[0xA700, 0xA701]).await;
    assert_eq!(outcome, Some(Outcome::Taken));
    assert_eq!((sent.taken(), sent.waits), (4, 2));
}

#[tokio::test]
async fn a_peer_that_never_has_room_fails_the_instance_and_goes_on() {
    let (outcome, sent) = answered(&[0xA700; 50]).await;
    assert_eq!(outcome, Some(Outcome::Refused { status: Status(0xA700), comment: None }));
    assert_eq!(sent.taken(), 3);
}

#[tokio::test]
async fn a_processing_failure_is_tried_a_few_times() {
    let (outcome, _) = answered(&[0x0110, 0x0110]).await;
    assert_eq!(outcome, Some(Outcome::Taken));
    let (outcome, sent) = answered(&[0x0110; 50]).await;
    assert_eq!(outcome, Some(Outcome::Refused { status: Status(0x0110), comment: None }));
    assert_eq!(sent.taken(), 3);
}

#[tokio::test]
async fn who_is_not_authorised_stops() {
    for status in [0x0124, 0x0117, 0x0211] {
        let (outcome, sent) = answered(&[status]).await;
        assert_eq!(outcome, Some(Outcome::Refused { status: Status(status), comment: None }));
        let error = sent.report.stopped.as_ref().unwrap();
        assert!(matches!(error.kind(), NetErrorKind::Status { .. }), "{error}");
        assert_eq!((sent.taken(), sent.outcomes.len()), (1, 2), "{status:04X}");
    }
}

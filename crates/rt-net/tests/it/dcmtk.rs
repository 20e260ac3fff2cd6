use crate::support::{bytes_of, ct, node, send, send_with, title, uid};
use rt_net::{Aborted, Event, NetErrorKind, Node, Outcome, Timeouts, Waited, echo, probe};
use rt_testkit::files::{data_set, files};
use rt_testkit::storescp::Storescp;
use std::ops::ControlFlow;
use std::time::Duration;

#[tokio::test]
async fn storescp_has_every_byte_as_it_was_sent() {
    let Some(server) = Storescp::start(&[]) else { return };
    // Around the length of a PDU of DCMTK, where an error by one would show.
    let instances: Vec<_> =
        [0, 2, 15_900, 16_000, 16_100, 32_600, 500_000].into_iter().zip(1..).map(|(n, k)| ct(k, n)).collect();
    let sent = send(&node(server.port), instances.clone()).await;
    assert_eq!(sent.taken(), instances.len(), "{sent:?}");
    assert!(sent.report.stopped.is_none());
    let stored = files(server.folder.path());
    assert_eq!(stored.len(), instances.len());
    for instance in &instances {
        let path = stored
            .iter()
            .find(|path| path.to_string_lossy().ends_with(instance.sop_instance.as_str()))
            .unwrap();
        assert_eq!(data_set(&std::fs::read(path).unwrap()), bytes_of(instance));
    }
}

#[tokio::test]
async fn echo_and_probe_tell_what_a_peer_does() {
    let Some(server) = Storescp::start(&["+xi"]) else { return };
    let peer = node(server.port);
    echo(&peer).await.unwrap();
    let pair = |syntax: &str| (uid("1.2.840.10008.5.1.4.1.1.2"), uid(syntax));
    let support =
        probe(&peer, &[pair("1.2.840.10008.1.2"), pair("1.2.840.10008.1.2.1"), pair("1.2.840.10008.1.2.5")])
            .await;
    let accepted: Vec<bool> = support.unwrap().into_iter().map(|support| support.accepted).collect();
    assert_eq!(accepted, [true, false, false]);
}

#[tokio::test]
async fn what_no_context_takes_fails_alone() {
    let Some(server) = Storescp::start(&["+xi"]) else { return };
    let mut implicit = ct(2, 10);
    implicit.transfer_syntax = uid(crate::support::IMPLICIT);
    let sent = send(&node(server.port), vec![ct(1, 10), implicit]).await;
    assert_eq!(sent.outcomes[&0], Outcome::NoContext);
    assert_eq!(sent.outcomes[&1], Outcome::Taken);
}

#[tokio::test]
async fn a_refusal_for_good_is_not_repeated() {
    let Some(server) = Storescp::start(&["--refuse"]) else { return };
    let sent = send(&node(server.port), vec![ct(1, 10)]).await;
    let error = sent.report.stopped.unwrap();
    assert!(matches!(error.kind(), NetErrorKind::Rejected(rejection) if !rejection.transient), "{error}");
    assert!(rt_net::retry::remedy(error.kind()).unwrap().contains("administrator"));
    assert_eq!((sent.outcomes.len(), sent.waits), (0, 0));
}

#[tokio::test]
async fn an_instance_that_breaks_the_association_is_given_up() {
    for option in ["--abort-after", "--abort-during"] {
        let Some(server) = Storescp::start(&[option]) else { return };
        let sent = send(&node(server.port), vec![ct(1, 100_000), ct(2, 100_000)]).await;
        assert!(matches!(sent.outcomes[&0], Outcome::Broken { .. }), "{option} {sent:?}");
        let error = sent.report.stopped.unwrap();
        let expected = matches!(
            error.kind(),
            NetErrorKind::Aborted(Aborted { .. }) | NetErrorKind::Closed | NetErrorKind::Broken
        );
        assert!(expected, "{option} {error}");
    }
}

#[tokio::test]
async fn a_slow_peer_is_waited_for_and_a_stalled_one_is_not() {
    for option in ["--sleep-after", "--sleep-during"] {
        let Some(server) = Storescp::start(&[option, "1"]) else { return };
        let patient = node(server.port);
        let sent = send(&patient, vec![ct(1, 20_000)]).await;
        assert_eq!(sent.taken(), 1, "{option}");
        if option == "--sleep-after" {
            // It sleeps after its answer.
            continue;
        }
        let timeouts = Timeouts { response: Duration::from_millis(100), ..Timeouts::default() };
        let sent = send(&Node { timeouts, ..patient }, vec![ct(2, 20_000)]).await;
        assert!(matches!(sent.outcomes.get(&0), Some(Outcome::Broken { .. })), "{option} {sent:?}");
        assert!(sent.waits >= 2, "{option}");
    }
}

#[tokio::test]
async fn a_receiver_that_dies_and_comes_back_gets_the_rest() {
    let Some(mut server) = Storescp::start(&["--sleep-during", "0"]) else { return };
    let (port, folder) = (server.port, server.folder.path().to_owned());
    let instances: Vec<_> = (1..=60).map(|n| ct(n, 60_000)).collect();
    let mut back = None;
    let sent = send_with(&node(port), instances.clone(), |event| {
        if matches!(event, Event::Done { index: 20, .. }) {
            server.kill();
        }
        if matches!(event, Event::Waiting { .. }) && back.is_none() {
            back = Storescp::start_at(port, &[]);
        }
        ControlFlow::Continue(())
    })
    .await;
    assert_eq!(sent.taken(), instances.len(), "{:?}", sent.report);
    let mut stored = files(&folder);
    let back = back.expect("it was started again");
    stored.extend(files(back.folder.path()));
    for instance in &instances {
        let whole = |path: &&std::path::PathBuf| {
            path.to_string_lossy().ends_with(instance.sop_instance.as_str())
                && data_set(&std::fs::read(path).unwrap()) == bytes_of(instance)
        };
        assert!(stored.iter().any(|path| whole(&path)), "{}", instance.sop_instance);
    }
}

#[tokio::test]
async fn a_wait_for_a_peer_that_never_answers_ends() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let timeouts = Timeouts { association: Duration::from_millis(100), ..Timeouts::default() };
    let silent = Node { timeouts, ..node(listener.local_addr().unwrap().port()) };
    let error = echo(&silent).await.unwrap_err();
    assert_eq!(*error.kind(), NetErrorKind::Timeout { waited: Waited::Association });
}

#[tokio::test]
async fn the_callback_stops_a_run() {
    let Some(server) = Storescp::start(&["--ignore"]) else { return };
    let instances: Vec<_> = (1..=200).map(|n| ct(n, 2000)).collect();
    let sent = send_with(&node(server.port), instances, |_| ControlFlow::Break(())).await;
    assert!(sent.outcomes.len() < 200, "{}", sent.outcomes.len());
    assert_eq!(*sent.report.stopped.unwrap().kind(), NetErrorKind::Cancelled);
}

#[tokio::test]
async fn a_wrong_title_is_refused_with_its_reason() {
    let handler = std::sync::Arc::default();
    let (address, _folder) =
        crate::support::receiver(|o| rt_net::ReceiverOptions { callers: vec![title("ONE")], ..o }, &handler)
            .await;
    let called = Node { called: title("OTHER"), calling: title("ONE"), ..node(address.port()) };
    let calling = Node { calling: title("TWO"), ..node(address.port()) };
    for (node, meaning) in
        [(called, "called AE title not recognised"), (calling, "calling AE title not recognised")]
    {
        let error = echo(&node).await.unwrap_err();
        assert!(error.to_string().contains(meaning), "{error}");
    }
}

use crate::support::{Scripted, ct, node, receiver, send, title, uid};
use rt_model::provenance::Tag;
use rt_net::status::Status;
use rt_net::{Commitment, Level, Node, Query, ReceiverOptions, Reference, find, request_commitment};
use rt_testkit::namespace::in_own_network;
use rt_testkit::orthanc::{self, Orthanc};
use rt_testkit::port::free_port;
use std::sync::Arc;
use std::time::Duration;

const STUDY: Tag = Tag::new(0x0020, 0x000D);
const SERIES: Tag = Tag::new(0x0020, 0x000E);
const INSTANCE: Tag = Tag::new(0x0008, 0x0018);
const PATIENT_ID: Tag = Tag::new(0x0010, 0x0020);

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work)
}

/// Orthanc, knowing us as a peer at a port of ours.
fn server(listening: u16) -> Option<(Orthanc, Node)> {
    let peers = format!(r#""DicomModalities":{{"us":["DOSEBRIDGE","127.0.0.1",{listening}]}},"#);
    let server = Orthanc::start(&peers)?;
    let peer = Node { called: title(orthanc::AE_TITLE), ..node(server.dicom) };
    Some((server, peer))
}

#[test]
fn orthanc_lists_what_it_was_sent() {
    if !in_own_network("orthanc_peer::orthanc_lists_what_it_was_sent") {
        return;
    }
    let Some((_server, peer)) = server(free_port()) else { return };
    run(async {
        let sent = send(&peer, (1..=30).map(|n| ct(n, 20_000)).collect()).await;
        assert_eq!(sent.taken(), 30, "{sent:?}");
        let keys =
            |keys: &[(Tag, &str)]| keys.iter().map(|(tag, value)| (*tag, (*value).to_owned())).collect();
        let studies = Query { level: Level::Study, keys: keys(&[(PATIENT_ID, "NET-0001"), (STUDY, "")]) };
        let studies = find(&peer, &studies).await.unwrap();
        assert_eq!(studies.iter().map(|study| study.uid(STUDY)).collect::<Vec<_>>(), [Some(uid("2.25.11"))]);
        let images = Query {
            level: Level::Image,
            keys: keys(&[(STUDY, "2.25.11"), (SERIES, "2.25.12"), (INSTANCE, "")]),
        };
        let mut images: Vec<_> =
            find(&peer, &images).await.unwrap().iter().filter_map(|image| image.uid(INSTANCE)).collect();
        images.sort();
        let mut expected: Vec<_> = (1..=30).map(|n| ct(n, 0).sop_instance).collect();
        expected.sort();
        assert_eq!(images, expected);
        let nobody = Query { level: Level::Study, keys: keys(&[(PATIENT_ID, "NOBODY"), (STUDY, "")]) };
        assert!(find(&peer, &nobody).await.unwrap().is_empty());
    });
}

#[test]
fn orthanc_commits_on_its_own_association() {
    if !in_own_network("orthanc_peer::orthanc_commits_on_its_own_association") {
        return;
    }
    run(async {
        let handler: Arc<Scripted> = Arc::default();
        let ours = |o: ReceiverOptions| ReceiverOptions { ae: title("DOSEBRIDGE"), folder: None, ..o };
        let (listening, _folder) = receiver(ours, &handler).await;
        let Some((server, peer)) = server(listening.port()) else { return };
        assert_eq!(send(&peer, vec![ct(1, 100), ct(2, 100)]).await.taken(), 2);
        let reference =
            |n: u32| Reference { sop_class: ct(n, 0).sop_class, sop_instance: ct(n, 0).sop_instance };
        let ask = |transaction: &str, numbers: &[u32]| Commitment {
            transaction: uid(transaction),
            instances: numbers.iter().map(|n| reference(*n)).collect(),
        };
        let results = |count: usize| {
            let handler = Arc::clone(&handler);
            async move {
                for _ in 0..500 {
                    if handler.results.lock().unwrap().len() >= count {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                handler.results.lock().unwrap().clone()
            }
        };
        // Whole, then in part: the third was never sent.
        let linger = Duration::from_millis(100);
        assert_eq!(request_commitment(&peer, &ask("2.25.901", &[1, 2]), linger).await.unwrap(), None);
        let heard = results(1).await;
        assert_eq!(heard[0].transaction, uid("2.25.901"));
        assert_eq!(heard[0].committed.len(), 2);
        assert!(heard[0].failed.is_empty());
        request_commitment(&peer, &ask("2.25.902", &[1, 2, 3]), linger).await.unwrap();
        let heard = results(2).await;
        assert_eq!(
            heard[1].failed.iter().map(|failed| &failed.reference).collect::<Vec<_>>(),
            [&reference(3)]
        );
        assert_eq!(heard[1].failed[0].reason, Some(Status::NO_SUCH_INSTANCE));
        drop(server);
    });
}

/// Orthanc gives up when nobody listens: the answer comes never, or, once somebody asks it to try again,
/// late.
#[test]
fn an_answer_may_come_never_or_late() {
    if !in_own_network("orthanc_peer::an_answer_may_come_never_or_late") {
        return;
    }
    run(async {
        let port = free_port();
        let Some((server, peer)) = server(port) else { return };
        assert_eq!(send(&peer, vec![ct(1, 100)]).await.taken(), 1);
        let instances =
            vec![Reference { sop_class: ct(1, 0).sop_class, sop_instance: ct(1, 0).sop_instance }];
        let commitment = Commitment { transaction: uid("2.25.903"), instances };
        let heard = request_commitment(&peer, &commitment, Duration::from_millis(100)).await.unwrap();
        assert_eq!(heard, None, "nobody listens");
        let failed_job = async {
            loop {
                let jobs: String = server.text("/jobs?expand");
                if jobs.contains("\"Failure\"") {
                    let id = jobs.split("\"ID\" : \"").nth(1).and_then(|rest| rest.split('"').next());
                    return id.unwrap().to_owned();
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let job = tokio::time::timeout(Duration::from_secs(20), failed_job).await.unwrap();

        let handler: Arc<Scripted> = Arc::default();
        let address = ([127, 0, 0, 1], port).into();
        let ours =
            |o: ReceiverOptions| ReceiverOptions { ae: title("DOSEBRIDGE"), address, folder: None, ..o };
        let (_listening, _folder) = receiver(ours, &handler).await;
        server.post(&format!("/jobs/{job}/resubmit"), b"");
        for _ in 0..500 {
            if !handler.results.lock().unwrap().is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let results = handler.results.lock().unwrap();
        assert_eq!((results[0].transaction.clone(), results[0].committed.len()), (uid("2.25.903"), 1));
    });
}

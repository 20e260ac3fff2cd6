use crate::support::{Scripted, bytes_of, ct, node, receiver, send, title};
use rt_net::{AddressRange, Limits, Node, ReceiverOptions, Timeouts, echo};
use rt_testkit::files::{data_set, files};
use rt_testkit::program::program;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_stores_at_ours() {
    let handler: Arc<Scripted> = Arc::default();
    let (address, folder) = receiver(|options| options, &handler).await;
    let (source, _keep) = receiver(|options| options, &handler).await;
    // A file with meta information for DCMTK to send: the one that ours wrote.
    let instance = ct(1, 100_000);
    assert_eq!(send(&node(source.port()), vec![instance.clone()]).await.taken(), 1);
    let written = files(_keep.path()).remove(0);
    for name in ["storescu", "dcmsend"] {
        let Some(mut command) = program(name, "dcmtk") else { return };
        command.args(["-aec", "PEER", "127.0.0.1", &address.port().to_string()]).arg(&written);
        let status = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(status.status.success(), "{name}: {}", String::from_utf8_lossy(&status.stderr));
    }
    let stored = files(folder.path());
    assert_eq!(stored.len(), 1, "the same instance twice is one file: {stored:?}");
    assert_eq!(data_set(&std::fs::read(&stored[0]).unwrap()), bytes_of(&instance));
    assert!(handler.errors.lock().unwrap().is_empty());
}

#[tokio::test]
async fn other_bytes_under_the_same_identifier_are_kept_beside_the_first() {
    let handler: Arc<Scripted> = Arc::default();
    let (address, folder) = receiver(|options| options, &handler).await;
    let other = rt_model::encoded::EncodedInstance { body: ct(2, 100).body, ..ct(1, 0) };
    for instance in [ct(1, 100), ct(1, 100), other.clone()] {
        assert_eq!(send(&node(address.port()), vec![instance]).await.taken(), 1);
    }
    let stored = files(folder.path());
    assert_eq!(stored.len(), 2, "{stored:?}");
    assert_eq!(data_set(&std::fs::read(&stored[0]).unwrap()), bytes_of(&other));
    assert_eq!(data_set(&std::fs::read(&stored[1]).unwrap()), bytes_of(&ct(1, 100)));
}

#[tokio::test]
async fn only_addresses_of_the_list_are_heard() {
    let handler: Arc<Scripted> = Arc::default();
    let list = |text: &str| vec![text.parse::<AddressRange>().unwrap()];
    let (here, _a) = receiver(|o| ReceiverOptions { addresses: list("127.0.0.0/8"), ..o }, &handler).await;
    let (elsewhere, _b) =
        receiver(|o| ReceiverOptions { addresses: list("10.0.0.0/8"), ..o }, &handler).await;
    assert!(echo(&node(here.port())).await.is_ok());
    assert!(echo(&node(elsewhere.port())).await.is_err());
    assert!(handler.errors.lock().unwrap()[0].contains("expected an address of the list"));
}

#[tokio::test]
async fn one_association_too_many_is_told_to_come_again() {
    let handler: Arc<Scripted> = Arc::default();
    let (address, _folder) = receiver(|o| ReceiverOptions { associations: 0, ..o }, &handler).await;
    let error = echo(&node(address.port())).await.unwrap_err();
    assert!(rt_net::retry::may_pass(error.kind()), "{error}");
    assert!(error.to_string().contains("local limit exceeded"), "{error}");
}

#[tokio::test]
async fn an_object_beyond_the_limit_is_refused_and_leaves_nothing() {
    let handler: Arc<Scripted> = Arc::default();
    let (address, folder) = receiver(|o| ReceiverOptions { largest: 10_000, ..o }, &handler).await;
    // Each answer means that nothing is left, however busy the computer is.
    let all = std::iter::once(ct(1, 1000)).chain((2..6).map(|number| ct(number, 50_000)));
    for (at, instance) in all.enumerate() {
        let sent = send(&node(address.port()), vec![instance]).await;
        assert_eq!(sent.taken(), usize::from(at == 0));
        assert_eq!(files(folder.path()).len(), 1);
    }
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_nothing() {
    use std::io::{Read, Write};
    let handler: Arc<Scripted> = Arc::default();
    let (address, folder) = receiver(|options| options, &handler).await;
    let worked = tokio::task::spawn_blocking(move || {
        let context = rt_net::pdu::ProposedContext {
            id: 1,
            abstract_syntax: crate::support::CT.into(),
            transfer_syntaxes: vec![crate::support::EXPLICIT.into()],
        };
        let request = rt_net::pdu::AssociateRequest::new(&title("PEER"), &title("US"), vec![context], 0);
        let mut socket = std::net::TcpStream::connect(address).unwrap();
        socket.write_all(&request.encode().unwrap()).unwrap();
        let mut answer = [0; 6];
        socket.read_exact(&mut answer).unwrap();
        let instance = ct(1, 100);
        let command =
            rt_net::message::Command::store(1, &instance.sop_class, &instance.sop_instance).encode();
        let mut pdu = vec![4, 0];
        pdu.extend_from_slice(&(command.len() as u32 + 6).to_be_bytes());
        pdu.extend_from_slice(&(command.len() as u32 + 2).to_be_bytes());
        pdu.extend_from_slice(&[1, 3]);
        pdu.extend_from_slice(&command);
        pdu.extend_from_slice(&[4, 0, 0, 0, 0, 16, 0, 0, 0, 12, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        socket.write_all(&pdu).unwrap();
    });
    worked.await.unwrap();
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if !handler.errors.lock().unwrap().is_empty() {
            break;
        }
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(handler.errors.lock().unwrap().len(), 1);
    assert!(files(folder.path()).is_empty(), "{:?}", files(folder.path()));
}

#[tokio::test]
async fn an_idle_client_is_cut() {
    let handler: Arc<Scripted> = Arc::default();
    let timeouts = Timeouts { association: Duration::from_millis(50), ..Timeouts::default() };
    let (address, _folder) =
        receiver(|o| ReceiverOptions { timeouts, limits: Limits::default(), ..o }, &handler).await;
    let socket = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(handler.errors.lock().unwrap()[0].contains("waited in vain"));
    drop(socket);
    let alive = Node { ..node(address.port()) };
    assert!(echo(&alive).await.is_ok());
}

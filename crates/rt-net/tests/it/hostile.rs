use crate::support::{Scripted, ct, node, receiver, send, title};
use rt_net::pdu::{AssociateAccept, AssociateRequest, ContextResult};
use rt_net::{Level, NetErrorKind, Node, Outcome, Query, ReceiverOptions, Timeouts, echo, find};
use rt_testkit::memory;
use rt_testkit::port::free_port;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How far a misbehaving peer goes along before it sends its bytes.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// In place of the answer to the association request.
    Association,
    /// In place of the answer to the first command.
    Response,
}

/// A peer that sends `bytes` at a stage of every association and then keeps the connection open or drops it.
async fn peer(stage: Stage, bytes: &'static [u8], keep: bool) -> Node {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            tokio::spawn(misbehave(socket, stage, bytes, keep));
        }
    });
    let limit = Duration::from_millis(300);
    Node {
        timeouts: Timeouts { association: limit, response: limit, write: limit, ..Timeouts::default() },
        ..node(port)
    }
}

async fn misbehave(
    mut socket: TcpStream,
    stage: Stage,
    bytes: &'static [u8],
    keep: bool,
) -> std::io::Result<()> {
    let request = AssociateRequest::decode(&pdu(&mut socket).await?).unwrap();
    if stage == Stage::Response {
        let contexts = request.contexts.iter().map(|context| ContextResult {
            id: context.id,
            result: 0,
            transfer_syntax: context.transfer_syntaxes[0].clone(),
        });
        let accept = AssociateAccept { contexts: contexts.collect(), max_data: 0, roles: Vec::new() };
        socket.write_all(&accept.encode(&request).unwrap()).await?;
        pdu(&mut socket).await?;
    }
    socket.write_all(bytes).await?;
    if keep {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    Ok(())
}

async fn pdu(socket: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut header = [0; 6];
    socket.read_exact(&mut header).await?;
    let mut body = vec![0; u32::from_be_bytes(header[2..].try_into().unwrap()) as usize];
    socket.read_exact(&mut body).await?;
    Ok(body)
}

const HUGE_ACCEPT: &[u8] = b"\x02\0\xFF\xFF\xFF\xFF";
const HUGE_DATA: &[u8] = b"\x04\0\xFF\xFF\xFF\xFF";
const GARBAGE: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\r\n";
const HALF: &[u8] = b"\x04\0\0\0\x01\0\0\0\0\x80\x01\x03";
const FRAGMENT_TOO_LONG: &[u8] = b"\x04\0\0\0\0\x08\0\0\xFF\xFF\x01\x03ab";
const ACCEPT_OF_ZEROS: &[u8] = &{
    let mut bytes = [0; 6 + 68 + 200];
    (bytes[0], bytes[5], bytes[4]) = (2, 12, 1);
    bytes
};

#[tokio::test]
async fn a_peer_that_misbehaves_ends_the_association_and_nothing_else() {
    for (stage, bytes, keep, kind) in [
        (Stage::Association, HUGE_ACCEPT, true, "Protocol"),
        (Stage::Association, HUGE_DATA, true, "Protocol"),
        (Stage::Association, GARBAGE, true, "Protocol"),
        (Stage::Association, ACCEPT_OF_ZEROS, true, "Protocol"),
        (Stage::Association, b"", true, "Timeout"),
        (Stage::Association, b"", false, "Closed"),
        (Stage::Association, b"\x02\0", false, "Closed"),
        (Stage::Association, b"\x07\0\0\0\0\x04\0\0\x02\x01", true, "Aborted"),
        (Stage::Association, b"\x03\0\0\0\0\x04\0\x02\x03\x01", true, "Rejected"),
        (Stage::Response, HUGE_DATA, true, "Protocol"),
        (Stage::Response, GARBAGE, true, "Protocol"),
        (Stage::Response, FRAGMENT_TOO_LONG, true, "Protocol"),
        (Stage::Response, b"", true, "Timeout"),
        (Stage::Response, HALF, true, "Timeout"),
        (Stage::Response, HALF, false, "Closed"),
        (Stage::Response, b"\x05\0\0\0\0\x04\0\0\0\0", true, "Protocol"),
        (Stage::Response, b"\x07\0\0\0\0\x04\0\0\0\0", true, "Aborted"),
    ] {
        let peer = peer(stage, bytes, keep).await;
        let error = echo(&peer).await.unwrap_err();
        assert!(format!("{:?}", error.kind()).starts_with(kind), "expected {kind}, found {error:?}");
        let query = Query { level: Level::Study, keys: Vec::new() };
        assert!(find(&peer, &query).await.is_err());
    }
    // Nothing was allocated for what was only announced.
    assert!(memory::kib("VmHWM") < 256 * 1024, "{} KiB", memory::kib("VmHWM"));
}

#[tokio::test]
async fn sending_to_a_peer_that_misbehaves_ends() {
    for (bytes, keep) in [(HUGE_DATA, true), (GARBAGE, true), (HALF, false), (HALF, true)] {
        let peer = peer(Stage::Response, bytes, keep).await;
        let sent = send(&peer, vec![ct(1, 3_000_000)]).await;
        assert!(matches!(sent.outcomes.get(&0), Some(Outcome::Broken { .. })), "{sent:?}");
    }
}

#[tokio::test]
async fn a_peer_that_takes_no_bytes_is_left() {
    let peer = peer(Stage::Response, b"", true).await;
    let sent = send(&peer, vec![ct(1, 60_000_000)]).await;
    assert!(
        matches!(&sent.outcomes[&0], Outcome::Broken { problem } if problem.contains("take bytes")),
        "{sent:?}"
    );
}

#[tokio::test]
async fn a_server_survives_its_clients() {
    let handler: Arc<Scripted> = Arc::default();
    let timeouts = Timeouts {
        association: Duration::from_millis(200),
        idle: Duration::from_millis(200),
        ..Timeouts::default()
    };
    let (address, _folder) = receiver(|o| ReceiverOptions { timeouts, ..o }, &handler).await;
    let hello = AssociateRequest::new(&title("PEER"), &title("US"), vec![], 0).encode().unwrap();
    for bytes in
        [HUGE_ACCEPT, HUGE_DATA, GARBAGE, HALF, b"", b"\x01\0\0\0\x01\0\0\x01", b"\x01\0\xFF\xFF\xFF\xFF"]
    {
        for after_association in [false, true] {
            let mut socket = TcpStream::connect(address).await.unwrap();
            if after_association {
                socket.write_all(&hello).await.unwrap();
                pdu(&mut socket).await.unwrap();
            }
            // The server may have closed already.
            let _ = socket.write_all(bytes).await;
            let mut rest = Vec::new();
            let heard = tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut rest)).await;
            assert!(heard.is_ok(), "the server never closed");
        }
    }
    assert!(echo(&node(address.port())).await.is_ok());
    assert!(memory::kib("VmHWM") < 256 * 1024);
    assert_eq!(handler.errors.lock().unwrap().len(), 14);
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let error = echo(&node(free_port())).await.unwrap_err();
    assert_eq!(*error.kind(), NetErrorKind::Connect);
}

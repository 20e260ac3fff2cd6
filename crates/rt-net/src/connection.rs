//! A connection that speaks PDUs: bounded, timed, without the delays of Nagle's algorithm and of delayed
//! acknowledgements.
//!
//! Units: bytes and [`Duration`]. Frame: none.

use crate::error::{NetError, NetErrorKind, Waited};
use crate::node::{Limits, Node, Timeouts};
use crate::pdu::{self, Header, Kind};
use crate::tls::TlsServer;
use std::io::{Error, ErrorKind};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

/// A connection to one peer.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Stream,
    /// `AE@host:port`, or the address of a client.
    peer: Box<str>,
    timeouts: Timeouts,
    limits: Limits,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => stream.get_ref().0,
        }
    }
}

/// A PDU that was read.
#[derive(Debug)]
pub(crate) struct ReadPdu {
    pub(crate) kind: Kind,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Connects to a node, encrypted where it says so.
    pub(crate) async fn connect(node: &Node) -> Result<Self, NetError> {
        let peer = node.to_string();
        let at_peer = |error: NetError| error.at_peer(&peer);
        let limit = node.timeouts.connect;
        let socket = timeout(limit, TcpStream::connect((node.host.as_str(), node.port)))
            .await
            .map_err(|_| at_peer(NetError::timeout(Waited::Connect)))?
            .map_err(|error| at_peer(NetError::caused(NetErrorKind::Connect, error)))?;
        without_delay(&socket).map_err(at_peer)?;
        let stream = match &node.tls {
            None => Stream::Plain(socket),
            Some(tls) => {
                let name = tls.server_name(&node.host).map_err(at_peer)?;
                let handshake = TlsConnector::from(tls.config.clone()).connect(name, socket);
                let stream = timeout(node.timeouts.association, handshake)
                    .await
                    .map_err(|_| at_peer(NetError::timeout(Waited::Association)))?
                    .map_err(|error| at_peer(NetError::caused(NetErrorKind::Tls, error)))?;
                Stream::Tls(Box::new(stream.into()))
            }
        };
        Ok(Self { stream, peer: peer.into(), timeouts: node.timeouts, limits: node.limits })
    }

    /// Takes over a client's connection, encrypted where the server is.
    pub(crate) async fn accept(
        socket: TcpStream,
        tls: Option<&TlsServer>,
        peer: String,
        timeouts: Timeouts,
        limits: Limits,
    ) -> Result<Self, NetError> {
        let at_peer = |error: NetError| error.at_peer(&peer);
        without_delay(&socket).map_err(at_peer)?;
        let stream = match tls {
            None => Stream::Plain(socket),
            Some(tls) => {
                let handshake = TlsAcceptor::from(tls.config.clone()).accept(socket);
                let stream = timeout(timeouts.association, handshake)
                    .await
                    .map_err(|_| at_peer(NetError::timeout(Waited::Association)))?
                    .map_err(|error| at_peer(NetError::caused(NetErrorKind::Tls, error)))?;
                Stream::Tls(Box::new(stream.into()))
            }
        };
        Ok(Self { stream, peer: peer.into(), timeouts, limits })
    }

    pub(crate) const fn timeouts(&self) -> &Timeouts {
        &self.timeouts
    }

    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn peer(&self) -> &str {
        &self.peer
    }

    pub(crate) fn rename(&mut self, peer: String) {
        self.peer = peer.into();
    }

    /// Writes all of `bytes`; the peer has to take some of them within the write limit, again and again.
    pub(crate) async fn write(&mut self, mut bytes: &[u8]) -> Result<(), NetError> {
        let limit = self.timeouts.write;
        while !bytes.is_empty() {
            let writing = async {
                match &mut self.stream {
                    Stream::Plain(stream) => stream.write(bytes).await,
                    Stream::Tls(stream) => stream.write(bytes).await,
                }
            };
            match timeout(limit, writing).await {
                Err(_) => return Err(NetError::timeout(Waited::Write).at_peer(&self.peer)),
                Ok(Err(error)) => return Err(self.broken(error)),
                Ok(Ok(0)) => return Err(NetError::new(NetErrorKind::Closed).at_peer(&self.peer)),
                Ok(Ok(written)) => bytes = &bytes[written..],
            }
        }
        let Stream::Tls(stream) = &mut self.stream else { return Ok(()) };
        match timeout(limit, stream.flush()).await {
            Err(_) => Err(NetError::timeout(Waited::Write).at_peer(&self.peer)),
            Ok(Err(error)) => Err(self.broken(error)),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// Reads the next PDU, all of it within `limit`. Its length is checked before anything is allocated.
    pub(crate) async fn read(&mut self, limit: Duration, waited: Waited) -> Result<ReadPdu, NetError> {
        let reading = async {
            let mut header = [0; pdu::HEADER];
            self.fill(&mut header).await?;
            let Header { kind, len } = pdu::header(header, self.limits.receive)?;
            let mut body = vec![0; len];
            self.fill(&mut body).await?;
            Ok(ReadPdu { kind, body })
        };
        let read = match timeout(limit, reading).await {
            Err(_) => Err(NetError::timeout(waited)),
            Ok(read) => read,
        };
        read.map_err(|error| error.at_peer(&self.peer))
    }

    async fn fill(&mut self, mut buffer: &mut [u8]) -> Result<(), NetError> {
        while !buffer.is_empty() {
            // The kernel forgets this by itself. Without it a peer that writes its answer in two pieces waits
            // 40 ms for our acknowledgement of the first.
            acknowledge_at_once(self.stream.socket());
            let read = match &mut self.stream {
                Stream::Plain(stream) => stream.read(buffer).await,
                Stream::Tls(stream) => stream.read(buffer).await,
            };
            match read {
                Ok(0) => return Err(NetError::new(NetErrorKind::Closed)),
                Ok(read) => buffer = &mut buffer[read..],
                Err(error) => return Err(NetError::caused(broken_kind(&error), error)),
            }
        }
        Ok(())
    }

    /// Ends the connection; whether the peer still listens does not matter.
    pub(crate) async fn close(mut self) {
        let closing = async {
            match &mut self.stream {
                Stream::Plain(stream) => stream.shutdown().await,
                Stream::Tls(stream) => stream.shutdown().await,
            }
        };
        let _ = timeout(Duration::from_secs(1), closing).await;
    }

    fn broken(&self, error: Error) -> NetError {
        NetError::caused(broken_kind(&error), error).at_peer(&self.peer)
    }
}

fn broken_kind(error: &Error) -> NetErrorKind {
    match error.kind() {
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => NetErrorKind::Closed,
        _ => NetErrorKind::Broken,
    }
}

fn without_delay(socket: &TcpStream) -> Result<(), NetError> {
    socket.set_nodelay(true).map_err(|error| NetError::caused(NetErrorKind::Broken, error))
}

/// Best effort: without it everything works, only slower.
fn acknowledge_at_once(socket: &TcpStream) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket.set_quickack(true);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = socket;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ae::AeTitle;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn neither_end_waits_for_full_packets() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let title = AeTitle::new("PEER").unwrap();
        let node = Node::new(title.clone(), "127.0.0.1", listener.local_addr().unwrap().port(), title);
        let (ours, theirs) = tokio::join!(Connection::connect(&node), listener.accept());
        let ours = ours.unwrap();
        let theirs = Connection::accept(theirs.unwrap().0, None, String::new(), node.timeouts, node.limits)
            .await
            .unwrap();
        assert!(ours.stream.socket().nodelay().unwrap() && theirs.stream.socket().nodelay().unwrap());
    }
}

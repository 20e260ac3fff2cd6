//! The other side: where it is, how it is spoken to, how long it is waited for.
//!
//! Units: bytes and [`Duration`]. Frame: none.

use crate::ae::AeTitle;
use crate::tls::TlsClient;
use std::fmt;
use std::time::Duration;

/// A node of the network, as a client sees it.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its AE title.
    pub called: AeTitle,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The title we call ourselves.
    pub calling: AeTitle,
    /// Encryption; `None` is plain text. There is no falling back from one to the other.
    pub tls: Option<TlsClient>,
    /// How long it is waited for.
    pub timeouts: Timeouts,
    /// What is accepted from it.
    pub limits: Limits,
}

impl Node {
    /// A node in plain text, with the usual limits.
    #[must_use]
    pub fn new(called: AeTitle, host: impl Into<String>, port: u16, calling: AeTitle) -> Self {
        let (timeouts, limits) = (Timeouts::default(), Limits::default());
        Self { called, host: host.into(), port, calling, tls: None, timeouts, limits }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            return write!(f, "{}@[{}]:{}", self.called, self.host, self.port);
        }
        write!(f, "{}@{}:{}", self.called, self.host, self.port)
    }
}

/// How long a peer is waited for; everything has an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// The connection.
    pub connect: Duration,
    /// TLS, the answers to requests for association and release.
    pub association: Duration,
    /// The answer to a command: a PACS may write to slow storage first.
    pub response: Duration,
    /// The peer taking any bytes at all.
    pub write: Duration,
    /// As a server: the peer's next command.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            association: Duration::from_secs(30),
            response: Duration::from_secs(120),
            write: Duration::from_secs(60),
            idle: Duration::from_secs(60),
        }
    }
}

/// What is accepted from a peer, and made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest P-DATA that is accepted, announced in the association.
    pub receive: u32,
    /// The longest P-DATA that is made where the peer takes longer ones or any.
    pub send: u32,
    /// The longest data set of a query's answer or a notification.
    pub data_set: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { receive: 1 << 17, send: 1 << 18, data_set: 1 << 22 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_written_as_it_is_typed() {
        let title = |text| AeTitle::new(text).unwrap();
        assert_eq!(
            Node::new(title("PACS"), "pacs.hospital", 104, title("US")).to_string(),
            "PACS@pacs.hospital:104"
        );
        assert_eq!(Node::new(title("PACS"), "fd00::1", 104, title("US")).to_string(), "PACS@[fd00::1]:104");
    }
}

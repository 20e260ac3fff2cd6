//! What can go wrong between two nodes.
//!
//! Units: none. Frame: none.

use crate::status::Status;
use rt_model::uid::Uid;
use std::fmt;

/// A failed operation on the network. The cause that the system reports, where there is one, is the `source`.
#[derive(Debug, thiserror::Error)]
pub struct NetError {
    // Boxed: errors are rare and results are moved often.
    kind: Box<NetErrorKind>,
    peer: Box<str>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetErrorKind {
    /// The options can't be used.
    Configuration {
        /// What was expected and found.
        problem: String,
    },
    /// No connection: nobody listens, no way there, or the name is unknown.
    Connect,
    /// The encrypted connection can't be made: another certificate authority, another name, no TLS at the
    /// other side.
    Tls,
    /// A limit of time has passed.
    Timeout {
        /// What was waited for.
        waited: Waited,
    },
    /// The peer refused the association.
    Rejected(Rejection),
    /// The peer aborted the association.
    Aborted(Aborted),
    /// The connection ended before its time.
    Closed,
    /// Reading or writing failed.
    Broken,
    /// The peer's bytes are not what the protocol says.
    Protocol {
        /// What was expected and found.
        problem: String,
    },
    /// The peer accepts no presentation context for this.
    NoContext {
        /// The SOP class.
        sop_class: Uid,
    },
    /// The peer answered with a status that is no success.
    Status {
        /// The status.
        status: Status,
        /// Error Comment (0000,0902).
        comment: Option<String>,
    },
    /// An instance that is to be sent can't be had.
    Supply {
        /// The instance.
        sop_instance: Uid,
        /// What was expected and found.
        problem: String,
    },
    /// A file can't be written.
    Store,
    /// More answers than the limit allows.
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// The caller asked to stop.
    Cancelled,
}

/// What a limit of time is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Waited {
    /// The connection.
    Connect,
    /// The answer to a request for an association, for its release, or the handshake of TLS.
    Association,
    /// The answer to a command.
    Response,
    /// The peer taking bytes.
    Write,
    /// The peer's next command.
    Idle,
}

/// Why an association was refused (PS3.8 table 9-21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rejection {
    /// Another try may succeed (result 2), or won't (result 1).
    pub transient: bool,
    /// 1 service user, 2 service provider (ACSE), 3 service provider (presentation).
    pub origin: u8,
    /// Reason, its meaning depends on `origin`.
    pub reason: u8,
}

impl Rejection {
    /// Permanent: the application context name is not supported.
    pub const APPLICATION_CONTEXT: Self = Self { transient: false, origin: 1, reason: 2 };
    /// Permanent: the calling AE title is not recognised.
    pub const CALLING_AE: Self = Self { transient: false, origin: 1, reason: 3 };
    /// Permanent: the called AE title is not recognised.
    pub const CALLED_AE: Self = Self { transient: false, origin: 1, reason: 7 };
    /// Transient: too many associations.
    pub const LOCAL_LIMIT: Self = Self { transient: true, origin: 3, reason: 2 };

    /// The reason in the standard's words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match (self.origin, self.reason) {
            (1, 2) => "application context name not supported",
            (1, 3) => "calling AE title not recognised",
            (1, 7) => "called AE title not recognised",
            (2, 2) => "protocol version not supported",
            (3, 1) => "temporary congestion",
            (3, 2) => "local limit exceeded",
            (1 | 2, 1) => "no reason given",
            _ => "reason not in the standard",
        }
    }
}

/// Who aborted an association, and why (PS3.8 table 9-26).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Aborted {
    /// 0 service user, 2 service provider.
    pub origin: u8,
    /// Reason, where the provider aborted.
    pub reason: u8,
}

impl Aborted {
    /// By the peer's program.
    pub const USER: Self = Self { origin: 0, reason: 0 };
    /// By the peer's protocol machine: a PDU that it did not expect.
    pub const UNEXPECTED_PDU: Self = Self { origin: 2, reason: 2 };

    /// The reason in the standard's words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match (self.origin, self.reason) {
            (2, 1) => "unrecognised PDU",
            (2, 2) => "unexpected PDU",
            (2, 4) => "unrecognised PDU parameter",
            (2, 5) => "unexpected PDU parameter",
            (2, 6) => "invalid PDU parameter",
            (2, _) => "no reason given by its protocol machine",
            _ => "no reason given by the program",
        }
    }
}

impl NetError {
    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> &NetErrorKind {
        &self.kind
    }

    /// The other side, `AE@host:port`; empty where none is concerned.
    #[must_use]
    pub const fn at(&self) -> &str {
        &self.peer
    }

    pub(crate) fn new(kind: NetErrorKind) -> Self {
        Self { kind: Box::new(kind), peer: Box::default(), source: None }
    }

    pub(crate) fn caused(
        kind: NetErrorKind,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { kind: Box::new(kind), peer: Box::default(), source: Some(source.into()) }
    }

    pub(crate) fn protocol(problem: impl Into<String>) -> Self {
        Self::new(NetErrorKind::Protocol { problem: problem.into() })
    }

    pub(crate) fn configuration(problem: impl Into<String>) -> Self {
        Self::new(NetErrorKind::Configuration { problem: problem.into() })
    }

    pub(crate) fn timeout(waited: Waited) -> Self {
        Self::new(NetErrorKind::Timeout { waited })
    }

    /// The same failure, at this peer.
    pub(crate) fn at_peer(mut self, peer: &str) -> Self {
        if self.peer.is_empty() {
            self.peer = peer.into();
        }
        self
    }
}

impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.peer.is_empty() {
            write!(f, "{}: ", self.peer)?;
        }
        fmt::Display::fmt(&self.kind, f)
    }
}

impl fmt::Display for NetErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration { problem } | Self::Protocol { problem } => f.write_str(problem),
            Self::Connect => f.write_str("no connection"),
            Self::Tls => f.write_str("no encrypted connection"),
            Self::Timeout { waited } => write!(f, "waited in vain for {waited}"),
            Self::Rejected(rejection) => write!(
                f,
                "association refused {}: {}",
                if rejection.transient { "for now" } else { "for good" },
                rejection.meaning()
            ),
            Self::Aborted(aborted) => write!(f, "association aborted by the peer: {}", aborted.meaning()),
            Self::Closed => f.write_str("the peer closed the connection"),
            Self::Broken => f.write_str("the connection broke"),
            Self::NoContext { sop_class } => {
                write!(f, "the peer accepts no presentation context for SOP class {sop_class}")
            }
            Self::Status { status, comment: None } => write!(f, "status {status}: {}", status.meaning()),
            Self::Status { status, comment: Some(comment) } => {
                write!(f, "status {status}: {}, comment {comment:?}", status.meaning())
            }
            Self::Supply { sop_instance, problem } => write!(f, "[{sop_instance}]: {problem}"),
            Self::Store => f.write_str("the object can't be written"),
            Self::TooMany { limit } => write!(f, "expected at most {limit} answers, found more"),
            Self::Cancelled => f.write_str("stopped as asked"),
        }
    }
}

impl fmt::Display for Waited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "the connection",
            Self::Association => "the answer to the association request",
            Self::Response => "the answer to a command",
            Self::Write => "the peer to take bytes",
            Self::Idle => "the next command",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_said_in_the_words_of_the_standard() {
        let error = NetError::new(NetErrorKind::Rejected(Rejection::CALLING_AE)).at_peer("PACS@host:104");
        assert_eq!(
            error.to_string(),
            "PACS@host:104: association refused for good: calling AE title not recognised"
        );
    }
}

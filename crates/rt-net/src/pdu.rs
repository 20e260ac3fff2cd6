//! Protocol data units (PS3.8 section 9.3): their headers, the fragments of P-DATA, refusals and aborts;
//! associations in
//! `associate`. All of it on bytes, without a socket.
//!
//! Units: bytes. Frame: none.

mod associate;
mod layout;

pub use associate::{AssociateAccept, AssociateRequest, ContextResult, ProposedContext, Role};
pub(crate) use layout::{Layout, fragments_of};

use crate::error::{Aborted, NetError, Rejection};
use std::ops::Range;

/// Bytes of a PDU's header.
pub const HEADER: usize = 6;
/// The longest A-ASSOCIATE PDU that is read: 128 contexts of a dozen transfer syntaxes each fit several
/// times.
pub const MAX_ASSOCIATE: u32 = 1 << 18;

/// The kinds of PDU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A-ASSOCIATE-RQ
    AssociateRequest,
    /// A-ASSOCIATE-AC
    AssociateAccept,
    /// A-ASSOCIATE-RJ
    Reject,
    /// P-DATA-TF
    Data,
    /// A-RELEASE-RQ
    ReleaseRequest,
    /// A-RELEASE-RP
    ReleaseResponse,
    /// A-ABORT
    Abort,
}

/// A checked header: what follows, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What follows.
    pub kind: Kind,
    /// Its length.
    pub len: usize,
}

/// Checks a header before anything of its length is allocated or read. `max_data` is the length of P-DATA
/// that this side announced.
///
/// # Errors
/// [`crate::NetErrorKind::Protocol`] for an unknown kind and for lengths beyond what the kind allows.
pub fn header(bytes: [u8; HEADER], max_data: u32) -> Result<Header, NetError> {
    let [kind, _, length @ ..] = bytes;
    let len = u32::from_be_bytes(length);
    let (kind, allowed) = match kind {
        1 => (Kind::AssociateRequest, 68..=MAX_ASSOCIATE),
        2 => (Kind::AssociateAccept, 68..=MAX_ASSOCIATE),
        3 => (Kind::Reject, 4..=4),
        4 => (Kind::Data, 6..=max_data),
        5 => (Kind::ReleaseRequest, 4..=4),
        6 => (Kind::ReleaseResponse, 4..=4),
        7 => (Kind::Abort, 4..=4),
        other => return Err(NetError::protocol(format!("expected a PDU of type 1 to 7, found {other}"))),
    };
    if !allowed.contains(&len) {
        let (least, most) = (allowed.start(), allowed.end());
        return Err(NetError::protocol(format!(
            "expected a {kind:?} PDU of {least} to {most} bytes, found {len}"
        )));
    }
    Ok(Header { kind, len: len as usize })
}

/// A fragment of a message: one presentation data value of a P-DATA PDU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// Presentation context.
    pub context: u8,
    /// Of the command; otherwise of the data set.
    pub is_command: bool,
    /// The last one of its command or data set.
    pub is_last: bool,
    /// Where in the PDU's body its bytes are.
    pub range: Range<usize>,
}

/// The fragments in the body of a P-DATA PDU.
///
/// # Errors
/// [`crate::NetErrorKind::Protocol`] where lengths contradict each other.
pub fn fragments(body: &[u8]) -> Result<Vec<Fragment>, NetError> {
    let mut fragments = Vec::new();
    let mut at = 0;
    while at < body.len() {
        let Some((&[l0, l1, l2, l3, context, control], _)) = body[at..].split_first_chunk::<6>() else {
            return Err(NetError::protocol(format!(
                "expected the 6 bytes before a fragment, found {}",
                body.len() - at
            )));
        };
        let len = u32::from_be_bytes([l0, l1, l2, l3]) as usize;
        let left = body.len() - at - 4;
        if len < 2 || len > left {
            return Err(NetError::protocol(format!("expected a fragment of 2 to {left} bytes, found {len}")));
        }
        if context % 2 == 0 {
            return Err(NetError::protocol(format!("expected an odd presentation context, found {context}")));
        }
        fragments.push(Fragment {
            context,
            is_command: control & 1 != 0,
            is_last: control & 2 != 0,
            range: at + 6..at + 4 + len,
        });
        at += 4 + len;
    }
    Ok(fragments)
}

/// The body of an A-ASSOCIATE-RJ.
///
/// # Errors
/// [`crate::NetErrorKind::Protocol`] where it has another length.
pub fn rejection(body: &[u8]) -> Result<Rejection, NetError> {
    let &[_, result, origin, reason] = four(body)?;
    Ok(Rejection { transient: result == 2, origin, reason })
}

/// The body of an A-ABORT.
///
/// # Errors
/// [`crate::NetErrorKind::Protocol`] where it has another length.
pub fn aborted(body: &[u8]) -> Result<Aborted, NetError> {
    let &[_, _, origin, reason] = four(body)?;
    Ok(Aborted { origin, reason })
}

fn four(body: &[u8]) -> Result<&[u8; 4], NetError> {
    body.try_into().map_err(|_| NetError::protocol(format!("expected 4 bytes, found {}", body.len())))
}

/// A whole A-ASSOCIATE-RJ.
pub(crate) const fn reject(rejection: Rejection) -> [u8; 10] {
    [3, 0, 0, 0, 0, 4, 0, if rejection.transient { 2 } else { 1 }, rejection.origin, rejection.reason]
}

/// A whole A-ABORT.
pub(crate) const fn abort(aborted: Aborted) -> [u8; 10] {
    [7, 0, 0, 0, 0, 4, 0, 0, aborted.origin, aborted.reason]
}

/// A whole A-RELEASE-RQ.
pub(crate) const RELEASE_REQUEST: [u8; 10] = [5, 0, 0, 0, 0, 4, 0, 0, 0, 0];
/// A whole A-RELEASE-RP.
pub(crate) const RELEASE_RESPONSE: [u8; 10] = [6, 0, 0, 0, 0, 4, 0, 0, 0, 0];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_checked_before_they_are_used() {
        let ours = 131_072;
        for (bytes, fits) in [
            ([4, 0, 0, 2, 0, 0], true),
            ([4, 0, 0, 2, 0, 1], false),
            ([4, 0, 0xFF, 0xFF, 0xFF, 0xFF], false),
            ([4, 0, 0, 0, 0, 0], false),
            ([2, 0, 0xFF, 0xFF, 0xFF, 0xFF], false),
            ([2, 0, 0, 0, 0, 67], false),
            ([5, 0, 0, 0, 0, 4], true),
            ([5, 0, 0, 0, 0, 5], false),
            ([7, 0, 0x10, 0, 0, 4], false),
            ([0, 0, 0, 0, 0, 4], false),
            ([b'H', b'T', b'T', b'P', b'/', b'1'], false),
        ] {
            assert_eq!(header(bytes, ours).is_ok(), fits, "{bytes:?}");
        }
    }

    #[test]
    fn fragments_are_found_and_checked() {
        let body = b"\0\0\0\x04\x01\x03ab\0\0\0\x03\x01\x02c";
        let found = fragments(body).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(&body[found[0].range.clone()], b"ab");
        assert!(found[0].is_command && found[0].is_last);
        assert_eq!(&body[found[1].range.clone()], b"c");
        assert!(!found[1].is_command && found[1].is_last);
        for body in [
            &b"\0\0\0\x04\x01\x03a"[..],
            b"\0\0\0\x01\x01\x03",
            b"\0\0\0\x02\x02\x03",
            b"\0\0\0",
            b"\xFF\xFF\xFF\xFF\x01\x03a",
        ] {
            assert!(fragments(body).is_err(), "{body:?}");
        }
    }

    #[test]
    fn refusals_and_aborts_read_back() {
        for expected in [Rejection::CALLED_AE, Rejection::LOCAL_LIMIT] {
            assert_eq!(rejection(&reject(expected)[6..]).unwrap(), expected);
        }
        assert_eq!(aborted(&abort(Aborted::UNEXPECTED_PDU)[6..]).unwrap(), Aborted::UNEXPECTED_PDU);
    }
}

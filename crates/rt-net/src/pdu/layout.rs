//! Lays messages out as P-DATA PDUs, straight into the buffer that is written to the socket.
//!
//! Units: bytes. Frame: none.

use super::HEADER;
use std::io::Read;

/// Bytes before a fragment within its PDU: its length, context and control byte.
const FRAGMENT_HEADER: usize = 6;
/// Bytes before the data of a PDU with one fragment.
const BEFORE: usize = HEADER + FRAGMENT_HEADER;

/// How messages are cut for one presentation context of a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    context: u8,
    /// Data bytes of a PDU: what the peer takes less the fragment's header, even.
    room: usize,
}

impl Layout {
    /// `peer_max` is the longest PDU that the peer takes; 0 means that it takes any. `cap` is the longest
    /// that this side makes.
    pub(crate) fn new(context: u8, peer_max: u32, cap: u32) -> Self {
        let longest = if peer_max == 0 { cap } else { peer_max.min(cap) } as usize;
        Self { context, room: longest.saturating_sub(FRAGMENT_HEADER).max(2) & !1 }
    }

    /// Appends PDUs with all of `bytes`, a whole command or data set.
    pub(crate) fn whole(self, out: &mut Vec<u8>, bytes: &[u8], is_command: bool) {
        let mut chunks = bytes.chunks(self.room).peekable();
        while let Some(chunk) = chunks.next() {
            self.before(out, chunk.len(), is_command, chunks.peek().is_none());
            out.extend_from_slice(chunk);
        }
    }

    /// Appends PDUs of a data set that is read from `source` as long as `out` stays within `capacity`, and at
    /// least one.
    /// `left` is what is left of the data set, and is counted down.
    pub(crate) fn fill(
        self,
        out: &mut Vec<u8>,
        capacity: usize,
        source: &mut dyn Read,
        left: &mut u64,
    ) -> std::io::Result<()> {
        loop {
            let chunk = self.room.min(usize::try_from(*left).unwrap_or(usize::MAX));
            self.before(out, chunk, false, chunk as u64 == *left);
            let at = out.len();
            out.resize(at + chunk, 0);
            source.read_exact(&mut out[at..])?;
            *left -= chunk as u64;
            if *left == 0 || out.len() + BEFORE + self.room > capacity {
                return Ok(());
            }
        }
    }

    fn before(self, out: &mut Vec<u8>, len: usize, is_command: bool, is_last: bool) {
        let fragment = len as u32 + 2;
        out.extend_from_slice(&[4, 0]);
        out.extend_from_slice(&(fragment + 4).to_be_bytes());
        out.extend_from_slice(&fragment.to_be_bytes());
        out.extend_from_slice(&[self.context, u8::from(is_command) | u8::from(is_last) << 1]);
    }
}

/// A message as PDUs: a command and its data set, if it has one.
pub(crate) fn fragments_of(layout: Layout, command: &[u8], data: Option<&[u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    layout.whole(&mut out, command, true);
    if let Some(data) = data {
        layout.whole(&mut out, data, false);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::{fragments, header};

    /// The data of all PDUs, after their lengths and flags were checked.
    fn parse(bytes: &[u8], max: u32) -> Vec<u8> {
        let (mut at, mut data, mut last) = (0, Vec::new(), false);
        while at < bytes.len() {
            assert!(!last);
            let header = header(bytes[at..at + 6].try_into().unwrap(), max).unwrap();
            let body = &bytes[at + 6..at + 6 + header.len];
            for fragment in fragments(body).unwrap() {
                last = fragment.is_last;
                data.extend_from_slice(&body[fragment.range]);
            }
            at += 6 + header.len;
        }
        assert!(last);
        data
    }

    #[test]
    fn what_is_cut_comes_together_again() {
        let data: Vec<u8> = (0..100_000_u32).map(|n| n as u8).collect();
        for max in [16, 17, 1000, 16_384, 0] {
            let layout = Layout::new(3, max, 1 << 16);
            let limit = if max == 0 { 1 << 16 } else { max };
            for len in [1, 2, 9, 10, 11, 994, 65_530, 65_531, 100_000] {
                let mut whole = Vec::new();
                layout.whole(&mut whole, &data[..len], false);
                assert_eq!(parse(&whole, limit), &data[..len]);

                let (mut source, mut left, mut pieces) = (&data[..len], len as u64, Vec::new());
                while left > 0 {
                    let mut out = Vec::new();
                    layout.fill(&mut out, 4096, &mut source, &mut left).unwrap();
                    assert!(out.len() <= 4096.max(limit as usize + 6));
                    pieces.extend(out);
                }
                assert_eq!(pieces, whole, "{max} {len}");
            }
        }
    }

    #[test]
    fn a_source_that_ends_early_is_told() {
        let mut left = 10;
        let error =
            Layout::new(1, 0, 100).fill(&mut Vec::new(), 100, &mut &b"abc"[..], &mut left).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
    }
}

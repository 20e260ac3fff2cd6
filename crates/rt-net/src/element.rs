//! Elements in implicit VR little endian (PS3.5 section 7.1.3), the encoding of every command and of our own
//! data sets, as a peer sends them.
//!
//! Units: bytes. Frame: none.

use crate::error::NetError;
use rt_model::provenance::Tag;

/// Item (FFFE,E000).
pub(crate) const ITEM: Tag = Tag::new(0xFFFE, 0xE000);
/// Item Delimitation Item (FFFE,E00D).
pub(crate) const ITEM_END: Tag = Tag::new(0xFFFE, 0xE00D);
/// Sequence Delimitation Item (FFFE,E0DD).
pub(crate) const SEQUENCE_END: Tag = Tag::new(0xFFFE, 0xE0DD);

/// The length that means "until the delimiter".
const UNDEFINED: u32 = 0xFFFF_FFFF;

/// Reads elements off the front of bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    left: &'a [u8],
}

/// The header of an element and, where its length is stated, its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: Tag,
    /// `None`: the length is undefined, the content follows.
    pub(crate) value: Option<&'a [u8]>,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { left: bytes }
    }

    pub(crate) const fn is_at_end(&self) -> bool {
        self.left.is_empty()
    }

    /// The next element.
    pub(crate) fn next(&mut self) -> Result<Element<'a>, NetError> {
        let Some((header, rest)) = self.left.split_first_chunk::<8>() else {
            return Err(NetError::protocol(format!(
                "expected an element header of 8 bytes, found {} bytes",
                self.left.len()
            )));
        };
        let [g0, g1, e0, e1, length @ ..] = *header;
        let tag = Tag::new(u16::from_le_bytes([g0, g1]), u16::from_le_bytes([e0, e1]));
        let length = u32::from_le_bytes(length);
        if length == UNDEFINED {
            self.left = rest;
            return Ok(Element { tag, value: None });
        }
        let value = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
        let Some((value, rest)) = value else {
            return Err(NetError::protocol(format!(
                "{tag}: expected a value of {length} bytes, found {}",
                rest.len()
            )));
        };
        self.left = rest;
        Ok(Element { tag, value: Some(value) })
    }
}

/// Appends an element.
#[cfg(test)]
pub(crate) fn write(out: &mut Vec<u8>, tag: Tag, value: &[u8]) {
    out.extend_from_slice(&tag.group.to_le_bytes());
    out.extend_from_slice(&tag.element.to_le_bytes());
    out.extend_from_slice(&(value.len() as u32).to_le_bytes());
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let mut bytes = Vec::new();
        write(&mut bytes, Tag::new(0x0008, 0x0018), b"1.2\0");
        let mut reader = Reader::new(&bytes);
        let element = reader.next().unwrap();
        assert_eq!((element.tag, element.value), (Tag::new(0x0008, 0x0018), Some(&b"1.2\0"[..])));
        assert!(reader.is_at_end());
    }

    #[test]
    fn a_length_beyond_the_end_is_refused() {
        for bytes in [&b"\x08\0\x18\0\x05\0\0\0abcd"[..], b"\x08\0\x18\0\xFE\xFF\xFF\xFFabcd", b"\x08\0\x18"]
        {
            assert!(Reader::new(bytes).next().is_err());
        }
    }
}

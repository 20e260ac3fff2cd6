//! The items of a sequence, or the fragments of encapsulated pixel data, one after the other.
//!
//! Units: bytes. Frame: none.

use super::element::Element;
use super::element_header::truncated_value;
use super::encoding::Encoding;
use super::extent::{Open, SEQUENCE_END, end_of, item_encoding, item_header};
use crate::read::error::ReadError;

/// One item of a sequence, or one fragment: its bytes, delimiter cut off, and the encoding of its elements.
#[derive(Debug, Clone, Copy)]
pub(in crate::read) struct Item<'a> {
    pub(in crate::read) bytes: &'a [u8],
    pub(in crate::read) encoding: Encoding,
    /// The item is in implicit VR although its sequence is in explicit VR.
    pub(in crate::read) mixed: bool,
}

/// Walks the items in a sequence's value.
#[derive(Debug, Clone)]
pub(in crate::read) struct Items<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    depth: usize,
    at: usize,
}

impl<'a> Items<'a> {
    /// The items in `element`, which lies inside `depth` sequences.
    pub(in crate::read) fn of(element: &Element<'a>, depth: usize) -> Self {
        Self { bytes: element.value, encoding: element.encoding, depth, at: 0 }
    }

    fn read(&mut self) -> Result<Option<Item<'a>>, ReadError> {
        if self.at >= self.bytes.len() {
            return Ok(None);
        }
        let (tag, length) = item_header(self.bytes, self.at, self.encoding)?;
        let start = self.at + 8;
        if tag == SEQUENCE_END {
            // A delimiter in a sequence of defined length says nothing new.
            self.at = self.bytes.len();
            return Ok(None);
        }
        let encoding = item_encoding(self.bytes, start, self.encoding);
        let mixed = encoding != self.encoding;
        let (end, next) = match length {
            Some(length) => {
                let rest = self.bytes.len() - start;
                if length > rest {
                    return Err(truncated_value(tag, length, rest));
                }
                (start + length, start + length)
            }
            None => end_of(self.bytes, start, Open::Item(encoding), self.depth)?,
        };
        self.at = next;
        Ok(Some(Item { bytes: &self.bytes[start..end], encoding, mixed }))
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Result<Item<'a>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.read();
        if item.is_err() {
            self.at = self.bytes.len();
        }
        item.transpose()
    }
}

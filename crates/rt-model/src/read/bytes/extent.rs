//! Where sequences and items end: delimiters are looked for without recursion.
//!
//! Units: bytes. Frame: none.

use super::element_header::{UNDEFINED, bytes_at, header, looks_like_vr, tag_at, truncated, truncated_value};
use super::encoding::Encoding;
use super::limits::MAX_DEPTH;
use crate::read::error::{ReadError, ReadErrorKind};
use dicom_core::Tag;

/// Starts an item.
pub(in crate::read) const ITEM: Tag = Tag(0xFFFE, 0xE000);
/// Ends an item of undefined length.
pub(in crate::read) const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
/// Ends a sequence of undefined length.
pub(in crate::read) const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// Something of undefined length that waits for its delimiter.
#[derive(Debug, Clone, Copy)]
pub(in crate::read) enum Open {
    Sequence(Encoding),
    Item(Encoding),
}

/// The encoding of an item whose elements start at `at`: an explicit VR data set may hold items in implicit
/// VR.
pub(in crate::read) fn item_encoding(bytes: &[u8], at: usize, encoding: Encoding) -> Encoding {
    let starts_with_delimiter = tag_at(bytes, at, encoding).is_some_and(|tag| tag.0 == 0xFFFE);
    match bytes_at::<2>(bytes, at + 4) {
        Some(letters) if encoding.explicit && !starts_with_delimiter && !looks_like_vr(letters) => {
            Encoding { explicit: false, ..encoding }
        }
        _ => encoding,
    }
}

/// Where what was opened at `at` ends, and where its delimiter ends. Walks with a stack of its own, so that a
/// bomb of nested sequences meets [`MAX_DEPTH`] and not the end of the program's stack; each step goes on by
/// at least eight bytes.
pub(in crate::read) fn end_of(
    bytes: &[u8],
    at: usize,
    open: Open,
    depth: usize,
) -> Result<(usize, usize), ReadError> {
    let mut stack = vec![open];
    let mut at = at;
    loop {
        let Some(&top) = stack.last() else {
            return Ok((at - 8, at));
        };
        match top {
            Open::Sequence(encoding) => {
                let (tag, length) = item_header(bytes, at, encoding)?;
                at += 8;
                match (tag, length) {
                    (SEQUENCE_END, _) => {
                        stack.pop();
                    }
                    (_, Some(length)) => {
                        let rest = bytes.len() - at;
                        if length > rest {
                            return Err(truncated_value(tag, length, rest));
                        }
                        at += length;
                    }
                    (_, None) => stack.push(Open::Item(item_encoding(bytes, at, encoding))),
                }
            }
            Open::Item(encoding) => {
                if tag_at(bytes, at, encoding) == Some(ITEM_END) && bytes.len() >= at + 8 {
                    at += 8;
                    stack.pop();
                    continue;
                }
                let header = header(bytes, at, encoding)?;
                match header.length {
                    Some(length) => {
                        let rest = bytes.len().saturating_sub(header.body);
                        if length > rest {
                            return Err(truncated_value(header.tag, length, rest));
                        }
                        at = header.body + length;
                    }
                    None => {
                        header.undefined_form()?;
                        at = header.body;
                        stack.push(Open::Sequence(header.inner));
                    }
                }
            }
        }
        if depth + stack.len() / 2 > MAX_DEPTH {
            return Err(ReadError::new(
                ReadErrorKind::TooDeep,
                format!("expected at most {MAX_DEPTH} nested sequences, found more"),
            ));
        }
    }
}

/// The header of an item or of a sequence's end at `at`: its tag and length.
pub(in crate::read) fn item_header(
    bytes: &[u8],
    at: usize,
    encoding: Encoding,
) -> Result<(Tag, Option<usize>), ReadError> {
    let cut = || truncated("the data ends inside a sequence", 8, bytes.len().saturating_sub(at));
    let tag = tag_at(bytes, at, encoding).ok_or_else(cut)?;
    let length = encoding.u32(bytes_at(bytes, at + 4).ok_or_else(cut)?);
    match tag {
        ITEM => Ok((tag, (length != UNDEFINED).then_some(length as usize))),
        SEQUENCE_END => Ok((tag, Some(0))),
        _ => Err(ReadError::new(
            ReadErrorKind::Structure,
            format!("expected an item (FFFE,E000) of a sequence, found {tag}"),
        )),
    }
}

//! The elements of one data set or item, indexed by tag.
//!
//! Units: bytes. Frame: none.

use super::element::Element;
use super::element_header::{Header, PIXEL_DATA, header, tag_at};
use super::encoding::Encoding;
use super::extent::ITEM_END;
use super::limits::MAX_ELEMENTS;
use crate::read::error::{ReadError, ReadErrorKind};
use dicom_core::{Tag, VR};

/// The elements of one data set or item, and what was odd about them.
#[derive(Debug, Default)]
pub(in crate::read) struct Level<'a> {
    pub(in crate::read) elements: Vec<Element<'a>>,
    /// Elements of odd length.
    pub(in crate::read) odd: Vec<Tag>,
    /// Elements that came before; the first one counts.
    pub(in crate::read) repeated: Vec<Tag>,
    /// Bytes behind the last element that are none.
    pub(in crate::read) trailing: usize,
}

/// Reads the elements of a data set or item. At the outermost level zeros behind the last element are
/// padding, and whatever follows Pixel Data is no part of the object.
pub(in crate::read) fn level(bytes: &[u8], encoding: Encoding, depth: usize) -> Result<Level<'_>, ReadError> {
    let mut level = Level::default();
    let mut at = 0;
    while at < bytes.len() {
        // An item of defined length may end with a delimiter all the same.
        if depth > 0 && bytes.len() == at + 8 && tag_at(bytes, at, encoding) == Some(ITEM_END) {
            break;
        }
        let next = match one(bytes, at, encoding, depth) {
            Ok((_, element, next)) => {
                if level.elements.len() >= MAX_ELEMENTS {
                    return Err(ReadError::new(
                        ReadErrorKind::TooLarge,
                        format!("expected at most {MAX_ELEMENTS} elements in a data set, found more"),
                    ));
                }
                level.add(element);
                next
            }
            Err(error) => {
                let last = level.elements.last();
                let padding = depth == 0 && bytes[at..].iter().all(|byte| *byte == 0);
                if depth == 0 && (padding || last.is_some_and(|element| element.tag >= PIXEL_DATA)) {
                    level.trailing = bytes.len() - at;
                    return Ok(level.sorted());
                }
                return Err(blame_overflow(error, bytes, at, last));
            }
        };
        at = next;
    }
    Ok(level.sorted())
}

/// The elements of a damaged data set before its first damage.
pub(in crate::read) fn salvage(bytes: &[u8], encoding: Encoding) -> Level<'_> {
    let mut level = Level::default();
    let mut at = 0;
    while let Ok((_, element, next)) = one(bytes, at, encoding, 0)
        && level.elements.len() < MAX_ELEMENTS
    {
        level.add(element);
        at = next;
    }
    level.sorted()
}

/// The element at `at`.
pub(in crate::read) fn one(
    bytes: &[u8],
    at: usize,
    encoding: Encoding,
    depth: usize,
) -> Result<(Header, Element<'_>, usize), ReadError> {
    let header = header(bytes, at, encoding)?;
    if header.tag.0 == 0 {
        return Err(ReadError::at_tag(
            ReadErrorKind::Structure,
            header.tag,
            "expected an element of a data set, found group 0000",
        ));
    }
    let (element, next) = header.element(bytes, depth)?;
    Ok((header, element, next))
}

impl<'a> Level<'a> {
    fn add(&mut self, element: Element<'a>) {
        // Group lengths are retired and say nothing.
        if element.tag.1 == 0 {
            return;
        }
        if element.value.len() % 2 == 1 {
            self.odd.push(element.tag);
        }
        self.elements.push(element);
    }

    /// Puts the elements in order; of those that occur twice the first stays.
    fn sorted(mut self) -> Self {
        if !self.elements.is_sorted_by(|one, next| one.tag < next.tag) {
            self.elements.sort_by_key(|element| element.tag);
            let repeated = &mut self.repeated;
            self.elements.dedup_by(|later, first| {
                let same = later.tag == first.tag;
                if same {
                    repeated.push(later.tag);
                }
                same
            });
        }
        self
    }

    /// The element of `tag`.
    pub(in crate::read) fn find(&self, tag: Tag) -> Option<&Element<'a>> {
        self.elements.binary_search_by_key(&tag, |element| element.tag).ok().map(|at| &self.elements[at])
    }
}

/// A text value of more than 64 KiB whose length was cut to 16 bits leaves its own rest where the next header
/// should be.
fn blame_overflow(error: ReadError, bytes: &[u8], at: usize, last: Option<&Element<'_>>) -> ReadError {
    let rest = &bytes[at..];
    let numeric =
        |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'\\' | b'.' | b'-' | b'+' | b'e' | b'E' | b' ');
    match last {
        Some(last)
            if matches!(last.vr, VR::DS | VR::IS)
                && rest.len() >= 8
                && rest[..8].iter().all(|byte| numeric(&byte)) =>
        {
            let stated = last.value.len();
            let written = stated + rest.iter().take_while(numeric).count();
            ReadError::at_tag(
                ReadErrorKind::LengthOverflow,
                last.tag,
                format!(
                    "expected a length of {written} bytes, found {stated}: the length was cut to 16 bits"
                ),
            )
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::bytes::items::Items;

    fn tags(level: &Level<'_>) -> Vec<Tag> {
        level.elements.iter().map(|element| element.tag).collect()
    }

    #[test]
    fn a_delimiter_at_the_end_of_an_item_of_defined_length_is_passed_over() {
        let element = *b"\x08\0\x60\0CS\x02\0CT";
        let delimiter = *b"\xFE\xFF\x0D\xE0\0\0\0\0";
        let both = [element.as_slice(), &delimiter].concat();
        assert_eq!(tags(&level(&both, Encoding::EXPLICIT, 1).unwrap()), [Tag(8, 0x60)]);
        assert!(level(&both, Encoding::EXPLICIT, 0).is_err(), "no item is around the outermost data set");
        let between = [element.as_slice(), &delimiter, &element].concat();
        assert!(level(&between, Encoding::EXPLICIT, 1).is_err(), "nor does it end an item before its end");
    }

    #[test]
    fn elements_are_sorted_and_the_first_of_two_counts() {
        let bytes = b"\x10\0\x20\0LO\x02\0id\x08\0\x60\0CS\x02\0CT\x10\0\x20\0LO\x02\0xx";
        let level = level(bytes, Encoding::EXPLICIT, 0).unwrap();
        assert_eq!(tags(&level), [Tag(8, 0x60), Tag(0x10, 0x20)]);
        assert_eq!(level.repeated, [Tag(0x10, 0x20)]);
        assert_eq!(level.find(Tag(0x10, 0x20)).unwrap().value, b"id");
    }

    #[test]
    fn group_lengths_say_nothing_and_odd_lengths_are_noted() {
        let level =
            level(b"\x08\0\0\0UL\x04\0\x08\0\0\0\x08\0\x60\0CS\x03\0CT ", Encoding::EXPLICIT, 0).unwrap();
        assert_eq!((tags(&level), level.odd), (vec![Tag(8, 0x60)], vec![Tag(8, 0x60)]));
    }

    #[test]
    fn unknown_vr_of_a_public_attribute_is_that_of_the_dictionary() {
        let level = level(b"\x08\0\x60\0UN\0\0\x02\0\0\0CT", Encoding::EXPLICIT, 0).unwrap();
        assert_eq!((level.elements[0].vr, level.elements[0].value), (VR::CS, &b"CT"[..]));
    }

    #[test]
    fn unknown_vr_of_undefined_length_holds_implicit_items() {
        let bytes = b"\x09\0\x10\x10UN\0\0\xFF\xFF\xFF\xFF\
            \xFE\xFF\0\xE0\xFF\xFF\xFF\xFF\x08\0\x60\0\x02\0\0\0CT\xFE\xFF\x0D\xE0\0\0\0\0\
            \xFE\xFF\xDD\xE0\0\0\0\0\x10\0\x20\0LO\x02\0id";
        let outer = level(bytes, Encoding::EXPLICIT, 0).unwrap();
        assert_eq!(tags(&outer), [Tag(9, 0x1010), Tag(0x10, 0x20)]);
        let items: Vec<_> = Items::of(&outer.elements[0], 0).collect::<Result<_, _>>().unwrap();
        let inner = level(items[0].bytes, items[0].encoding, 1).unwrap();
        assert_eq!((items.len(), inner.find(Tag(8, 0x60)).unwrap().value), (1, &b"CT"[..]));
    }

    #[test]
    fn a_cut_length_is_told_from_other_damage() {
        let mut bytes = b"\x06\x30\x50\0DS\x04\x001\\2\\".to_vec();
        bytes.extend(b"3.5\\4.5\\5.5\\".repeat(9));
        let error = level(&bytes, Encoding::EXPLICIT, 0).unwrap_err();
        assert_eq!(error.kind(), ReadErrorKind::LengthOverflow);
        assert!(error.detail().contains("expected a length of 112 bytes, found 4"), "{}", error.detail());
    }

    #[test]
    fn what_follows_the_pixels_is_no_part_of_the_object() {
        let level = level(b"\xE0\x7F\x10\0OW\0\0\x02\0\0\0\x01\x02garbage", Encoding::EXPLICIT, 0).unwrap();
        assert_eq!((level.elements.len(), level.trailing), (1, 7));
    }

    #[test]
    fn damage_keeps_what_came_before() {
        let bytes = b"\x08\0\x60\0CS\x02\0CT\x10\0\x20\0LO\xF0\0id";
        assert_eq!(level(bytes, Encoding::EXPLICIT, 0).unwrap_err().kind(), ReadErrorKind::Truncated);
        assert_eq!(tags(&salvage(bytes, Encoding::EXPLICIT)), [Tag(8, 0x60)]);
    }
}

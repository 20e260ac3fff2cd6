//! Elements over borrowed bytes: headers, lengths, and where a value ends. Nothing is read beyond the slice, nothing is copied.
//!
//! Units: bytes. Frame: none.

use super::dictionary;
use super::encoding::Encoding;
use super::error::{ReadError, ReadErrorKind};
use super::limits::{MAX_DEPTH, MAX_ELEMENTS};
use dicom_core::{Tag, VR};

/// Starts an item.
const ITEM: Tag = Tag(0xFFFE, 0xE000);
/// Ends an item of undefined length.
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
/// Ends a sequence of undefined length.
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);
/// Pixel Data.
const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
const UNDEFINED: u32 = u32::MAX;

/// What the bytes of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Values of the VR.
    Plain,
    /// Items, the sequence's own delimiter cut off.
    Items,
    /// Fragments of encapsulated pixel data, delimiter cut off.
    Fragments,
}

/// An element; the value is borrowed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: Tag,
    pub(super) vr: VR,
    pub(super) form: Form,
    /// Encoding of the value's numbers, or of the items in it.
    pub(super) encoding: Encoding,
    pub(super) value: &'a [u8],
}

/// An element's header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) tag: Tag,
    pub(super) vr: VR,
    /// Bytes of the value; `None` for undefined.
    pub(super) length: Option<usize>,
    /// Where the value starts.
    pub(super) body: usize,
    /// Encoding of what is inside the value.
    inner: Encoding,
}

/// `N` bytes at `at`, if there are as many.
fn bytes_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn tag_at(bytes: &[u8], at: usize, encoding: Encoding) -> Option<Tag> {
    Some(Tag(encoding.u16(bytes_at(bytes, at)?), encoding.u16(bytes_at(bytes, at + 2)?)))
}

fn truncated(what: &str, expected: usize, found: usize) -> ReadError {
    ReadError::new(ReadErrorKind::Truncated, format!("{what}: expected {expected} bytes, found {found}"))
}

fn truncated_value(tag: Tag, expected: usize, found: usize) -> ReadError {
    ReadError::at_tag(
        ReadErrorKind::Truncated,
        tag,
        format!("the data ends inside a value: expected {expected} bytes, found {found} ({} missing)", expected - found),
    )
}

/// Two capital letters, as every VR is.
pub(super) const fn looks_like_vr(letters: [u8; 2]) -> bool {
    letters[0].is_ascii_uppercase() && letters[1].is_ascii_uppercase()
}

/// Reads the element header at `at`.
pub(super) fn header(bytes: &[u8], at: usize, encoding: Encoding) -> Result<Header, ReadError> {
    let cut = || truncated("the data ends inside an element's header", 8, bytes.len().saturating_sub(at));
    let tag = tag_at(bytes, at, encoding).ok_or_else(cut)?;
    let (vr, length, short, body) = if !encoding.explicit {
        let length = encoding.u32(bytes_at(bytes, at + 4).ok_or_else(cut)?);
        (dictionary::vr(tag).unwrap_or(VR::UN), length, false, at + 8)
    } else {
        let letters: [u8; 2] = bytes_at(bytes, at + 4).ok_or_else(cut)?;
        if !looks_like_vr(letters) {
            return Err(ReadError::at_tag(
                ReadErrorKind::Structure,
                tag,
                format!("expected the two letters of a VR, found the bytes {:02X} {:02X}", letters[0], letters[1]),
            ));
        }
        let vr = VR::from_binary(letters);
        let long = match vr {
            // PS3.5 7.1.2; a VR that is still to be invented has the long form as well.
            None => true,
            Some(vr) => {
                matches!(
                    vr,
                    VR::OB
                        | VR::OD
                        | VR::OF
                        | VR::OL
                        | VR::OV
                        | VR::OW
                        | VR::SQ
                        | VR::SV
                        | VR::UC
                        | VR::UN
                        | VR::UR
                        | VR::UT
                        | VR::UV
                )
            }
        };
        let vr = vr.unwrap_or(VR::UN);
        if long {
            (vr, encoding.u32(bytes_at(bytes, at + 8).ok_or_else(cut)?), false, at + 12)
        } else {
            (vr, u32::from(encoding.u16(bytes_at(bytes, at + 6).ok_or_else(cut)?)), true, at + 8)
        }
    };
    // UN holds implicit VR little endian, whatever is around it (PS3.5 6.2.2, note 5).
    let inner = if vr == VR::UN { Encoding::IMPLICIT } else { encoding };
    let length = (length != UNDEFINED || short).then_some(length as usize);
    Ok(Header { tag, vr, length, body, inner })
}

impl Header {
    /// The VR that the value is read by: what UN hides is found in the dictionary.
    fn meaning(&self) -> VR {
        if self.vr == VR::UN { dictionary::vr(self.tag).unwrap_or(VR::UN) } else { self.vr }
    }

    fn undefined_form(&self) -> Result<Form, ReadError> {
        match self.meaning() {
            VR::SQ | VR::UN => Ok(Form::Items),
            _ if self.tag == PIXEL_DATA => Ok(Form::Fragments),
            VR::OB | VR::OW => Ok(Form::Fragments),
            vr => Err(ReadError::at_tag(
                ReadErrorKind::Structure,
                self.tag,
                format!("expected a defined length for VR {}, found an undefined one", vr.to_string()),
            )),
        }
    }

    /// The element with its value, and where the next one starts. `depth` counts the sequences around it.
    pub(super) fn element<'a>(&self, bytes: &'a [u8], depth: usize) -> Result<(Element<'a>, usize), ReadError> {
        let vr = self.meaning();
        match self.length {
            Some(length) => {
                let rest = bytes.get(self.body..).unwrap_or_default();
                let value = rest.get(..length).ok_or_else(|| truncated_value(self.tag, length, rest.len()))?;
                let form = if vr == VR::SQ { Form::Items } else { Form::Plain };
                Ok((Element { tag: self.tag, vr, form, encoding: self.inner, value }, self.body + length))
            }
            None => {
                let form = self.undefined_form()?;
                let (end, next) =
                    end_of(bytes, self.body, Open::Sequence(self.inner), depth).map_err(|error| error.or_tag(self.tag))?;
                Ok((Element { tag: self.tag, vr, form, encoding: self.inner, value: &bytes[self.body..end] }, next))
            }
        }
    }
}

/// Something of undefined length that waits for its delimiter.
#[derive(Debug, Clone, Copy)]
enum Open {
    Sequence(Encoding),
    Item(Encoding),
}

/// The encoding of an item whose elements start at `at`: an explicit VR data set may hold items in implicit VR.
fn item_encoding(bytes: &[u8], at: usize, encoding: Encoding) -> Encoding {
    let starts_with_delimiter = tag_at(bytes, at, encoding).is_some_and(|tag| tag.0 == 0xFFFE);
    match bytes_at::<2>(bytes, at + 4) {
        Some(letters) if encoding.explicit && !starts_with_delimiter && !looks_like_vr(letters) => {
            Encoding { explicit: false, ..encoding }
        }
        _ => encoding,
    }
}

/// Where what was opened at `at` ends, and where its delimiter ends. Walks with a stack of its own, so that a bomb of nested
/// sequences meets [`MAX_DEPTH`] and not the end of the program's stack; each step goes on by at least eight bytes.
fn end_of(bytes: &[u8], at: usize, open: Open, depth: usize) -> Result<(usize, usize), ReadError> {
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
fn item_header(bytes: &[u8], at: usize, encoding: Encoding) -> Result<(Tag, Option<usize>), ReadError> {
    let cut = || truncated("the data ends inside a sequence", 8, bytes.len().saturating_sub(at));
    let tag = tag_at(bytes, at, encoding).ok_or_else(cut)?;
    let length = encoding.u32(bytes_at(bytes, at + 4).ok_or_else(cut)?);
    match tag {
        ITEM => Ok((tag, (length != UNDEFINED).then_some(length as usize))),
        SEQUENCE_END => Ok((tag, Some(0))),
        _ => Err(ReadError::new(ReadErrorKind::Structure, format!("expected an item (FFFE,E000) of a sequence, found {tag}"))),
    }
}

/// One item of a sequence, or one fragment: its bytes, delimiter cut off, and the encoding of its elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) encoding: Encoding,
    /// The item is in implicit VR although its sequence is in explicit VR.
    pub(super) mixed: bool,
}

/// Walks the items in a sequence's value.
#[derive(Debug, Clone)]
pub(super) struct Items<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    depth: usize,
    at: usize,
}

impl<'a> Items<'a> {
    /// The items in `element`, which lies inside `depth` sequences.
    pub(super) fn of(element: &Element<'a>, depth: usize) -> Self {
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

/// The elements of one data set or item, and what was odd about them.
#[derive(Debug, Default)]
pub(super) struct Level<'a> {
    pub(super) elements: Vec<Element<'a>>,
    /// Elements of odd length.
    pub(super) odd: Vec<Tag>,
    /// Elements that came before; the first one counts.
    pub(super) repeated: Vec<Tag>,
    /// Bytes behind the last element that are none.
    pub(super) trailing: usize,
}

/// Reads the elements of a data set or item. At the outermost level zeros behind the last element are padding, and whatever
/// follows Pixel Data is no part of the object.
pub(super) fn level(bytes: &[u8], encoding: Encoding, depth: usize) -> Result<Level<'_>, ReadError> {
    let mut level = Level::default();
    let mut at = 0;
    while at < bytes.len() {
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
pub(super) fn salvage(bytes: &[u8], encoding: Encoding) -> Level<'_> {
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
pub(super) fn one(bytes: &[u8], at: usize, encoding: Encoding, depth: usize) -> Result<(Header, Element<'_>, usize), ReadError> {
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
    pub(super) fn find(&self, tag: Tag) -> Option<&Element<'a>> {
        self.elements.binary_search_by_key(&tag, |element| element.tag).ok().map(|at| &self.elements[at])
    }
}

/// A text value of more than 64 KiB whose length was cut to 16 bits leaves its own rest where the next header should be.
fn blame_overflow(error: ReadError, bytes: &[u8], at: usize, last: Option<&Element<'_>>) -> ReadError {
    let rest = &bytes[at..];
    let numeric = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'\\' | b'.' | b'-' | b'+' | b'e' | b'E' | b' ');
    match last {
        Some(last) if matches!(last.vr, VR::DS | VR::IS) && rest.len() >= 8 && rest[..8].iter().all(|byte| numeric(&byte)) => {
            let stated = last.value.len();
            let written = stated + rest.iter().take_while(numeric).count();
            ReadError::at_tag(
                ReadErrorKind::LengthOverflow,
                last.tag,
                format!("expected a length of {written} bytes, found {stated}: the length was cut to 16 bits"),
            )
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(level: &Level<'_>) -> Vec<Tag> {
        level.elements.iter().map(|element| element.tag).collect()
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
        let level = level(b"\x08\0\0\0UL\x04\0\x08\0\0\0\x08\0\x60\0CS\x03\0CT ", Encoding::EXPLICIT, 0).unwrap();
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

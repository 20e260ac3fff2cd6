//! The small data sets that this crate itself speaks: queries, their answers, storage commitment. Never a
//! stored object.
//!
//! Always in implicit VR little endian, which every peer accepts. They are written through rt-dicom; what a
//! peer sends is read here, with bounds.
//!
//! Units: none. Frame: none.

use crate::element::{ITEM, ITEM_END, Reader, SEQUENCE_END};
use crate::error::NetError;
use rt_dicom::{TransferSyntax, Value, tags};
use rt_model::provenance::Tag;
use rt_model::uid::Uid;

/// Referenced SOP Sequence.
pub const REFERENCED_SOP_SEQUENCE: Tag = Tag::new(0x0008, 0x1199);
/// Failed SOP Sequence.
pub const FAILED_SOP_SEQUENCE: Tag = Tag::new(0x0008, 0x1198);

/// Implicit VR does not tell sequences of stated length from other values: these are the ones that we are
/// sent.
const SEQUENCES: [Tag; 2] = [REFERENCED_SOP_SEQUENCE, FAILED_SOP_SEQUENCE];

/// Sequences within sequences at most; the messages that we are sent have one.
const DEPTH: usize = 16;

/// Elements by tag, with values as the bytes that they have on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataSet {
    elements: rt_dicom::DataSet,
}

impl DataSet {
    /// Puts a text, padded with a blank to an even length.
    pub fn put_text(&mut self, tag: Tag, text: &str) {
        self.put_padded(tag, text, b' ');
    }

    /// Puts an identifier, padded with a zero byte to an even length.
    pub fn put_uid(&mut self, tag: Tag, uid: &Uid) {
        self.put_padded(tag, uid.as_str(), 0);
    }

    /// Puts a number of 16 bits.
    pub fn put_u16(&mut self, tag: Tag, number: u16) {
        self.elements.bytes(tag, number.to_le_bytes());
    }

    /// Puts a number of 32 bits.
    pub(crate) fn put_u32(&mut self, tag: Tag, number: u32) {
        self.elements.bytes(tag, number.to_le_bytes());
    }

    /// Puts a sequence.
    pub fn put_items(&mut self, tag: Tag, items: Vec<Self>) {
        self.elements.items(tag, items.into_iter().map(|item| item.elements).collect::<Vec<_>>());
    }

    /// Takes an element out.
    pub(crate) fn remove(&mut self, tag: Tag) {
        self.elements.exclude(tag);
    }

    fn put_padded(&mut self, tag: Tag, text: &str, padding: u8) {
        let mut bytes = text.as_bytes().to_vec();
        if !bytes.len().is_multiple_of(2) {
            bytes.push(padding);
        }
        self.elements.bytes(tag, bytes);
    }

    /// The tags there are, in order.
    pub fn tags(&self) -> impl Iterator<Item = Tag> {
        self.elements.tags()
    }

    /// The bytes of a value; `None` where it is absent or a sequence.
    #[must_use]
    pub fn bytes(&self, tag: Tag) -> Option<&[u8]> {
        match self.elements.value(tag) {
            Some(Value::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// A text without its padding; `None` where it is absent or empty. Bytes that are no UTF-8 are read as
    /// Latin-1.
    #[must_use]
    pub fn text(&self, tag: Tag) -> Option<String> {
        let bytes = self.bytes(tag)?;
        let text = std::str::from_utf8(bytes)
            .map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned);
        let text = text.trim_matches([' ', '\0']);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// An identifier; `None` where it is absent or empty.
    #[must_use]
    pub fn uid(&self, tag: Tag) -> Option<Uid> {
        Uid::new(&self.text(tag)?)
    }

    /// A number of 16 bits; `None` where it is absent or has another length.
    #[must_use]
    pub fn u16(&self, tag: Tag) -> Option<u16> {
        self.bytes(tag)?.try_into().ok().map(u16::from_le_bytes)
    }

    /// The items of a sequence; none where it is absent.
    pub fn items(&self, tag: Tag) -> impl ExactSizeIterator<Item = Self> {
        let items = match self.elements.value(tag) {
            Some(Value::Items(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(|item| Self { elements: item.clone() })
    }

    /// The data set in implicit VR little endian.
    ///
    /// # Panics
    /// Never: what is put or read here is far below 4 GiB, and items have no character set of their own.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.elements
            .clone()
            .encode(TransferSyntax::ImplicitLittle)
            .expect("small data sets are always encoded")
    }

    /// Reads a data set in implicit VR little endian.
    ///
    /// # Errors
    /// [`crate::NetErrorKind::Protocol`] where a length leads beyond the end, a delimiter is missing or
    /// misplaced, or sequences are nested more than 16 deep.
    pub fn decode(bytes: &[u8]) -> Result<Self, NetError> {
        Ok(Self { elements: elements(&mut Reader::new(bytes), false, 0)? })
    }
}

/// Elements up to the end, or up to the item's delimiter.
fn elements(reader: &mut Reader<'_>, delimited: bool, depth: usize) -> Result<rt_dicom::DataSet, NetError> {
    let mut data_set = rt_dicom::DataSet::default();
    while !reader.is_at_end() {
        let element = reader.next()?;
        if delimited && element.tag == ITEM_END {
            return Ok(data_set);
        }
        if element.tag.group == ITEM.group {
            return Err(NetError::protocol(format!(
                "expected an attribute, found the delimiter {}",
                element.tag
            )));
        }
        let value = match element.value {
            Some(bytes) if SEQUENCES.contains(&element.tag) => {
                Value::Items(items(&mut Reader::new(bytes), false, depth + 1)?)
            }
            Some(bytes) => Value::Bytes(bytes.to_vec()),
            None => Value::Items(items(reader, true, depth + 1)?),
        };
        // Of an attribute that occurs twice the first one counts. Text is read without regard to the
        // character set of an item.
        if !data_set.has(element.tag) && (depth == 0 || element.tag != tags::SPECIFIC_CHARACTER_SET) {
            data_set.put(element.tag, value);
        }
    }
    if delimited {
        return Err(NetError::protocol("expected the end of an item, found the end of the data"));
    }
    Ok(data_set)
}

/// Items up to the end, or up to the sequence's delimiter.
fn items(reader: &mut Reader<'_>, delimited: bool, depth: usize) -> Result<Vec<rt_dicom::DataSet>, NetError> {
    if depth > DEPTH {
        return Err(NetError::protocol(format!(
            "expected at most {DEPTH} sequences within each other, found more"
        )));
    }
    let mut items = Vec::new();
    while !reader.is_at_end() {
        let element = reader.next()?;
        match (element.tag, element.value) {
            (ITEM, Some(bytes)) => items.push(elements(&mut Reader::new(bytes), false, depth)?),
            (ITEM, None) => items.push(elements(reader, true, depth)?),
            (SEQUENCE_END, _) if delimited => return Ok(items),
            (tag, _) => return Err(NetError::protocol(format!("expected an item, found {tag}"))),
        }
    }
    if delimited {
        return Err(NetError::protocol("expected the end of a sequence, found the end of the data"));
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element;

    const PATIENT_ID: Tag = Tag::new(0x0010, 0x0020);
    const INSTANCE: Tag = Tag::new(0x0008, 0x1155);

    fn notification() -> DataSet {
        let mut item = DataSet::default();
        item.put_uid(INSTANCE, &Uid::new("1.2.3").unwrap());
        let mut data_set = DataSet::default();
        data_set.put_text(PATIENT_ID, "A17");
        data_set.put_u16(Tag::new(0x0008, 0x1197), 0x0112);
        data_set.put_items(REFERENCED_SOP_SEQUENCE, vec![item.clone(), item]);
        data_set
    }

    #[test]
    fn a_data_set_reads_back() {
        let data_set = notification();
        let back = DataSet::decode(&data_set.encode()).unwrap();
        assert_eq!(back, data_set);
        assert_eq!(back.text(PATIENT_ID).as_deref(), Some("A17"));
        assert_eq!(back.u16(Tag::new(0x0008, 0x1197)), Some(0x0112));
        assert_eq!(back.items(REFERENCED_SOP_SEQUENCE).nth(1).unwrap().uid(INSTANCE), Uid::new("1.2.3"));
    }

    #[test]
    fn undefined_lengths_are_read() {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(b"\x08\0\x99\x11\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF");
        element::write(&mut bytes, INSTANCE, b"1.2\0");
        bytes.extend_from_slice(b"\xFE\xFF\x0D\xE0\0\0\0\0\xFE\xFF\xDD\xE0\0\0\0\0");
        let data_set = DataSet::decode(&bytes).unwrap();
        assert_eq!(data_set.items(REFERENCED_SOP_SEQUENCE).next().unwrap().uid(INSTANCE), Uid::new("1.2"));
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_survived() {
        let bytes = notification().encode();
        for end in 0..bytes.len() {
            drop(DataSet::decode(&bytes[..end]));
        }
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7F, 0xFE, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = value;
                drop(DataSet::decode(&changed));
            }
        }
    }

    #[test]
    fn nesting_ends() {
        let nested = b"\x08\0\x99\x11\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF".repeat(4000);
        assert!(DataSet::decode(&nested).is_err());
    }
}

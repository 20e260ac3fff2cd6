//! Elements to bytes: headers, lengths, byte order.
//!
//! Units: none. Frame: none.

use super::TransferSyntax;
use crate::data_set::{DataSet, Element, Value};
use crate::rle;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

const UNDEFINED: u32 = u32::MAX;
const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

pub(super) struct Writer {
    bytes: Vec<u8>,
    explicit: bool,
    big: bool,
    rle: bool,
    undefined_lengths: bool,
}

impl Writer {
    pub(super) fn new(syntax: TransferSyntax, undefined_lengths: bool) -> Self {
        Self {
            bytes: Vec::new(),
            explicit: syntax != TransferSyntax::ImplicitLittle,
            big: syntax == TransferSyntax::ExplicitBig,
            rle: syntax == TransferSyntax::Rle,
            undefined_lengths,
        }
    }

    pub(super) fn data_set(mut self, data: &DataSet) -> Vec<u8> {
        self.elements(data, Pixels::of(data));
        self.bytes
    }

    fn elements(&mut self, data: &DataSet, pixels: Option<Pixels>) {
        for element in &data.elements {
            match (&element.value, pixels) {
                (Value::Words(words), Some(pixels)) if self.rle && element.tag == tags::PIXEL_DATA => {
                    let frames = words.chunks(pixels.per_frame).map(|frame| rle::encode(frame, 2, |w, b| (w >> (8 * b)) as u8));
                    self.fragments(element, frames.collect());
                }
                (Value::DoubleWords(words), Some(pixels)) if self.rle && element.tag == tags::PIXEL_DATA => {
                    let frames = words.chunks(pixels.per_frame).map(|frame| rle::encode(frame, 4, |w, b| (w >> (8 * b)) as u8));
                    self.fragments(element, frames.collect());
                }
                (Value::Fragments(fragments), _) => self.fragments(element, fragments.clone()),
                (Value::Items(items), _) => self.sequence(element, items),
                _ => self.plain(element),
            }
        }
    }

    fn plain(&mut self, element: &Element) {
        let value = self.value(element);
        let length = u32::try_from(value.len()).expect("values are below 4 GiB");
        self.header(element.tag, element.vr, element.declared_length.unwrap_or(length));
        self.bytes.extend_from_slice(&value);
    }

    /// The value's bytes, of even length unless they were given as bytes.
    fn value(&self, element: &Element) -> Vec<u8> {
        let word = |word: u16| if self.big { word.to_be_bytes() } else { word.to_le_bytes() };
        match &element.value {
            Value::Text(text) => {
                let mut bytes = text.clone().into_bytes();
                if bytes.len() % 2 == 1 {
                    bytes.push(if element.vr == VR::UI { 0 } else { b' ' });
                }
                bytes
            }
            Value::Bytes(bytes) => bytes.clone(),
            Value::Words(words) => words.iter().flat_map(|w| word(*w)).collect(),
            Value::DoubleWords(words) if self.big => words.iter().flat_map(|w| w.to_be_bytes()).collect(),
            Value::DoubleWords(words) => words.iter().flat_map(|w| w.to_le_bytes()).collect(),
            Value::Tags(tags) => tags.iter().flat_map(|(group, element)| [word(*group), word(*element)]).flatten().collect(),
            Value::Items(_) | Value::Fragments(_) => Vec::new(),
        }
    }

    fn sequence(&mut self, element: &Element, items: &[DataSet]) {
        self.header(element.tag, element.vr, UNDEFINED);
        let start = self.bytes.len();
        for item in items {
            self.bare_header(ITEM, UNDEFINED);
            let item_start = self.bytes.len();
            self.elements(item, None);
            if self.undefined_lengths {
                self.bare_header(ITEM_END, 0);
            } else {
                self.patch_length(item_start);
            }
        }
        if self.undefined_lengths {
            self.bare_header(SEQUENCE_END, 0);
        } else {
            self.patch_length(start);
        }
        if let Some(length) = element.declared_length {
            self.write_length(start, length);
        }
    }

    fn fragments(&mut self, element: &Element, fragments: Vec<Vec<u8>>) {
        self.header(element.tag, VR::OB, element.declared_length.unwrap_or(UNDEFINED));
        self.bare_header(ITEM, 0);
        for fragment in fragments {
            self.bare_header(ITEM, u32::try_from(fragment.len()).expect("fragments are below 4 GiB"));
            self.bytes.extend_from_slice(&fragment);
        }
        self.bare_header(SEQUENCE_END, 0);
    }

    fn header(&mut self, tag: Tag, vr: VR, length: u32) {
        if !self.explicit {
            return self.bare_header(tag, length);
        }
        let long = matches!(
            vr,
            VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::SQ | VR::SV | VR::UC | VR::UN | VR::UR | VR::UT | VR::UV
        );
        self.word(tag.group());
        self.word(tag.element());
        match u16::try_from(length) {
            Ok(short) if !long => {
                self.bytes.extend_from_slice(vr.to_string().as_bytes());
                self.word(short);
            }
            _ => {
                // A value too long for a 16-bit length becomes UN with a 32-bit one (PS3.5 6.2.2).
                let vr = if long { vr } else { VR::UN };
                self.bytes.extend_from_slice(vr.to_string().as_bytes());
                self.word(0);
                self.double_word(length);
            }
        }
    }

    /// Tag and 32-bit length alone: implicit VR, and items everywhere.
    fn bare_header(&mut self, tag: Tag, length: u32) {
        self.word(tag.group());
        self.word(tag.element());
        self.double_word(length);
    }

    fn word(&mut self, word: u16) {
        self.bytes.extend_from_slice(&if self.big { word.to_be_bytes() } else { word.to_le_bytes() });
    }

    fn double_word(&mut self, word: u32) {
        self.bytes.extend_from_slice(&if self.big { word.to_be_bytes() } else { word.to_le_bytes() });
    }

    /// Fills the 32-bit length field just before `start` with the number of bytes written since.
    fn patch_length(&mut self, start: usize) {
        let length = u32::try_from(self.bytes.len() - start).expect("sequences are below 4 GiB");
        self.write_length(start, length);
    }

    fn write_length(&mut self, start: usize, length: u32) {
        let bytes = if self.big { length.to_be_bytes() } else { length.to_le_bytes() };
        self.bytes[start - 4..start].copy_from_slice(&bytes);
    }
}

/// What RLE has to know of the image.
#[derive(Clone, Copy)]
struct Pixels {
    per_frame: usize,
}

impl Pixels {
    fn of(data: &DataSet) -> Option<Self> {
        let number = |keyword| match data.get(keyword) {
            Some(Value::Words(words)) => words.first().map(|word| usize::from(*word)),
            _ => None,
        };
        let per_frame = number("Rows")? * number("Columns")?;
        (per_frame > 0).then_some(Self { per_frame })
    }
}

//! Data sets to files, in every encoding that readers meet (PS3.5 7 and annexes A, G; PS3.10 7). Sound data
//! sets are written by rt-dicom; what is odd about a file is done to their bytes.
//!
//! Units: none. Frame: none.

mod faults;

pub(crate) use faults::Fault;

use crate::uid::IMPLEMENTATION_CLASS;
use faults::Rewriter;
use rt_dicom::part10::{FileMeta, Implementation, PREAMBLE};
use rt_dicom::rle::{self, Pixel};
use rt_dicom::{DataSet, TransferSyntax, Value, tags};

/// What stands before the data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrapping {
    /// A DICOM file as it should be: preamble, prefix, file meta information.
    Part10,
    /// File meta information without the preamble and prefix.
    WithoutPreamble,
    /// The bare data set.
    Bare,
}

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Encoding {
    /// How the elements are encoded.
    pub syntax: TransferSyntax,
    /// What stands before them.
    pub wrapping: Wrapping,
    /// Sequences and items end with delimiters in place of stated lengths; those of deflated files always do.
    pub undefined_lengths: bool,
    /// Transfer Syntax UID that the file meta information claims, where it lies.
    pub claimed_syntax: Option<String>,
}

impl Default for Encoding {
    /// Implicit little endian with stated lengths in a proper file: what most planning systems write.
    fn default() -> Self {
        Self::of(TransferSyntax::ImplicitLittle)
    }
}

impl Encoding {
    /// A proper file with stated lengths in this transfer syntax.
    #[must_use]
    pub const fn of(syntax: TransferSyntax) -> Self {
        Self { syntax, wrapping: Wrapping::Part10, undefined_lengths: false, claimed_syntax: None }
    }

    /// The file of a data set.
    #[must_use]
    pub fn encode(&self, data: &DataSet) -> Vec<u8> {
        self.encode_with(data, &[])
    }

    /// The file of a data set, with faults.
    pub(crate) fn encode_with(&self, data: &DataSet, faults: &[Fault]) -> Vec<u8> {
        let mut file = self.start(data);
        let body = self.body(data);
        if self.syntax == TransferSyntax::Deflated {
            assert!(
                faults.is_empty(),
                "faults are put into bytes that can be walked, not into deflated ones"
            );
            file.extend(body);
        } else if self.undefined_lengths && faults.is_empty() {
            file.extend(body);
        } else {
            file.extend(Rewriter::new(&body, self, faults).data_set());
        }
        file
    }

    fn start(&self, data: &DataSet) -> Vec<u8> {
        let text_of = |tag| match data.value(tag) {
            Some(Value::Text(text)) => text.as_str(),
            _ => "",
        };
        let meta = FileMeta {
            sop_class: text_of(tags::SOP_CLASS_UID),
            sop_instance: text_of(tags::SOP_INSTANCE_UID),
            transfer_syntax: self.claimed_syntax.as_deref().unwrap_or(self.syntax.uid()),
            implementation: Implementation { class: IMPLEMENTATION_CLASS, version: "RT-PHANTOM" },
            source: None,
        };
        let start = meta.start().expect("phantoms hold what can be written");
        match self.wrapping {
            Wrapping::Part10 => start,
            Wrapping::WithoutPreamble => start[PREAMBLE + 4..].to_vec(),
            Wrapping::Bare => Vec::new(),
        }
    }

    fn body(&self, data: &DataSet) -> Vec<u8> {
        let mut data = data.clone();
        if self.syntax == TransferSyntax::Rle {
            compress(&mut data);
        }
        data.encode(self.syntax).expect("phantoms hold what can be written")
    }
}

/// Turns plain pixels into run-length encoded frames.
fn compress(data: &mut DataSet) {
    let number = |tag| match data.value(tag) {
        Some(Value::Words(words)) => words.first().map_or(0, |word| usize::from(*word)),
        _ => 0,
    };
    let (rows, columns) = (number(tags::ROWS), number(tags::COLUMNS));
    let (width, bytes): (usize, Vec<u8>) = match data.value(tags::PIXEL_DATA) {
        Some(Value::Words(words)) => (2, words.iter().flat_map(|word| word.to_le_bytes()).collect()),
        Some(Value::DoubleWords(words)) => (4, words.iter().flat_map(|word| word.to_le_bytes()).collect()),
        _ => return,
    };
    if rows * columns > 0 {
        let frames = bytes
            .chunks(rows * columns * width)
            .map(|frame| rle::frame(frame, Pixel::Number(width), columns));
        data.put(tags::PIXEL_DATA, Value::Fragments(frames.collect()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> DataSet {
        let mut item = DataSet::default();
        item.text(tags::ROI_NAME, "abc");
        let mut data = DataSet::default();
        data.text(tags::MODALITY, "CT").items(tags::STRUCTURE_SET_ROI_SEQUENCE, [item]);
        data
    }

    fn bare(syntax: TransferSyntax, undefined_lengths: bool) -> Vec<u8> {
        Encoding { wrapping: Wrapping::Bare, undefined_lengths, ..Encoding::of(syntax) }.encode(&data())
    }

    #[test]
    fn implicit_elements_are_tag_length_value() {
        let expected = [
            &[0x08, 0, 0x60, 0, 2, 0, 0, 0][..],
            b"CT",
            &[0x06, 0x30, 0x20, 0, 20, 0, 0, 0],
            &[0xFE, 0xFF, 0, 0xE0, 12, 0, 0, 0],
            &[0x06, 0x30, 0x26, 0, 4, 0, 0, 0],
            b"abc ",
        ];
        assert_eq!(bare(TransferSyntax::ImplicitLittle, false), expected.concat());
    }

    #[test]
    fn undefined_lengths_end_with_delimiters() {
        let bytes = bare(TransferSyntax::ExplicitBig, true);
        assert!(bytes.starts_with(&[0, 0x08, 0, 0x60, b'C', b'S', 0, 2, b'C', b'T']));
        assert!(bytes.ends_with(&[0xFF, 0xFE, 0xE0, 0x0D, 0, 0, 0, 0, 0xFF, 0xFE, 0xE0, 0xDD, 0, 0, 0, 0]));
    }

    #[test]
    fn a_long_decimal_string_becomes_un() {
        let mut data = DataSet::default();
        data.text(tags::CONTOUR_DATA, "1".repeat(65_536));
        let bytes = Encoding { wrapping: Wrapping::Bare, ..Encoding::of(TransferSyntax::ExplicitLittle) }
            .encode(&data);
        assert_eq!(bytes[4..12], [b'U', b'N', 0, 0, 0, 0, 1, 0]);
    }

    #[test]
    fn a_declared_length_is_written_as_it_is() {
        let fault =
            Fault::declared_length(&data(), "StructureSetROISequence[0] > ROIName", 0x0102_0304).unwrap();
        let bytes =
            Encoding { wrapping: Wrapping::Bare, ..Encoding::default() }.encode_with(&data(), &[fault]);
        assert!(bytes.ends_with(&[4, 3, 2, 1, b'a', b'b', b'c', b' ']));
    }

    #[test]
    fn a_repeated_element_stands_behind_itself() {
        let fault = Fault::repeated(&data(), "Modality", Value::text("MR")).unwrap();
        let encoding = Encoding { wrapping: Wrapping::Bare, ..Encoding::of(TransferSyntax::ExplicitLittle) };
        let bytes = encoding.encode_with(&data(), &[fault]);
        assert!(bytes.starts_with(b"\x08\0\x60\0CS\x02\0CT\x08\0\x60\0CS\x02\0MR"), "{bytes:?}");
    }

    #[test]
    fn stated_and_undefined_lengths_hold_the_same_in_every_byte_order() {
        for syntax in
            [TransferSyntax::ImplicitLittle, TransferSyntax::ExplicitLittle, TransferSyntax::ExplicitBig]
        {
            let [stated, undefined] = [false, true].map(|undefined| bare(syntax, undefined));
            // Two delimiters of 8 bytes.
            assert_eq!(stated.len() + 16, undefined.len());
            assert_eq!(stated[..10], undefined[..10]);
        }
    }
}

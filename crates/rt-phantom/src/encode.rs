//! Data sets to bytes, in every encoding that readers meet (PS3.5 7 and annexes A, G; PS3.10 7).
//!
//! Units: none. Frame: none.

mod writer;

use crate::data_set::{DataSet, Value};
use crate::uid::IMPLEMENTATION_CLASS;
use dicom_dictionary_std::tags;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rt_model::uid::transfer_syntax;
use std::io::Write;
use writer::Writer;

/// How a data set's elements are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferSyntax {
    /// Implicit VR Little Endian.
    ImplicitLittle,
    /// Explicit VR Little Endian.
    ExplicitLittle,
    /// Explicit VR Big Endian (retired).
    ExplicitBig,
    /// Deflated Explicit VR Little Endian.
    Deflated,
    /// Explicit VR Little Endian with pixel data in RLE Lossless; as [`Self::ExplicitLittle`] where there are no pixels.
    Rle,
}

impl TransferSyntax {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::ImplicitLittle, Self::ExplicitLittle, Self::ExplicitBig, Self::Deflated, Self::Rle];

    /// Transfer Syntax UID (0002,0010).
    #[must_use]
    pub const fn uid(self) -> &'static str {
        match self {
            Self::ImplicitLittle => transfer_syntax::IMPLICIT_LITTLE,
            Self::ExplicitLittle => transfer_syntax::EXPLICIT_LITTLE,
            Self::ExplicitBig => transfer_syntax::EXPLICIT_BIG,
            Self::Deflated => transfer_syntax::DEFLATED,
            Self::Rle => transfer_syntax::RLE,
        }
    }
}

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
    /// Sequences and items end with delimiters in place of stated lengths.
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
        let mut file = Vec::new();
        if self.wrapping == Wrapping::Part10 {
            file.resize(128, 0);
            file.extend_from_slice(b"DICM");
        }
        if self.wrapping != Wrapping::Bare {
            file.extend_from_slice(&self.meta(data));
        }
        let body = Writer::new(self.syntax, self.undefined_lengths).data_set(data);
        if self.syntax == TransferSyntax::Deflated {
            let mut deflater = DeflateEncoder::new(file, Compression::fast());
            deflater.write_all(&body).expect("memory takes all");
            return deflater.finish().expect("memory takes all");
        }
        file.extend_from_slice(&body);
        file
    }

    fn meta(&self, data: &DataSet) -> Vec<u8> {
        let text_of = |keyword| data.get(keyword).cloned().unwrap_or(Value::text(""));
        let mut meta = DataSet::default();
        meta.put(tags::FILE_META_INFORMATION_VERSION, Value::Bytes(vec![0, 1]))
            .put(tags::MEDIA_STORAGE_SOP_CLASS_UID, text_of("SOPClassUID"))
            .put(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, text_of("SOPInstanceUID"))
            .text(tags::TRANSFER_SYNTAX_UID, self.claimed_syntax.as_deref().unwrap_or(self.syntax.uid()))
            .text(tags::IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_CLASS)
            .text(tags::IMPLEMENTATION_VERSION_NAME, "RT-PHANTOM");
        let body = Writer::new(TransferSyntax::ExplicitLittle, false).data_set(&meta);
        let mut group_length = DataSet::default();
        let length = u32::try_from(body.len()).expect("file meta information is short");
        group_length.put(tags::FILE_META_INFORMATION_GROUP_LENGTH, Value::DoubleWords(vec![length]));
        let mut all = Writer::new(TransferSyntax::ExplicitLittle, false).data_set(&group_length);
        all.extend_from_slice(&body);
        all
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
        let bytes = Encoding { wrapping: Wrapping::Bare, ..Encoding::of(TransferSyntax::ExplicitLittle) }.encode(&data);
        assert_eq!(bytes[4..12], [b'U', b'N', 0, 0, 0, 0, 1, 0]);
    }

    #[test]
    fn a_declared_length_is_written_as_it_is() {
        let mut data = data();
        data.declare_length("StructureSetROISequence[0] > ROIName", 0x0102_0304).unwrap();
        let bytes = Encoding { wrapping: Wrapping::Bare, ..Encoding::default() }.encode(&data);
        assert!(bytes.ends_with(&[4, 3, 2, 1, b'a', b'b', b'c', b' ']));
    }
}

//! Data sets to bytes, through dicom-object.
//!
//! Values go in as bytes or words, so that text copied from another object stays byte for byte what it was
//! and no codec touches it. Sequences and items have undefined lengths: dicom-object does not compute
//! lengths, it would write the ones that it is given.
//!
//! Units: bytes. Frame: none.

mod pixels;

use crate::data_set::{DataSet, Element, Value};
use crate::error::{WriteError, WriteErrorKind};
use crate::tags;
use crate::transfer_syntax::TransferSyntax;
use crate::vr::Vr;
use dicom_core::value::PixelFragmentSequence;
use dicom_core::{DataElement, PrimitiveValue, Tag as CoreTag, VR};
use dicom_encoding::TransferSyntaxIndex;
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;
use rt_model::provenance::Tag;

/// Values below this length have one that 32 bits hold; the largest number of 32 bits means "undefined".
const LONGEST: usize = u32::MAX as usize - 1;

impl DataSet {
    /// The data set in a transfer syntax, without preamble and file meta information.
    ///
    /// In explicit VR, values that are too long for a 16-bit length become UN (PS3.5 section 6.2.2).
    ///
    /// # Errors
    /// Where a value has 4 GiB or more, an item states a character set of its own, or fragments stand
    /// elsewhere than in the Pixel Data of the outermost data set.
    pub fn encode(mut self, syntax: TransferSyntax) -> Result<Vec<u8>, WriteError> {
        let mut out = Vec::with_capacity(self.size());
        let pixels = pixels::take(&mut self, syntax);
        let object = object(self, syntax, Level::Outermost)?;
        let uid =
            if syntax == TransferSyntax::Rle { TransferSyntax::ExplicitLittle.uid() } else { syntax.uid() };
        let known = TransferSyntaxRegistry
            .get(uid)
            .expect("the registry has the standard's uncompressed transfer syntaxes");
        object.write_dataset_with_ts(&mut out, known).map_err(WriteError::data_set)?;
        if let Some(pixels) = pixels {
            match &pixels.value {
                Value::Fragments(fragments) => {
                    fragments.iter().try_for_each(|one| check_length(pixels.tag, one.len()))?;
                }
                plain => check_length(pixels.tag, plain.len())?,
            }
            pixels::append(&mut out, pixels, known)?;
        }
        Ok(out)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Outermost,
    Item,
}

fn object(data: DataSet, syntax: TransferSyntax, level: Level) -> Result<InMemDicomObject, WriteError> {
    let elements = data.elements.into_iter().map(|element| self::element(element, syntax, level));
    elements.collect::<Result<Vec<_>, _>>().map(InMemDicomObject::from_element_iter)
}

fn element(element: Element, syntax: TransferSyntax, level: Level) -> Result<InMemElement, WriteError> {
    let Element { tag, vr, value } = element;
    let core = CoreTag(tag.group, tag.element);
    if tag == tags::SPECIFIC_CHARACTER_SET && level == Level::Item {
        // dicom-object would keep it for everything that follows the item.
        let detail = "expected items in the character set of their data set, found one of its own";
        return Err(WriteError::at_tag(WriteErrorKind::CharacterSetOfItem, tag, detail));
    }
    match value {
        Value::Items(items) => {
            let items = items
                .into_iter()
                .map(|item| object(item, syntax, Level::Item))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(DataElement::new(core, VR::SQ, dicom_core::value::DataSetSequence::from(items)))
        }
        Value::Fragments(fragments) => {
            if tag != tags::PIXEL_DATA || level != Level::Outermost {
                let detail =
                    "expected fragments in Pixel Data of the outermost data set alone, found them here";
                return Err(WriteError::at_tag(WriteErrorKind::Fragments, tag, detail));
            }
            for fragment in &fragments {
                check_length(tag, fragment.len())?;
            }
            Ok(DataElement::new(core, VR::OB, PixelFragmentSequence::new_fragments(fragments)))
        }
        plain => {
            check_length(tag, plain.len())?;
            let written = written_vr(vr, plain.len(), syntax);
            // Text is padded as text, whatever it is written as.
            let padding = if matches!(plain, Value::Text(_)) && vr.0 != VR::UI { b' ' } else { vr.padding() };
            Ok(DataElement::new(core, written.0, primitive(written, padding, plain, syntax)))
        }
    }
}

fn check_length(tag: Tag, length: usize) -> Result<(), WriteError> {
    if length < LONGEST {
        return Ok(());
    }
    Err(WriteError::at_tag(WriteErrorKind::TooLong, tag, "expected a value below 4 GiB, found a longer one"))
}

/// The value representation that is written: UN for a sequence that is only known as bytes, and for what
/// explicit VR cannot hold.
fn written_vr(vr: Vr, length: usize, syntax: TransferSyntax) -> Vr {
    let too_long =
        syntax.is_explicit() && vr.has_short_length() && length.next_multiple_of(2) > usize::from(u16::MAX);
    if too_long || vr == Vr::SQ { Vr::UN } else { vr }
}

fn primitive(vr: Vr, padding: u8, value: Value, syntax: TransferSyntax) -> PrimitiveValue {
    match value {
        Value::Words(words) if syntax == TransferSyntax::ExplicitBig => PrimitiveValue::U16(words.into()),
        Value::DoubleWords(words) if syntax == TransferSyntax::ExplicitBig => {
            PrimitiveValue::U32(words.into())
        }
        Value::QuadWords(words) if syntax == TransferSyntax::ExplicitBig => PrimitiveValue::U64(words.into()),
        Value::Tags(tags) => {
            PrimitiveValue::Tags(tags.into_iter().map(|tag| CoreTag(tag.group, tag.element)).collect())
        }
        Value::Text(text) => bytes(vr, padding, text.into_bytes()),
        Value::Bytes(value) => bytes(vr, padding, value),
        other => bytes(vr, padding, other.little_endian().into_owned()),
    }
}

fn bytes(vr: Vr, padding: u8, mut bytes: Vec<u8>) -> PrimitiveValue {
    if bytes.is_empty() {
        return PrimitiveValue::Empty;
    }
    if matches!(vr.0, VR::DS | VR::IS) {
        // Bytes of these would be written as decimal numbers of bytes. Their codec is Latin-1, so that each
        // byte stays what it is.
        return PrimitiveValue::Str(match String::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => text,
            Ok(text) => text.into_bytes().into_iter().map(char::from).collect(),
            Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
        });
    }
    if bytes.len() % 2 == 1 {
        bytes.push(padding);
    }
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(data: &DataSet, syntax: TransferSyntax) -> Vec<u8> {
        data.clone().encode(syntax).unwrap()
    }

    /// The data set as dicom-object reads it.
    fn read(bytes: &[u8], syntax: TransferSyntax) -> InMemDicomObject {
        InMemDicomObject::read_dataset_with_ts(bytes, TransferSyntaxRegistry.get(syntax.uid()).unwrap())
            .unwrap()
    }

    fn text(object: &InMemDicomObject, tag: Tag) -> String {
        object.element(CoreTag(tag.group, tag.element)).unwrap().to_str().unwrap().into_owned()
    }

    #[test]
    fn elements_are_in_order_and_of_even_length() {
        let mut item = DataSet::default();
        item.text(tags::ROI_NAME, "abc");
        let mut data = DataSet::default();
        data.items(tags::STRUCTURE_SET_ROI_SEQUENCE, [item])
            .text(tags::MODALITY, "CT")
            .text(tags::SOP_INSTANCE_UID, "1.2.3");
        let implicit = [
            &b"\x08\0\x18\0\x06\0\0\x001.2.3\0\x08\0\x60\0\x02\0\0\0CT"[..],
            b"\x06\x30\x20\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF\x06\x30\x26\0\x04\0\0\0abc ",
            b"\xFE\xFF\x0D\xE0\0\0\0\0\xFE\xFF\xDD\xE0\0\0\0\0",
        ];
        assert_eq!(encoded(&data, TransferSyntax::ImplicitLittle), implicit.concat());
        let explicit = encoded(&data, TransferSyntax::ExplicitLittle);
        let start =
            b"\x08\0\x18\0UI\x06\x001.2.3\0\x08\0\x60\0CS\x02\0CT\x06\x30\x20\0SQ\0\0\xFF\xFF\xFF\xFF";
        assert!(explicit.starts_with(start), "{explicit:?}");
    }

    #[test]
    fn pixels_are_written_as_dicom_object_writes_them() {
        let syntaxes =
            [TransferSyntax::ImplicitLittle, TransferSyntax::ExplicitLittle, TransferSyntax::ExplicitBig];
        for (vr, value) in [(Vr::OW, Value::Bytes(vec![1, 2, 3, 4])), (Vr::OB, Value::Bytes(vec![9, 8, 7]))] {
            for syntax in syntaxes {
                let mut data = DataSet::default();
                data.text(tags::MODALITY, "CT").put_as(tags::PIXEL_DATA, vr, value.clone());
                let whole = object(data.clone(), syntax, Level::Outermost).unwrap();
                let mut expected = Vec::new();
                let known = TransferSyntaxRegistry.get(syntax.uid()).unwrap();
                whole.write_dataset_with_ts(&mut expected, known).unwrap();
                assert_eq!(encoded(&data, syntax), expected, "{syntax:?} {vr:?}");
            }
        }
        let mut data = DataSet::default();
        data.put(tags::PIXEL_DATA, Value::Fragments(vec![vec![1, 2], vec![3, 4, 5, 6]]));
        let whole = object(data.clone(), TransferSyntax::Rle, Level::Outermost).unwrap();
        let mut expected = Vec::new();
        let known = TransferSyntaxRegistry.get(TransferSyntax::ExplicitLittle.uid()).unwrap();
        whole.write_dataset_with_ts(&mut expected, known).unwrap();
        assert_eq!(encoded(&data, TransferSyntax::Rle), expected);
    }

    #[test]
    fn decimal_and_integer_strings_given_as_bytes_are_text() {
        let mut data = DataSet::default();
        data.bytes(tags::PIXEL_SPACING, *b"0.5\\2")
            .bytes(tags::INSTANCE_NUMBER, *b"17")
            .bytes(tags::SLICE_THICKNESS, *b"3\xFC");
        for syntax in [TransferSyntax::ImplicitLittle, TransferSyntax::ExplicitLittle] {
            let bytes = encoded(&data, syntax);
            for value in [&b"0.5\\2 "[..], b"17", b"3\xFC"] {
                assert!(bytes.windows(value.len()).any(|window| window == value), "{bytes:?}");
            }
            assert!(!bytes.windows(2).any(|window| window == b"48"), "a byte as a number: {bytes:?}");
        }
    }

    #[test]
    fn text_behind_an_item_keeps_the_character_set_of_the_data_set() {
        let mut item = DataSet::default();
        item.text(tags::CODE_MEANING, "Größe");
        let mut data = DataSet::default();
        data.text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192")
            .items(tags::PROCEDURE_CODE_SEQUENCE, [item.clone()])
            .text(tags::PATIENT_NAME, "Müller^Jürgen");
        let bytes = encoded(&data, TransferSyntax::ExplicitLittle);
        assert!(bytes.windows(15).any(|window| window == "Müller^Jürgen".as_bytes()));
        assert_eq!(text(&read(&bytes, TransferSyntax::ExplicitLittle), tags::PATIENT_NAME), "Müller^Jürgen");
        // An item with a character set of its own would change the text of all that follows.
        item.text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 100");
        data.items(tags::PROCEDURE_CODE_SEQUENCE, [item]);
        let error = data.encode(TransferSyntax::ExplicitLittle).unwrap_err();
        assert_eq!(error.kind(), WriteErrorKind::CharacterSetOfItem);
    }

    #[test]
    fn text_in_another_character_set_is_written_as_its_bytes() {
        let mut data = DataSet::default();
        data.text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 100").bytes(tags::PATIENT_NAME, *b"M\xFCller");
        let bytes = encoded(&data, TransferSyntax::ExplicitLittle);
        assert!(bytes.ends_with(b"PN\x06\0M\xFCller"), "{bytes:?}");
        assert_eq!(text(&read(&bytes, TransferSyntax::ExplicitLittle), tags::PATIENT_NAME), "Müller");
    }

    #[test]
    fn a_value_of_more_than_64_kib_is_un_in_explicit_vr_and_itself_in_implicit() {
        let long = "1\\".repeat(40_000) + "1";
        let mut data = DataSet::default();
        data.text(tags::CONTOUR_DATA, &long);
        let explicit = encoded(&data, TransferSyntax::ExplicitLittle);
        assert_eq!(explicit[..12], *b"\x06\x30\x50\0UN\0\0\x82\x38\x01\0");
        assert_eq!(explicit[12..], *[long.as_bytes(), b" "].concat());
        let implicit = encoded(&data, TransferSyntax::ImplicitLittle);
        assert_eq!(
            text(&read(&implicit, TransferSyntax::ImplicitLittle), tags::CONTOUR_DATA).trim_end(),
            long
        );
        // The longest that has a 16-bit length stays what it is.
        data.text(tags::CONTOUR_DATA, "1".repeat(65_534));
        assert_eq!(encoded(&data, TransferSyntax::ExplicitLittle)[4..8], *b"DS\xFE\xFF");
    }

    #[test]
    fn sequences_read_back_whatever_their_items_become() {
        // With stated lengths dicom-object writes those that it was given, padding left out: the next element
        // is lost.
        let mut inner = DataSet::default();
        inner.text(tags::REFERENCED_SOP_INSTANCE_UID, "1.2.3");
        let mut item = DataSet::default();
        item.items(tags::CONTOUR_IMAGE_SEQUENCE, [inner]).text(tags::CONTOUR_GEOMETRIC_TYPE, "POINT");
        let mut data = DataSet::default();
        data.items(tags::CONTOUR_SEQUENCE, vec![item; 3])
            .text(tags::APPROVAL_STATUS, "APPROVED")
            .items(tags::RT_REFERENCED_STUDY_SEQUENCE, []);
        for syntax in
            [TransferSyntax::ImplicitLittle, TransferSyntax::ExplicitLittle, TransferSyntax::ExplicitBig]
        {
            let object = read(&encoded(&data, syntax), syntax);
            assert_eq!(text(&object, tags::APPROVAL_STATUS).trim_end(), "APPROVED");
            let items = object.element(CoreTag(0x3006, 0x0040)).unwrap().items().unwrap();
            assert_eq!(items.len(), 3);
            assert_eq!(text(&items[2], tags::CONTOUR_GEOMETRIC_TYPE).trim_end(), "POINT");
            assert!(object.element(CoreTag(0x3006, 0x0012)).unwrap().items().unwrap().is_empty());
        }
    }

    #[test]
    fn numbers_have_the_byte_order_of_the_transfer_syntax() {
        let mut data = DataSet::default();
        data.short(tags::ROWS, 0x0102)
            .put(tags::PIXEL_DATA, Value::Words(vec![0x0304]))
            .double(tags::REAL_WORLD_VALUE_SLOPE, 1.5)
            .put(tags::FRAME_INCREMENT_POINTER, Value::Tags(vec![tags::SLICE_LOCATION_VECTOR]));
        let little = encoded(&data, TransferSyntax::ExplicitLittle);
        assert!(little.ends_with(b"\xE0\x7F\x10\0OW\0\0\x02\0\0\0\x04\x03"), "{little:?}");
        let big = encoded(&data, TransferSyntax::ExplicitBig);
        assert!(big.starts_with(b"\0\x28\0\x09AT\0\x04\0\x18\x20\x05"), "{big:?}");
        assert!(big.ends_with(b"\x7F\xE0\0\x10OW\0\0\0\0\0\x02\x03\x04"), "{big:?}");
        let pointer = &b"AT\x04\0\x18\0\x05\x20"[..];
        for bytes in [pointer, b"US\x02\0\x02\x01", &[&b"FD\x08\0"[..], &1.5f64.to_le_bytes()].concat()] {
            assert!(little.windows(bytes.len()).any(|window| window == bytes), "{little:?}");
        }
    }

    #[test]
    fn fragments_are_delimited_and_stand_in_pixel_data_alone() {
        let mut data = DataSet::default();
        data.put(tags::PIXEL_DATA, Value::Fragments(vec![vec![1, 2], vec![3]]));
        let expected =
            b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0\xFE\xFF\0\xE0\x02\0\0\0\x01\x02\
            \xFE\xFF\0\xE0\x02\0\0\0\x03\0\xFE\xFF\xDD\xE0\0\0\0\0";
        assert_eq!(encoded(&data, TransferSyntax::Rle), expected);
        let mut outer = DataSet::default();
        outer.items(tags::CONTOUR_SEQUENCE, [data]);
        assert_eq!(outer.encode(TransferSyntax::Rle).unwrap_err().kind(), WriteErrorKind::Fragments);
    }

    #[test]
    fn the_same_data_set_gives_the_same_bytes_deflated_too() {
        let mut data = DataSet::default();
        data.text(tags::PATIENT_ID, "A17").bytes(tags::PIXEL_DATA, vec![7; 5000]);
        for syntax in TransferSyntax::ALL {
            assert_eq!(encoded(&data, syntax), encoded(&data, syntax));
        }
        let deflated = encoded(&data, TransferSyntax::Deflated);
        assert!(deflated.len() < 200, "{}", deflated.len());
        assert_eq!(text(&read(&deflated, TransferSyntax::Deflated), tags::PATIENT_ID).trim_end(), "A17");
    }
}

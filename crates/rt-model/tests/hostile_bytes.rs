//! No bytes make the reader panic, run for ever or allocate without need: cuts and changes at every place of
//! small objects, and constructed bombs.

use proptest::prelude::*;
use rt_model::finding::files;
use rt_model::frame::PatientPoint;
use rt_model::read::{
    ReadErrorKind, ReadOptions, read_dose_from_bytes, read_instance_header_from_bytes, read_plan_from_bytes,
    read_structure_set_from_bytes,
};
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_phantom::case::{CaseBuilder, DoseSpec, ImageSpec, Role};
use rt_phantom::{Encoding, GridSpec, TransferSyntax};
use std::path::Path;
use std::sync::OnceLock;

/// Reads the bytes in every way there is.
fn read_all(bytes: &[u8]) {
    let path = Path::new("hostile.dcm");
    let options = ReadOptions::default();
    let _ = read_instance_header_from_bytes(bytes, path);
    let _ = read_plan_from_bytes(bytes, path, &options);
    let _ = read_structure_set_from_bytes(bytes, path, &options);
    let _ = read_dose_from_bytes(bytes, path, &options);
}

/// Small objects of each kind in each encoding.
fn objects() -> &'static [Vec<u8>] {
    static OBJECTS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    OBJECTS.get_or_init(|| {
        let points = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)].map(|(x, y)| PatientPoint::new(x, y, 0.0)).to_vec();
        let contour = Contour { index: 0, kind: ContourKind::ClosedPlanar, points, slab_thickness: None };
        let grid =
            GridSpec::covering(PatientPoint::new(0.0, 0.0, 0.0), PatientPoint::new(4.0, 4.0, 4.0), 2.0);
        let mut objects = Vec::new();
        for syntax in TransferSyntax::ALL {
            for undefined_lengths in [false, true] {
                let case = CaseBuilder::new("hostile")
                    .encoding(Encoding { undefined_lengths, ..Encoding::of(syntax) })
                    .image(Some(ImageSpec { planes: vec![0.0], pixels: 4, ..ImageSpec::default() }))
                    .dose(DoseSpec { grid: grid.clone(), bits: 32, ..DoseSpec::default() })
                    .roi(Roi {
                        number: 1,
                        name: "cube".into(),
                        contours: vec![contour.clone()],
                        ..Roi::default()
                    })
                    .build()
                    .unwrap();
                let kinds = [Role::Plan, Role::StructureSet, Role::Dose, Role::Image];
                objects.extend(kinds.map(|role| case.files_of(role).next().unwrap().bytes()));
            }
        }
        objects
    })
}

#[test]
fn a_cut_at_any_place_is_survived() {
    for object in objects() {
        for length in 0..object.len() {
            read_all(&object[..length]);
        }
    }
}

#[test]
fn a_changed_byte_at_any_place_is_survived() {
    for object in objects() {
        let mut bytes = object.clone();
        for at in 128..bytes.len() {
            for value in [0xFF, bytes[at] ^ 0x01] {
                let kept = std::mem::replace(&mut bytes[at], value);
                read_all(&bytes);
                bytes[at] = kept;
            }
        }
    }
}

proptest! {
    #[test]
    fn shuffled_pieces_are_survived(
        object in 0..40_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..64_usize), 1..8),
    ) {
        let mut bytes = objects()[object % objects().len()].clone();
        for (from, to, length) in edits {
            let from = from.index(bytes.len());
            let piece: Vec<u8> = bytes[from..bytes.len().min(from + length)].to_vec();
            let to = to.index(bytes.len());
            bytes.splice(to..to, piece);
        }
        read_all(&bytes);
    }

    #[test]
    fn noise_is_survived(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        read_all(&bytes);
    }
}

/// Elements of an explicit or implicit data set, written by hand.
struct Bytes {
    bytes: Vec<u8>,
    explicit: bool,
}

impl Bytes {
    fn new(explicit: bool) -> Self {
        Self { bytes: Vec::new(), explicit }
    }

    fn element(&mut self, tag: (u16, u16), vr: &[u8; 2], length: u32, value: &[u8]) -> &mut Self {
        self.bytes.extend(tag.0.to_le_bytes());
        self.bytes.extend(tag.1.to_le_bytes());
        let long = matches!(vr, b"SQ" | b"UN" | b"OB" | b"OW");
        match (self.explicit, long) {
            (false, _) => self.bytes.extend(length.to_le_bytes()),
            (true, false) => {
                self.bytes.extend(vr);
                self.bytes.extend((length as u16).to_le_bytes());
            }
            (true, true) => {
                self.bytes.extend(vr);
                self.bytes.extend([0, 0]);
                self.bytes.extend(length.to_le_bytes());
            }
        }
        self.bytes.extend(value);
        self
    }

    fn text(&mut self, tag: (u16, u16), vr: &[u8; 2], text: &str) -> &mut Self {
        let padded = if text.len().is_multiple_of(2) { text.to_owned() } else { format!("{text} ") };
        self.element(tag, vr, padded.len() as u32, padded.as_bytes())
    }

    /// The start of an object of a SOP class.
    fn object(explicit: bool, sop_class: &str) -> Self {
        let mut bytes = Self::new(explicit);
        bytes.text((0x0008, 0x0016), b"UI", sop_class).text((0x0008, 0x0018), b"UI", "2.25.42");
        bytes
    }
}

const STRUCTURE_SET: &str = "1.2.840.10008.5.1.4.1.1.481.3";
const DOSE: &str = "1.2.840.10008.5.1.4.1.1.481.2";
const UNDEFINED: u32 = u32::MAX;

fn structure_set_error(bytes: &[u8]) -> ReadErrorKind {
    read_structure_set_from_bytes(bytes, Path::new("RS.dcm"), &ReadOptions::default()).unwrap_err().kind()
}

#[test]
fn sequences_that_open_without_end_meet_the_limit_of_nesting() {
    for explicit in [true, false] {
        for vr in [b"SQ", b"UN"] {
            let mut bomb = Bytes::object(explicit, STRUCTURE_SET);
            for _ in 0..20_000 {
                bomb.element((0x3006, 0x0010), vr, UNDEFINED, b"");
                bomb.bytes.extend([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
                // Inside UN everything is implicit.
                bomb.explicit &= vr == b"SQ";
            }
            assert_eq!(structure_set_error(&bomb.bytes), ReadErrorKind::TooDeep, "{explicit} {vr:?}");
        }
    }
}

#[test]
fn a_length_beyond_the_file_is_refused_without_allocating() {
    for claimed in [0x7FFF_FFFE, 0xFFFF_FFFE] {
        let mut bytes = Bytes::object(true, STRUCTURE_SET);
        bytes.element((0x3006, 0x0039), b"SQ", claimed, b"");
        assert_eq!(structure_set_error(&bytes.bytes), ReadErrorKind::Truncated);
    }
}

#[test]
fn a_grid_that_claims_terabytes_is_refused_by_its_header() {
    let mut bytes = Bytes::object(false, DOSE);
    for (tag, vr, text) in [
        ((0x0020, 0x0032), b"DS", "0\\0\\0"),
        ((0x0020, 0x0037), b"DS", "1\\0\\0\\0\\1\\0"),
        ((0x0028, 0x0008), b"IS", "1"),
    ] {
        bytes.text(tag, vr, text);
    }
    bytes.element((0x0028, 0x0010), b"US", 2, &[0xFF, 0xFF]).element(
        (0x0028, 0x0011),
        b"US",
        2,
        &[0xFF, 0xFF],
    );
    bytes.text((0x0028, 0x0030), b"DS", "1\\1").element((0x0028, 0x0100), b"US", 2, &[32, 0]);
    bytes.text((0x3004, 0x0002), b"CS", "GY").text((0x3004, 0x0004), b"CS", "PHYSICAL").text(
        (0x3004, 0x000E),
        b"DS",
        "1",
    );
    bytes.element((0x7FE0, 0x0010), b"OW", 4, &[0; 4]);
    let error = read_dose_from_bytes(&bytes.bytes, Path::new("RD.dcm"), &ReadOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ReadErrorKind::TooLarge, "{error}");
}

/// As many elements as fit, out of order and twice: sorting them must not cost their square.
#[test]
fn many_elements_are_refused_in_time() {
    let mut bytes = Bytes::object(false, STRUCTURE_SET);
    for at in (0..200_000_u32).rev() {
        let [low, high, _, _] = (at / 2).to_le_bytes();
        bytes.element((0x0009, u16::from_le_bytes([low, high]) | 1), b"UN", 0, b"");
    }
    assert_eq!(structure_set_error(&bytes.bytes), ReadErrorKind::TooLarge);
}

#[test]
fn a_chain_of_empty_items_meets_the_limit_of_items() {
    let item = [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0];
    let items = item.repeat(300_000);
    let mut bytes = Bytes::object(true, "1.2.840.10008.5.1.4.1.1.481.5");
    bytes.element((0x300C, 0x0060), b"SQ", items.len() as u32, &items);
    let error = read_plan_from_bytes(&bytes.bytes, Path::new("RP.dcm"), &ReadOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ReadErrorKind::TooLarge, "{error}");
}

#[test]
fn trailing_zeros_are_padding() {
    let mut bytes = Bytes::object(true, STRUCTURE_SET);
    bytes.bytes.extend([0; 1000]);
    let read =
        read_structure_set_from_bytes(&bytes.bytes, Path::new("RS.dcm"), &ReadOptions::default()).unwrap();
    assert!(
        read.findings.iter().any(|finding| finding.text.contains("found 1000 more bytes")),
        "{:?}",
        read.findings
    );
}

/// An item in implicit VR inside a data set in explicit VR, as some archives leave it.
#[test]
fn an_implicit_item_inside_explicit_vr_is_read() {
    let mut item = Bytes::new(false);
    item.text((0x3006, 0x0022), b"IS", "7").text((0x3006, 0x0026), b"LO", "lens");
    let mut sequence = Bytes::new(true);
    sequence.bytes.extend([0xFE, 0xFF, 0x00, 0xE0]);
    sequence.bytes.extend((item.bytes.len() as u32).to_le_bytes());
    sequence.bytes.extend(&item.bytes);
    let mut bytes = Bytes::object(true, STRUCTURE_SET);
    bytes.element((0x3006, 0x0020), b"SQ", sequence.bytes.len() as u32, &sequence.bytes);
    let read =
        read_structure_set_from_bytes(&bytes.bytes, Path::new("RS.dcm"), &ReadOptions::default()).unwrap();
    assert_eq!(read.value.rois[0].name, "lens");
    assert!(read.findings.iter().any(|finding| finding.code == files::MIXED_ENCODING), "{:?}", read.findings);
}

//! Doses that leave a question open: what the user may answer, and what is refused.

use rt_model::dose::{DosePart, DvhContribution, StoredDvhKind, StoredVolumeUnit, Summation};
use rt_model::finding::{Code, Finding, dose, files};
use rt_model::read::{AssumeOffsets, ReadErrorKind, ReadOptions, read_dose_from_bytes};
use rt_model::units::Gy;
use rt_phantom::case::{CaseBuilder, DoseSpec, PhantomFile, Role};
use rt_phantom::{DataSet, Encoding, GridSpec, OffsetStyle, Position, TransferSyntax, Value};
use std::path::Path;

/// A grid of 3 x 3 x 3 voxels, 2 mm apart, whose corner is at 1, 2, 3 mm.
fn file_in(position: Position, syntax: TransferSyntax, offsets: OffsetStyle) -> PhantomFile {
    let [low, high] =
        [0.0, 4.0].map(|add| rt_model::frame::PatientPoint::new(1.0 + add, 2.0 + add, 3.0 + add));
    let grid = GridSpec { offsets, ..GridSpec::covering(low, high, 2.0) };
    let case = CaseBuilder::new("doses")
        .position(position)
        .encoding(Encoding::of(syntax))
        .image(None)
        .dose(DoseSpec { grid, bits: 32, ..DoseSpec::default() })
        .build()
        .unwrap();
    case.files_of(Role::Dose).next().unwrap().clone()
}

fn file() -> PhantomFile {
    file_in(Position::Hfs, TransferSyntax::ExplicitLittle, OffsetStyle::Relative)
}

fn read(
    file: &PhantomFile,
    options: &ReadOptions,
) -> Result<(rt_model::dose::Dose, Vec<Finding>), ReadErrorKind> {
    let parsed =
        read_dose_from_bytes(&file.bytes(), Path::new("RD.dcm"), options).map_err(|error| error.kind())?;
    Ok((parsed.value, parsed.findings))
}

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

fn offsets(file: &PhantomFile, options: &ReadOptions) -> Result<(Vec<f64>, Vec<Code>), ReadErrorKind> {
    let (dose, findings) = read(file, options)?;
    Ok((dose.grid.unwrap().geometry().offsets().to_vec(), codes(&findings)))
}

const RELATIVE: ReadOptions = ReadOptions {
    assume_offsets: Some(AssumeOffsets::Relative),
    assume_spacing: false,
    relative_dose_reference: None,
};
const ABSOLUTE: ReadOptions = ReadOptions {
    assume_offsets: Some(AssumeOffsets::Absolute),
    assume_spacing: false,
    relative_dose_reference: None,
};

#[test]
fn offsets_of_unclear_meaning_wait_for_the_user() {
    let mut unclear = file();
    unclear.data.set("GridFrameOffsetVector", Value::text("7\\9\\11")).unwrap();
    assert_eq!(offsets(&unclear, &ReadOptions::default()), Err(ReadErrorKind::FrameOffsetStart));
    assert_eq!(offsets(&unclear, &RELATIVE), Ok((vec![0.0, 2.0, 4.0], vec![dose::FRAME_OFFSETS_ASSUMED])));
    assert_eq!(
        offsets(&unclear, &ABSOLUTE),
        Err(ReadErrorKind::FrameOffsetStart),
        "7 is not the first voxel's z"
    );
}

/// Feet first supine: the normal is -z, so that z coordinates and distances run against each other.
#[test]
fn z_coordinates_of_feet_first_frames_need_the_users_word() {
    let feet_first = file_in(Position::Ffs, TransferSyntax::ImplicitLittle, OffsetStyle::Absolute);
    assert_eq!(offsets(&feet_first, &ReadOptions::default()), Err(ReadErrorKind::FrameOffsetStart));
    assert_eq!(offsets(&feet_first, &ABSOLUTE), Ok((vec![0.0, 2.0, 4.0], vec![dose::FRAME_OFFSETS_ASSUMED])));
    assert_eq!(
        offsets(&feet_first, &RELATIVE),
        Ok((vec![0.0, -2.0, -4.0], vec![dose::FRAME_OFFSETS_ASSUMED]))
    );
}

#[test]
fn a_rule_that_holds_is_not_overruled() {
    assert_eq!(offsets(&file(), &ABSOLUTE), Ok((vec![0.0, 2.0, 4.0], vec![])));
    let mut minus_zero = file();
    minus_zero.data.set("GridFrameOffsetVector", Value::text("-0\\-1\\-2")).unwrap();
    assert_eq!(offsets(&minus_zero, &ReadOptions::default()), Ok((vec![0.0, -1.0, -2.0], vec![])));
}

#[test]
fn frames_without_offsets_take_the_slice_thickness_on_request_alone() {
    let mut without = file();
    without.data.remove("GridFrameOffsetVector").unwrap();
    let options = ReadOptions { assume_spacing: true, ..ReadOptions::default() };
    without.data.set("SliceThickness", Value::text("")).unwrap();
    assert_eq!(offsets(&without, &options), Err(ReadErrorKind::NoFrameOffsets));
    without.data.set("SliceThickness", Value::text("2.5")).unwrap();
    assert_eq!(offsets(&without, &ReadOptions::default()), Err(ReadErrorKind::NoFrameOffsets));
    assert_eq!(offsets(&without, &options), Ok((vec![0.0, 2.5, 5.0], vec![dose::FRAME_SPACING_ASSUMED])));
}

#[test]
fn a_wrong_frame_pointer_is_told() {
    let mut file = file();
    file.data
        .set("FrameIncrementPointer", Value::Tags(vec![rt_model::provenance::Tag::new(0x0018, 0x1063)]))
        .unwrap();
    assert_eq!(codes(&read(&file, &ReadOptions::default()).unwrap().1), [dose::FRAME_INCREMENT_POINTER]);
}

#[test]
fn a_relative_dose_becomes_gray_by_the_users_word_alone() {
    let gray = read(&file(), &ReadOptions::default()).unwrap().0.grid.unwrap();
    let mut relative = file();
    relative.data.set("DoseUnits", Value::text("RELATIVE")).unwrap();
    assert_eq!(read(&relative, &ReadOptions::default()).unwrap_err(), ReadErrorKind::RelativeDose);
    for nonsense in [0.0, -1.0, f64::NAN] {
        let options = ReadOptions { relative_dose_reference: Some(Gy(nonsense)), ..ReadOptions::default() };
        assert_eq!(read(&relative, &options).unwrap_err(), ReadErrorKind::RelativeDose, "{nonsense}");
    }
    let options = ReadOptions { relative_dose_reference: Some(Gy(2.0)), ..ReadOptions::default() };
    let (read, findings) = read(&relative, &options).unwrap();
    let grid = read.grid.unwrap();
    assert_eq!(codes(&findings), [dose::RELATIVE_DOSE]);
    assert_eq!(grid.step(), gray.step() * 2.0);
    for (doubled, once) in grid.voxels().iter().zip(gray.voxels()) {
        assert!((doubled - 2.0 * once).abs() < 1e-5);
    }
}

#[test]
fn unknown_units_and_odd_forms_are_refused() {
    for (attribute, value, kind) in [
        ("DoseUnits", Value::text("RAD"), ReadErrorKind::DoseUnits),
        ("DoseUnits", Value::text(""), ReadErrorKind::DoseUnits),
        ("BitsAllocated", Value::Words(vec![8]), ReadErrorKind::PixelFormat),
        ("SamplesPerPixel", Value::Words(vec![3]), ReadErrorKind::PixelFormat),
        ("Rows", Value::Words(vec![0]), ReadErrorKind::Value),
        ("NumberOfFrames", Value::text("-3"), ReadErrorKind::Value),
        ("NumberOfFrames", Value::text(""), ReadErrorKind::MissingAttribute),
        ("SOPClassUID", Value::text("1.2.840.10008.5.1.4.1.1.2"), ReadErrorKind::WrongObject),
    ] {
        let mut file = file();
        file.data.set(attribute, value).unwrap();
        assert_eq!(read(&file, &ReadOptions::default()).unwrap_err(), kind, "{attribute}");
    }
}

#[test]
fn suspicious_magnitudes_are_told() {
    for scaling in ["1", "1e-12"] {
        let mut file = file();
        file.data.set("DoseGridScaling", Value::text(scaling)).unwrap();
        assert_eq!(
            codes(&read(&file, &ReadOptions::default()).unwrap().1),
            [dose::DOSE_MAGNITUDE],
            "{scaling}"
        );
    }
}

#[test]
fn run_length_encoded_voxels_are_those_of_plain_ones() {
    let plain = read(&file(), &ReadOptions::default()).unwrap().0.grid.unwrap();
    let packed = file_in(Position::Hfs, TransferSyntax::Rle, OffsetStyle::Relative);
    assert_eq!(read(&packed, &ReadOptions::default()).unwrap().0.grid.unwrap(), plain);
    let mut damaged = packed;
    damaged.data.set("NumberOfFrames", Value::text("4")).unwrap();
    damaged.data.set("GridFrameOffsetVector", Value::text("0\\2\\4\\6")).unwrap();
    assert_eq!(read(&damaged, &ReadOptions::default()).unwrap_err(), ReadErrorKind::Rle);
}

#[test]
fn the_part_of_a_plan_is_read() {
    let mut file = file();
    let plan = "ReferencedRTPlanSequence[0]";
    let item = |pairs: &[(&str, Value)]| {
        let mut item = DataSet::default();
        for (keyword, value) in pairs {
            item.set(keyword, value.clone()).unwrap();
        }
        item
    };
    let beam = |number: &str| item(&[("ReferencedBeamNumber", Value::text(number))]);
    let group = item(&[
        ("ReferencedFractionGroupNumber", Value::text("2")),
        ("ReferencedBeamSequence", Value::Items(vec![beam("3"), beam("5")])),
    ]);
    file.data.set("DoseSummationType", Value::text("BEAM")).unwrap();
    file.data.set(&format!("{plan} > ReferencedFractionGroupSequence"), Value::Items(vec![group])).unwrap();
    let (read, findings) = read(&file, &ReadOptions::default()).unwrap();
    assert_eq!(read.header.summation, Summation::Beam);
    assert_eq!(
        read.header.parts,
        [3, 5].map(|beam| DosePart { fraction_group: 2, beam: Some(beam), control_points: None })
    );
    assert_eq!(findings, []);
}

#[test]
fn a_part_that_is_not_named_is_told() {
    let mut file = file();
    file.data.set("DoseSummationType", Value::text("BEAM")).unwrap();
    assert_eq!(codes(&read(&file, &ReadOptions::default()).unwrap().1), [dose::NO_DOSE_PART]);
    file.data.set("DoseSummationType", Value::text("SUM")).unwrap();
    file.data.set("DoseType", Value::text("")).unwrap();
    assert_eq!(codes(&read(&file, &ReadOptions::default()).unwrap().1), [dose::UNKNOWN_DOSE_TERM; 2]);
}

/// A DVH of three bins; `edit` changes it.
fn with_dvh(edit: impl FnOnce(&mut DataSet)) -> PhantomFile {
    let mut roi = DataSet::default();
    roi.set("ReferencedROINumber", Value::text("4")).unwrap();
    roi.set("DVHROIContributionType", Value::text("INCLUDED")).unwrap();
    let mut dvh = DataSet::default();
    for (keyword, text) in [
        ("DVHType", "CUMULATIVE"),
        ("DoseUnits", "GY"),
        ("DoseType", "PHYSICAL"),
        ("DVHDoseScaling", "0.5"),
        ("DVHVolumeUnits", "CM3"),
        ("DVHNumberOfBins", "3"),
        ("DVHData", "2\\10\\2\\8\\4\\1"),
        ("DVHMaximumDose", "4"),
    ] {
        dvh.set(keyword, Value::text(text)).unwrap();
    }
    dvh.set("DVHReferencedROISequence", Value::Items(vec![roi])).unwrap();
    edit(&mut dvh);
    let mut file = file();
    file.data.set("DVHSequence", Value::Items(vec![dvh])).unwrap();
    file
}

#[test]
fn stored_dvhs_have_edges_in_gray() {
    let (read, findings) = read(&with_dvh(|_| {}), &ReadOptions::default()).unwrap();
    assert!(read.header.has_dvhs);
    let [dvh] = read.stored_dvhs.as_slice() else { panic!("{:?}", read.stored_dvhs) };
    assert_eq!(dvh.rois, [(4, DvhContribution::Included)]);
    assert_eq!(dvh.edges, [0.0, 1.0, 2.0, 4.0].map(Gy));
    assert_eq!(dvh.volumes, [10.0, 8.0, 1.0]);
    assert_eq!(
        (dvh.kind, dvh.volume_unit, dvh.maximum),
        (StoredDvhKind::Cumulative, StoredVolumeUnit::Cm3, Some(Gy(4.0)))
    );
    assert_eq!(findings, []);
}

#[test]
fn stored_dvhs_that_cannot_be_used_are_left_out_and_told() {
    for (attribute, text, code) in [
        ("DVHType", "ODD", dose::STORED_DVH_UNUSABLE),
        ("DoseUnits", "RELATIVE", dose::STORED_DVH_UNUSABLE),
        ("DVHVolumeUnits", "", dose::STORED_DVH_UNUSABLE),
        ("DVHDoseScaling", "0", dose::STORED_DVH_UNUSABLE),
        ("DVHData", "-2\\10\\2\\8\\4\\1", dose::STORED_DVH_UNUSABLE),
    ] {
        let file = with_dvh(|dvh| {
            dvh.set(attribute, Value::text(text)).unwrap();
        });
        let (read, findings) = read(&file, &ReadOptions::default()).unwrap();
        assert_eq!((read.stored_dvhs, codes(&findings)), (vec![], vec![code]), "{attribute}");
    }
    let (read, findings) = read(
        &with_dvh(|dvh| {
            dvh.remove("DVHReferencedROISequence").unwrap();
        }),
        &ReadOptions::default(),
    )
    .unwrap();
    assert_eq!((read.stored_dvhs, codes(&findings)), (vec![], vec![dose::STORED_DVH_WITHOUT_ROI]));
}

#[test]
fn a_rising_cumulative_dvh_is_kept_and_told() {
    let file = with_dvh(|dvh| {
        dvh.set("DVHData", Value::text("2\\10\\2\\11\\4\\1")).unwrap();
    });
    let (read, findings) = read(&file, &ReadOptions::default()).unwrap();
    assert_eq!((read.stored_dvhs.len(), codes(&findings)), (1, vec![dose::STORED_DVH_NOT_MONOTONE]));
}

#[test]
fn an_attribute_that_comes_twice_counts_once() {
    let mut file = file();
    file.repeat("DoseUnits", Value::text("RELATIVE")).unwrap();
    assert_eq!(codes(&read(&file, &ReadOptions::default()).unwrap().1), [files::DUPLICATE_ATTRIBUTE]);
}

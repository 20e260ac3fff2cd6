//! What a user sees of each kind of odd input: which code, how grave, at which attribute, with what was
//! expected and found.
//!
//! `UPDATE_DOCS=1 cargo test -p rt-model --test odd_input` writes `docs/odd-input.md` from the table below.

use rt_model::finding::Severity::{self, Error, Info, Warning};
use rt_model::finding::{Code, Finding, dose, files, plan, structures};
use rt_model::read::{ReadError, ReadOptions, ScanOptions, read_dose, read_plan, read_structure_set, scan};
use rt_phantom::fixtures::{self, Fixture};
use std::ops::ControlFlow;
use std::path::Path;

/// One finding that is expected.
struct Says {
    code: Code,
    severity: Severity,
    /// The attribute's path; empty where the finding is of the whole file.
    attribute: &'static str,
    /// What the text says was expected.
    expected: &'static str,
    /// What it says was found.
    found: &'static str,
}

const fn says(
    code: Code,
    severity: Severity,
    attribute: &'static str,
    expected: &'static str,
    found: &'static str,
) -> Says {
    Says { code, severity, attribute, expected, found }
}

/// Kinds whose files are sound by themselves, all or some of them.
const IN_MATCHING: [u8; 14] = [10, 12, 13, 14, 15, 31, 32, 33, 34, 44, 45, 46, 47, 48];

/// What reading the odd file of a fixture says; `None` for a fixture of the matching, whose files are sound
/// by themselves.
fn table(name: &str) -> Option<Vec<Says>> {
    const DATA: &str = "ROIContourSequence[0] > ContourSequence[2] > ContourData";
    Some(match name {
        "html" => vec![says(files::NOT_DICOM, Info, "", "DICOM", "an HTML page")],
        "zip" => vec![says(files::NOT_DICOM, Info, "", "DICOM", "a zip archive")],
        "empty" => vec![says(files::NOT_DICOM, Error, "", "DICOM", "an empty file")],
        "truncated_contours" => {
            vec![says(files::TRUNCATED, Error, "ROIContourSequence", "26080 bytes", "11807 (14273 missing)")]
        }
        "truncated_pixels" => {
            vec![says(files::TRUNCATED, Error, "PixelData", "31250 bytes", "30250 (1000 missing)")]
        }
        "bare" | "no_preamble" => {
            vec![says(files::NO_PREAMBLE, Warning, "", "the prefix DICM", "the elements at once")]
        }
        "syntax_disagrees" => {
            vec![says(
                files::WRONG_TRANSFER_SYNTAX,
                Warning,
                "",
                "1.2.840.10008.1.2.1",
                "implicit VR little endian",
            )]
        }
        "private_syntax" => vec![says(
            files::UNKNOWN_TRANSFER_SYNTAX,
            Error,
            "TransferSyntaxUID",
            "a transfer syntax of the standard",
            "1.3.6.1.4.1.99999.5.1",
        )],
        "deflated" | "big_endian" | "un_for_public" => vec![],
        "length_overflow" => {
            let path = "ROIContourSequence[0] > ContourSequence[0] > ContourData";
            vec![says(files::LENGTH_OVERFLOW, Error, path, "71154 bytes", "5618")]
        }
        "unknown_charset" => {
            vec![says(
                files::UNKNOWN_CHARACTER_SET,
                Warning,
                "SpecificCharacterSet",
                "a defined term",
                "\"ISO_IR 999\"",
            )]
        }
        "no_instance_uid" => {
            vec![says(files::NO_SOP_INSTANCE, Error, "SOPInstanceUID", "a SOP Instance UID", "none")]
        }
        "long_uid" => {
            vec![says(files::INVALID_UID, Warning, "SOPInstanceUID", "at most 64", "74 characters")]
        }
        "leading_zero_uid" => {
            vec![says(files::INVALID_UID, Warning, "SOPInstanceUID", "without leading zeros", "1.2.0034.5")]
        }
        "scaling_missing" => {
            vec![says(dose::DOSE_GRID_SCALING, Error, "DoseGridScaling", "a number above 0", "none")]
        }
        "scaling_zero" => {
            vec![says(dose::DOSE_GRID_SCALING, Error, "DoseGridScaling", "a number above 0", "0")]
        }
        "scaling_negative" => {
            vec![says(dose::DOSE_GRID_SCALING, Error, "DoseGridScaling", "a number above 0", "-0.001")]
        }
        "scaling_nan" => vec![says(dose::DOSE_GRID_SCALING, Error, "DoseGridScaling", "a number", "\"NaN\"")],
        "no_pixels" => {
            vec![says(dose::NO_DOSE_GRID, Warning, "PixelData", "a dose grid", "no such attribute")]
        }
        "relative" => vec![says(dose::RELATIVE_DOSE, Error, "DoseUnits", "GY", "RELATIVE")],
        "centigray" => {
            vec![says(dose::ODD_DOSE_UNITS, Warning, "DoseUnits", "GY", "CGY: taken as hundredths of a gray")]
        }
        "lower_case_units" => vec![says(dose::ODD_DOSE_UNITS, Warning, "DoseUnits", "GY", "Gy")],
        "signed" => {
            vec![says(dose::SIGNED_DOSE, Warning, "PixelRepresentation", "unsigned voxels", "signed ones")]
        }
        "signed_overflow" => {
            vec![says(dose::NEGATIVE_DOSE, Error, "PixelData", "no negative dose", "-26.0009 Gy")]
        }
        "twelve_bits" => vec![
            says(dose::BITS_STORED, Warning, "BitsStored", "16 for 16 bits allocated", "12"),
            says(dose::BITS_STORED, Warning, "HighBit", "15 for 16 bits allocated", "11"),
        ],
        "offsets_missing" => {
            vec![says(dose::NO_FRAME_OFFSETS, Error, "GridFrameOffsetVector", "25 offsets", "none")]
        }
        "offsets_short" => {
            vec![says(dose::FRAME_OFFSET_COUNT, Error, "GridFrameOffsetVector", "25 offsets", "3")]
        }
        "offsets_turn_back" => {
            vec![says(
                dose::FRAME_OFFSET_ORDER,
                Error,
                "GridFrameOffsetVector",
                "a grid",
                "rise or fall strictly (offset 7)",
            )]
        }
        "offsets_uneven" | "offsets_descending" | "anisotropic" => vec![],
        "offsets_absolute" => {
            vec![says(
                dose::ABSOLUTE_FRAME_OFFSETS,
                Info,
                "GridFrameOffsetVector",
                "",
                "starts at z = -24 mm",
            )]
        }
        "offsets_start_anywhere" => {
            vec![says(dose::FRAME_OFFSET_START, Error, "GridFrameOffsetVector", "a first offset of 0", "7")]
        }
        "one_frame_two_offsets" => {
            vec![says(dose::SINGLE_FRAME_OFFSETS, Warning, "GridFrameOffsetVector", "1 offset", "2")]
        }
        "pixels_short" => {
            vec![says(dose::PIXEL_DATA_LENGTH, Error, "PixelData", "31250 bytes", "31200 (50 missing)")]
        }
        "pixels_long" => {
            vec![says(dose::PIXEL_DATA_LENGTH, Error, "PixelData", "31250 bytes", "31300 (50 too many)")]
        }
        "skewed" => {
            vec![says(
                dose::GRID_ORIENTATION,
                Error,
                "ImageOrientationPatient",
                "",
                "not two perpendicular unit vectors",
            )]
        }
        "no_orientation" => {
            vec![says(dose::GRID_ORIENTATION, Error, "ImageOrientationPatient", "6 numbers", "0")]
        }
        "no_spacing" => vec![says(dose::GRID_SPACING, Error, "PixelSpacing", "2 numbers", "0")],
        "spacing_zero" => {
            vec![says(dose::GRID_SPACING, Error, "PixelSpacing", "", "not positive: 2 and 0 mm")]
        }
        "spacing_negative" => {
            vec![says(dose::GRID_SPACING, Error, "PixelSpacing", "", "not positive: -2 and 2 mm")]
        }
        "no_contours" => {
            let place = "StructureSetROISequence[0]";
            vec![says(structures::ROI_WITHOUT_CONTOURS, Info, place, "contours of ROI 1 \"sphere\"", "none")]
        }
        "points_only" => {
            let place = "StructureSetROISequence[2]";
            vec![says(
                structures::ROI_WITHOUT_AREA,
                Info,
                place,
                "closed contours of ROI 3",
                "points or lines alone",
            )]
        }
        "point_count" => vec![says(structures::CONTOUR_POINT_COUNT, Error, DATA, "35 points", "36")],
        "not_triplets" => {
            vec![says(structures::CONTOUR_POINT_COUNT, Error, DATA, "a multiple of 3 values", "107")]
        }
        // Crossings and the reach of the images are geometry: the drawing is kept as it is.
        "self_crossing" | "outside_images" => vec![],
        "long_name" => {
            let path = "StructureSetROISequence[0] > ROIName";
            vec![says(structures::ODD_ROI_NAME, Warning, path, "at most 64 characters", "79")]
        }
        "control_characters" => {
            let path = "StructureSetROISequence[0] > ROIName";
            vec![says(structures::ODD_ROI_NAME, Warning, path, "printable characters", "control characters")]
        }
        "roi_number_twice" => {
            let path = "StructureSetROISequence[1] > ROINumber";
            let (of_set, two) = ("the number of a ROI of the structure set", "2");
            let (contours, observation) = (
                "ROIContourSequence[1] > ReferencedROINumber",
                "RTROIObservationsSequence[1] > ReferencedROINumber",
            );
            vec![
                says(structures::DUPLICATE_ROI_NUMBER, Error, path, "each ROI number once", "1 again"),
                says(structures::CONTOURS_WITHOUT_ROI, Error, contours, of_set, two),
                says(structures::OBSERVATION_WITHOUT_ROI, Warning, observation, of_set, two),
            ]
        }
        "sagittal" => {
            let place = "StructureSetROISequence[2]";
            vec![says(
                structures::NON_AXIAL_CONTOURS,
                Warning,
                place,
                "axial planes",
                "8 other contours of ROI 3",
            )]
        }
        "fractions_empty" => {
            let path = "FractionGroupSequence[0] > NumberOfFractionsPlanned";
            vec![says(plan::FRACTIONS_NOT_PLANNED, Warning, path, "", "none")]
        }
        "one_control_point" => {
            vec![says(plan::ONE_CONTROL_POINT, Info, "BeamSequence[0] > ControlPointSequence", "two", "one")]
        }
        "final_weight_zero" => {
            let path = "BeamSequence[0] > FinalCumulativeMetersetWeight";
            vec![says(plan::NO_FINAL_METERSET_WEIGHT, Warning, path, "", "0")]
        }
        "final_weight_empty" => {
            let path = "BeamSequence[0] > FinalCumulativeMetersetWeight";
            vec![says(plan::NO_FINAL_METERSET_WEIGHT, Warning, path, "", "none")]
        }
        "leaf_count" => {
            let path = "BeamSequence[0] > ControlPointSequence[0] > BeamLimitingDevicePositionSequence[0] > LeafJawPositions";
            vec![says(plan::LEAF_POSITION_COUNT, Warning, path, "2 positions for 1 pairs", "1")]
        }
        "multi_plan_of_one" => {
            vec![says(
                dose::MULTI_PLAN_REFERENCES,
                Warning,
                "ReferencedRTPlanSequence",
                "two or more plans",
                "1",
            )]
        }
        "dvh_odd_length" => {
            vec![says(
                dose::STORED_DVH_LENGTH,
                Warning,
                "DVHSequence[0] > DVHData",
                "6 values",
                "5: whole pairs are used",
            )]
        }
        "dvh_absolute" => {
            vec![says(
                dose::STORED_DVH_ABSOLUTE,
                Warning,
                "DVHSequence[0] > DVHData",
                "bin widths",
                "read as doses",
            )]
        }
        "decimal_comma" => {
            vec![says(dose::DOSE_GRID_SCALING, Error, "DoseGridScaling", "a number", "\"0,001\"")]
        }
        "two_points" => {
            vec![says(dose::GRID_POSITION, Error, "ImagePositionPatient", "a number", "\"1.2.3\"")]
        }
        "nan_coordinate" => {
            let path = "ROIContourSequence[0] > ContourSequence[1] > ContourData";
            vec![says(structures::UNREADABLE_CONTOUR, Error, path, "a number", "\"NaN\"")]
        }
        "long_decimal" => {
            vec![says(files::LONG_NUMBER, Info, "DoseGridScaling", "at most 16 characters", "more")]
        }
        "optional_comma" => {
            let path = "DoseReferenceSequence[0] > DeliveryMaximumDose";
            vec![says(files::UNREADABLE_NUMBER, Warning, path, "a number", "\"66,5\"")]
        }
        "integer_with_decimals" => {
            let path = "FractionGroupSequence[0] > NumberOfFractionsPlanned";
            vec![says(files::INTEGER_WITH_DECIMALS, Warning, path, "a whole number", "\"30.0\"")]
        }
        "impossible_date" => {
            vec![says(files::UNREADABLE_DATE, Warning, "StructureSetDate", "a date YYYYMMDD", "none")]
        }
        "ancient_date" => {
            vec![says(files::UNREADABLE_DATE, Warning, "PatientBirthDate", "a living patient", "before 1900")]
        }
        "huge" => vec![says(
            files::TOO_LARGE,
            Error,
            "PixelData",
            "at most 4294967296 bytes",
            "65535 x 65535 x 512 voxels",
        )],
        "nested_too_deep" => {
            vec![says(
                files::NESTED_TOO_DEEP,
                Error,
                "ReferencedStudySequence",
                "at most 64 nested sequences",
                "more",
            )]
        }
        "sequence_bomb" => vec![says(
            files::TOO_LARGE,
            Error,
            "StructureSetROISequence[262144]",
            "at most 262144 items",
            "more",
        )],
        "compressed_32_bit" => {
            vec![says(
                dose::COMPRESSED_DOSE,
                Error,
                "PixelData",
                "plain or run-length encoded",
                "1.2.840.10008.1.2.4.90",
            )]
        }
        "rescale" => vec![
            says(dose::RESCALE_IGNORED, Warning, "RescaleSlope", "Dose Grid Scaling alone", "another rule"),
            says(
                dose::RESCALE_IGNORED,
                Warning,
                "RescaleIntercept",
                "Dose Grid Scaling alone",
                "another rule",
            ),
        ],
        "overlay" => vec![says(dose::OVERLAY_IGNORED, Warning, "OverlayRows", "no overlay", "one: ignored")],
        _ => return None,
    })
}

/// What a scan and then a full read of one file say.
fn findings(path: &Path) -> Vec<Finding> {
    let inventory =
        scan(&[path.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(())).unwrap();
    let Some(instance) = inventory.instances.first() else {
        return inventory.rejected.into_iter().map(|rejected| rejected.finding).collect();
    };
    let options = ReadOptions::default();
    let read: Result<Vec<Finding>, ReadError> = match instance.info.modality.as_str() {
        "RTDOSE" => read_dose(path, &options).map(|parsed| parsed.findings),
        "RTSTRUCT" => read_structure_set(path, &options).map(|parsed| parsed.findings),
        "RTPLAN" => read_plan(path, &options).map(|parsed| parsed.findings),
        _ => Ok(instance.findings.clone()),
    };
    let said = read.unwrap_or_else(|error| vec![error.finding()]);
    for finding in &instance.findings {
        assert!(
            said.contains(finding) || said[0].severity == Error,
            "a scan says more than a read: {finding}"
        );
    }
    said
}

fn assert_says(fixture: &Fixture, found: &Finding, expected: &Says, path: &Path) {
    let name = fixture.name;
    assert_eq!((found.code, found.severity), (expected.code, expected.severity), "{name}: {found}");
    assert_eq!(found.at.file.as_deref(), Some(path), "{name}: {found}");
    assert_eq!(found.at.path.as_deref().unwrap_or_default(), expected.attribute, "{name}: {found}");
    let is_attribute = !expected.attribute.is_empty() && !expected.attribute.ends_with("[262144]");
    assert_eq!(found.at.tag.is_some(), is_attribute, "{name}: {found}");
    let whole_file =
        [files::NOT_DICOM, files::UNKNOWN_TRANSFER_SYNTAX, files::NO_SOP_INSTANCE].contains(&found.code);
    assert!(whole_file || found.at.sop_instance.is_some(), "{name} names its SOP instance: {found}");
    for part in [expected.expected, expected.found] {
        assert!(found.text.contains(part), "{name}: {:?} lacks {part:?}", found.text);
    }
    assert!(!found.text.ends_with('.') && !found.text.contains("PHANTOM^"), "{name}: {}", found.text);
}

#[test]
fn every_odd_input_is_told_with_its_place() {
    for fixture in fixtures::all() {
        let Some(expected) = table(fixture.name) else { continue };
        let folder = tempfile::tempdir().unwrap();
        fixture.case().unwrap().write(folder.path()).unwrap();
        let path = folder.path().join(fixture.file);
        let found = findings(&path);
        let listed = found.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n");
        assert_eq!(found.len(), expected.len(), "{}:\n{listed}", fixture.name);
        for (found, expected) in found.iter().zip(&expected) {
            assert_says(&fixture, found, expected, &path);
        }
    }
}

#[test]
fn one_odd_file_leaves_the_others_readable() {
    for fixture in fixtures::all() {
        let folder = tempfile::tempdir().unwrap();
        let written = fixture.case().unwrap().write(folder.path()).unwrap();
        let inventory =
            scan(&[folder.path().to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))
                .unwrap();
        let read = inventory.instances.len() + inventory.rejected.len();
        assert_eq!(read, written.files.len(), "{}: every file is in one of the two lists", fixture.name);
        // Fixtures of the encoding change every file of their case.
        let whole_case = ["private_syntax"].contains(&fixture.name);
        assert!(whole_case || inventory.rejected.len() <= 1, "{}: {:?}", fixture.name, inventory.rejected);
    }
}

#[test]
fn the_sound_case_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for file in fixtures::sound("sound").write(folder.path()).unwrap().files {
        assert_eq!(findings(&file.path), [], "{}", file.path.display());
    }
}

#[test]
fn the_page_lists_every_fixture() {
    let mut page = String::from(
        "# Odd input\n\nWhat is said about files that are not as they should be. Each line is a fixture of `rt-phantom` and is \
         tested. Where nothing is\nsaid the file is read as it is meant; some kinds show only where files are matched or contours \
         become regions.\n\n| kind | name | what is odd | what is said on reading |\n|---|---|---|---|\n",
    );
    for fixture in fixtures::all() {
        let said = match table(fixture.name) {
            None => {
                assert!(IN_MATCHING.contains(&fixture.item), "{} is not in the table", fixture.name);
                "nothing: it shows in matching".to_owned()
            }
            Some(said) if said.is_empty() => "nothing".to_owned(),
            Some(said) => said
                .iter()
                .map(|says| format!("{} {}", says.code, says.severity))
                .collect::<Vec<_>>()
                .join(", "),
        };
        page += &format!("| {} | {} | {} | {said} |\n", fixture.item, fixture.name, fixture.what);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/odd-input.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let current = std::fs::read_to_string(path).unwrap_or_default();
    assert!(current == page, "docs/odd-input.md is out of date: run with UPDATE_DOCS=1");
}

//! Contours that are not as they should be: what is kept, what is left out, and what is said.

use rt_model::finding::{Code, Severity, structures};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::read::{ReadOptions, read_structure_set_from_bytes};
use rt_model::structure_set::{Contour, ContourKind, Roi, StructureSet};
use rt_model::uid::Uid;
use rt_model::units::Mm;
use rt_phantom::case::{CaseBuilder, PhantomFile, Role};
use rt_phantom::{Encoding, TransferSyntax, Value};
use std::path::Path;

/// Squares of 10 mm on planes 2 mm apart.
fn roi(number: i32, planes: usize) -> Roi {
    let square = |index: usize| {
        let z = 2.0 * index as f64;
        let points = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
            .map(|(x, y)| PatientPoint::new(x, y, z))
            .to_vec();
        Contour { index, kind: ContourKind::ClosedPlanar, points, slab_thickness: None }
    };
    Roi {
        number,
        name: format!("ROI {number}"),
        contours: (0..planes).map(square).collect(),
        ..Roi::default()
    }
}

fn file(rois: impl IntoIterator<Item = Roi>) -> PhantomFile {
    let case = CaseBuilder::new("structure sets").image(None).rois(rois).build().unwrap();
    case.files_of(Role::StructureSet).next().unwrap().clone()
}

fn read(file: &PhantomFile) -> (StructureSet, Vec<(Code, Severity, String)>) {
    let parsed =
        read_structure_set_from_bytes(&file.bytes(), Path::new("RS.dcm"), &ReadOptions::default()).unwrap();
    let reported = parsed
        .findings
        .into_iter()
        .map(|finding| (finding.code, finding.severity, finding.at.path.unwrap_or_default()));
    (parsed.value, reported.collect())
}

/// The path of an attribute of the second contour.
fn second(attribute: &str) -> String {
    format!("ROIContourSequence[0] > ContourSequence[1] > {attribute}")
}

/// Reads a ROI of four contours whose second has `attribute` set to `text`: contours kept, left out, and what
/// was said.
fn with_second(attribute: &str, text: &str) -> (usize, usize, Vec<(Code, Severity, String)>) {
    let mut file = file([roi(1, 4)]);
    file.data.set(&second(attribute), Value::text(text)).unwrap();
    let (set, reported) = read(&file);
    (set.rois[0].contours.len(), set.rois[0].unusable_contours, reported)
}

#[test]
fn contours_that_cannot_be_used_are_counted_and_told() {
    for (attribute, text, code) in [
        ("ContourData", "0\\0\\2\\10\\0\\2\\10\\x\\2\\0\\10\\2", structures::UNREADABLE_CONTOUR),
        ("ContourData", "0\\0\\2\\10\\0\\2\\10\\1,5\\2\\0\\10\\2", structures::UNREADABLE_CONTOUR),
        ("ContourData", "0\\0\\2\\10\\0\\2\\inf\\10\\2\\0\\10\\2", structures::UNREADABLE_CONTOUR),
        ("ContourData", "0\\0\\2\\10\\0\\2\\\\10\\2\\0\\10\\2", structures::UNREADABLE_CONTOUR),
        ("ContourData", "0\\0\\2\\10\\0\\2\\10", structures::CONTOUR_POINT_COUNT),
        ("ContourData", "0\\0\\2\\10\\0\\2\\10\\10\\2", structures::CONTOUR_POINT_COUNT),
        ("ContourData", "", structures::CONTOUR_POINT_COUNT),
    ] {
        let expected = (3, 1, vec![(code, Severity::Error, second("ContourData"))]);
        assert_eq!(with_second(attribute, text), expected, "{text}");
    }
    let expected =
        (3, 1, vec![(structures::UNKNOWN_CONTOUR_TYPE, Severity::Error, second("ContourGeometricType"))]);
    assert_eq!(with_second("ContourGeometricType", "SPIRAL"), expected);
    let expected = (3, 1, vec![(structures::CONTOUR_OFFSET, Severity::Error, second("ContourOffsetVector"))]);
    assert_eq!(with_second("(3006,0045)", "0\\0\\1.5"), expected);
}

#[test]
fn what_can_be_understood_is_kept() {
    let expected = |code, severity, attribute: &str| (4, 0, vec![(code, severity, second(attribute))]);
    assert_eq!(
        with_second("ContourData", "0\\0\\2\\10\\0\\2\\10\\10\\2\\0\\10\\2\\"),
        (4, 0, vec![]),
        "a backslash at the end"
    );
    assert_eq!(with_second("(3006,0045)", "0\\0\\0"), (4, 0, vec![]), "an offset of zero");
    assert_eq!(
        with_second("ContourGeometricType", "CLOSED_PLANAR_XOR"),
        expected(structures::MISSPELT_CONTOUR_TYPE, Severity::Warning, "ContourGeometricType")
    );
    assert_eq!(
        with_second("NumberOfContourPoints", ""),
        expected(structures::CONTOUR_POINT_COUNT, Severity::Warning, "NumberOfContourPoints")
    );
}

#[test]
fn a_polygon_in_all_but_its_label_or_count_is_a_polygon() {
    for (attribute, text, code, severity) in [
        ("ContourGeometricType", "", structures::CONTOUR_TYPE_ASSUMED, Severity::Warning),
        ("ContourGeometricType", "INTERPOLATED_PLANAR", structures::INTERPOLATED_CONTOUR, Severity::Info),
        ("NumberOfContourPoints", "12", structures::CONTOUR_COUNT_ODD, Severity::Warning),
    ] {
        assert_eq!(with_second(attribute, text), (4, 0, vec![(code, severity, second(attribute))]), "{text}");
    }
    let mut closing = file([roi(1, 4)]);
    closing
        .data
        .set(&second("ContourData"), Value::text("0\\0\\2\\10\\0\\2\\10\\10\\2\\0\\10\\2\\0\\0\\2"))
        .unwrap();
    let (set, reported) = read(&closing);
    assert_eq!((set.rois[0].contours[1].points.len(), set.rois[0].unusable_contours), (4, 0));
    assert_eq!(reported[0].0, structures::CONTOUR_COUNT_ODD);
}

#[test]
fn lines_and_points_among_closed_contours_are_reported() {
    for kind in ["OPEN_PLANAR", "OPEN_NONPLANAR", "POINT"] {
        let (kept, unusable, reported) = with_second("ContourGeometricType", kind);
        let codes: Vec<Code> = reported.iter().map(|(code, ..)| *code).collect();
        assert_eq!((kept, unusable, codes), (4, 0, vec![structures::OPEN_CONTOURS]), "{kind}");
    }
}

#[test]
fn two_rois_of_one_number_cost_those_rois_alone() {
    let mut twice = file([roi(1, 4), roi(2, 4), roi(3, 4)]);
    for path in [
        "StructureSetROISequence[1] > ROINumber",
        "ROIContourSequence[1] > ReferencedROINumber",
        "RTROIObservationsSequence[1] > ReferencedROINumber",
    ] {
        twice.data.set(path, Value::text("3")).unwrap();
    }
    let (set, reported) = read(&twice);
    assert_eq!(set.rois.iter().map(|roi| (roi.number, roi.contours.len())).collect::<Vec<_>>(), [(1, 4)]);
    assert_eq!(
        reported.iter().map(|(code, ..)| *code).collect::<Vec<_>>(),
        [structures::DUPLICATE_ROI_NUMBER]
    );
}

#[test]
fn a_roi_of_another_frame_of_reference_is_marked() {
    let uid = |text: &str| Uid::new(text);
    let of = |frame: &str| Roi { frame_of_reference: uid(frame), ..roi(1, 1) };
    let mut set = read(&file([roi(1, 1)])).0;
    set.rois = vec![of("1.9"), of("1.8"), of(" ")];
    set.mark_foreign(uid("1.9").as_ref());
    assert_eq!(set.rois.iter().map(|roi| roi.is_foreign).collect::<Vec<_>>(), [false, true, false]);
    set.mark_foreign(None);
    assert!(
        set.rois.iter().all(|roi| !roi.is_foreign),
        "a dose that states none lies in the structure set's"
    );
}

#[test]
fn a_closed_contour_of_two_points_encloses_nothing() {
    let mut file = file([roi(1, 4)]);
    file.data.set(&second("ContourData"), Value::text("0\\0\\2\\10\\0\\2")).unwrap();
    file.data.set(&second("NumberOfContourPoints"), Value::text("2")).unwrap();
    let (set, reported) = read(&file);
    assert_eq!((set.rois[0].contours.len(), set.rois[0].unusable_contours), (3, 0));
    assert_eq!(reported, [(structures::TOO_FEW_POINTS, Severity::Warning, second("ContourData"))]);
}

#[test]
fn a_repeated_first_point_is_dropped() {
    let mut file = file([roi(1, 4)]);
    file.data
        .set(&second("ContourData"), Value::text("0\\0\\2\\10\\0\\2\\10\\10\\2\\0\\10\\2\\0\\0\\2"))
        .unwrap();
    file.data.set(&second("NumberOfContourPoints"), Value::text("5")).unwrap();
    let (set, reported) = read(&file);
    assert_eq!(set.rois[0].contours, roi(1, 4).contours);
    assert_eq!(
        reported,
        [(structures::CLOSING_POINT_DROPPED, Severity::Info, "StructureSetROISequence[0]".to_owned())]
    );
}

#[test]
fn points_off_their_plane_are_told_and_far_ones_left_out() {
    for (z, kept, code, severity) in [
        ("2.05", 4, None, Severity::Info),
        ("2.19", 4, None, Severity::Info),
        ("2.6", 4, Some(structures::CONTOUR_OFF_PLANE), Severity::Warning),
        ("9", 3, Some(structures::CONTOUR_FAR_OFF_PLANE), Severity::Error),
    ] {
        let (contours, unusable, reported) =
            with_second("ContourData", &format!("0\\0\\2\\10\\0\\2\\10\\10\\{z}\\0\\10\\2"));
        assert_eq!((contours, unusable), (kept, 4 - kept), "{z}");
        let expected: Vec<_> = code.into_iter().map(|code| (code, severity, second("ContourData"))).collect();
        assert_eq!(reported, expected, "{z}");
    }
}

#[test]
fn an_oblique_plane_is_a_plane() {
    let tilted = |index: usize, (x, y): (f64, f64)| PatientPoint::new(x, y, 2.0 * index as f64 + 0.5 * y);
    let mut roi = roi(1, 4);
    for contour in &mut roi.contours {
        contour.points = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
            .map(|point| tilted(contour.index, point))
            .to_vec();
    }
    let (set, reported) = read(&file([roi]));
    assert_eq!((set.rois[0].contours.len(), set.rois[0].unusable_contours), (4, 0));
    assert_eq!(
        reported,
        [(structures::NON_AXIAL_CONTOURS, Severity::Warning, "StructureSetROISequence[0]".to_owned())]
    );
}

#[test]
fn the_same_contour_twice_is_kept_twice() {
    let mut doubled = roi(1, 2);
    doubled.contours[1].points = doubled.contours[0].points.clone();
    assert_eq!(read(&file([doubled])).0.rois[0].contours.len(), 2);
}

#[test]
fn contours_of_no_roi_are_told() {
    let mut file = file([roi(1, 2), roi(2, 2)]);
    file.data.set("ROIContourSequence[1] > ReferencedROINumber", Value::text("7")).unwrap();
    let (set, reported) = read(&file);
    assert_eq!(set.rois[1].contours, []);
    let lost = (
        structures::CONTOURS_WITHOUT_ROI,
        Severity::Error,
        "ROIContourSequence[1] > ReferencedROINumber".to_owned(),
    );
    assert!(reported.contains(&lost), "{reported:?}");
}

#[test]
fn two_items_of_one_roi_are_joined() {
    let mut file = file([roi(1, 2), roi(2, 2)]);
    file.data.set("ROIContourSequence[1] > ReferencedROINumber", Value::text("1")).unwrap();
    let (set, reported) = read(&file);
    assert_eq!(set.rois[0].contours.len(), 4);
    assert!(reported.iter().any(|(code, ..)| *code == structures::ROI_CONTOURS_JOINED), "{reported:?}");
}

#[test]
fn names_are_told_apart_by_number() {
    let mut file = file([roi(1, 2), roi(2, 2), roi(3, 2)]);
    file.data.set("StructureSetROISequence[1] > ROIName", Value::text("ROI 1")).unwrap();
    file.data.set("StructureSetROISequence[2] > ROIName", Value::text("")).unwrap();
    let codes: Vec<_> = read(&file).1.into_iter().map(|(code, ..)| code).collect();
    assert_eq!(codes, [structures::UNNAMED_ROI, structures::DUPLICATE_ROI_NAME]);
}

#[test]
fn names_are_decoded_by_their_character_set() {
    for (terms, bytes, name) in [
        ("ISO_IR 100", &b"Pr\xF4state"[..], "Prôstate"),
        ("ISO_IR 192", "Предстательная".as_bytes(), "Предстательная"),
        ("\\ISO 2022 IR 87", b"\x1B$B;3ED\x1B(B", "山田"),
    ] {
        let mut file = file([roi(1, 2)]);
        file.data.set("SpecificCharacterSet", Value::text(terms)).unwrap();
        let padded = [bytes, &b" "[..bytes.len() % 2]].concat();
        file.data.set("StructureSetROISequence[0] > ROIName", Value::Bytes(padded)).unwrap();
        let (set, reported) = read(&file);
        assert_eq!((set.rois[0].name.as_str(), reported), (name, vec![]));
    }
}

#[test]
fn long_contours_written_as_unknown_are_read() {
    let mut long = roi(1, 1);
    long.contours[0].points = (0..9000)
        .map(|at| {
            PatientVector::new((f64::from(at) / 100.0).cos(), (f64::from(at) / 100.0).sin(), 0.0).scaled(50.0)
        })
        .map(|v| PatientPoint::new((v.x * 1e4).round() / 1e4, (v.y * 1e4).round() / 1e4, 0.0))
        .collect();
    let mut file = file([long.clone()]);
    file.encoding = Encoding::of(TransferSyntax::ExplicitLittle);
    assert_eq!(read(&file).0.rois[0].contours, long.contours);
}

#[test]
fn source_planes_are_read_and_incomplete_ones_told() {
    let mut file = file([roi(1, 2)]);
    let place = "ROIContourSequence[0] > SourcePixelPlanesCharacteristicsSequence";
    file.data.set(place, Value::Items(vec![rt_phantom::DataSet::default()])).unwrap();
    for (attribute, text) in [
        ("ImagePositionPatient", "-10\\-20\\30"),
        ("ImageOrientationPatient", "1\\0\\0\\0\\1\\0"),
        ("SpacingBetweenSlices", "2.5"),
        ("NumberOfFrames", "40"),
    ] {
        file.data.set(&format!("{place}[0] > {attribute}"), Value::text(text)).unwrap();
    }
    let planes = read(&file).0.rois[0].source_planes.unwrap();
    assert_eq!(
        (planes.origin, planes.spacing, planes.count),
        (PatientPoint::new(-10.0, -20.0, 30.0), Mm(2.5), 40)
    );
    assert_eq!(planes.normal, PatientVector::new(0.0, 0.0, 1.0));
    file.data.remove(&format!("{place}[0] > SpacingBetweenSlices")).unwrap();
    let (set, reported) = read(&file);
    assert_eq!(set.rois[0].source_planes, None);
    assert_eq!(reported[0].0, structures::UNUSABLE_SOURCE_PLANES);
}

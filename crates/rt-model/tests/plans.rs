//! Plans that do not agree with themselves.

use rt_model::finding::{Code, plan};
use rt_model::plan::Plan;
use rt_model::read::{ReadErrorKind, ReadOptions, read_plan_from_bytes};
use rt_phantom::Value;
use rt_phantom::case::{BeamSpec, CaseBuilder, PhantomFile, PlanSpec, Role};
use std::path::Path;

fn file() -> PhantomFile {
    let beams = vec![BeamSpec::fixed(1, 0.5), BeamSpec::fixed(2, 0.5)];
    let case = CaseBuilder::new("plans")
        .image(None)
        .plan(PlanSpec { beams, ..PlanSpec::default() })
        .build()
        .unwrap();
    case.files_of(Role::Plan).next().unwrap().clone()
}

fn read(file: &PhantomFile) -> Result<(Plan, Vec<Code>), ReadErrorKind> {
    let parsed = read_plan_from_bytes(&file.bytes(), Path::new("RP.dcm"), &ReadOptions::default())
        .map_err(|error| error.kind())?;
    Ok((parsed.value.1, parsed.findings.into_iter().map(|finding| finding.code).collect()))
}

#[test]
fn a_sound_plan_says_nothing() {
    let (plan, reported) = read(&file()).unwrap();
    assert_eq!((plan.beams.len(), reported), (2, vec![]));
}

#[test]
fn what_does_not_agree_is_told() {
    const GROUP: &str = "FractionGroupSequence[0]";
    const BEAM: &str = "BeamSequence[0]";
    for (path, text, code) in [
        (format!("{GROUP} > NumberOfFractionsPlanned"), "", plan::FRACTIONS_NOT_PLANNED),
        (format!("{GROUP} > NumberOfFractionsPlanned"), "0", plan::FRACTIONS_NOT_PLANNED),
        (format!("{GROUP} > NumberOfBeams"), "3", plan::BEAM_COUNT),
        (format!("{GROUP} > ReferencedBeamSequence[0] > ReferencedBeamNumber"), "9", plan::UNKNOWN_BEAM),
        (format!("{BEAM} > FinalCumulativeMetersetWeight"), "", plan::NO_FINAL_METERSET_WEIGHT),
        (format!("{BEAM} > FinalCumulativeMetersetWeight"), "0", plan::NO_FINAL_METERSET_WEIGHT),
    ] {
        let mut file = file();
        file.data.set(&path, Value::text(text)).unwrap();
        assert_eq!(read(&file).unwrap().1, [code], "{path} {text:?}");
    }
}

#[test]
fn beams_of_one_number_are_told() {
    let mut file = file();
    file.data.set("BeamSequence[1] > BeamNumber", Value::text("1")).unwrap();
    assert_eq!(read(&file).unwrap().1, [plan::DUPLICATE_BEAM_NUMBER, plan::UNKNOWN_BEAM]);
}

#[test]
fn leaves_are_counted() {
    let mut file = file();
    let device = |pairs: (&str, &str), positions: Option<&str>| {
        let mut item = rt_phantom::DataSet::default();
        item.set("RTBeamLimitingDeviceType", Value::text("MLCX")).unwrap();
        match positions {
            Some(positions) => item.set("LeafJawPositions", Value::text(positions)).unwrap(),
            None => item.set(pairs.0, Value::text(pairs.1)).unwrap(),
        };
        Value::Items(vec![item])
    };
    let pairs = ("NumberOfLeafJawPairs", "2");
    file.data.set("BeamSequence[0] > BeamLimitingDeviceSequence", device(pairs, None)).unwrap();
    let positions = "BeamSequence[0] > ControlPointSequence[0] > BeamLimitingDevicePositionSequence";
    file.data.set(positions, device(pairs, Some("-10\\-10\\10\\10"))).unwrap();
    assert_eq!(read(&file).unwrap().1, []);
    file.data.set(positions, device(pairs, Some("-10\\-10\\10"))).unwrap();
    assert_eq!(read(&file).unwrap().1, [plan::LEAF_POSITION_COUNT]);
}

#[test]
fn a_single_control_point_and_odd_spots_are_told() {
    let mut file = file();
    let mut point = rt_phantom::DataSet::default();
    point.set("ControlPointIndex", Value::text("0")).unwrap();
    point
        .set(
            "ScanSpotPositionMap",
            Value::Bytes([1.0_f32, 2.0, 3.0].into_iter().flat_map(f32::to_le_bytes).collect()),
        )
        .unwrap();
    point.set("ScanSpotMetersetWeights", Value::Bytes(1.0_f32.to_le_bytes().to_vec())).unwrap();
    file.data.set("BeamSequence[0] > ControlPointSequence", Value::Items(vec![point])).unwrap();
    assert_eq!(read(&file).unwrap().1, [plan::SCAN_SPOT_COUNT, plan::ONE_CONTROL_POINT]);
}

#[test]
fn a_plan_of_nothing_is_told() {
    let mut file = file();
    file.data.remove("BeamSequence").unwrap().remove("FractionGroupSequence").unwrap();
    assert_eq!(read(&file).unwrap().1, [plan::NOTHING_TO_DELIVER]);
}

#[test]
fn numbers_that_name_things_are_required() {
    for path in ["BeamSequence[0] > BeamNumber", "FractionGroupSequence[0] > FractionGroupNumber"] {
        let mut file = file();
        file.data.set(path, Value::text("two")).unwrap();
        assert_eq!(read(&file).unwrap_err(), ReadErrorKind::Value, "{path}");
        file.data.remove(path).unwrap();
        assert_eq!(read(&file).unwrap_err(), ReadErrorKind::MissingAttribute, "{path}");
    }
}

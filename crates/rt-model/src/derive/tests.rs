use super::*;
use crate::image::ImageSeries;
use crate::instance::{InstanceInfo, Study};
use crate::patient::Patient;
use crate::structure_set::{StructureSet, StructureSetHeader};
use crate::uid::Uid;

fn info(name: &str) -> InstanceInfo {
    InstanceInfo {
        path: format!("{name}.dcm").into(),
        sop_class: Uid::new("1").unwrap(),
        sop_instance: Uid::new("2.25.1").unwrap(),
        modality: String::new(),
        patient: Patient::default(),
        study: Study::default(),
        series_instance: None,
        frame_of_reference: None,
        equipment: Equipment::default(),
    }
}

pub(super) fn case() -> Case {
    Case {
        plan_info: info("RP"),
        plan: Plan { label: "BREAST".into(), patient_positions: vec!["HFS".into()], ..Plan::default() },
        structure_set: StructureSet {
            info: info("RS"),
            header: StructureSetHeader::default(),
            rois: Vec::new(),
        },
        doses: Vec::new(),
        images: None,
    }
}

fn images(date: Option<Date>, study: &str) -> ImageSeries {
    ImageSeries {
        series_instance: Uid::new("1.8").unwrap(),
        modality: "CT".into(),
        study_instance: Uid::new(study),
        study_date: date,
        study_date_at: info("CT").provenance(),
        instances: Vec::new(),
        slice_spacing: None,
    }
}

fn summary(case: &Case) -> (PlanSummary, Vec<crate::finding::Code>) {
    let parsed = summarise(case, None, RxRule::default());
    (parsed.value, parsed.findings.into_iter().map(|finding| finding.code).collect())
}

#[test]
fn the_study_date_is_the_plans_or_that_of_images_of_its_study() {
    let mut case = case();
    let date = Date::new(2024, 5, 6);
    case.plan_info.study.instance_uid = Uid::new("1.1");
    case.images = Some(images(date, "1.1"));
    let (found, codes) = summary(&case);
    let found = found.sim_study_date.unwrap();
    assert_eq!(Some(found.value), date);
    assert_eq!(found.at.to_string(), "CT.dcm [2.25.1], StudyDate (0008,0020)");
    assert!(codes.contains(&code::STUDY_DATE_FALL_BACK));
    case.images = Some(images(date, "1.2"));
    assert_eq!(summary(&case).0.sim_study_date, None, "images of another study do not date this one");
    case.plan_info.study.date = Date::new(2024, 5, 7);
    let (found, codes) = summary(&case);
    assert_eq!(found.sim_study_date.map(|date| date.value), Date::new(2024, 5, 7));
    assert!(!codes.contains(&code::STUDY_DATE_FALL_BACK));
}

#[test]
fn an_age_needs_both_dates_in_their_order() {
    let mut case = case();
    case.plan_info.study.date = Date::new(2024, 5, 6);
    assert_eq!(summary(&case).0.age, None, "never a made-up birth date");
    for (born, age) in
        [(Date::new(1964, 5, 7), Some(59)), (Date::new(2024, 1, 1), Some(0)), (Date::new(2025, 1, 1), None)]
    {
        case.plan_info.patient.birth_date = born;
        let (found, codes) = summary(&case);
        assert_eq!(found.age.map(|age| age.value), age);
        assert_eq!(codes.contains(&code::AGE_UNKNOWN), age.is_none());
    }
}

#[test]
fn the_physicians_of_record_stand_in_with_a_finding() {
    let mut case = case();
    assert_eq!(summary(&case).0.rad_onc, None);
    case.plan_info.study.physicians_of_record = vec!["House^G".into()];
    let (found, codes) = summary(&case);
    assert_eq!(found.rad_onc.map(|name| name.value).as_deref(), Some("House^G"));
    assert!(codes.contains(&code::RAD_ONC_FALL_BACK));
    case.plan_info.study.referring_physician = Some("Wilson^J".into());
    let (found, codes) = summary(&case);
    assert_eq!(found.rad_onc.map(|name| name.value).as_deref(), Some("Wilson^J"));
    assert!(!codes.contains(&code::RAD_ONC_FALL_BACK));
}

#[test]
fn every_known_value_names_its_source() {
    let mut case = case();
    case.plan_info.equipment = Equipment {
        manufacturer: Some("Maker".into()),
        model: Some(" ".into()),
        software_versions: vec!["1 (Dicom Export)".into(), "2".into()],
    };
    let (found, codes) = summary(&case);
    assert!(codes.contains(&code::SEVERAL_VERSIONS));
    assert_eq!(found.tps_software_name, None, "blanks are no name");
    assert_eq!(found.tps_software_version.as_ref().map(|version| version.value.as_str()), Some("2"));
    let sources: Vec<(&str, String)> = found.sources().map(|(column, at)| (column, at.to_string())).collect();
    assert!(
        sources.contains(&("TxSite", "RP.dcm [2.25.1], RTPlanLabel (300A,0002)".to_owned())),
        "{sources:?}"
    );
    for column in ["PatientOrientation", "TPSManufacturer", "TPSSoftwareVersion"] {
        assert!(sources.iter().any(|(name, _)| *name == column), "{column}");
    }
}

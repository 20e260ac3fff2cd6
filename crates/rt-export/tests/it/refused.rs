//! What must not leave the house does not.

use crate::support::{load, load_matched, wash_options};
use rt_export::case::{ExportCase, ExportOptions, StudyChoice};
use rt_export::error::{ExportError, ExportErrorKind};
use rt_export::gate::Permissions;
use rt_export::quant::QuantOptions;
use rt_model::approval::ApprovalStatus;
use rt_model::matching::MatchOptions;
use rt_phantom::Value;
use rt_phantom::case::{CaseBuilder, ImageSpec, PhantomCase, PlanSpec};

fn small() -> CaseBuilder {
    let mut image = ImageSpec::default();
    image.planes = image.planes.iter().copied().step_by(8).collect();
    CaseBuilder::new("export refusals").image(Some(image))
}

fn outcome(
    case: &PhantomCase,
    matching: &MatchOptions,
    options: &ExportOptions,
) -> Result<ExportCase, ExportError> {
    let folder = tempfile::tempdir().unwrap();
    case.write(folder.path()).unwrap();
    load_matched(folder.path(), matching, options)
}

fn refusal(edit: impl FnOnce(&mut PhantomCase), matching: &MatchOptions) -> ExportErrorKind {
    let mut case = small().build().unwrap();
    edit(&mut case);
    outcome(&case, matching, &ExportOptions::default()).unwrap_err().kind()
}

fn set_all(case: &mut PhantomCase, image: bool, keyword: &str, value: &str) {
    for file in case.files.iter_mut().filter(|file| file.name.starts_with("CT/") == image) {
        file.data.set(keyword, Value::text(value)).unwrap();
    }
}

#[test]
fn another_patients_images_are_refused() {
    // Images of another identifier do not even belong to the case; another birth date under the same one is
    // refused.
    let plain = MatchOptions::default();
    assert_eq!(
        refusal(|case| set_all(case, true, "PatientBirthDate", "19710101"), &plain),
        ExportErrorKind::Patient
    );
    let both = |case: &mut PhantomCase| {
        set_all(case, true, "PatientName", "OTHER^PERSON");
        set_all(case, true, "PatientBirthDate", "");
    };
    assert_eq!(refusal(both, &plain), ExportErrorKind::Patient);
}

#[test]
fn a_mismatch_that_was_accepted_is_never_exported() {
    let matching = MatchOptions {
        accept_patient_mismatch: vec![("PHANTOM-export refusals".into(), "OTHER".into())],
        ..MatchOptions::default()
    };
    let other = |case: &mut PhantomCase| {
        case.file("RD.dcm").unwrap().data.set("PatientID", Value::text("OTHER")).unwrap();
    };
    assert_eq!(refusal(other, &matching), ExportErrorKind::Patient);
    assert_eq!(refusal(other, &MatchOptions::default()), ExportErrorKind::NotMatched);
}

#[test]
fn data_without_identity_needs_permission() {
    let mut case = small().build().unwrap();
    set_all(&mut case, true, "PatientIdentityRemoved", "YES");
    let plain = MatchOptions::default();
    let error = outcome(&case, &plain, &ExportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ExportErrorKind::IdentityRemoved);
    let permissions = Permissions { identity_removed: true, ..Permissions::default() };
    assert!(outcome(&case, &plain, &ExportOptions { permissions, ..ExportOptions::default() }).is_ok());
}

#[test]
fn plans_that_treat_nobody_are_never_exported() {
    let matching = MatchOptions { include_qa: true, ..MatchOptions::default() };
    for intent in ["VERIFICATION", "MACHINE_QA", "RESEARCH", "SERVICE"] {
        let case = small().plan(PlanSpec { intent: intent.into(), ..PlanSpec::default() }).build().unwrap();
        let permissions = Permissions { unapproved: true, identity_removed: true };
        let options = ExportOptions { permissions, ..ExportOptions::default() };
        let error = outcome(&case, &matching, &options).unwrap_err();
        assert_eq!(error.kind(), ExportErrorKind::NotATreatment, "{intent}");
    }
}

#[test]
fn an_unapproved_plan_says_so_first() {
    let case = small()
        .plan(PlanSpec { approval_status: ApprovalStatus::Unapproved, ..PlanSpec::default() })
        .build()
        .unwrap();
    let plain = MatchOptions::default();
    assert_eq!(
        outcome(&case, &plain, &ExportOptions::default()).unwrap_err().kind(),
        ExportErrorKind::Unapproved
    );
    let permissions = Permissions { unapproved: true, ..Permissions::default() };
    let folder = tempfile::tempdir().unwrap();
    case.write(folder.path()).unwrap();
    let case = load(folder.path(), &ExportOptions { permissions, ..ExportOptions::default() }).unwrap();
    let series = case.wash(&wash_options(&case)).unwrap().value;
    assert!(series.description().starts_with("UNAPPROVED PLAN RTDOSE PLANNED"), "{}", series.description());
    assert!(case.labels().burned().contains(&"UNAPPROVED PLAN"));
}

#[test]
fn another_frame_of_reference_is_refused() {
    let apart = |case: &mut PhantomCase| {
        case.file("CT/CT.0003.dcm").unwrap().data.set("FrameOfReferenceUID", Value::text("2.25.99")).unwrap();
        case.file("RD.dcm").unwrap().data.remove("FrameOfReferenceUID").unwrap();
    };
    assert_eq!(refusal(apart, &MatchOptions::default()), ExportErrorKind::Frame);
}

#[test]
fn dose_beside_the_images_is_refused() {
    let far = ImageSpec { planes: vec![400.0, 402.0, 404.0], ..ImageSpec::default() };
    let case = CaseBuilder::new("export refusals").image(Some(far)).build().unwrap();
    let error = outcome(&case, &MatchOptions::default(), &ExportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ExportErrorKind::NoOverlap, "{error}");
}

#[test]
fn a_relative_dose_is_shown_in_percent_alone() {
    let mut phantom = small().build().unwrap();
    let dose = &mut phantom.file("RD.dcm").unwrap().data;
    dose.set("DoseUnits", Value::text("RELATIVE"))
        .unwrap()
        .set("DoseGridScaling", Value::text("0.00002"))
        .unwrap();
    let plain = MatchOptions::default();
    assert_eq!(
        outcome(&phantom, &plain, &ExportOptions::default()).unwrap_err().kind(),
        ExportErrorKind::NotMatched
    );
    let relative = MatchOptions { relative_doses: true, ..MatchOptions::default() };
    let folder = tempfile::tempdir().unwrap();
    phantom.write(folder.path()).unwrap();
    let case = load_matched(folder.path(), &relative, &ExportOptions::default()).unwrap();
    assert_eq!(case.labels().prescription, None);
    assert!(
        case.quant(&QuantOptions::default()).is_err()
            && case.isodose(&crate::support::isodose_options(&case)).is_err()
    );
    assert!(case.report(&crate::support::report_options(&case)).is_err());
    let wash = case.wash(&wash_options(&case)).unwrap().value;
    assert!(wash.description().starts_with("RTDOSE PLANNED RELATIVE"), "{}", wash.description());
}

#[test]
fn the_series_is_named_after_a_settled_prescription_alone() {
    let (_folder, case) = crate::support::case(&rt_phantom::demo::case());
    let description = case.wash(&wash_options(&case)).unwrap().value.description().to_owned();
    assert_eq!(description, "RTDOSE PLANNED 70Gy/35fx HN_DEMO");
    let without =
        small().plan(PlanSpec { dose_references: Vec::new(), ..PlanSpec::default() }).build().unwrap();
    let case = outcome(&without, &MatchOptions::default(), &ExportOptions::default()).unwrap();
    let description = case.quant(&QuantOptions::default()).unwrap().description().to_owned();
    assert!(!description.chars().any(|c| c.is_ascii_digit()), "{description}");
}

#[test]
fn a_study_of_its_own_is_the_users_choice() {
    let folder = tempfile::tempdir().unwrap();
    small().write(folder.path()).unwrap();
    let study = StudyChoice::New { accession: "A77".into() };
    let case = load(folder.path(), &ExportOptions { study, ..ExportOptions::default() }).unwrap();
    let same = load(folder.path(), &ExportOptions::default()).unwrap();
    let [new, old] = [&case, &same].map(|case| {
        crate::support::attribute(
            &case.quant(&QuantOptions::default()).unwrap().instance(0).unwrap(),
            [0x20, 0, 0x0D, 0],
        )
    });
    assert!(new.starts_with("2.25.") && new != old, "{new} {old}");
    assert_eq!(
        crate::support::attribute(
            &case.quant(&QuantOptions::default()).unwrap().instance(0).unwrap(),
            [0x08, 0, 0x50, 0]
        ),
        "A77"
    );
}

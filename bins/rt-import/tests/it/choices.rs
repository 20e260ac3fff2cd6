//! Where the program does not decide by itself, and what the user's word changes.

use crate::support::{Place, codes};
use rt_model::frame::PatientPoint;
use rt_model::units::Mm;
use rt_phantom::case::{BeamSpec, DoseLayout, DoseSpec, PhantomCase, PlanSpec};
use rt_phantom::{Contouring, DataSet, Sphere, Value, fixtures, techniques};
use rt_sql::record::PlanId;
use serde_json::Value as Json;

fn import_one(place: &Place, case: &PhantomCase, arguments: &[&str]) -> Json {
    let folder = place.path().join("in");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    place.write("in", case);
    let (_, report) = place.import(&[&["in", "--dry-run"], arguments].concat());
    report["cases"][0].clone()
}

fn dose_uid(case: &mut PhantomCase) -> String {
    match case.file("RD.dcm").unwrap().data.get("SOPInstanceUID") {
        Some(Value::Text(uid)) => uid.clone(),
        other => panic!("no UID: {other:?}"),
    }
}

/// A plan of 30 fractions whose dose is of one.
fn of_one_fraction(seed: &str) -> PhantomCase {
    let mut whole = fixtures::sound(seed).build().unwrap();
    let scaling = match whole.file("RD.dcm").unwrap().data.get("DoseGridScaling") {
        Some(Value::Text(text)) => text.trim().parse::<f64>().unwrap(),
        other => panic!("no scaling: {other:?}"),
    };
    let one = format!("{:.9e}", scaling / 30.0);
    whole.file("RD.dcm").unwrap().data.set("DoseGridScaling", Value::text(&one)).unwrap();
    whole
}

#[test]
fn a_dose_that_seems_to_be_of_one_fraction_waits_for_the_user() {
    let place = Place::new();
    let mut case = of_one_fraction("fraction");
    let refused = import_one(&place, &case, &[]);
    assert_eq!(refused["status"], "refused");
    assert!(refused["reason"].as_str().unwrap().contains("--dose-is"), "{}", refused["reason"]);
    assert!(codes(&refused).contains(&"RT0272"));

    let uid = dose_uid(&mut case);
    let whole = import_one(&place, &fixtures::sound("fraction").build().unwrap(), &[]);
    let mean = |case: &Json| case["rois"][0]["mean_gy"].as_f64().unwrap();
    let stated = import_one(&place, &case, &["--dose-is", &format!("{uid}=fraction")]);
    assert_eq!(stated["status"], "stored");
    assert!((mean(&stated) / mean(&whole) - 1.0).abs() < 1e-4, "{} {}", mean(&stated), mean(&whole));
    let total = import_one(&place, &case, &["--dose-is", &format!("{uid}=total")]);
    assert_eq!(total["status"], "stored");
    assert!((mean(&total) * 30.0 / mean(&whole) - 1.0).abs() < 1e-4);
    for case in [&stated, &total] {
        assert!(codes(case).contains(&"RT0619"));
    }
}

#[test]
fn a_dose_of_another_maker_needs_the_plans_own_numbers_or_the_user() {
    let place = Place::new();
    let mut case = fixtures::sound("maker").build().unwrap();
    case.file("RD.dcm").unwrap().data.set("Manufacturer", Value::text("Somebody's Checker")).unwrap();
    let confirmed = import_one(&place, &case, &[]);
    assert_eq!(confirmed["status"], "stored", "{}", confirmed["reason"]);
    assert!(codes(&confirmed).contains(&"RT0610"));

    let uid = dose_uid(&mut case);
    let scaling = case.file("RD.dcm").unwrap().data.clone();
    let Some(Value::Text(text)) = scaling.get("DoseGridScaling") else { panic!("no scaling") };
    let more = format!("{:.9e}", text.trim().parse::<f64>().unwrap() * 1.07);
    case.file("RD.dcm").unwrap().data.set("DoseGridScaling", Value::text(&more)).unwrap();
    let unconfirmed = import_one(&place, &case, &[]);
    assert_eq!(unconfirmed["status"], "incomplete");
    assert!(
        unconfirmed["reason"].as_str().unwrap().contains(&format!("--select dose={uid}")),
        "{}",
        unconfirmed["reason"]
    );
    let selected = import_one(&place, &case, &["--select", &format!("dose={uid}")]);
    assert_eq!(selected["status"], "stored");
}

/// The same DVHs with and without the planning images, of a ROI on a single plane too.
#[test]
fn images_never_change_a_number() {
    let place = Place::new();
    let flat = Sphere { centre: PatientPoint::default(), radius: Mm(8.0) };
    let mut single = Contouring { points: 36, ..Contouring::every(2.0) }.draw(&flat, 3, "single plane");
    single.contours.truncate(1);
    let builder = fixtures::sound("images").roi(single);
    let with = import_one(&place, &builder.clone().build().unwrap(), &["--curves", "--metric", "D2cc"]);
    let without =
        import_one(&place, &builder.image(None).build().unwrap(), &["--curves", "--metric", "D2cc"]);
    assert_eq!(
        (with["status"].as_str(), with["files"]["images"].as_array().unwrap().len()),
        (Some("stored"), 12)
    );
    assert_eq!(without["files"]["images"], serde_json::json!([]));
    assert_eq!(with["rois"], without["rois"]);
    assert_eq!(with["rois"][2]["name"], "single plane");
}

/// 2,000 Gy is nothing odd beside a brachytherapy source.
#[test]
fn large_doses_are_told_where_they_are_unusual() {
    let place = Place::new();
    for (case, odd) in
        [(fixtures::sound("beam"), true), (techniques::named("brachy_pdr").unwrap().case, false)]
    {
        let mut case = case.build().unwrap();
        let dose = &mut case.file("RD.dcm").unwrap().data;
        let Some(Value::Text(scaling)) = dose.get("DoseGridScaling") else { panic!("no scaling") };
        let larger = format!("{:.9e}", scaling.trim().parse::<f64>().unwrap() * 40.0);
        dose.set("DoseGridScaling", Value::text(&larger)).unwrap();
        let found = import_one(&place, &case, &[]);
        let reported = codes(&found);
        assert_eq!(reported.contains(&"RT0427"), odd, "{reported:?}");
        assert!(odd || !reported.contains(&"RT0253"), "{reported:?}");
    }
}

#[test]
fn beam_doses_add_up_or_are_told_missing() {
    let place = Place::new();
    let layout = |layout| {
        let beams = vec![BeamSpec::fixed(1, 0.25), BeamSpec::fixed(2, 0.75), BeamSpec::setup(3)];
        let builder = fixtures::sound("beams").plan(PlanSpec { beams, ..PlanSpec::default() });
        builder.dose(DoseSpec { layout, ..DoseSpec::default() }).build().unwrap()
    };
    let mean = |case: &Json| case["rois"][0]["mean_gy"].as_f64().unwrap();
    let whole = import_one(&place, &layout(DoseLayout::Plan), &[]);
    let sum = import_one(&place, &layout(DoseLayout::Beams { missing: vec![], repeated: vec![] }), &[]);
    assert_eq!(sum["status"], "stored", "{}", sum["reason"]);
    assert!((mean(&sum) - mean(&whole)).abs() < 2e-3, "{} {}", mean(&sum), mean(&whole));
    let sessions = import_one(&place, &layout(DoseLayout::BeamSessions), &[]);
    assert!((mean(&sessions) - mean(&whole)).abs() < 2e-2, "{} {}", mean(&sessions), mean(&whole));
    let missing = import_one(&place, &layout(DoseLayout::Beams { missing: vec![2], repeated: vec![] }), &[]);
    assert_eq!(missing["status"], "incomplete");
    assert!(
        missing["reason"].as_str().unwrap().contains("beams 2 of group 1 missing"),
        "{}",
        missing["reason"]
    );
}

#[test]
fn plans_that_treat_nobody_wait_for_include_qa() {
    let place = Place::new();
    let mut case = fixtures::sound("qa").build().unwrap();
    case.file("RP.dcm").unwrap().data.set("PlanIntent", Value::text("VERIFICATION")).unwrap();
    place.write("in", &case);
    let (_, report) = place.import(&["in"]);
    assert!(report["cases"].as_array().unwrap().is_empty());
    assert!(report["unmatched"].as_array().unwrap().iter().any(|file| file["code"] == "RT0622"));
    let (_, report) = place.import(&["in", "--include-qa"]);
    assert_eq!(report["cases"][0]["status"], "stored");
    let cohort = place.read(|database| async move { database.cohort_plans().await.unwrap().len() });
    assert_eq!(cohort, 0, "kept out of the cohort");
}

/// What a plan is for is kept: a clinical intent makes no clinical plan of one that verifies another.
#[test]
fn the_purpose_of_a_plan_that_treats_nobody_is_kept() {
    let place = Place::new();
    for (purpose, attribute) in [
        ("MACHINE_QA", "PlanIntent"),
        ("TREATMENT_DEVICE", "RTPlanGeometry"),
        ("VERIFIED_PLAN", "ReferencedRTPlanSequence"),
        ("CLINICAL", "PlanIntent"),
    ] {
        let mut case = fixtures::sound(purpose).build().unwrap();
        let plan = &mut case.file("RP.dcm").unwrap().data;
        let value = match purpose {
            "VERIFIED_PLAN" => {
                let mut related = DataSet::default();
                related.set("ReferencedSOPInstanceUID", Value::text("1.2.3")).unwrap();
                related.set("RTPlanRelationship", Value::text(purpose)).unwrap();
                Value::Items(vec![related])
            }
            "CLINICAL" => Value::text("CURATIVE"),
            _ => Value::text(purpose),
        };
        plan.set(attribute, value).unwrap();
        place.write(&format!("in/{purpose}"), &case);
    }
    place.import(&["in", "--include-qa"]);
    for purpose in ["MACHINE_QA", "TREATMENT_DEVICE", "VERIFIED_PLAN", "CLINICAL"] {
        let mrn = format!("PHANTOM-{purpose}");
        let stored =
            place.read(|database| async move { database.case(&mrn, PlanId(1)).await.unwrap().unwrap() });
        assert_eq!((stored.status.role.as_str(), stored.status.qa), (purpose, purpose != "CLINICAL"));
    }
}

#[test]
fn an_empty_identifier_needs_a_record_number() {
    let place = Place::new();
    let mut case = fixtures::sound("nobody").build().unwrap();
    for file in ["RP.dcm", "RS.dcm", "RD.dcm"] {
        case.file(file).unwrap().data.set("PatientID", Value::text("")).unwrap();
    }
    assert_eq!(import_one(&place, &case, &[])["status"], "refused");
    let named = import_one(&place, &case, &["--mrn", "M-7"]);
    assert_eq!((named["status"].as_str(), named["mrn"].as_str()), (Some("stored"), Some("M-7")));
}

#[test]
fn a_selection_that_fits_nothing_is_told() {
    let place = Place::new();
    place.write("in", &fixtures::sound("select").build().unwrap());
    let (_, report) = place.import(&["in", "--select", "dose=1.2.3"]);
    assert_eq!(codes(&report), ["RT0621"]);
}

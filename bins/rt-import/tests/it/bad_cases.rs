//! One bad case stops no other, is in the report, and decides how the program ends.

use crate::support::{Place, codes, texts};
use rt_phantom::case::{CaseBuilder, PhantomCase};
use rt_phantom::{Value, fixtures};

fn sound(seed: &str) -> PhantomCase {
    fixtures::sound(seed).build().unwrap()
}

fn outcome(place: &Place, arguments: &[&str]) -> (i32, Vec<String>) {
    let (code, report) = place.import(arguments);
    (code, texts(&report["cases"], "status").into_iter().map(str::to_owned).collect())
}

#[test]
fn a_damaged_dose_fails_its_case_and_no_other() {
    let place = Place::new();
    let mut damaged = sound("damaged");
    let length = damaged.file("RD.dcm").unwrap().bytes().len();
    damaged.file("RD.dcm").unwrap().truncate(length - 1000);
    place.write("in/1", &sound("one"));
    place.write("in/2", &damaged);
    place.write("in/3", &sound("three"));
    let (code, report) = place.import(&["in"]);
    assert_eq!(code, 1);
    let status = texts(&report["cases"], "status");
    assert_eq!((status[0], status[2]), ("stored", "stored"), "{status:?}");
    assert!(["failed", "incomplete", "refused"].contains(&status[1]), "{status:?}");
    let (plans, imports) = place.stored();
    assert_eq!((plans.len(), imports.len()), (2, 2));
}

#[test]
fn incomplete_counts_only_when_strict() {
    let place = Place::new();
    let mut incomplete = sound("incomplete");
    incomplete.remove("RD.dcm").unwrap();
    place.write("in", &incomplete);
    assert_eq!(outcome(&place, &["in"]), (0, vec!["incomplete".to_owned()]));
    assert_eq!(outcome(&place, &["in", "--strict"]), (1, vec!["incomplete".to_owned()]));
}

#[test]
fn a_file_that_fits_no_case_counts_only_when_strict() {
    let place = Place::new();
    let mut lonely = sound("lonely");
    lonely.remove("RP.dcm").unwrap();
    place.write("in/1", &lonely);
    place.write("in/2", &sound("whole"));
    assert_eq!(outcome(&place, &["in"]).0, 0);
    assert_eq!(outcome(&place, &["in", "--strict"]).0, 1);
}

#[test]
fn a_text_beside_the_data_is_told_and_never_counts() {
    let place = Place::new();
    let mut case = sound("text");
    case.add_raw("notes.txt", "measured on Tuesday\n");
    place.write("in", &case);
    let (code, report) = place.import(&["in", "--strict"]);
    assert_eq!(code, 0);
    assert_eq!(texts(&report["unmatched"], "severity"), ["info"]);
}

#[test]
fn another_patient_in_a_case_is_refused() {
    let place = Place::new();
    let mut mixed = sound("mixed");
    mixed.file("RD.dcm").unwrap().data.set("PatientID", Value::text("SOMEBODY ELSE")).unwrap();
    place.write("in", &mixed);
    let (code, report) = place.import(&["in"]);
    assert_eq!((code, report["cases"][0]["status"].as_str()), (1, Some("refused")));
    assert!(codes(&report["cases"][0]).contains(&"RT0624"));
    let (plans, _) = place.stored();
    assert!(plans.is_empty());
}

#[test]
fn another_person_under_a_stored_identifier_is_refused() {
    let place = Place::new();
    let with_birth_year = |seed: &str, year| {
        let builder = fixtures::sound(seed);
        let patient = rt_model::patient::Patient {
            id: "SAME".into(),
            name: "A^B".into(),
            birth_date: rt_model::date::Date::new(year, 1, 1),
            ..rt_model::patient::Patient::default()
        };
        builder.patient(patient).build().unwrap()
    };
    place.write("a", &with_birth_year("a", 1950));
    place.write("b", &with_birth_year("b", 1951));
    assert_eq!(outcome(&place, &["a"]), (0, vec!["stored".to_owned()]));
    let output = place.run(&["run", "b"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("refused") && text.contains("another person"), "{text}");
    assert!(!text.contains("1950") && !text.contains("1951") && !text.contains("A^B"), "{text}");
}

#[test]
fn the_same_content_under_new_uids_is_unchanged() {
    let place = Place::new();
    let export = |seed: &str| {
        let patient =
            rt_model::patient::Patient { id: "SAME".into(), ..rt_model::patient::Patient::default() };
        fixtures::sound(seed).patient(patient).build().unwrap()
    };
    place.write("a", &export("first export"));
    place.write("b", &export("second export"));
    assert_eq!(outcome(&place, &["a"]), (0, vec!["stored".to_owned()]));
    assert_eq!(outcome(&place, &["b"]), (0, vec!["unchanged".to_owned()]));
    let (plans, imports) = place.stored();
    assert_eq!((plans.len(), imports.len()), (1, 1));
    assert_eq!(imports[0].import.files.len(), 6, "the new UIDs are added to the import");
}

#[test]
fn a_changed_plan_supersedes_the_older_one() {
    let place = Place::new();
    place.write("in", &sound("plan"));
    outcome(&place, &["in"]);
    let mut changed = sound("plan");
    changed.file("RP.dcm").unwrap().data.set("RTPlanLabel", Value::text("REVISED")).unwrap();
    place.write("in", &changed);
    let (_, report) = place.import(&["in"]);
    let case = &report["cases"][0];
    assert_eq!((case["plan_id"].as_u64(), case["supersedes"].as_u64()), (Some(2), Some(1)));
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = Place::new();
    place.write("in", &sound("dry"));
    let output = place.run(&["run", "in", "--dry-run"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("dry run: nothing was written"));
    let files: Vec<_> =
        std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["in"], "only what was there before");
}

#[test]
fn wrong_usage_ends_with_2_and_touches_nothing() {
    let place = Place::new();
    place.write("in", &sound("usage"));
    for arguments in [
        &["run", "nowhere"][..],
        &["run", "in", "--metric", "D95"],
        &["run", "in", "--db", "sqlite:no/such/folder/x.sqlite"],
        &["run", "in", "--db", "mysql://nobody@127.0.0.1:1/DVH"],
        &["run", "in", "--db", "oracle:x"],
        &["run", "in", "--select", "image=1.2"],
        &["run", "in", "--accept-patient-mismatch", "A"],
        &["run", "in", "--json", "no/such/folder/x.json"],
        &["run", "in", "--config", "none.toml"],
        &["run"],
        &[],
    ] {
        let output = place.command(arguments).stdin(std::process::Stdio::null()).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    assert!(!place.path().join("dvh.sqlite").exists());
}

#[test]
fn the_json_report_alone_goes_to_standard_output() {
    let place = Place::new();
    place.write(
        "in",
        &CaseBuilder::new("json").rois(fixtures::sound("x").build().unwrap().rois).build().unwrap(),
    );
    let output = place.run(&["run", "in", "--json", "-"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    crate::schema::check("import-report-1", &report);
    assert!(String::from_utf8(output.stderr).unwrap().contains("sphere"));
}

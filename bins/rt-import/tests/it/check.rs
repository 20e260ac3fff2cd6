//! A check says what an import does, with remedies, and writes nothing.

use crate::support::{Place, texts};
use rt_phantom::fixtures;
use serde_json::Value;

fn check(place: &Place, arguments: &[&str]) -> (i32, Value) {
    let output = place.run(&[&["check", "--json", "-"], arguments].concat());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{text}"));
    crate::schema::check_own(&report);
    (output.status.code().unwrap(), report)
}

/// Every odd fixture: what a check says is what an import then does, and each finding has a remedy.
#[test]
fn a_check_and_an_import_agree_on_every_fixture() {
    let place = Place::new();
    for fixture in fixtures::all() {
        place.write(&format!("in/{}", fixture.name), &fixture.case().unwrap());
    }
    let (code, checked) = check(&place, &["in"]);
    assert_eq!((code, checked["schema"].as_str()), (1, Some("dosebridge.check-report/1")));
    assert!(!place.path().join("dvh.sqlite").exists(), "a check writes nothing");
    let (code, imported) = place.import(&["in"]);
    assert_eq!(code, 1);
    let verdict = |stored: bool, case: &Value| (case["plan_uid"].as_str().unwrap().to_owned(), stored);
    let cases = |report: &Value| report["cases"].as_array().unwrap().clone();
    let mut said: Vec<_> = cases(&checked)
        .iter()
        .map(|case| verdict(case["would_be_stored"].as_bool().unwrap(), case))
        .collect();
    // Two fixtures hold the sound case itself in another writing: the import finds the second unchanged.
    let is_stored = |case: &Value| matches!(case["status"].as_str(), Some("stored" | "unchanged"));
    let mut done: Vec<_> = cases(&imported).iter().map(|case| verdict(is_stored(case), case)).collect();
    said.sort();
    done.sort();
    assert_eq!(said, done);
    for case in cases(&checked) {
        let advice = case["advice"].as_array().unwrap();
        assert!(advice.iter().all(|one| !one["remedy"].as_str().unwrap().is_empty()), "{case}");
        if case["would_be_stored"] == false {
            let grave = advice.iter().any(|one| one["severity"] != "info");
            assert!(grave && !case["reason"].is_null(), "{}: {}", case["plan_uid"], case["reason"]);
        }
    }
    assert!(checked["unmatched"].as_array().unwrap().iter().all(|file| file["remedy"].is_string()));
}

#[test]
fn a_check_tells_what_is_stored_missing_and_suspicious() {
    let place = Place::new();
    let mut case = fixtures::named("other_patient").unwrap().case().unwrap();
    case.add_raw("notes.txt", "not DICOM");
    place.write("in/mismatch", &case);
    place.write("in/partial", &fixtures::sound("partial").build().unwrap());
    let (_, checked) = check(&place, &["in"]);
    let cases = checked["cases"].as_array().unwrap();
    let sound = cases.iter().find(|case| case["would_be_stored"] == true).unwrap();
    assert_eq!(
        (sound["rois_with_dvh"].as_u64(), sound["columns"]["Fractions"].as_str()),
        (Some(2), Some("30"))
    );
    assert!(sound["missing"]["RadOnc"].as_str().unwrap().contains("(0008,0090)"), "{sound}");
    assert!(sound["total_dose"].as_str().unwrap().contains("confirmed"));
    let refused = cases.iter().find(|case| case["would_be_stored"] == false).unwrap();
    let mismatch = refused["advice"].as_array().unwrap().iter().find(|one| one["code"] == "RT0624").unwrap();
    assert!(mismatch["remedy"].as_str().unwrap().contains("--accept-patient-mismatch"), "{mismatch}");
    assert!(texts(&checked["unmatched"], "code").contains(&"RT0101"));
    let text = String::from_utf8(place.run(&["check", "in"]).stdout).unwrap();
    for part in [
        "would be stored",
        "would NOT be stored",
        "missing: RadOnc",
        "remedy: ",
        "RT0624 error: RD.dcm: ",
        "nothing was written",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

/// What is suspicious of each kind, by the word that settles it.
#[test]
fn each_suspicion_has_its_own_remedy() {
    let place = Place::new();
    for (name, code, remedy) in [
        ("centigray", "RT0402", "maker"),
        ("anisotropic", "RT0720", "covers the ROI"),
        ("other_frame", "RT0630", "one registration"),
        ("dose_elsewhere", "RT0639", "another place"),
        ("beam_missing", "RT0612", "missing parts"),
        ("structures_absent", "RT0604", "--select structures=UID"),
        ("plan_absent", "RT0632", "import the plan"),
        ("relative", "RT0617", "in Gy"),
        ("offsets_start_anywhere", "RT0413", "--assume-offsets"),
        ("roi_number_twice", "RT0303", "a number of its own"),
        ("control_characters", "RT0311", "a name of 1 to 64"),
    ] {
        place.write(&format!("in/{name}"), &fixtures::named(name).unwrap().case().unwrap());
        let (_, checked) = check(&place, &[&format!("in/{name}")]);
        let advice =
            checked["cases"].as_array().unwrap().iter().flat_map(|case| case["advice"].as_array().unwrap());
        let reported = advice.chain(checked["unmatched"].as_array().unwrap());
        let own = reported
            .filter(|one| one["code"] == code)
            .all(|one| one["remedy"].as_str().unwrap().contains(remedy));
        let found = checked.to_string().contains(code);
        assert!(found && own, "{name}: {checked:#}");
    }
}

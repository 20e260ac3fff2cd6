//! Commands on what is stored, by their words, their JSON and their exit codes.

use crate::stores::{Ran, Store, on_both};
use crate::support::Place;
use rt_phantom::fixtures;
use serde_json::Value;

/// Imports sound cases; their patients are named by the seeds' phantoms.
fn import(place: &Place, store: &Store, seeds: &[&str]) -> Vec<String> {
    for seed in seeds {
        place.write(&format!("in/{seed}"), &fixtures::sound(seed).build().unwrap());
    }
    let ran = store.run(place, &["run", "in"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    mrns(&store.json(place, &["list"]))
}

fn mrns(list: &Value) -> Vec<String> {
    list["plans"].as_array().unwrap().iter().map(|plan| plan["mrn"].as_str().unwrap().to_owned()).collect()
}

fn assert_refused(ran: &Ran, code: i32, part: &str) {
    assert!(ran.code == code && ran.err.contains(part), "{}: {} {}", ran.code, ran.out, ran.err);
}

#[test]
fn plans_are_listed_shown_and_exported() {
    on_both(|place, store| {
        let mrns = import(place, store, &["one", "two"]);
        let (first, second) = (mrns[0].as_str(), mrns[1].as_str());
        let listed = store.run(place, &["list"]).out;
        assert!(listed.contains(first) && listed.contains(second) && listed.contains("current"), "{listed}");
        let list = store.json(place, &["list", "--mrn", second]);
        assert_eq!(list["schema"], "dosebridge.list/1");
        assert_eq!((mrns_of(&list), &list["plans"][0]["in_cohort"]), (vec![second], &Value::Bool(true)));

        let shown = store.run(place, &["show", first, "1"]).out;
        for part in ["RoiDetails", "sphere", "tube", "ImportFiles", "Prescriptions", "DVHOptions"] {
            assert!(shown.contains(part), "{part} is not in\n{shown}");
        }
        assert!(!shown.contains("VolumeString"), "a curve is nothing to read");
        let shown = store.json(place, &["show", first, "1"]);
        let tables = &shown["plans"][0]["tables"];
        assert_eq!(
            (tables["Plans"][0]["MRN"].as_str(), tables["DVHs"].as_array().unwrap().len()),
            (Some(first), 2)
        );
        assert!(tables["DVHs"][0]["VolumeString"].as_str().unwrap().contains(','));
        assert_refused(&store.run(place, &["show", first, "7"]), 1, "no plan 7 of MRN");
        assert_refused(&store.run(place, &["show", "nobody"]), 1, "nothing of MRN \"nobody\" is stored");

        let plans = store.run(place, &["export", "plans"]).out;
        let rows: Vec<&str> = plans.lines().collect();
        assert!(
            rows.len() == 3
                && rows[0].starts_with("MRN,PlanID,Birthdate")
                && rows[0].contains("PrescribedDose"),
            "{plans}"
        );
        let dvhs = store.run(place, &["export", "dvhs", "--mrn", first]).out;
        assert!(dvhs.lines().count() == 3 && !dvhs.contains("VolumeString"), "{dvhs}");
        let metrics = store.run(place, &["export", "metrics"]).out;
        assert!(metrics.lines().count() == 5 && metrics.contains(",sphere,"), "{metrics}");
        assert_eq!(
            store.run(place, &["export", "curves", "--format", "json", "--out", "curves.json"]).code,
            0
        );
        let curves: Value =
            serde_json::from_slice(&std::fs::read(place.path().join("curves.json")).unwrap()).unwrap();
        crate::schema::check_own(&curves);
        for what in ["plans", "dvhs", "metrics"] {
            let ran = store.run(place, &["export", what, "--format", "json"]);
            let rows: Value = serde_json::from_str(&ran.out).unwrap();
            crate::schema::check_own(&rows);
            assert!(!rows["rows"].as_array().unwrap().is_empty(), "{what}");
        }
        let done = store.json(place, &["exclude", first]);
        assert_eq!((done["action"].as_str(), done["plan_id"].is_null()), (Some("exclude"), true));
        store.json(place, &["exclude", first, "--undo"]);
        store.json(place, &["move", first, "1", "--to", "elsewhere"]);
        let rows = curves["rows"].as_array().unwrap();
        assert_eq!((curves["schema"].as_str(), rows.len()), (Some("dosebridge.export/1"), 4));
        let csv = store.run(place, &["export", "curves"]).out;
        let points: usize = rows.iter().map(|row| row["Cumulative_cm3"].as_array().unwrap().len()).sum();
        assert_eq!(csv.lines().count(), points + 1, "both forms have the same points");
    });
}

fn mrns_of(list: &Value) -> Vec<&str> {
    list["plans"].as_array().unwrap().iter().filter_map(|plan| plan["mrn"].as_str()).collect()
}

#[test]
fn a_plan_is_deleted_when_somebody_says_yes() {
    on_both(|place, store| {
        let mrns = import(place, store, &["one"]);
        assert_refused(&store.run(place, &["delete", &mrns[0], "1"]), 2, "--yes");
        assert_refused(&store.run(place, &["delete", &mrns[0], "0", "--yes"]), 2, "1 or more");
        assert_eq!(mrns_of(&store.json(place, &["list"])).len(), 1);
        let done = store.json(place, &["delete", &mrns[0], "1", "--yes", "--reason", "test export"]);
        assert_eq!((done["schema"].as_str(), done["dvhs"].as_u64()), (Some("dosebridge.change/1"), Some(2)));
        assert_refused(&store.run(place, &["delete", &mrns[0], "1", "--yes"]), 1, "no plan 1");
        let log = store.json(place, &["show", &mrns[0]])["audit"].clone();
        assert_eq!((&log[0]["Action"], &log[0]["Reason"]), (&"import".into(), &"2 DVHs stored".into()));
        assert_eq!(
            (&log[1]["Action"], &log[1]["Reason"]),
            (&"delete".into(), &"2 DVHs deleted: test export".into())
        );
        assert!(
            !log[1]["Who"].as_str().unwrap().is_empty() && !log[1]["Version"].as_str().unwrap().is_empty()
        );
        assert_eq!(import(place, store, &[]), mrns, "the files can come again");
        assert_eq!(store.json(place, &["list"])["plans"][0]["plan_id"], 2);
    });
}

#[test]
fn a_plan_is_moved_excluded_and_its_patient_purged() {
    on_both(|place, store| {
        let mrns = import(place, store, &["one", "two"]);
        let ran =
            store.run(place, &["move", &mrns[0], "1", "--to", "M-7", "--reason", "wrong patient chosen"]);
        assert_eq!((ran.code, ran.out), (0, format!("plan 1 of MRN {} is now plan 1 of MRN M-7\n", mrns[0])));
        let again = store.run(place, &["run", "in"]);
        assert!(again.code == 0 && again.out.contains("0 stored, 2 unchanged"), "{}", again.out);
        assert!(again.out.contains("RT0820"), "{}", again.out);

        assert_eq!(store.run(place, &["exclude", "M-7", "1", "--reason", "artefacts"]).code, 0);
        assert_eq!(store.run(place, &["export", "plans"]).out.lines().count(), 2);
        assert_eq!(store.run(place, &["export", "plans", "--all"]).out.lines().count(), 3);
        assert_eq!(store.run(place, &["exclude", "M-7", "1", "--undo"]).code, 0);
        assert_refused(&store.run(place, &["exclude", "M-7", "1", "--undo"]), 1, "not excluded");
        assert_eq!(store.run(place, &["exclude", "M-7"]).code, 0);

        assert_refused(&store.run(place, &["purge", "--patient", "M-7"]), 2, "--yes");
        let purged =
            store.json(place, &["purge", "--patient", "M-7", "--yes", "--reason", "letter of today"]);
        assert_eq!((purged["plans"].as_u64(), purged["files"].as_array().unwrap().len()), (Some(1), 3));
        assert_eq!(mrns_of(&store.json(place, &["list"])), [mrns[1].as_str()]);
        let stands_in = purged["stands_in"].as_str().unwrap();
        let log = store.json(place, &["show", stands_in])["audit"].clone();
        let actions: Vec<&str> =
            log.as_array().unwrap().iter().filter_map(|row| row["Action"].as_str()).collect();
        assert_eq!(actions, ["move", "exclude", "include", "exclude", "purge"]);
        assert!(!log.to_string().contains("M-7"), "{log}");
        assert_refused(&store.run(place, &["purge", "--patient", "M-7", "--yes"]), 1, "nothing of MRN");
    });
}

#[test]
fn a_database_that_is_not_there_is_not_made_by_looking() {
    let place = Place::new();
    for arguments in [
        &["list"][..],
        &["show", "A"],
        &["export", "plans"],
        &["delete", "A", "1", "--yes"],
        &["recompute", "--all"],
    ] {
        let output = place.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!place.path().join("dvh.sqlite").exists(), "{arguments:?}");
    }
}

//! A folder that exports land in.

use crate::stores::{Store, on_both};
use crate::support::Place;
use rt_phantom::fixtures;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const QUICK: [&str; 4] = ["--quiet", "0.4", "--interval", "0.1"];

fn watch(place: &Place, store: &Store) -> Child {
    let arguments = [&["watch", "share", "--json", "reports.jsonl"], &QUICK[..]].concat();
    store.command(place, &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn reports(place: &Place) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(place.path().join("reports.jsonl")).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn until(what: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[cfg(unix)]
fn stop(mut child: Child, signal: &str) {
    assert!(
        std::process::Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(0), "stopping is how a watch ends");
}

#[cfg(unix)]
#[test]
fn what_lands_is_imported_once_it_is_whole() {
    on_both(|place, store| {
        std::fs::create_dir(place.path().join("share")).unwrap();
        let child = watch(place, store);
        place.write("share/first", &fixtures::sound("first").build().unwrap());
        let stored =
            || store.read(place, |database| async move { database.plans(None).await.unwrap().len() });
        until("the first case is not stored", || !reports(place).is_empty() && stored() == 1);
        // The dose comes late, in two parts with a pause shorter than the quiet time, then the rest of it.
        let late = fixtures::sound("late").build().unwrap();
        place.write("staging", &late);
        let dose = std::fs::read(place.path().join("staging/RD.dcm")).unwrap();
        std::fs::create_dir(place.path().join("share/late")).unwrap();
        for name in ["RP.dcm", "RS.dcm"] {
            std::fs::copy(
                place.path().join("staging").join(name),
                place.path().join("share/late").join(name),
            )
            .unwrap();
        }
        std::fs::write(place.path().join("share/late/RD.dcm"), &dose[..dose.len() / 2]).unwrap();
        std::thread::sleep(Duration::from_millis(200));
        std::fs::write(place.path().join("share/late/RD.dcm"), &dose).unwrap();
        until("the late case is not stored", || stored() == 2);
        let unharmed = |report: &serde_json::Value| {
            report["cases"]
                .as_array()
                .unwrap()
                .iter()
                .all(|case| case["status"] != "failed" && case["status"] != "refused")
        };
        assert!(reports(place).iter().all(unharmed), "{:?}", reports(place));
        let first = |report: &&serde_json::Value| report.to_string().contains("share/first/RP.dcm");
        assert_eq!(reports(place).iter().filter(first).count(), 1, "what is done is not done again");
        stop(child, "-TERM");
    });
}

#[cfg(unix)]
#[test]
fn a_watch_that_begins_anew_computes_nothing_twice() {
    on_both(|place, store| {
        place.write("share/first", &fixtures::sound("first").build().unwrap());
        assert_eq!(store.run(place, &["run", "share"]).code, 0);
        let child = watch(place, store);
        until("the stored case is not told", || !reports(place).is_empty());
        let case = &reports(place)[0]["cases"][0];
        assert_eq!((case["status"].as_str(), case["plan_id"].as_u64()), (Some("unchanged"), Some(1)));
        assert_eq!(case["rois"], serde_json::json!([]), "its ROIs are not computed again");
        // Another content under the same names is no old acquaintance.
        place.write("share/first", &fixtures::sound("second").build().unwrap());
        let stored =
            || store.read(place, |database| async move { database.plans(None).await.unwrap().len() });
        until("the new case is not stored", || stored() == 2);
        stop(child, "-TERM");
    });
}

#[cfg(unix)]
#[test]
fn a_watch_survives_what_goes_and_ends_on_an_interrupt() {
    let (place, store) = (Place::new(), Store::sqlite());
    std::fs::create_dir(place.path().join("share")).unwrap();
    let child = watch(&place, &store);
    std::fs::write(place.path().join("share/broken.dcm"), [0_u8; 200]).unwrap();
    until("the broken file is not told", || !reports(&place).is_empty());
    // The share is away for a moment.
    std::fs::rename(place.path().join("share"), place.path().join("away")).unwrap();
    std::thread::sleep(Duration::from_millis(400));
    std::fs::rename(place.path().join("away"), place.path().join("share")).unwrap();
    place.write("share/first", &fixtures::sound("first").build().unwrap());
    let stored = || store.read(&place, |database| async move { database.plans(None).await.unwrap().len() });
    until("the case is not stored", || stored() == 1);
    stop(child, "-INT");
}

#[test]
fn a_watch_that_can_not_begin_says_so() {
    let place = Place::new();
    assert_eq!(place.run(&["watch", "nowhere"]).status.code(), Some(2));
    let arguments = ["watch", ".", "--db", "mysql://nobody@127.0.0.1:1/DVH"];
    assert_eq!(
        place.command(&arguments).env("DOSEBRIDGE_DATABASE_PASSWORD", "x").output().unwrap().status.code(),
        Some(2)
    );
    assert_eq!(place.run(&["watch", ".", "--quiet", "-1"]).status.code(), Some(2));
    let help = String::from_utf8(place.run(&["watch", "--help"]).stdout).unwrap();
    assert!(help.contains("[default: 30]"), "a file is whole after 30 s: {help}");
}

//! Killed and interrupted runs leave whole cases only, and the next run does the rest.

use crate::support::Place;
use rt_phantom::fixtures;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const CASES: usize = 12;

fn place_with_cases() -> Place {
    let place = Place::new();
    for number in 0..CASES {
        place.write(&format!("in/{number:02}"), &fixtures::sound(&format!("case {number}")).build().unwrap());
    }
    place
}

fn start(place: &Place) -> Child {
    place.command(&["run", "in"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Every plan has its import, its status and its ROIs; nothing is there by halves.
fn whole_cases(place: &Place) -> usize {
    if !place.path().join("dvh.sqlite").exists() {
        return 0;
    }
    place.read(|database| async move {
        let plans = database.plans(None).await.unwrap();
        let imports = database.imports(None).await.unwrap();
        assert_eq!(plans.len(), imports.len());
        for plan in &plans {
            let record = database.case(&plan.mrn, plan.plan_id).await.unwrap().unwrap();
            assert_eq!(record.rois.len(), 2, "{}", plan.mrn);
            assert_eq!(database.dvhs(&plan.mrn, plan.plan_id).await.unwrap().len(), 2, "{}", plan.mrn);
            assert_eq!(record.import.files.len(), 3, "{}", plan.mrn);
        }
        plans.len()
    })
}

/// Runs to the end and finds each case exactly once.
fn finish(place: &Place) {
    let (code, report) = place.import(&["in"]);
    assert_eq!(code, 0);
    assert_eq!(report["cases"].as_array().unwrap().len(), CASES);
    assert_eq!(whole_cases(place), CASES);
    let (plans, _) = place.stored();
    assert!(plans.iter().all(|plan| plan.plan_id.0 == 1), "a case was stored twice");
}

#[test]
fn killed_at_any_moment_no_case_is_half() {
    let place = place_with_cases();
    let started = Instant::now();
    start(&place).wait().unwrap();
    let whole_run = started.elapsed();
    for part in [3, 5, 7, 9] {
        let place = place_with_cases();
        let mut child = start(&place);
        std::thread::sleep(whole_run * part / 10);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(whole_cases(&place) <= CASES);
        finish(&place);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_130_and_whole_cases() {
    let place = place_with_cases();
    let mut child = start(&place);
    // The database is opened after the interrupt is listened for.
    let deadline = Instant::now() + Duration::from_secs(20);
    while whole_cases_quick(&place) == 0 && Instant::now() < deadline && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let status = child.wait().unwrap();
    if sent.success() && status.code() != Some(0) {
        assert_eq!(status.code(), Some(130));
    }
    whole_cases(&place);
    finish(&place);
}

/// Whether the run has begun to store.
#[cfg(unix)]
fn whole_cases_quick(place: &Place) -> u64 {
    std::fs::metadata(place.path().join("dvh.sqlite-wal")).map_or(0, |log| log.len())
}

/// What was not looked at must not read as if it were in order.
#[cfg(unix)]
#[test]
fn an_interrupted_check_says_that_it_ended_early() {
    let place = place_with_cases();
    let mut seen = 0;
    for milliseconds in [20, 40, 80, 160, 320, 640] {
        let arguments = ["check", "in", "--jobs", "1", "--json", "check.json"];
        let child = place.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        let id = child.id().to_string();
        let sent = std::process::Command::new("kill").args(["-INT", &id]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        let report = place.path().join("check.json");
        // Before the signal is listened for, it ends the program; after the last case, nothing is left to end.
        if !sent.success() || output.status.code() != Some(130) || !report.exists() {
            continue;
        }
        let text = String::from_utf8(output.stdout).unwrap();
        let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
        crate::schema::check_own(&report);
        assert!(report["interrupted"] == true && text.contains("the check ended early"), "{text}");
        std::fs::remove_file(place.path().join("check.json")).unwrap();
        seen += 1;
    }
    assert!(seen > 0, "no check was caught in the middle");
}

//! Comparisons with other systems' DVHs, and the self-test.

use crate::schema;
use crate::support::Place;
use rt_phantom::fixtures;
use rt_testkit::shared;
use serde_json::Value;
use std::path::Path;

/// Runs `compare` on the sphere of a phantom against a table of this text: exit code and report.
fn compared(place: &Place, table: &str, more: &[&str]) -> (i32, Value) {
    std::fs::write(place.path().join("theirs.csv"), table).unwrap();
    let arguments = [
        "compare",
        "--structures",
        "in/RS.dcm",
        "--dose",
        "in/RD.dcm",
        "--tps",
        "theirs.csv",
        "--json",
        "c.json",
    ];
    let output = place.run(&[&arguments[..], more].concat());
    let report = std::fs::read(place.path().join("c.json"))
        .unwrap_or_else(|_| panic!("no report: {}", String::from_utf8_lossy(&output.stderr)));
    let report: Value = serde_json::from_slice(&report).unwrap();
    schema::check("compare-report-1", &report);
    (output.status.code().unwrap(), report)
}

/// Our own curve as the program writes it.
fn own_table(place: &Place) -> String {
    place.write("in", &fixtures::sound("compare").build().unwrap());
    let output = place.run(&["dvh", "--structures", "in/RS.dcm", "--dose", "in/RD.dcm", "--csv", "-"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The table with each dose and volume changed.
fn changed(table: &str, change: impl Fn(f64, f64) -> (f64, f64)) -> String {
    let mut lines = table.lines();
    let mut text = format!("{}\n", lines.next().unwrap());
    for line in lines {
        let [number, name, dose, volume] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (dose, volume) = change(dose.parse().unwrap(), volume.parse().unwrap());
        text += &format!("{number},{name},{dose},{volume}\n");
    }
    text
}

#[test]
fn our_own_table_agrees() {
    let place = Place::new();
    let table = own_table(&place);
    let (code, report) = compared(&place, &table, &["--plan", "in/RP.dcm"]);
    assert_eq!(code, 0, "{report}");
    let roi = &report["rois"][0];
    assert_eq!(
        (roi["pass"].as_bool(), roi["gamma_percent"].as_f64(), roi["cause"].is_null()),
        (Some(true), Some(100.0), true)
    );
    assert!(roi["d003cc_difference_gy"].as_f64().unwrap().abs() < 0.01);
    assert_eq!(report["dose_percent_of"], "the largest dose, since no prescription is settled");
}

/// Each way another system may differ, made from our own curve, is found by its name.
#[test]
fn the_cause_of_a_difference_is_found() {
    let place = Place::new();
    let table = own_table(&place);
    // Theirs in bins of 1 Gy, written at their lower ends: half a Gy low.
    let coarse: String = table
        .lines()
        .enumerate()
        .filter(|(at, _)| *at == 0 || at % 100 == 1)
        .map(|(_, line)| format!("{line}\n"))
        .collect();
    let low = changed(&coarse, |dose, volume| (dose - 0.5, volume)).replace("-0.5,", "0,");
    for (theirs, cause) in [
        (low, "dose bin: theirs is written half a bin low"),
        (changed(&table, |dose, volume| (dose * 1.2, volume)), "not explained"),
    ] {
        let (code, report) = compared(&place, &theirs, &[]);
        let roi = &report["rois"][0];
        assert!(roi["cause"].as_str().unwrap_or_default().starts_with(cause), "{roi}");
        assert_eq!(code, i32::from(roi["pass"] == false), "a ROI that does not pass makes the exit code 1");
    }
}

#[test]
fn rows_and_rois_that_can_not_be_used_are_told() {
    let place = Place::new();
    let table = own_table(&place) + "1,sphere,0.5,3\n9,somebody else,0,1\n9,somebody else,1,0\n";
    let (_, report) = compared(&place, &table, &[]);
    let notes = report["notes"].to_string();
    assert!(notes.contains("dose 0.5 Gy after") && notes.contains("somebody else"), "{notes}");
    let output =
        place.run(&["compare", "--structures", "in/RS.dcm", "--dose", "in/RD.dcm", "--tps", "in/RP.dcm"]);
    assert_eq!(output.status.code(), Some(1), "a plan is no table");
}

/// Eclipse 8.1 and CERR on the same files: curves agree; the volumes differ by the ends, CERR's doses by half
/// a bin.
#[test]
fn a_prostate_phantom_against_eclipse_and_cerr() {
    let Some(data) = shared::data() else { return };
    let folder = data.join("eclipse_prostate_phantom");
    let place = Place::new();
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let [structures, dose, plan] =
        ["RS.eclipse.dcm", "RD.rebuilt.dcm", "RP.eclipse.dcm"].map(|name| text(&folder.join(name)));
    for (system, pass) in [("Eclipse", 4), ("CERR", 6)] {
        let table = text(&folder.join(format!("reference/EclipseProstate_DvhTable_{system}.csv")));
        let arguments = [
            "compare",
            "--structures",
            &structures,
            "--dose",
            &dose,
            "--plan",
            &plan,
            "--tps",
            &table,
            "--json",
            "c.json",
        ];
        let output = place.run(&arguments);
        let report: Value =
            serde_json::from_slice(&std::fs::read(place.path().join("c.json")).unwrap()).unwrap();
        schema::check("compare-report-1", &report);
        let rois = report["rois"].as_array().unwrap();
        assert_eq!(
            (rois.len(), rois.iter().filter(|roi| roi["pass"] == true).count()),
            (6, pass),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        for roi in rois {
            assert_eq!(roi["gamma_percent"], 100.0, "{system}: {roi}");
            let cause = roi["cause"].as_str().unwrap_or_default();
            let expected: &[&str] =
                if system == "Eclipse" { &["caps", "between"] } else { &["dose bin", "coverage", "between"] };
            let known = expected.iter().any(|kind| cause.contains(kind));
            assert!(roi["pass"] == true && cause.is_empty() || known, "{system}: {}: {cause}", roi["name"]);
        }
        let lines = report["notes"].to_string().matches("line 776, ").count();
        assert_eq!(lines, if system == "Eclipse" { 6 } else { 0 });
    }
}

#[test]
fn the_self_test_passes_and_is_dated() {
    let place = Place::new();
    let output = place.run(&["selftest", "--out", "record.txt", "--json", "record.json"]);
    let text = std::fs::read_to_string(place.path().join("record.txt")).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.contains("PASSED") && text.contains(env!("CARGO_PKG_VERSION")) && text.contains(" UTC"),
        "{text}"
    );
    let record: Value =
        serde_json::from_slice(&std::fs::read(place.path().join("record.json")).unwrap()).unwrap();
    schema::check("selftest-report-1", &record);
    assert_eq!(record["rows"].as_array().unwrap().len(), 3 * 2 * 7 * 8);
    assert!(!place.path().join("dvh.sqlite").exists());
}

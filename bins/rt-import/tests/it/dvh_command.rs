//! DVHs of files at hand.

use crate::schema;
use crate::support::{Place, codes, texts};
use rt_phantom::{Value, fixtures};

#[test]
fn the_dvhs_of_two_files_need_no_plan_and_no_database() {
    let place = Place::new();
    place.write("in", &fixtures::sound("dvh").build().unwrap());
    let arguments = [
        "dvh",
        "--structures",
        "in/RS.dcm",
        "--dose",
        "in/RD.dcm",
        "--roi",
        "sphere",
        "--metric",
        "D2cc",
        "--metric",
        "V95%",
    ];
    let output = place.run(&[&arguments[..], &["--json", "r.json", "--curves", "--csv", "c.csv"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8(output.stdout).unwrap().contains("sphere"));
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(place.path().join("r.json")).unwrap()).unwrap();
    schema::check("dvh-report-1", &report);
    assert_eq!(texts(&report["rois"], "name"), ["sphere"]);
    let roi = &report["rois"][0];
    let metrics: Vec<&str> = roi["metrics"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(metrics, ["D2cc", "V95%"], "the strings that were asked for");
    assert!(roi["metrics"]["V95%"]["reason"].as_str().unwrap().contains("no prescription"));

    let csv = std::fs::read_to_string(place.path().join("c.csv")).unwrap();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("roi_number,roi_name,dose_gy,volume_cm3"));
    let first: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(first[..3], ["1", "sphere", "0.00"]);
    let volume = roi["volume_cm3"].as_f64().unwrap();
    assert!((first[3].parse::<f64>().unwrap() - volume).abs() < 1e-5);
    assert_eq!(csv.lines().count() - 1, roi["curve"]["cumulative_cm3"].as_array().unwrap().len());
    assert!(csv.ends_with(",0.000000\n"), "the curve goes down to its first zero");
    assert!(!place.path().join("dvh.sqlite").exists());
}

#[test]
fn several_doses_are_added_and_their_completeness_is_told() {
    let place = Place::new();
    let mut case = fixtures::sound("two").build().unwrap();
    let second = case.copy("RD.dcm", "RD2.dcm").unwrap();
    second.data.set("SOPInstanceUID", Value::text("2.25.77")).unwrap();
    second.data.set("DoseSummationType", Value::text("BEAM")).unwrap();
    place.write("in", &case);
    let mean = |doses: &[&str]| {
        let output = place.run(&[&["dvh", "--structures", "in/RS.dcm", "--json", "-"], doses].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (report["rois"][0]["mean_gy"].as_f64().unwrap(), codes(&report).contains(&"RT0614"))
    };
    let (one, told_one) = mean(&["--dose", "in/RD.dcm"]);
    let (two, told_two) = mean(&["--dose", "in/RD.dcm", "--dose", "in/RD2.dcm"]);
    assert!((two - 2.0 * one).abs() < 1e-4, "{one} {two}");
    assert_eq!((told_one, told_two), (false, true));
    let twice =
        place.run(&["dvh", "--structures", "in/RS.dcm", "--dose", "in/RD.dcm", "--dose", "in/RD.dcm"]);
    assert_eq!(twice.status.code(), Some(1));
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    for (element, value, part) in
        [("PatientID", "X", "expected patient"), ("FrameOfReferenceUID", "1.2.3", "frame of reference")]
    {
        let place = Place::new();
        let mut case = fixtures::sound("mixed").build().unwrap();
        case.file("RD.dcm").unwrap().data.set(element, Value::text(value)).unwrap();
        place.write("in", &case);
        let output = place.run(&["dvh", "--structures", "in/RS.dcm", "--dose", "in/RD.dcm"]);
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(part) && text.contains(value), "{text}");
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    let place = Place::new();
    place.write("in", &fixtures::sound("usage").build().unwrap());
    for arguments in [
        &["dvh", "--structures", "in/RS.dcm"][..],
        &["dvh", "--structures", "in/RS.dcm", "--dose", "none.dcm"],
        &["dvh", "--structures", "in/RD.dcm", "--dose", "in/RD.dcm"],
        &["dvh", "--structures", "in/RS.dcm", "--dose", "in/RD.dcm", "--roi", "no such ROI"],
    ] {
        let output = place.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

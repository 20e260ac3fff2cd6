//! The columns of `Plans`: each value names its source, also where a fall-back stands in for what the plan
//! leaves out.

use crate::stores::on_both;
use crate::support::{Place, codes};
use rt_phantom::{Position, Value, fixtures, techniques};
use rt_sql::record::PlanId;
use std::collections::BTreeMap;

/// The columns of plan 1 that have a value, with what they hold and where that is from.
fn columns(place: &Place, mrn: &str) -> BTreeMap<String, (String, String)> {
    let mrn = mrn.to_owned();
    let (tables, record) = place.read(|database| async move {
        let tables = database.plan_tables(&mrn, PlanId(1)).await.unwrap();
        (tables, database.case(&mrn, PlanId(1)).await.unwrap().unwrap())
    });
    let plans = tables.iter().find(|table| table.name == "Plans").unwrap();
    let source = |column: &str| {
        let field = record.field_sources.iter().find(|field| field.column == column);
        field.map_or_else(String::new, |field| field.source.clone())
    };
    let cells = plans.columns.iter().zip(&plans.rows[0]).filter(|(_, value)| **value != rt_sql::Value::Null);
    cells.map(|(column, value)| (column.clone(), (value.to_string(), source(column)))).collect()
}

#[test]
fn every_value_of_a_plan_names_its_source() {
    let place = Place::new();
    let mut full = fixtures::sound("full").build().unwrap();
    full.file("RP.dcm").unwrap().data.set("ReferringPhysicianName", Value::text("R")).unwrap();
    place.write("in/full", &full);
    for name in ["brachy_pdr", "proton_layers"] {
        place.write(&format!("in/{name}"), &techniques::named(name).unwrap().case.build().unwrap());
    }
    assert_eq!(place.import(&["in"]).0, 0);
    let mut seen: Vec<String> = Vec::new();
    for mrn in ["PHANTOM-full", "PHANTOM-brachy_pdr", "PHANTOM-proton_layers"] {
        for (column, (value, source)) in columns(&place, mrn) {
            // The number is the database's own.
            let reported = source.contains(".dcm [2.25.") && source.ends_with(')') || column == "PlanID";
            assert!(reported, "{mrn}: {column} {value} is from {source:?}");
            seen.push(column);
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 22, "every column is filled by one of them: {seen:?}");
}

#[test]
fn what_stands_in_names_its_own_file() {
    let place = Place::new();
    let mut case = fixtures::sound("silent").position(Position::Ffs).build().unwrap();
    let plan = &mut case.file("RP.dcm").unwrap().data;
    plan.remove("StudyDate").unwrap().remove("PatientSetupSequence").unwrap();
    plan.set("PhysiciansOfRecord", Value::text("House^G")).unwrap();
    plan.remove("DoseReferenceSequence").unwrap();
    for file in &mut case.files {
        file.data.set("PatientID", Value::text("")).unwrap();
    }
    place.write("in", &case);
    let (code, report) = place.import(&["in", "--mrn", "M-7"]);
    assert_eq!(code, 0, "{report}");
    let found = columns(&place, "M-7");
    for (column, value, file, attribute) in [
        ("SimStudyDate", "2026-01-05", "in/CT/", "StudyDate (0008,0020)"),
        ("PatientOrientation", "FFS", "in/RD.dcm", "ImageOrientationPatient (0020,0037)"),
        ("RadOnc", "House^G", "in/RP.dcm", "PhysiciansOfRecord (0008,1048)"),
        ("MRN", "M-7", "the user's word", ""),
        ("RxDose", "", "in/RD.dcm", ""),
    ] {
        let (found, source) = &found[column];
        assert!(
            found.starts_with(value) && source.starts_with(file) && source.ends_with(attribute),
            "{column}: {found} {source}"
        );
    }
    let reported = codes(&report["cases"][0]);
    for code in ["RT0254", "RT0260", "RT0261", "RT0263", "RT0629"] {
        assert!(reported.contains(&code), "{code}: {reported:?}");
    }
    // Computing anew takes the same fall-backs.
    let output = place.run(&["recompute", "M-7"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("nothing moved"));
    // A plan that was moved has its MRN from nobody's file.
    assert_eq!(place.run(&["move", "M-7", "1", "--to", "M-8"]).status.code(), Some(0));
    for _computed in ["before", "anew"] {
        assert_eq!(columns(&place, "M-8")["MRN"].1, "the user's word: the plan was moved");
        assert_eq!(place.run(&["recompute", "M-8"]).status.code(), Some(0));
    }
}

/// The phantom's dose is 30 Gy at the origin and rises by 1 Gy per mm along y: extrema tell their own place.
#[test]
fn the_places_of_the_extrema_are_stored() {
    on_both(|place, store| {
        place.write("in", &fixtures::sound("places").build().unwrap());
        assert_eq!(store.run(place, &["run", "in"]).code, 0);
        let read = |database: rt_sql::Database| async move {
            database.case("PHANTOM-places", PlanId(1)).await.unwrap().unwrap()
        };
        let stored = store.read(place, read);
        assert_eq!(stored.rois.len(), 2);
        for roi in &stored.rois {
            for (dose, at) in [(roi.min, roi.min_at), (roi.max, roi.max_at)] {
                let (dose, at) = (dose.unwrap().0, at.unwrap());
                assert!((dose - 30.0 - at.y).abs() < 0.001, "{}: {dose} Gy at {at:?}", roi.name);
                assert!(at.x.abs() < 13.0 && at.z.abs() < 13.0, "{}: {at:?}", roi.name);
            }
        }
    });
}

#[test]
fn metrics_of_the_configuration_are_stored_with_their_bands() {
    on_both(|place, store| {
        std::fs::write(place.path().join("dosebridge.toml"), "[import]\nmetrics = ['D95%', 'V30Gy']\n")
            .unwrap();
        place.write("in", &fixtures::sound("bands").build().unwrap());
        assert_eq!(store.run(place, &["run", "in"]).code, 0);
        let read = |database: rt_sql::Database| async move {
            database.case("PHANTOM-bands", PlanId(1)).await.unwrap().unwrap()
        };
        for roi in store.read(place, read).rois {
            let names: Vec<&str> = roi.metrics.iter().map(|metric| metric.metric.as_str()).collect();
            assert_eq!(names, ["D95%", "V30Gy"]);
            for metric in &roi.metrics {
                let [low, value, high] = [metric.low, metric.value, metric.high].map(Option::unwrap);
                assert!(low < value && value < high, "{metric:?}");
            }
        }
    });
}

/// Each word of the user is in the log, and holds when the plan is computed anew.
#[test]
fn an_assumed_spacing_is_in_the_log_and_holds_again() {
    let place = Place::new();
    let mut case = fixtures::named("offsets_missing").unwrap().case().unwrap();
    case.file("RD.dcm").unwrap().data.set("SliceThickness", Value::text("2")).unwrap();
    place.write("in", &case);
    let (code, report) = place.import(&["in", "--assume-spacing"]);
    assert_eq!((code, report["cases"][0]["status"].as_str()), (0, Some("stored")), "{report}");
    let mrn = report["cases"][0]["mrn"].as_str().unwrap().to_owned();
    let log = place.run(&["show", &mrn]);
    assert!(String::from_utf8(log.stdout).unwrap().contains("assume spacing"));
    let output = place.run(&["recompute", &mrn]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(0) && text.contains("nothing moved"), "{text}");
}

//! Plans computed anew from their files.

use crate::stores::{Store, on_both};
use crate::support::Place;
use rt_model::frame::PatientPoint;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_phantom::case::CaseBuilder;
use rt_phantom::{Value, fixtures};
use serde_json::Value as Json;

fn recompute(place: &Place, store: &Store, bin: &str, arguments: &[&str]) -> (i32, Json) {
    let mut command = store.command(place, &[&["recompute", "--json", "-"], arguments].concat());
    let output = command.env("DOSEBRIDGE_DVH_BIN_GY", bin).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{text}"));
    crate::schema::check_own(&report);
    (output.status.code().unwrap(), report)
}

fn columns(plan: &Json) -> Vec<&str> {
    let mut columns: Vec<&str> =
        plan["changes"].as_array().unwrap().iter().map(|change| change["column"].as_str().unwrap()).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

#[test]
fn other_options_move_what_they_should_and_old_values_stay() {
    on_both(|place, store| {
        place.write("in", &fixtures::sound("anew").build().unwrap());
        assert_eq!(store.run(place, &["run", "in"]).code, 0);
        let mrn = store.json(place, &["list"])["plans"][0]["mrn"].as_str().unwrap().to_owned();
        let (code, same) = recompute(place, store, "0.01", &["--all"]);
        assert_eq!((code, same["schema"].as_str()), (0, Some("dosebridge.recompute/1")));
        assert_eq!(same["plans"][0]["changes"], Json::Array(vec![]), "the same engine, options and files");
        let (_, trial) = recompute(place, store, "0.02", &[&mrn, "1", "--dry-run"]);
        assert!(columns(&trial["plans"][0]).contains(&"DoseBinSize"));
        let (code, done) = recompute(place, store, "0.02", &[&mrn, "--reason", "coarser curves"]);
        assert_eq!((code, columns(&done["plans"][0])), (0, columns(&trial["plans"][0])));
        let moved: Vec<&str> =
            columns(&done["plans"][0]).into_iter().filter(|column| column.contains("Dose_Gy")).collect();
        assert_eq!(moved, [] as [&str; 0], "volumes and doses do not depend on the bins");
        let shown = store.json(place, &["show", &mrn, "1"]);
        let tables = &shown["plans"][0]["tables"];
        let old = tables["OldValues"].as_array().unwrap();
        let curve = old.iter().find(|row| row["ColumnName"] == "VolumeString").unwrap();
        let new = tables["DVHs"][0]["VolumeString"].as_str().unwrap();
        assert!(curve["Value"].as_str().unwrap().len() > new.len());
        assert!(tables["Imports"][0]["DVHOptions"].as_str().unwrap().contains("bin=0.02"));
        assert_eq!(tables["Recomputations"].as_array().unwrap().len(), 2);
        let log = shown["audit"].as_array().unwrap();
        assert!(log.last().unwrap()["Reason"].as_str().unwrap().ends_with("coarser curves"), "{log:?}");
    });
}

/// A drawing repeated 20 micrometres higher has a sixtieth of its volume by the first rules for planes.
#[test]
fn another_preset_prints_what_moved() {
    on_both(|place, store| {
        let contours = (0..9).flat_map(|n| {
            [0.0, 0.02].map(|up| {
                let z = 2.5 * f64::from(n) - 10.0 + up;
                let corners = [(-10.0, -10.0), (10.0, -10.0), (10.0, 10.0), (-10.0, 10.0)];
                let points = corners.map(|(x, y)| PatientPoint::new(x, y, z)).to_vec();
                Contour { index: 0, kind: ContourKind::ClosedPlanar, points, slab_thickness: None }
            })
        });
        let roi = Roi { number: 1, name: "TWICE".into(), contours: contours.collect(), ..Roi::default() };
        place.write("in", &CaseBuilder::new("twice").rois([roi]).build().unwrap());
        assert_eq!(store.run(place, &["run", "in", "--preset", "dosebridge-1"]).code, 0);
        let (code, moved) = recompute(place, store, "0.01", &["--all", "--preset", "dosebridge-2"]);
        let changes = moved["plans"][0]["changes"].as_array().unwrap();
        let volume = changes.iter().find(|change| change["column"] == "Volume").unwrap();
        let number = |side: &str| volume[side].as_f64().unwrap();
        assert!(code == 0 && (number("old") - 0.144).abs() < 1e-6, "{volume}");
        assert!((number("new") - 9.0).abs() < 1e-6, "{volume}");
        assert_eq!(store.run(place, &["run", "in", "--preset", "dosebridge-3"]).code, 2);
    });
}

#[test]
fn metrics_that_a_flag_asked_for_stay() {
    on_both(|place, store| {
        place.write("in", &fixtures::sound("asked").build().unwrap());
        let flags = ["--metric", "D2cc", "--metric", "Mean[EQD2]", "--alpha-beta", "3"];
        assert_eq!(store.run(place, &[&["run", "in"], &flags[..]].concat()).code, 0);
        let (code, same) = recompute(place, store, "0.01", &["--all", "--metric", "D2cc"]);
        assert_eq!((code, &same["plans"][0]["changes"]), (0, &Json::Array(vec![])), "{same}");
        let (code, more) = recompute(place, store, "0.01", &["--all"]);
        let changes = more["plans"][0]["changes"].as_array().unwrap();
        let new = |change: &Json| {
            change["table"] == "Metrics" && change["row"].as_str().unwrap().ends_with(" D95%")
        };
        assert!(
            code == 0 && !changes.is_empty() && changes.iter().all(new),
            "the configuration's metric comes, none goes: {more}"
        );
    });
}

/// Decisions of the import hold again; a plan that was moved stays where it is.
#[test]
fn decisions_of_the_import_hold_again() {
    on_both(|place, store| {
        let mut case = fixtures::sound("decided").build().unwrap();
        case.file("RS.dcm").unwrap().data.set("PatientID", Value::text("OTHER")).unwrap();
        case.file("RP.dcm").unwrap().data.set("PatientID", Value::text("MINE")).unwrap();
        case.file("RD.dcm").unwrap().data.set("PatientID", Value::text("MINE")).unwrap();
        place.write("in", &case);
        assert_eq!(store.run(place, &["run", "in", "--accept-patient-mismatch", "MINE=OTHER"]).code, 0);
        assert_eq!(store.run(place, &["move", "MINE", "1", "--to", "M-7"]).code, 0);
        let (code, done) = recompute(place, store, "0.01", &["M-7"]);
        assert_eq!((code, &done["plans"][0]["changes"]), (0, &Json::Array(vec![])), "{done}");
    });
}

#[test]
fn what_can_not_be_computed_is_told() {
    on_both(|place, store| {
        for seed in ["gone", "changed", "stays"] {
            place.write(&format!("in/{seed}"), &fixtures::sound(seed).build().unwrap());
        }
        assert_eq!(store.run(place, &["run", "in"]).code, 0);
        std::fs::remove_file(place.path().join("in/gone/RD.dcm")).unwrap();
        let mut changed = fixtures::sound("changed").build().unwrap();
        changed
            .file("RS.dcm")
            .unwrap()
            .data
            .set("StructureSetROISequence[0] > ROIName", Value::text("other"))
            .unwrap();
        place.write("in/changed", &changed);
        let (code, done) = recompute(place, store, "0.01", &["--all"]);
        assert_eq!(code, 1);
        let plans = done["plans"].as_array().unwrap();
        let reasons: Vec<&str> = plans.iter().filter_map(|plan| plan["reason"].as_str()).collect();
        assert_eq!(reasons.len(), 2, "{done}");
        assert!(
            reasons.iter().any(|reason| reason.contains("files are gone") && reason.contains("RD.dcm")),
            "{reasons:?}"
        );
        assert!(reasons.iter().any(|reason| reason.contains("another content")), "{reasons:?}");
        assert_eq!(plans.iter().filter(|plan| plan["recomputed"] == true).count(), 1);
        assert_eq!(store.run(place, &["recompute", "nobody"]).code, 1);
        assert_eq!(store.run(place, &["recompute"]).code, 2);
    });
}

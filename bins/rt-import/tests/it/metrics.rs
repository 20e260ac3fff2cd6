//! Metrics that need more than a curve, and their bands.

use crate::schema;
use crate::support::Place;
use rt_phantom::fixtures;
use serde_json::Value;

fn report(arguments: &[&str]) -> Value {
    let place = Place::new();
    place.write("in", &fixtures::sound("metrics").build().unwrap());
    let output = place.run(&[&["run", "in", "--dry-run", "--json", "r.json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&std::fs::read(place.path().join("r.json")).unwrap()).unwrap();
    schema::check("import-report-1", &report);
    report
}

fn metric<'r>(report: &'r Value, name: &str) -> &'r Value {
    &report["cases"][0]["rois"][0]["metrics"][name]
}

#[test]
fn eqd2_needs_the_users_alpha_beta_and_the_plans_fractions() {
    let without = report(&["--metric", "Max[EQD2]"]);
    let found = metric(&without, "Max[EQD2]");
    assert!(found["value"].is_null() && found["reason"].as_str().unwrap().contains("alpha/beta"), "{found}");
    let with = report(&["--metric", "Max[EQD2]", "--metric", "Max", "--alpha-beta", "3"]);
    let [eqd2, max] = ["Max[EQD2]", "Max"].map(|name| metric(&with, name)["value"].as_f64().unwrap());
    let rx = &with["cases"][0]["prescription"];
    let fractions = rx["fractions"].as_f64().unwrap();
    assert!((eqd2 - max * (max / fractions + 3.0) / 5.0).abs() < 1e-6, "{eqd2} {max} {fractions}");
    assert_eq!(metric(&with, "Max[EQD2]")["unit"], "Gy EQD2");
}

#[test]
fn bands_are_told_by_cause_where_they_are_asked() {
    let plain = report(&["--metric", "D95%", "--metric", "V0Gy[cc]", "--no-bands"]);
    for nobody_asked in [&plain, &report(&[])] {
        assert!(
            metric(nobody_asked, "D95%")["band"].is_null() && metric(nobody_asked, "D95%")["low"].is_null()
        );
    }
    let banded = report(&["--metric", "D95%", "--metric", "V0Gy[cc]"]);
    let found = metric(&banded, "D95%");
    let [low, value, high] = ["low", "value", "high"].map(|key| found[key].as_f64().unwrap());
    assert!(low < value && value < high, "{found}");
    // Where a large sphere ends between planes is not known to a tenth of its volume.
    let found = metric(&banded, "V0Gy[cc]");
    assert!(
        found["low"].is_null() && found["reason"].as_str().unwrap().contains("of the value open"),
        "{found}"
    );
    for name in ["D95%", "V0Gy[cc]"] {
        let found = metric(&banded, name);
        assert_eq!(metric(&plain, name)["value"], found["value"], "bands change no value");
        for cause in ["numerical", "geometry", "grid", "coverage"] {
            assert!(found["band"][cause]["below"].as_f64().unwrap() >= 0.0, "{name}: {found}");
        }
    }
}

//! The demo: written, imported, shown, twice.

use crate::support::Place;

#[test]
fn the_demo_prints_its_table_twice_and_stores_once() {
    let place = Place::new();
    for (run, word) in ["stored", "unchanged"].into_iter().enumerate() {
        let output = place.run(&["demo"]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "run {run}");
        for part in [
            "DEMO-0001 · plan 1",
            word,
            "volume cm3",
            "PTV_7000",
            "Parotid_L",
            "70.00 Gy in 35 fractions",
            "confirmed",
        ] {
            assert!(text.contains(part), "run {run}: {part} is missing in\n{text}");
        }
        assert!(text.contains(place.path().join("dvh.sqlite").to_str().unwrap()), "{text}");
    }
    let (plans, imports) = place.stored();
    assert_eq!((plans.len(), imports.len()), (1, 1));
}

#[cfg(unix)]
#[test]
fn files_with_patient_data_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.run(&["demo", "--json", "r.json"]);
    for file in ["dvh.sqlite", "r.json"] {
        let mode = std::fs::metadata(place.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

//! The notebook of the examples runs on what the program stores, and its numbers are the database's.

use crate::support::Place;
use rt_model::units::Gy;
use rt_phantom::case::DoseSpec;
use rt_phantom::{ConstantDose, fixtures};
use rt_testkit::program::python;
use serde_json::Value;
use std::process::Command;
use std::sync::Arc;

const NOTEBOOK: &str = include_str!("../../../../examples/population_dvh.ipynb");

/// The code cells, as Jupyter would run them one after the other.
fn code() -> String {
    let notebook: Value = serde_json::from_str(NOTEBOOK).unwrap();
    let cells = notebook["cells"].as_array().unwrap().iter().filter(|cell| cell["cell_type"] == "code");
    let text = |cell: &Value| {
        cell["source"].as_array().unwrap().iter().filter_map(Value::as_str).collect::<String>()
    };
    cells.map(text).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn the_notebook_plots_what_is_stored() {
    let Some(python) = python("pandas, matplotlib", "python3-pandas python3-matplotlib") else { return };
    let place = Place::new();
    for (seed, dose) in [("ten", 10.0), ("twenty", 30.0), ("thirty", 50.0)] {
        let dose = DoseSpec { field: Arc::new(ConstantDose(Gy(dose))), ..DoseSpec::default() };
        place.write(&format!("in/{seed}"), &fixtures::sound(seed).dose(dose).build().unwrap());
    }
    let (code_of_run, report) = place.import(&["in"]);
    assert_eq!(code_of_run, 0, "{report}");
    std::fs::write(place.path().join("cells.py"), code()).unwrap();
    let output = Command::new(python)
        .arg("cells.py")
        .current_dir(place.path())
        .env("MPLBACKEND", "Agg")
        .env("HOME", place.path())
        .output()
        .unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("6 DVHs of 3 plans"), "{text}");
    let picture = std::fs::read(place.path().join("population_dvh.png")).unwrap();
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 10_000);
    let table = std::fs::read_to_string(place.path().join("population_dvh.csv")).unwrap();
    let sphere: Vec<&str> =
        table.lines().find(|line| line.starts_with("sphere,")).unwrap().split(',').collect();
    // name, count, mean, std, min, 10%, 50%, 90%, max, V20Gy: medians of 10, 30 and 50 Gy, and of 0, 100 and
    // 100 %.
    let number = |at: usize| sphere[at].parse::<f64>().unwrap();
    assert_eq!(number(1), 3.0);
    assert!((number(6) - 30.0).abs() < 0.01 && (number(9) - 100.0).abs() < 0.01, "{table}");
}

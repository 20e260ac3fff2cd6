//! SAFETY.md names tests; each has to exist.

use std::fs;
use std::path::Path;

fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_test_that_the_safety_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut all = String::new();
    for folder in ["crates", "bins"] {
        sources(&root.join(folder), &mut all);
    }
    let page = fs::read_to_string(root.join("SAFETY.md")).unwrap();
    let named: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| "))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .collect();
    assert!(named.len() > 30, "{}", named.len());
    for test in named {
        assert!(all.contains(&format!("fn {test}(")), "SAFETY.md names {test}, which does not exist");
    }
}

//! Programs of others.
//!
//! Units: none. Frame: none.

use crate::skip::skip;
use std::process::{Command, Stdio};

/// A program that a Debian package holds; `None` where it is absent, which CI does not accept.
#[must_use]
pub fn program(name: &str, package: &str) -> Option<Command> {
    let mut trial = Command::new(name);
    let found = trial
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !found {
        skip(&format!("no {name} (Debian package {package})"));
    }
    found.then(|| Command::new(name))
}

/// A Python that has these modules: `$DOSEBRIDGE_TEST_PYTHON`, the first of the path or Debian's own.
#[must_use]
pub fn python(modules: &str, packages: &str) -> Option<String> {
    let named = std::env::var("DOSEBRIDGE_TEST_PYTHON").ok();
    let candidates = named.into_iter().chain(["python3", "/usr/bin/python3"].map(str::to_owned));
    let has_all = |python: &String| {
        let imports = Command::new(python).args(["-c", &format!("import {modules}")]).output();
        imports.is_ok_and(|output| output.status.success())
    };
    let found = candidates.into_iter().find(has_all);
    if found.is_none() {
        skip(&format!("no Python with {modules} (Debian packages {packages})"));
    }
    found
}

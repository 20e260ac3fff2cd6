//! The judgement of dciodvfy and dcentvfy (Debian package dicom3tools) on DICOM files.
//!
//! Units: none. Frame: none.

use crate::program::program;
use std::path::Path;
use std::process::Command;

/// Whether both tools are here; CI does not accept that they are not.
#[must_use]
pub fn has_tools() -> bool {
    program("dciodvfy", "dicom3tools").is_some()
}

/// The lines of dciodvfy that begin with `Error`.
///
/// # Panics
/// Where the tool fails without such a line.
#[must_use]
pub fn errors(file: &Path) -> Vec<String> {
    let output = Command::new("dciodvfy").arg("-new").arg(file).output().expect("the tool starts");
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    let errors: Vec<String> =
        printed.lines().filter(|line| line.starts_with("Error")).map(str::to_owned).collect();
    assert!(output.status.success() || !errors.is_empty(), "{}: {printed}", file.display());
    errors
}

/// Patient, study and series agree across the files.
///
/// # Panics
/// Where dcentvfy finds otherwise.
pub fn assert_agree<F: AsRef<Path>>(files: impl IntoIterator<Item = F>) {
    let files: Vec<_> = files.into_iter().map(|file| file.as_ref().to_owned()).collect();
    let together = Command::new("dcentvfy").args(files).output().expect("the tool starts");
    assert!(together.status.success(), "{}", String::from_utf8_lossy(&together.stderr));
}

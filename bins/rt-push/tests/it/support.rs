//! Runs the program in a folder of its own, against receivers on this computer.

use rt_phantom::case::{CaseBuilder, ImageSpec, Role};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder with the program's files in it.
pub(crate) struct Place {
    inner: rt_testkit::place::Place,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { inner: rt_testkit::place::Place::of(env!("CARGO_BIN_EXE_rt-push")) }
    }

    pub(crate) fn path(&self) -> &Path {
        self.inner.path()
    }

    /// The configuration with a node `main` at a port; `more` are further lines of it.
    pub(crate) fn configure(&self, ae: &str, port: u16, more: &str) {
        let text = format!("[pacs.main]\nae = '{ae}'\nhost = '127.0.0.1'\nport = {port}\n{more}\n");
        std::fs::write(self.path().join("dosebridge.toml"), text).unwrap();
    }

    /// The program, in this folder, with nothing of the user's configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.inner.command(arguments);
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        (status.code().unwrap_or(-1), text)
    }

    /// Runs a command that reports, and returns its exit code, report and text.
    pub(crate) fn report(&self, arguments: &[&str]) -> (i32, Value, String) {
        let (code, text) = self.run(&[arguments, &["--json", "report.json"]].concat());
        let report =
            std::fs::read(self.path().join("report.json")).unwrap_or_else(|_| panic!("no report: {text}"));
        std::fs::remove_file(self.path().join("report.json")).unwrap();
        let report: Value = serde_json::from_slice(&report).unwrap();
        rt_testkit::schema::check("push-report-1", &report);
        (code, report, text)
    }

    /// Writes a series of so many small images below this folder.
    pub(crate) fn images(&self, folder: &str, count: usize) -> PathBuf {
        let image =
            ImageSpec { planes: (0..count).map(|n| n as f64).collect(), pixels: 32, ..ImageSpec::default() };
        let case = CaseBuilder::new(folder).image(Some(image)).build().unwrap();
        let path = self.path().join(folder);
        std::fs::create_dir_all(&path).unwrap();
        for (number, file) in case.files_of(Role::Image).enumerate() {
            std::fs::write(path.join(format!("{number}.dcm")), file.bytes()).unwrap();
        }
        path
    }
}

/// Instances of a report in this state, over all series.
pub(crate) fn count(report: &Value, state: &str) -> u64 {
    report["series"].as_array().unwrap().iter().filter_map(|series| series["states"][state].as_u64()).sum()
}

//! Runs the program in a folder of its own, against receivers on this computer.

use rt_phantom::case::{CaseBuilder, ImageSpec, Role};
use serde_json::Value;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder with the program's files in it.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration with a node `main` at a port; `more` are further lines of it.
    pub(crate) fn configure(&self, ae: &str, port: u16, more: &str) {
        let text = format!("[pacs.main]\nae = '{ae}'\nhost = '127.0.0.1'\nport = {port}\n{more}\n");
        std::fs::write(self.path().join("dosebridge.toml"), text).unwrap();
    }

    /// The program, in this folder, with nothing of the user's configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rt-push"));
        command.args(arguments).current_dir(self.path()).env("HOME", self.path()).env_remove("XDG_CONFIG_HOME");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("DOSEBRIDGE_")) {
            command.env_remove(name);
        }
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
        let report = std::fs::read(self.path().join("report.json")).unwrap_or_else(|_| panic!("no report: {text}"));
        std::fs::remove_file(self.path().join("report.json")).unwrap();
        let report: Value = serde_json::from_slice(&report).unwrap();
        crate::schema::check("push-report-1", &report);
        (code, report, text)
    }

    /// Writes a series of so many small images below this folder.
    pub(crate) fn images(&self, folder: &str, count: usize) -> PathBuf {
        let image = ImageSpec { planes: (0..count).map(|n| n as f64).collect(), pixels: 32, ..ImageSpec::default() };
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

/// DCMTK's receiver.
pub(crate) struct Storescp {
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
    child: Child,
}

impl Storescp {
    /// Starts it; `None` where it is absent, which CI does not accept.
    pub(crate) fn start(arguments: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut command = Command::new("storescp");
        command.args(["-aet", "PEER", "+B", "-od"]).arg(folder.path()).args(arguments).arg(port.to_string());
        let Ok(child) = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "no storescp");
            println!("skipped: no storescp of DCMTK");
            return None;
        };
        let server = Self { port, folder, child };
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "storescp does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(server)
    }

    /// The data set that was stored under this instance's identifier.
    pub(crate) fn stored(&self, instance: &str) -> Option<Vec<u8>> {
        let mut entries = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let path = entries.find(|path| path.to_string_lossy().ends_with(instance))?;
        Some(data_set(&std::fs::read(path).unwrap()))
    }
}

impl Drop for Storescp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The data set of a file with meta information.
pub(crate) fn data_set(bytes: &[u8]) -> Vec<u8> {
    let meta = u32::from_le_bytes(bytes[140..144].try_into().unwrap()) as usize;
    bytes[144 + meta..].to_vec()
}

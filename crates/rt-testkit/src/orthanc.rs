//! An Orthanc of its own, with a storage folder that goes with it.
//!
//! Orthanc 1.10 listens on all addresses: a test with one runs in a network of its own, see
//! [`in_own_network`](crate::namespace::in_own_network).
//!
//! Units: none. Frame: none.

use crate::port::free_port;
use crate::skip::skip;
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Application entity title of the server.
pub const AE_TITLE: &str = "ORTHANC";

/// A running server.
#[derive(Debug)]
pub struct Orthanc {
    process: Child,
    /// Port of the DICOM service.
    pub dicom: u16,
    /// Port of the REST service and of DICOMweb (`/dicom-web`).
    pub http: u16,
    folder: TempDir,
}

impl Orthanc {
    /// Starts a server. `configuration` holds further entries of its configuration, each followed by a comma.
    ///
    /// `None` where Orthanc is absent, which CI does not accept.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn start(configuration: &str) -> Option<Self> {
        let Some(installed) = installed() else {
            skip("no Orthanc (test.sh unpacks it)");
            return None;
        };
        let folder = TempDir::new().unwrap();
        for _ in 0..5 {
            let [dicom, http] = [free_port(), free_port()];
            let text = format!(
                r#"{{{configuration} "StorageDirectory":"{0}/storage","IndexDirectory":"{0}/storage","Plugins":["{1}"],
                "DicomAet":"{AE_TITLE}","DicomPort":{dicom},"HttpPort":{http},"RemoteAccessAllowed":false,
                "AuthenticationEnabled":false,"DicomAlwaysAllowStore":true,"DicomCheckCalledAet":false,
                "DicomWeb":{{"Enable":true,"Root":"/dicom-web/"}}}}"#,
                folder.path().display(),
                installed.join("usr/share/orthanc/plugins/libOrthancDicomWeb.so").display(),
            );
            std::fs::write(folder.path().join("configuration.json"), text).unwrap();
            let log = File::create(folder.path().join("log")).unwrap();
            let process = Command::new(installed.join("usr/sbin/Orthanc"))
                .arg(folder.path().join("configuration.json"))
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .unwrap();
            let mut server = Self { process, dicom, http, folder: TempDir::new().unwrap() };
            let until = Instant::now() + Duration::from_secs(30);
            while server.process.try_wait().unwrap().is_none() && Instant::now() < until {
                if TcpStream::connect(("127.0.0.1", dicom)).is_ok()
                    && TcpStream::connect(("127.0.0.1", http)).is_ok()
                {
                    server.folder = folder;
                    return Some(server);
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        panic!(
            "Orthanc did not start: {}",
            std::fs::read_to_string(folder.path().join("log")).unwrap_or_default()
        );
    }

    /// The body of the answer to a GET of the REST service.
    ///
    /// # Panics
    /// Where the answer is no success.
    #[must_use]
    pub fn get(&self, path: &str) -> Vec<u8> {
        self.ask(&format!("GET {path} HTTP/1.0\r\n\r\n"), &[])
    }

    /// The answer as text.
    ///
    /// # Panics
    /// Where the answer is no success or no UTF-8.
    #[must_use]
    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.get(path)).unwrap()
    }

    /// The body of the answer to a POST of the REST service.
    ///
    /// # Panics
    /// Where the answer is no success.
    pub fn post(&self, path: &str, body: &[u8]) -> Vec<u8> {
        self.ask(&format!("POST {path} HTTP/1.0\r\nContent-Length: {}\r\n\r\n", body.len()), body)
    }

    /// Deletes what is at a path of the REST service.
    ///
    /// # Panics
    /// Where the answer is no success.
    pub fn delete(&self, path: &str) {
        self.ask(&format!("DELETE {path} HTTP/1.0\r\n\r\n"), &[]);
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn ask(&self, head: &str, body: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.http)).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("the answer has a head");
        let status = String::from_utf8_lossy(&answer[..end]).into_owned();
        assert!(status.contains(" 200 "), "{head}: {status}");
        answer.split_off(end + 4)
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The folder that Orthanc's packages were unpacked into.
fn installed() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    let folder = cache.join("dosebridge-test/orthanc");
    folder.join("usr/sbin/Orthanc").is_file().then_some(folder)
}

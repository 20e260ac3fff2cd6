//! DCMTK's receiver.
//!
//! Units: none. Frame: none.

use crate::files::{data_set, files};
use crate::port::free_port;
use crate::program::program;
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running `storescp` of the application entity `PEER`, which keeps data sets as they come.
#[derive(Debug)]
pub struct Storescp {
    /// Where it listens.
    pub port: u16,
    /// Where it stores.
    pub folder: TempDir,
    process: Child,
}

impl Storescp {
    /// Starts one with these further arguments. `None` where it is absent, which CI does not accept.
    #[must_use]
    pub fn start(arguments: &[&str]) -> Option<Self> {
        Self::start_at(free_port(), arguments)
    }

    /// Starts one at this port.
    ///
    /// # Panics
    /// Where it does not listen within ten seconds.
    #[must_use]
    pub fn start_at(port: u16, arguments: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = program("storescp", "dcmtk")?;
        command.args(["-aet", "PEER", "+B", "-od"]).arg(folder.path()).args(arguments).arg(port.to_string());
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { port, folder, process };
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "storescp does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(server)
    }

    /// Ends it as a crash does.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// The data set that was stored under this instance's identifier.
    ///
    /// # Panics
    /// Where its file can't be read.
    #[must_use]
    pub fn stored(&self, instance: &str) -> Option<Vec<u8>> {
        let path =
            files(self.folder.path()).into_iter().find(|path| path.to_string_lossy().ends_with(instance))?;
        Some(data_set(&std::fs::read(path).unwrap()).to_vec())
    }
}

impl Drop for Storescp {
    fn drop(&mut self) {
        self.kill();
    }
}

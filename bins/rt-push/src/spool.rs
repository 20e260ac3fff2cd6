//! The queue's file, the folder for what is prepared, and the lock that lets one program send at a time.
//!
//! Units: none. Frame: none.

use crate::exit::{Failure, chain};
use rt_sql::queue::{Job, Queue};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The queue where none is named.
pub const DEFAULT: &str = "push-queue.sqlite";

/// An open queue with its folder.
pub struct Spool {
    /// The queue.
    pub queue: Queue,
    path: PathBuf,
}

/// Held while instances are sent.
#[derive(Debug)]
pub struct SendLock {
    _file: File,
}

impl Spool {
    /// Opens the queue at `path`, making it where there is none.
    ///
    /// # Errors
    /// Where it can't be opened.
    pub async fn open(path: &Path) -> Result<Self, Failure> {
        let queue = Queue::open(path).await.map_err(|error| Failure::usage(chain(&error)))?;
        // Absolute: what is prepared in one folder may be released in another.
        let path = std::path::absolute(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        Ok(Self { queue, path })
    }

    /// Takes the lock.
    ///
    /// # Errors
    /// Where another program has it.
    pub fn lock(&self) -> Result<SendLock, Failure> {
        let path = self.beside(".lock");
        let failed = |error: std::io::Error| Failure::stopped(format!("{}: {error}", path.display()));
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(SendLock { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => {
                Err(Failure::stopped(format!("another program is sending from {}: wait for it", self.path.display())))
            }
            Err(std::fs::TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// The folder that prepared objects are kept in until their job is dropped.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.beside(".files")
    }

    /// The folder for files of one run, in the hands of whoever has the lock.
    #[must_use]
    pub fn scratch(&self) -> PathBuf {
        self.beside(".turned")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(ending);
        self.path.with_file_name(name)
    }

    /// The job of this number.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn job(&self, id: i64) -> Result<Job, Failure> {
        let found = self.queue.job(id).await.map_err(|error| Failure::stopped(chain(&error)))?;
        found.ok_or_else(|| Failure::usage(format!("no job {id} in {}; see rt-push queue list", self.path.display())))
    }
}

/// Makes a folder that its owner alone can read, where there is none.
///
/// # Errors
/// Where it can't be made.
pub fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The name of whoever runs the program, for the audit.
#[must_use]
pub fn user() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned())
}

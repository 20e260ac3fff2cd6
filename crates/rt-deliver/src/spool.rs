//! The queue's file, the folder for what is prepared, and the lock that lets one program send at a time.
//!
//! Units: none. Frame: none.

use crate::error::{DeliverError, DeliverErrorKind};
use rt_sql::queue::{Job, Queue, QueuedInstance};
use std::fs::File;
use std::path::{Path, PathBuf};

/// An open queue with its folder.
pub struct Spool {
    /// The queue.
    pub queue: Queue,
    path: PathBuf,
}

/// Held while instances are sent, or a job is dropped.
#[derive(Debug)]
pub struct SendLock {
    _file: File,
}

/// Why a held job may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release<'a> {
    /// A person looked at the contact sheet.
    LookedAt {
        /// Who.
        name: &'a str,
        /// The account of the computer under which the release was typed.
        user: &'a str,
    },
    /// The target's rules: the plan is approved, its total dose confirmed, and there is no warning.
    ByRule,
}

/// A folder of a dropped job that could not be removed.
#[derive(Debug)]
pub struct KeptFolder {
    /// The folder.
    pub path: PathBuf,
    /// Why.
    pub error: std::io::Error,
}

impl Spool {
    /// Opens the queue at `path`, making it where there is none.
    ///
    /// # Errors
    /// [`DeliverErrorKind::QueueOpen`].
    pub async fn open(path: &Path) -> Result<Self, DeliverError> {
        let failed = || DeliverError::new(DeliverErrorKind::QueueOpen, "", "the queue can't be opened");
        let queue = Queue::open(path).await.map_err(|error| failed().caused(error))?;
        // Absolute: what is prepared in one folder may be released in another.
        let absolute = std::path::absolute(path).map_err(|error| {
            DeliverError::new(DeliverErrorKind::QueueOpen, path.display(), "no path").caused(error)
        })?;
        Ok(Self { queue, path: absolute })
    }

    /// The queue's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the lock.
    ///
    /// # Errors
    /// [`DeliverErrorKind::Locked`] where another program has it, or where its file can't be made.
    pub fn lock(&self) -> Result<SendLock, DeliverError> {
        let path = self.beside(".lock");
        let failed = |error: std::io::Error| DeliverError::file(&path, error);
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(SendLock { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => {
                let text = format!("another program is sending from {}: wait for it", self.path.display());
                Err(DeliverError::new(DeliverErrorKind::Locked, "", text))
            }
            Err(std::fs::TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// The folder that prepared objects are kept in until their job is dropped.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.beside(".files")
    }

    /// The folder for files of one run, of whoever has the lock.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.beside(".turned")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(ending);
        self.path.with_file_name(name)
    }

    /// Every job, the oldest first.
    ///
    /// # Errors
    /// Where the queue can't be read.
    pub async fn jobs(&self) -> Result<Vec<Job>, DeliverError> {
        self.queue.jobs().await.map_err(DeliverError::queue)
    }

    /// The job of this number.
    ///
    /// # Errors
    /// [`DeliverErrorKind::NoJob`], or where the queue can't be read.
    pub async fn job(&self, id: i64) -> Result<Job, DeliverError> {
        let found = self.queue.job(id).await.map_err(DeliverError::queue)?;
        found.ok_or_else(|| {
            let text = format!("no job {id} in {}", self.path.display());
            DeliverError::new(DeliverErrorKind::NoJob { job: id }, "", text)
        })
    }

    /// The instances of a job, in order.
    ///
    /// # Errors
    /// Where the queue can't be read.
    pub async fn instances(&self, id: i64) -> Result<Vec<QueuedInstance>, DeliverError> {
        self.queue.instances(id).await.map_err(DeliverError::queue)
    }

    /// Releases a held job, and records why. False where it was not held.
    ///
    /// # Errors
    /// Where the queue can't be written.
    pub async fn release(&self, id: i64, release: Release<'_>) -> Result<bool, DeliverError> {
        let (who, reason) = match release {
            Release::LookedAt { name, user } => {
                (name, format!("contact sheet looked at; released by user {user}"))
            }
            Release::ByRule => ("auto_release", "approved, total dose confirmed, no warning".to_owned()),
        };
        self.queue.release(id, who, &reason).await.map_err(DeliverError::queue)
    }

    /// Makes what failed pending again, and with `also_unverified` what was sent and not verified. Returns
    /// how many.
    ///
    /// # Errors
    /// [`DeliverErrorKind::NoJob`], or where the queue can't be written.
    pub async fn retry(&self, id: i64, also_unverified: bool) -> Result<usize, DeliverError> {
        self.job(id).await?;
        self.queue.retry(id, also_unverified).await.map_err(DeliverError::queue)
    }

    /// Drops a job, with what was prepared for it; files of the user stay where they are. That it was there
    /// stays in the audit. Returns the folder of prepared files where it could not be removed.
    ///
    /// # Errors
    /// [`DeliverErrorKind::Locked`], [`DeliverErrorKind::NoJob`], or where the queue can't be written.
    pub async fn drop_job(
        &self,
        id: i64,
        who: &str,
        reason: &str,
    ) -> Result<Option<KeptFolder>, DeliverError> {
        let _lock = self.lock()?;
        self.job(id).await?;
        let instances = self.instances(id).await?;
        self.queue.remove(id, who, reason).await.map_err(DeliverError::queue)?;
        let parent = instances.first().and_then(|first| first.instance.path.parent());
        let Some(prepared) = parent.filter(|folder| folder.starts_with(self.folder())) else {
            return Ok(None);
        };
        let removed = std::fs::remove_dir_all(prepared);
        Ok(removed.err().map(|error| KeptFolder { path: prepared.to_owned(), error }))
    }
}

/// Makes a folder that its owner alone can read, where there is none.
pub(crate) fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

//! Instances of a job, for the network: from their files, in the transfer syntaxes they can be had in.
//!
//! Units: bytes. Frame: none.

use crate::spool::private_folder;
use rt_dicom::transcode;
use rt_model::encoded::EncodedInstance;
use rt_model::uid::Uid;
use rt_net::{Item, Supply};
use rt_sql::queue::QueuedInstance;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A job's instances.
pub struct Files {
    instances: Vec<QueuedInstance>,
    /// A folder for large instances in another transfer syntax than their file's, each until it is done with.
    scratch: PathBuf,
}

impl Files {
    /// These instances, with a folder that is this object's own.
    #[must_use]
    pub const fn new(instances: Vec<QueuedInstance>, scratch: PathBuf) -> Self {
        Self { instances, scratch }
    }

    /// An instance is not asked for again.
    pub fn done(&self, index: usize) {
        // Most have no such file.
        let _ = std::fs::remove_file(self.turned(index));
    }

    fn turned(&self, index: usize) -> PathBuf {
        self.scratch.join(format!("{index}.part"))
    }

    /// What is announced of them: the transfer syntax of the file, then what it can be turned into; only those of `allowed`.
    #[must_use]
    pub fn items(&self, allowed: Option<&[Uid]>) -> Vec<Item> {
        let item = |queued: &QueuedInstance| {
            let instance = &queued.instance;
            let mut transfer_syntaxes = transcode::choices(&instance.transfer_syntax);
            if let Some(allowed) = allowed {
                transfer_syntaxes.retain(|syntax| allowed.contains(syntax));
            }
            Item {
                sop_class: instance.sop_class.clone(),
                sop_instance: instance.sop_instance.clone(),
                transfer_syntaxes,
                series: instance.series.clone(),
            }
        };
        self.instances.iter().map(item).collect()
    }
}

impl Supply for Files {
    fn instance(&self, index: usize, transfer_syntax: &Uid) -> Result<EncodedInstance, Box<dyn std::error::Error + Send + Sync>> {
        let queued = &self.instances[index].instance;
        let found = std::fs::metadata(&queued.path).map_err(|error| format!("{}: {error}", queued.path.display()))?.len();
        let expected = queued.offset + queued.len;
        if found != expected {
            let path = queued.path.display();
            return Err(format!("{path}: expected {expected} bytes as when it was queued, found {found}").into());
        }
        if let Some(expected) = &queued.sha256
            && *expected != sha256(&queued.path)?
        {
            return Err(format!(
                "{}: the file was changed after it was looked at: prepare the case again",
                queued.path.display()
            )
            .into());
        }
        if *transfer_syntax == queued.transfer_syntax {
            return Ok(queued.encoded());
        }
        private_folder(&self.scratch).map_err(|error| format!("{}: {error}", self.scratch.display()))?;
        Ok(transcode::implicit(&queued.encoded(), &self.turned(index))?)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // Mostly there is none.
        let _ = std::fs::remove_dir_all(&self.scratch);
    }
}

/// The hash of a file, hexadecimal.
///
/// # Errors
/// Where it can't be read.
pub fn sha256(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

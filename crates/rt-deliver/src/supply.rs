//! Instances of a job, for a destination: from their files, in the transfer syntaxes they can be had in.
//!
//! Units: bytes. Frame: none.

use crate::queued::sha256;
use crate::spool::private_folder;
use rt_dicom::transcode;
use rt_model::encoded::EncodedInstance;
use rt_model::uid::Uid;
use rt_net::{Item, Supply};
use rt_sql::queue::QueuedInstance;
use std::path::PathBuf;

/// A job's instances.
pub(crate) struct Files {
    instances: Vec<QueuedInstance>,
    /// A folder for large instances in another transfer syntax than their file's, each until it is done with.
    scratch: PathBuf,
}

impl Files {
    /// These instances, with a folder that is this object's own.
    pub(crate) const fn new(instances: Vec<QueuedInstance>, scratch: PathBuf) -> Self {
        Self { instances, scratch }
    }

    /// An instance is not asked for again.
    pub(crate) fn done(&self, index: usize) {
        // Most have no such file.
        let _ = std::fs::remove_file(self.turned(index));
    }

    fn turned(&self, index: usize) -> PathBuf {
        self.scratch.join(format!("{index}.part"))
    }

    /// What is announced of them: the transfer syntax of the file, then what it can be turned into; only
    /// those of `allowed`.
    pub(crate) fn items(&self, allowed: Option<&[Uid]>) -> Vec<Item> {
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
    fn instance(
        &self,
        index: usize,
        transfer_syntax: &Uid,
    ) -> Result<EncodedInstance, Box<dyn std::error::Error + Send + Sync>> {
        let queued = &self.instances[index].instance;
        let found = std::fs::metadata(&queued.path)
            .map_err(|error| format!("{}: {error}", queued.path.display()))?
            .len();
        let expected = queued.offset + queued.len;
        if found != expected {
            let path = queued.path.display();
            return Err(
                format!("{path}: expected {expected} bytes as when it was queued, found {found}").into()
            );
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

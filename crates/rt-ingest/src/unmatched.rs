//! Files that are in no case.
//!
//! Units: none. Frame: none.

use rt_model::finding::Finding;
use rt_model::instance::Inventory;
use rt_model::matching::Matching;
use rt_model::uid::Uid;
use std::path::PathBuf;

/// A file that is in no case, and why.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct UnmatchedFile {
    /// The file.
    pub path: PathBuf,
    /// Modality, if it could be read.
    pub modality: Option<String>,
    /// SOP Instance UID, if it could be read.
    pub sop_instance: Option<Uid>,
    /// Why.
    pub reason: Finding,
}

impl UnmatchedFile {
    /// Every file that is in no case, by path.
    #[must_use]
    pub fn all(inventory: &Inventory, matching: &Matching) -> Vec<Self> {
        let instances = matching.unmatched.iter().map(|file| {
            let info = &inventory.instances[file.instance].info;
            Self {
                path: info.path.clone(),
                modality: (!info.modality.is_empty()).then(|| info.modality.clone()),
                sop_instance: Some(info.sop_instance.clone()),
                reason: file.reason.clone(),
            }
        });
        let rejected = inventory.rejected.iter().map(|file| Self {
            path: file.path.clone(),
            modality: file.modality.clone(),
            sop_instance: file.sop_instance.clone(),
            reason: file.finding.clone(),
        });
        let mut all: Vec<Self> = instances.chain(rejected).collect();
        all.sort_by_cached_key(|file| file.path.display().to_string());
        all
    }
}

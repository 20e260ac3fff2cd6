//! Files that share a SOP Instance UID.
//!
//! Units: none. Frame: none.

use crate::instance::Inventory;
use crate::uid::Uid;
use std::collections::BTreeMap;

/// What comparing the decoded content of files with one SOP Instance UID brought.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Duplicates {
    /// Every SOP Instance UID that more than one file carries.
    pub groups: Vec<DuplicateGroup>,
}

/// The files that share one SOP Instance UID.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicateGroup {
    /// Indices into [`Inventory::instances`], rising: two or more.
    pub instances: Vec<usize>,
    /// All of them hold the same decoded content.
    pub equal: bool,
}

/// The groups of instances that share a SOP Instance UID, as indices into [`Inventory::instances`].
#[must_use]
pub fn repeated_instances(inventory: &Inventory) -> Vec<Vec<usize>> {
    let mut by_uid: BTreeMap<&Uid, Vec<usize>> = BTreeMap::new();
    for (at, instance) in inventory.instances.iter().enumerate() {
        by_uid.entry(&instance.info.sop_instance).or_default().push(at);
    }
    by_uid.into_values().filter(|group| group.len() > 1).collect()
}

//! The inventory as matching sees it: one instance for each SOP Instance UID, found by UID and by kind.
//!
//! Units: none. Frame: none.

use super::duplicates::Duplicates;
use crate::dose::DoseHeader;
use crate::instance::{Content, Instance, InstanceInfo, Inventory, Rejected};
use crate::plan::Plan;
use crate::structure_set::StructureSetHeader;
use crate::uid::Uid;
use std::collections::{HashMap, HashSet};

pub(super) struct Index<'a> {
    pub(super) inventory: &'a Inventory,
    by_uid: HashMap<&'a Uid, usize>,
    rejected: HashMap<&'a Uid, &'a Rejected>,
    /// Instances of one UID that differ in content.
    conflicting: HashSet<usize>,
    /// Copies of an instance that another file gives.
    copies: HashMap<usize, usize>,
    /// By kind, the first instance of every UID.
    plans: Vec<(usize, &'a Plan)>,
    structure_sets: Vec<(usize, &'a StructureSetHeader)>,
    doses: Vec<(usize, &'a DoseHeader)>,
    /// By frame of reference; an image without one belongs to no case.
    images: HashMap<&'a Uid, Vec<usize>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(inventory: &'a Inventory, duplicates: &Duplicates) -> Self {
        let mut by_uid = HashMap::new();
        for (at, instance) in inventory.instances.iter().enumerate() {
            by_uid.entry(&instance.info.sop_instance).or_insert(at);
        }
        let mut conflicting = HashSet::new();
        let mut copies = HashMap::new();
        for group in &duplicates.groups {
            match group.instances.as_slice() {
                all if !group.equal => conflicting.extend(all),
                [first, others @ ..] => copies.extend(others.iter().map(|other| (*other, *first))),
                [] => {}
            }
        }
        let rejected =
            inventory.rejected.iter().filter_map(|file| Some((file.sop_instance.as_ref()?, file))).collect();
        let (mut plans, mut structure_sets, mut doses, mut images) =
            (Vec::new(), Vec::new(), Vec::new(), HashMap::new());
        for (at, instance) in inventory.instances.iter().enumerate() {
            if by_uid.get(&instance.info.sop_instance) != Some(&at) {
                continue;
            }
            match &instance.content {
                Content::Plan(plan) => plans.push((at, plan.as_ref())),
                Content::StructureSet(header) => structure_sets.push((at, header.as_ref())),
                Content::Dose(header) => doses.push((at, header.as_ref())),
                Content::Image(_) => {
                    if let Some(frame) = &instance.info.frame_of_reference {
                        images.entry(frame).or_insert_with(Vec::new).push(at);
                    }
                }
                Content::Other => {}
            }
        }
        Self { inventory, by_uid, rejected, conflicting, copies, plans, structure_sets, doses, images }
    }

    pub(super) fn instance(&self, at: usize) -> &'a Instance {
        &self.inventory.instances[at]
    }

    pub(super) fn info(&self, at: usize) -> &'a InstanceInfo {
        &self.instance(at).info
    }

    /// The instance that `at` is a copy of.
    pub(super) fn copy_of(&self, at: usize) -> Option<usize> {
        self.copies.get(&at).copied()
    }

    /// Another file gives the same SOP Instance UID other content.
    pub(super) fn conflicts(&self, at: usize) -> bool {
        self.conflicting.contains(&at)
    }

    /// The files of a UID that could not be read.
    pub(super) fn rejected(&self, uid: &Uid) -> Option<&'a Rejected> {
        self.rejected.get(uid).copied()
    }

    pub(super) fn plans(&self) -> impl Iterator<Item = (usize, &'a Plan)> + '_ {
        self.plans.iter().copied()
    }

    pub(super) fn structure_sets(&self) -> impl Iterator<Item = (usize, &'a StructureSetHeader)> + '_ {
        self.structure_sets.iter().copied()
    }

    pub(super) fn doses(&self) -> impl Iterator<Item = (usize, &'a DoseHeader)> + '_ {
        self.doses.iter().copied()
    }

    /// The images in a frame of reference that instance `at` states, in the order of the inventory.
    pub(super) fn images_in_frame_of(&self, at: usize) -> Vec<usize> {
        let mut images: Vec<usize> =
            self.frames(at).iter().filter_map(|frame| self.images.get(*frame)).flatten().copied().collect();
        images.sort_unstable();
        images.dedup();
        images
    }

    pub(super) fn plan(&self, uid: &Uid) -> Option<usize> {
        self.by_uid.get(uid).copied().filter(|at| matches!(self.instance(*at).content, Content::Plan(_)))
    }

    pub(super) fn structure_set(&self, uid: &Uid) -> Option<usize> {
        self.by_uid
            .get(uid)
            .copied()
            .filter(|at| matches!(self.instance(*at).content, Content::StructureSet(_)))
    }

    pub(super) fn dose_with(&self, uid: &Uid) -> Option<usize> {
        self.by_uid.get(uid).copied().filter(|at| self.dose(*at).is_some())
    }

    pub(super) fn dose(&self, at: usize) -> Option<&'a DoseHeader> {
        match &self.instance(at).content {
            Content::Dose(header) => Some(header.as_ref()),
            _ => None,
        }
    }

    /// The frames of reference that instance `at` states.
    pub(super) fn frames(&self, at: usize) -> Vec<&'a Uid> {
        let instance = self.instance(at);
        match &instance.content {
            Content::StructureSet(header) => header.frames_of_reference.iter().collect(),
            _ => instance.info.frame_of_reference.iter().collect(),
        }
    }

    /// Both state a frame of reference, and share one.
    pub(super) fn share_frame(&self, a: usize, b: usize) -> bool {
        let others = self.frames(b);
        self.frames(a).iter().any(|frame| others.contains(frame))
    }

    /// Both state the same study.
    pub(super) fn share_study(&self, a: usize, b: usize) -> bool {
        let study = |at: usize| self.info(at).study.instance_uid.as_ref();
        study(a).is_some() && study(a) == study(b)
    }

    /// Instances by UID and file, as messages list candidates.
    pub(super) fn list(&self, candidates: &[usize]) -> String {
        let name = |at: &usize| {
            let info = self.info(*at);
            let file = info.path.file_name().unwrap_or(info.path.as_os_str());
            format!("{} ({}, patient {:?})", info.sop_instance, file.display(), info.patient.id)
        };
        candidates.iter().map(name).collect::<Vec<_>>().join(", ")
    }
}

//! One SOP instance as a scan of a folder sees it: identity, references, what kind of object it is; no
//! pixels, no contours.
//!
//! Units: as stated per field. Frame: DICOM patient coordinates (LPS).

pub use crate::instance_info::{Equipment, InstanceInfo, Study};

use crate::dose::DoseHeader;
use crate::finding::Finding;
use crate::image::ImageHeader;
use crate::plan::Plan;
use crate::structure_set::StructureSetHeader;
use crate::uid::Uid;
use std::path::PathBuf;

/// What kind of object an instance is, with what its header holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// RT Plan or RT Ion Plan. A plan holds no bulk data: its header is all of it.
    Plan(Box<Plan>),
    /// RT Structure Set, without its contours.
    StructureSet(Box<StructureSetHeader>),
    /// RT Dose, without its voxels.
    Dose(Box<DoseHeader>),
    /// A CT, MR or PET image, without its pixels.
    Image(Box<ImageHeader>),
    /// Anything else that is DICOM.
    Other,
}

/// A scanned SOP instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// What every instance carries.
    pub info: InstanceInfo,
    /// What kind it is.
    pub content: Content,
    /// What was noticed while its header was read.
    pub findings: Vec<Finding>,
}

/// A file that is no readable SOP instance, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// The file.
    pub path: PathBuf,
    /// Modality where it could still be read.
    pub modality: Option<String>,
    /// SOP Instance UID where it could still be read.
    pub sop_instance: Option<Uid>,
    /// Why it was rejected; [`crate::finding::Severity::Info`] for what is not meant to be DICOM (a text file
    /// beside the data), an error for what is damaged.
    pub finding: Finding,
}

/// What a scan found: every file is in one of the two lists.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Readable instances, sorted by path.
    pub instances: Vec<Instance>,
    /// Everything else, sorted by path.
    pub rejected: Vec<Rejected>,
}

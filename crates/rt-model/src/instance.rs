//! One SOP instance as a scan of a folder sees it: identity, references, what kind of object it is; no pixels, no contours.
//!
//! Units: as stated per field. Frame: DICOM patient coordinates (LPS).

use crate::date::{Date, Time};
use crate::dose::DoseHeader;
use crate::finding::Finding;
use crate::image::ImageHeader;
use crate::patient::Patient;
use crate::plan::Plan;
use crate::provenance::Provenance;
use crate::structure_set::StructureSetHeader;
use crate::uid::Uid;
use std::path::PathBuf;

/// The attributes that every SOP instance carries.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceInfo {
    /// The file it was read from.
    pub path: PathBuf,
    /// SOP Class UID (0008,0016): decides what the object is, not Modality.
    pub sop_class: Uid,
    /// SOP Instance UID (0008,0018).
    pub sop_instance: Uid,
    /// Modality (0008,0060) as written; empty where absent.
    pub modality: String,
    /// The patient as this file names them.
    pub patient: Patient,
    /// The study as this file names it.
    pub study: Study,
    /// Series Instance UID (0020,000E).
    pub series_instance: Option<Uid>,
    /// Frame of Reference UID (0020,0052) at the top level.
    pub frame_of_reference: Option<Uid>,
    /// The device or program that wrote the object.
    pub equipment: Equipment,
}

impl InstanceInfo {
    /// This instance as a place for findings and errors.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        Provenance { file: Some(self.path.clone()), sop_instance: Some(self.sop_instance.clone()), path: None, tag: None }
    }
}

/// General Study module (PS3.3 C.7.2.1), as one instance states it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Study {
    /// Study Instance UID (0020,000D).
    pub instance_uid: Option<Uid>,
    /// Study Date (0008,0020).
    pub date: Option<Date>,
    /// Study Time (0008,0030).
    pub time: Option<Time>,
    /// Accession Number (0008,0050).
    pub accession_number: Option<String>,
    /// Study Description (0008,1030).
    pub description: Option<String>,
    /// Referring Physician's Name (0008,0090).
    pub referring_physician: Option<String>,
    /// Physician(s) of Record (0008,1048).
    pub physicians_of_record: Vec<String>,
}

/// General Equipment module (PS3.3 C.7.5.1), as one instance states it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Equipment {
    /// Manufacturer (0008,0070).
    pub manufacturer: Option<String>,
    /// Manufacturer's Model Name (0008,1090).
    pub model: Option<String>,
    /// Software Versions (0018,1020), in order.
    pub software_versions: Vec<String>,
}

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
    /// Why it was rejected; [`crate::finding::Severity::Info`] for what is not meant to be DICOM (a text file beside the
    /// data), an error for what is damaged.
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

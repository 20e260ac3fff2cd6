//! What every SOP instance carries, whatever object it is: the modules that all of them share.
//!
//! Units: none. Frame: none.

use crate::date::{Date, Time};
use crate::patient::Patient;
use crate::provenance::Provenance;
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
        Provenance {
            file: Some(self.path.clone()),
            sop_instance: Some(self.sop_instance.clone()),
            path: None,
            tag: None,
        }
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

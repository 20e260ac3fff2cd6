//! What a job's instances say of their patient and study: written when they are queued, compared with the node before they are sent.
//!
//! Units: none. Frame: none.

use rt_model::date::Date;
use rt_model::instance::InstanceInfo;
use rt_model::patient::Patient;
use serde::{Deserialize, Serialize};

/// The facts of a job, kept as JSON with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The patients, by identifier.
    pub patients: Vec<PatientFacts>,
    /// The study has to be at the node already.
    pub needs_study: bool,
    /// A case that was made for sending, rather than files as they were.
    pub is_case: bool,
    /// Warnings of the case: somebody has to look.
    pub warnings: Vec<String>,
    /// Steps of the ladder that were taken among pictures.
    pub fall_backs: Vec<String>,
}

/// A patient as the instances name them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientFacts {
    /// Patient ID.
    pub id: String,
    /// Name without case and separators.
    pub name: String,
    /// Birth date as `YYYYMMDD`.
    pub birth_date: Option<String>,
    /// Study Instance UIDs.
    pub studies: Vec<String>,
}

/// A date as DICOM writes it.
#[must_use]
pub fn dicom_date(date: Date) -> String {
    date.to_string().replace('-', "")
}

impl Facts {
    /// Adds an instance's patient and study.
    pub fn add(&mut self, info: &InstanceInfo) {
        let Patient { id, birth_date, .. } = &info.patient;
        let (id, birth_date) = (id.trim().to_owned(), birth_date.map(dicom_date));
        let name = info.patient.normalised_name();
        let same = |facts: &&mut PatientFacts| facts.id == id && facts.name == name && facts.birth_date == birth_date;
        let study = info.study.instance_uid.as_ref().map(ToString::to_string);
        match self.patients.iter_mut().find(same) {
            Some(facts) => facts.studies.extend(study.filter(|study| !facts.studies.contains(study))),
            None => self.patients.push(PatientFacts { id, name, birth_date, studies: study.into_iter().collect() }),
        }
    }

    /// Patient identifiers, each once.
    #[must_use]
    pub fn patient_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.patients.iter().map(|patient| patient.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

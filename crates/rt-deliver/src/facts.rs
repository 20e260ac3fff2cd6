//! What a job's instances say of their patient and study: written when they are queued, compared with the
//! destination before they are sent.
//!
//! Units: none. Frame: none.

mod text;

use rt_model::date::Date;
use rt_model::instance::InstanceInfo;
use rt_model::patient::Patient;

/// The facts of a job; the queue keeps them as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The patients, by identifier.
    pub patients: Vec<PatientFacts>,
    /// The study has to be at the destination already.
    pub needs_study: bool,
    /// Warnings of the case: somebody has to look.
    pub warnings: Vec<String>,
    /// Fallbacks among pictures that were taken.
    pub fallbacks: Vec<String>,
}

/// A patient as the instances name them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
fn dicom_date(date: Date) -> String {
    date.to_string().replace('-', "")
}

impl Facts {
    /// Adds an instance's patient and study.
    pub fn add(&mut self, info: &InstanceInfo) {
        let Patient { id, birth_date, .. } = &info.patient;
        let (id, birth_date) = (id.trim().to_owned(), birth_date.map(dicom_date));
        let name = info.patient.normalised_name();
        let same = |facts: &&mut PatientFacts| {
            facts.id == id && facts.name == name && facts.birth_date == birth_date
        };
        let study = info.study.instance_uid.as_ref().map(ToString::to_string);
        match self.patients.iter_mut().find(same) {
            Some(facts) => facts.studies.extend(study.filter(|study| !facts.studies.contains(study))),
            None => self.patients.push(PatientFacts {
                id,
                name,
                birth_date,
                studies: study.into_iter().collect(),
            }),
        }
    }

    /// Identifiers under which the instances name two persons.
    #[must_use]
    pub fn contradictions(&self) -> Vec<&str> {
        let differ = |(one, other): (&PatientFacts, &PatientFacts)| match (&one.birth_date, &other.birth_date)
        {
            (Some(one), Some(other)) => one != other,
            _ => one.name != other.name,
        };
        let pairs = self
            .patients
            .iter()
            .enumerate()
            .flat_map(|(at, one)| self.patients[at + 1..].iter().map(move |two| (one, two)));
        let mut ids: Vec<&str> = pairs
            .filter(|pair| pair.0.id == pair.1.id && differ(*pair))
            .map(|pair| pair.0.id.as_str())
            .collect();
        ids.dedup();
        ids
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_persons_under_one_identifier_are_found() {
        let patient = |id: &str, name: &str, birth_date: Option<&str>| PatientFacts {
            id: id.into(),
            name: name.into(),
            birth_date: birth_date.map(str::to_owned),
            studies: Vec::new(),
        };
        let facts = |patients: &[PatientFacts]| Facts { patients: patients.to_vec(), ..Facts::default() };
        let born = Some("19700101");
        assert!(facts(&[patient("A", "X", born), patient("A", "X Y", born)]).contradictions().is_empty());
        assert!(facts(&[patient("A", "X", born), patient("B", "Y", None)]).contradictions().is_empty());
        assert_eq!(
            facts(&[patient("A", "X", born), patient("A", "X", Some("19710101"))]).contradictions(),
            ["A"]
        );
        assert_eq!(facts(&[patient("A", "X", born), patient("A", "Y", None)]).contradictions(), ["A"]);
    }
}

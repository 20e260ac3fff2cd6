//! The facts of a job as the queue stores them. The form is JSON, here alone in this crate: queues that
//! earlier versions wrote have it, so it never changes but by further fields.
//!
//! Units: none. Frame: none.

use super::{Facts, PatientFacts};
use crate::error::{DeliverError, DeliverErrorKind};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct StoredFacts {
    patients: Vec<StoredPatient>,
    needs_study: bool,
    warnings: Vec<String>,
    fall_backs: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredPatient {
    id: String,
    name: String,
    birth_date: Option<String>,
    studies: Vec<String>,
}

impl Facts {
    /// The facts as the queue stores them.
    #[must_use]
    pub fn to_text(&self) -> String {
        let patient = |one: &PatientFacts| {
            let PatientFacts { id, name, birth_date, studies } = one.clone();
            StoredPatient { id, name, birth_date, studies }
        };
        let stored = StoredFacts {
            patients: self.patients.iter().map(patient).collect(),
            needs_study: self.needs_study,
            warnings: self.warnings.clone(),
            fall_backs: self.fallbacks.clone(),
        };
        serde_json::to_string(&stored).expect("texts and lists become JSON")
    }

    /// Reads what the queue stores of a job.
    ///
    /// ```
    /// use rt_deliver::Facts;
    ///
    /// let facts = Facts { needs_study: true, ..Facts::default() };
    /// assert_eq!(Facts::from_text(7, &facts.to_text())?, facts);
    /// # Ok::<(), rt_deliver::DeliverError>(())
    /// ```
    ///
    /// # Errors
    /// [`DeliverErrorKind::Facts`].
    pub fn from_text(job: i64, text: &str) -> Result<Self, DeliverError> {
        let stored: StoredFacts = serde_json::from_str(text).map_err(|error| {
            DeliverError::new(
                DeliverErrorKind::Facts,
                format!("job {job}"),
                "expected its facts, found others",
            )
            .caused(error)
        })?;
        let patient =
            |StoredPatient { id, name, birth_date, studies }| PatientFacts { id, name, birth_date, studies };
        Ok(Self {
            patients: stored.patients.into_iter().map(patient).collect(),
            needs_study: stored.needs_study,
            warnings: stored.warnings,
            fallbacks: stored.fall_backs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As queues of earlier versions have it.
    #[test]
    fn the_stored_form_is_that_of_earlier_versions() {
        let text = r#"{"patients":[{"id":"A17","name":"DOE JANE","birth_date":"19700101","studies":["1.2"]},{"id":"B","name":"","birth_date":null,"studies":[]}],"needs_study":true,"warnings":["RT0107: x"],"fall_backs":["y"]}"#;
        let facts = Facts::from_text(1, text).unwrap();
        assert_eq!(facts.to_text(), text);
        assert_eq!((facts.patients.len(), facts.needs_study, facts.fallbacks.len()), (2, true, 1));
        let error = Facts::from_text(3, "{}").unwrap_err();
        assert!(error.to_string().starts_with("job 3: expected its facts"), "{error}");
    }
}

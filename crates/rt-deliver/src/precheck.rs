//! Before a push: does the destination list the same patient, and the study? What fails is held, with the
//! reason and the remedy.
//!
//! Units: none. Frame: none.

use crate::destination::{Destination, DestinationError, ListedStudy};
use crate::facts::{Facts, PatientFacts};
use std::collections::BTreeSet;

/// What the comparison with a destination found, each with what to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Precheck {
    /// Reasons not to send.
    pub holds: Vec<String>,
    /// Reasons to look.
    pub warnings: Vec<String>,
}

/// Asks the destination for the studies of the job's patients and compares.
///
/// # Errors
/// Where it can't be asked; that it answers no queries is not an error.
pub(crate) async fn precheck(
    destination: &impl Destination,
    facts: &Facts,
) -> Result<Precheck, DestinationError> {
    let two_persons = |id: &str| {
        format!(
            "the files name two persons under patient identifier {id}: correct the one that is wrong at its source"
        )
    };
    let mut checked = Precheck {
        holds: facts.contradictions().into_iter().map(two_persons).collect(),
        ..Precheck::default()
    };
    for patient in &facts.patients {
        let listed = destination.studies(patient).await?;
        let one = compare(patient, listed.as_deref(), facts);
        checked.holds.extend(one.holds);
        checked.warnings.extend(one.warnings);
    }
    // Of several patients the same is said once.
    checked.warnings.dedup();
    Ok(checked)
}

/// Compares a patient with what the destination lists. `None`: the destination answers no queries.
///
/// ```
/// use rt_deliver::{Facts, ListedStudy, PatientFacts, compare};
///
/// let patient = PatientFacts {
///     id: "A17".into(),
///     name: "DOE JANE".into(),
///     birth_date: Some("19700101".into()),
///     studies: vec!["1.2".into()],
/// };
/// let listed = ListedStudy {
///     patient_id: "A17".into(),
///     patient_name: "DOE JANE".into(),
///     birth_date: Some("19710101".into()),
///     study: "1.2".into(),
/// };
/// let checked = compare(&patient, Some(&[listed]), &Facts::default());
/// assert!(checked.holds[0].contains("another birth date"));
/// ```
#[must_use]
pub fn compare(patient: &PatientFacts, listed: Option<&[ListedStudy]>, facts: &Facts) -> Precheck {
    let mut checked = Precheck::default();
    let mut holds = BTreeSet::new();
    let Some(listed) = listed else {
        if facts.needs_study {
            holds.insert(
                "the node answers no queries: whether the study is there can't be reported; ask the PACS administrator to allow C-FIND, \
                 or configure study = \"new\""
                    .to_owned(),
            );
        } else {
            checked
                .warnings
                .push("the node answers no queries: patient and study were not compared".to_owned());
        }
        checked.holds = holds.into_iter().collect();
        return checked;
    };
    for other in listed {
        let same_id = other.patient_id == patient.id;
        if patient.studies.contains(&other.study) && !same_id {
            holds.insert(format!(
                "study {} is at the node under another patient identifier: ask the PACS administrator which one is right",
                other.study
            ));
            continue;
        }
        if !same_id {
            continue;
        }
        let birth_dates =
            patient.birth_date.as_ref().zip(other.birth_date.as_ref()).map(|(one, other)| one == other);
        let same_name = !patient.name.is_empty() && patient.name == other.patient_name;
        if birth_dates == Some(false) || (birth_dates.is_none() && !same_name) {
            let what = if birth_dates == Some(false) {
                "another birth date"
            } else {
                "another name and no birth date to compare"
            };
            holds.insert(format!(
                "patient {} has {what} at the node: compare both; correct the one that is wrong at its source",
                patient.id
            ));
        } else if !same_name {
            checked
                .warnings
                .push(format!("patient {}: the name is written differently at the node", patient.id));
        }
    }
    if facts.needs_study {
        for study in &patient.studies {
            if !listed.iter().any(|other| other.study == *study) {
                holds.insert(format!(
                    "study {study} is not at the node: send its images there first, or configure study = \"new\" with an accession number"
                ));
            }
        }
    }
    checked.holds = holds.into_iter().collect();
    checked.warnings.dedup();
    checked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> PatientFacts {
        PatientFacts {
            id: "A17".into(),
            name: "DOE JANE".into(),
            birth_date: Some("19700101".into()),
            studies: vec!["1.2".into()],
        }
    }

    fn theirs(id: &str, name: &str, birth_date: Option<&str>, study: &str) -> ListedStudy {
        ListedStudy {
            patient_id: id.into(),
            patient_name: name.into(),
            birth_date: birth_date.map(str::to_owned),
            study: study.into(),
        }
    }

    fn same() -> Facts {
        Facts { needs_study: true, ..Facts::default() }
    }

    #[test]
    fn the_same_patient_and_study_pass() {
        let listed = [theirs("A17", "DOE JANE", Some("19700101"), "1.2")];
        assert_eq!(compare(&ours(), Some(&listed), &same()), Precheck::default());
    }

    #[test]
    fn another_person_under_the_identifier_holds() {
        for (listed, part) in [
            (theirs("A17", "DOE JANE", Some("19710101"), "1.2"), "another birth date"),
            (theirs("A17", "MILLER ANN", None, "1.2"), "another name"),
            (theirs("B3", "DOE JANE", Some("19700101"), "1.2"), "another patient identifier"),
        ] {
            let checked = compare(&ours(), Some(&[listed]), &same());
            assert!(checked.holds.iter().any(|hold| hold.contains(part)), "{checked:?}");
            assert!(
                !checked.holds.iter().any(|hold| hold.contains("DOE") || hold.contains("1970")),
                "{checked:?}"
            );
        }
    }

    #[test]
    fn a_name_written_differently_is_a_warning_where_the_birth_date_agrees() {
        let listed = [theirs("A17", "DOE JANE MARY", Some("19700101"), "1.2")];
        let checked = compare(&ours(), Some(&listed), &same());
        assert!(checked.holds.is_empty());
        assert_eq!(checked.warnings.len(), 1);
    }

    #[test]
    fn a_study_that_is_not_there_holds_only_where_it_is_needed() {
        let listed = [theirs("A17", "DOE JANE", Some("19700101"), "1.9")];
        assert!(compare(&ours(), Some(&listed), &same()).holds[0].contains("not at the node"));
        assert!(compare(&ours(), Some(&listed), &Facts::default()).holds.is_empty());
        assert!(compare(&ours(), Some(&[]), &same()).holds.len() == 1);
    }

    #[test]
    fn a_node_that_answers_no_queries_holds_what_needs_its_study() {
        assert_eq!(compare(&ours(), None, &same()).holds.len(), 1);
        let checked = compare(&ours(), None, &Facts::default());
        assert_eq!((checked.holds.len(), checked.warnings.len()), (0, 1));
    }
}

//! Where the columns of `Plans` have their values from.
//!
//! Units: none. Frame: none.

use rt_case::CaseFacts;
use rt_model::provenance::{Provenance, Tag};
use rt_sql::record::FieldSource;

/// A source for each column that has a value: file, SOP instance and attribute, or the user's word.
pub(super) fn field_sources(facts: &CaseFacts) -> Vec<FieldSource> {
    let info = &facts.plan_info;
    let in_plan = |path: &str, group, element| info.provenance().attribute(path, Tag::new(group, element));
    let patient = &info.patient;
    let mrn =
        if patient.id.is_empty() { Provenance::unknown() } else { in_plan("PatientID", 0x0010, 0x0020) };
    let copied = [
        ("MRN", Some(mrn)),
        ("Birthdate", patient.birth_date.map(|_| in_plan("PatientBirthDate", 0x0010, 0x0030))),
        ("Sex", patient.sex.map(|_| in_plan("PatientSex", 0x0010, 0x0040))),
        (
            "StudyInstanceUID",
            info.study.instance_uid.as_ref().map(|_| in_plan("StudyInstanceUID", 0x0020, 0x000D)),
        ),
    ];
    let copied = copied.into_iter().filter_map(|(column, at)| Some((column, at?)));
    let derived = facts.summary.sources().map(|(column, at)| (column, at.clone()));
    copied
        .chain(derived)
        .map(|(column, at)| FieldSource { column: column.to_owned(), source: in_words(&at) })
        .collect()
}

fn in_words(at: &Provenance) -> String {
    if *at == Provenance::unknown() { "the user's word".to_owned() } else { at.to_string() }
}

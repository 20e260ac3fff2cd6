//! The attributes that every file of a case carries.
//!
//! Units: none. Frame: none.

use super::CaseBuilder;
use rt_dicom::DataSet;
use rt_dicom::tags;

/// Every date that is written: a phantom has no "now".
pub(super) const DATE: &str = "20260105";
/// Every time that is written.
pub(super) const TIME: &str = "083000";
/// The plan's part in its seed; the others follow the same form.
pub(super) const PLAN: &str = "plan";
/// The structure set's part in its seed.
pub(super) const STRUCTURE_SET: &str = "structure set";
/// The image series' part in its seed.
pub(super) const IMAGE_SERIES: &str = "image series";

/// What tells one object from the others of its case.
pub(super) struct ObjectKind<'a> {
    pub(super) sop_class: &'a str,
    pub(super) instance_part: &'a str,
    pub(super) series_part: &'a str,
    pub(super) modality: &'a str,
    pub(super) series_number: i64,
    pub(super) instance_number: i64,
    pub(super) description: &'a str,
}

/// Patient, General Study, General Series, Frame of Reference, Equipment and SOP Common modules.
pub(super) fn header(case: &CaseBuilder, kind: &ObjectKind<'_>) -> DataSet {
    let patient = &case.patient;
    let birth_date =
        patient.birth_date.map(|date| format!("{:04}{:02}{:02}", date.year(), date.month(), date.day()));
    let mut data = DataSet::default();
    data.text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192")
        .text(tags::INSTANCE_CREATION_DATE, DATE)
        .text(tags::INSTANCE_CREATION_TIME, TIME)
        .text(tags::SOP_CLASS_UID, kind.sop_class)
        .text(tags::SOP_INSTANCE_UID, case.uid(kind.instance_part))
        .text(tags::STUDY_DATE, DATE)
        .text(tags::STUDY_TIME, TIME)
        .text(tags::SERIES_DATE, DATE)
        .text(tags::SERIES_TIME, TIME)
        .empty(tags::ACCESSION_NUMBER)
        .text(tags::MODALITY, kind.modality)
        .text(tags::MANUFACTURER, case.equipment[0].as_str())
        .text(tags::MANUFACTURER_MODEL_NAME, case.equipment[1].as_str())
        .text(tags::SOFTWARE_VERSIONS, "1")
        .empty(tags::REFERRING_PHYSICIAN_NAME)
        .text(tags::STUDY_DESCRIPTION, "Phantom, no patient")
        .text(tags::SERIES_DESCRIPTION, kind.description)
        .empty(tags::OPERATORS_NAME)
        .text(tags::PATIENT_NAME, patient.name.as_str())
        .text(tags::PATIENT_ID, patient.id.as_str())
        .text(tags::PATIENT_BIRTH_DATE, birth_date.unwrap_or_default())
        .text(tags::PATIENT_SEX, patient.sex.map(|sex| sex.as_char().to_string()).unwrap_or_default())
        .text(tags::STUDY_INSTANCE_UID, case.uid("study"))
        .text(tags::SERIES_INSTANCE_UID, case.uid(kind.series_part))
        .text(tags::STUDY_ID, "1")
        .integer(tags::SERIES_NUMBER, kind.series_number)
        .integer(tags::INSTANCE_NUMBER, kind.instance_number)
        .text(tags::FRAME_OF_REFERENCE_UID, case.uid("frame of reference"))
        .empty(tags::POSITION_REFERENCE_INDICATOR);
    if let Some(issuer) = &patient.issuer {
        data.text(tags::ISSUER_OF_PATIENT_ID, issuer.as_str());
    }
    if patient.identity_removed {
        data.text(tags::PATIENT_IDENTITY_REMOVED, "YES").text(tags::DEIDENTIFICATION_METHOD, "phantom");
    }
    data
}

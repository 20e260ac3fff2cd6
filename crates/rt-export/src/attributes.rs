//! Which attributes of an image or a dose are copied into products.
//!
//! Units: none. Frame: none.

use rt_dicom::tags;
use rt_model::attribute::CopiedAttributes;
use rt_model::provenance::Tag;

/// Patient and Patient Study modules (PS3.3 C.7.1.1, C.7.2.2): all that is there is copied.
pub(crate) const PATIENT: [Tag; 28] = [
    tags::PATIENT_NAME,
    tags::PATIENT_ID,
    tags::ISSUER_OF_PATIENT_ID,
    tags::TYPE_OF_PATIENT_ID,
    tags::ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE,
    tags::PATIENT_BIRTH_DATE,
    tags::PATIENT_BIRTH_TIME,
    tags::PATIENT_SEX,
    tags::OTHER_PATIENT_NAMES,
    tags::OTHER_PATIENT_I_DS_SEQUENCE,
    tags::PATIENT_SPECIES_DESCRIPTION,
    tags::PATIENT_BREED_DESCRIPTION,
    tags::RESPONSIBLE_PERSON,
    tags::RESPONSIBLE_ORGANIZATION,
    tags::PATIENT_COMMENTS,
    tags::PATIENT_IDENTITY_REMOVED,
    tags::DEIDENTIFICATION_METHOD,
    tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
    tags::ADMITTING_DIAGNOSES_DESCRIPTION,
    tags::PATIENT_AGE,
    tags::PATIENT_SIZE,
    tags::PATIENT_WEIGHT,
    tags::OCCUPATION,
    tags::ADDITIONAL_PATIENT_HISTORY,
    tags::ADMISSION_ID,
    tags::SERVICE_EPISODE_ID,
    tags::PREGNANCY_STATUS,
    tags::PATIENT_SEX_NEUTERED,
];

/// General Study module (PS3.3 C.7.2.1).
pub(crate) const STUDY: [Tag; 8] = [
    tags::STUDY_INSTANCE_UID,
    tags::STUDY_DATE,
    tags::STUDY_TIME,
    tags::REFERRING_PHYSICIAN_NAME,
    tags::STUDY_ID,
    tags::ACCESSION_NUMBER,
    tags::STUDY_DESCRIPTION,
    tags::PHYSICIANS_OF_RECORD,
];

/// What else of the image series holds for a series on it.
pub(crate) const SERIES: [Tag; 5] = [
    tags::TIMEZONE_OFFSET_FROM_UTC,
    tags::INSTITUTION_NAME,
    tags::BODY_PART_EXAMINED,
    tags::LATERALITY,
    tags::PATIENT_POSITION,
];

/// Frame of Reference module (PS3.3 C.7.4.1).
pub(crate) const FRAME: [Tag; 2] = [tags::FRAME_OF_REFERENCE_UID, tags::POSITION_REFERENCE_INDICATOR];

/// Image Plane module (PS3.3 C.7.6.2), of each slice.
pub(crate) const PLANE: [Tag; 5] = [
    tags::IMAGE_POSITION_PATIENT,
    tags::IMAGE_ORIENTATION_PATIENT,
    tags::PIXEL_SPACING,
    tags::SLICE_THICKNESS,
    tags::SLICE_LOCATION,
];

/// What an image says of its own compression: what is drawn on it has lost the same.
pub(crate) const LOSSY: [Tag; 3] = [
    tags::LOSSY_IMAGE_COMPRESSION,
    tags::LOSSY_IMAGE_COMPRESSION_RATIO,
    tags::LOSSY_IMAGE_COMPRESSION_METHOD,
];

/// When an object was made: the first of these that is there.
const DATES: [[Tag; 2]; 3] = [
    [tags::INSTANCE_CREATION_DATE, tags::INSTANCE_CREATION_TIME],
    [tags::CONTENT_DATE, tags::CONTENT_TIME],
    [tags::STUDY_DATE, tags::STUDY_TIME],
];

/// Every attribute that is copied from a file.
pub(crate) fn wanted() -> Vec<Tag> {
    let groups: [&[Tag]; 6] = [&PATIENT, &STUDY, &SERIES, &FRAME, &PLANE, &LOSSY];
    groups.concat().into_iter().chain(DATES.concat()).collect()
}

/// Date and time of an object as it states them.
pub(crate) fn date_of(attributes: &CopiedAttributes) -> Option<(String, String)> {
    DATES.into_iter().find_map(|[date, time]| {
        let date = attributes.text(date)?.to_owned();
        Some((date, attributes.text(time).unwrap_or_default().to_owned()))
    })
}

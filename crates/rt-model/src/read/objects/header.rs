//! What every SOP instance carries: identity, patient, study, equipment.
//!
//! Units: none. Frame: none.

use crate::finding::files;
use crate::instance::{Equipment, InstanceInfo, Study};
use crate::patient::{Patient, Sex};
use crate::read::bytes::node::Node;
use crate::read::error::{ReadError, ReadErrorKind};
use crate::uid::{STANDARD_PREFIX, Uid, sop_class};
use dicom_dictionary_std::tags;

/// Reads the attributes of the instance. `media_class` is the SOP class that file meta information names,
/// used where the data set itself names none.
pub(super) fn instance(root: &Node<'_, '_>, media_class: Option<Uid>) -> Result<InstanceInfo, ReadError> {
    let Some(sop_instance) = root.uid(tags::SOP_INSTANCE_UID) else {
        return Err(root.error(
            ReadErrorKind::NoInstance,
            tags::SOP_INSTANCE_UID,
            "expected a SOP Instance UID, found none",
        ));
    };
    root.notes().set_instance(&sop_instance);
    let sop_class = match (root.uid(tags::SOP_CLASS_UID), media_class) {
        (Some(uid), _) => uid,
        (None, Some(uid)) => {
            root.warn(
                files::NO_SOP_CLASS,
                tags::SOP_CLASS_UID,
                format!("expected a SOP Class UID, found none: the file meta information says {uid}"),
            );
            uid
        }
        (None, None) => {
            return Err(root.error(
                ReadErrorKind::NoClass,
                tags::SOP_CLASS_UID,
                "expected a SOP Class UID, found none",
            ));
        }
    };
    let modality = root.text(tags::MODALITY).unwrap_or_default();
    check_modality(root, &sop_class, &modality);
    Ok(InstanceInfo {
        path: root.notes().file().to_owned(),
        sop_class,
        sop_instance,
        modality,
        patient: patient(root),
        study: study(root),
        series_instance: root.uid(tags::SERIES_INSTANCE_UID),
        frame_of_reference: root.uid(tags::FRAME_OF_REFERENCE_UID),
        equipment: Equipment {
            manufacturer: root.text(tags::MANUFACTURER),
            model: root.text(tags::MANUFACTURER_MODEL_NAME),
            software_versions: root.texts(tags::SOFTWARE_VERSIONS),
        },
    })
}

fn patient(root: &Node<'_, '_>) -> Patient {
    Patient {
        id: root.text(tags::PATIENT_ID).unwrap_or_default(),
        issuer: root.text(tags::ISSUER_OF_PATIENT_ID),
        name: root.text(tags::PATIENT_NAME).unwrap_or_default(),
        birth_date: root.date(tags::PATIENT_BIRTH_DATE),
        sex: root.text(tags::PATIENT_SEX).and_then(|text| Sex::parse(&text)),
        identity_removed: root.text(tags::PATIENT_IDENTITY_REMOVED).is_some_and(|text| text == "YES"),
    }
}

fn study(root: &Node<'_, '_>) -> Study {
    Study {
        instance_uid: root.uid(tags::STUDY_INSTANCE_UID),
        date: root.date(tags::STUDY_DATE),
        time: root.time(tags::STUDY_TIME),
        accession_number: root.text(tags::ACCESSION_NUMBER),
        description: root.text(tags::STUDY_DESCRIPTION),
        referring_physician: root.text(tags::REFERRING_PHYSICIAN_NAME),
        physicians_of_record: root.texts(tags::PHYSICIANS_OF_RECORD),
    }
}

/// The SOP class decides what an object is; a modality that says something else is told.
fn check_modality(root: &Node<'_, '_>, sop_class: &Uid, modality: &str) {
    let expected = match sop_class.as_str() {
        sop_class::CT_IMAGE => "CT",
        sop_class::MR_IMAGE => "MR",
        sop_class::PET_IMAGE => "PT",
        sop_class::RT_DOSE => "RTDOSE",
        sop_class::RT_STRUCTURE_SET => "RTSTRUCT",
        sop_class::RT_PLAN | sop_class::RT_ION_PLAN => "RTPLAN",
        other => {
            if !other.starts_with(STANDARD_PREFIX) && matches!(modality, "RTPLAN" | "RTDOSE" | "RTSTRUCT") {
                let text = format!(
                    "expected a SOP class of the standard for modality {modality}, found {other}: the object is not read"
                );
                root.warn(files::UNKNOWN_SOP_CLASS, tags::SOP_CLASS_UID, text);
            }
            return;
        }
    };
    if modality != expected {
        root.warn(
            files::MODALITY_DISAGREES,
            tags::MODALITY,
            format!("expected {expected} for the SOP class, found {modality:?}: the SOP class counts"),
        );
    }
}

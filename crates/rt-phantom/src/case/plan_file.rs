//! RT Plan and RT Ion Plan (PS3.3 A.20, A.49): all but the beams.
//!
//! Units: gray, millimetres. Frame: DICOM patient coordinates (LPS).

use super::CaseBuilder;
use super::file::{PhantomFile, Role};
use super::header::{DATE, ObjectKind, PLAN, STRUCTURE_SET, TIME, header};
use super::plan::{BeamSpec, DosePoint};
use super::{brachy_setup, ion_beam, photon_beam};
use crate::error::PhantomError;
use crate::grid::Lattice;
use rt_dicom::DataSet;
use rt_dicom::tags;
use rt_model::frame::PatientPoint;
use rt_model::plan::DoseReference;
use rt_model::provenance::Tag;
use rt_model::uid::sop_class;

/// Retired from the standard, still what most systems write.
const BEAM_DOSE_SPECIFICATION_POINT: Tag = Tag::new(0x300A, 0x0082);

pub(super) fn file(case: &CaseBuilder, lattice: &Lattice) -> Result<PhantomFile, PhantomError> {
    let plan = &case.plan;
    if plan.fractions == 0 || plan.beams.is_empty() && plan.brachy.is_none() {
        return Err(PhantomError::description("expected a plan with fractions and a beam, found none"));
    }
    let kind = ObjectKind {
        sop_class: plan.sop_class(),
        instance_part: PLAN,
        series_part: "plan series",
        modality: "RTPLAN",
        series_number: 3,
        instance_number: 1,
        description: "Plan",
    };
    let mut data = header(case, &kind);
    data.text(tags::RT_PLAN_LABEL, plan.label.as_str())
        .text(tags::RT_PLAN_DATE, DATE)
        .text(tags::RT_PLAN_TIME, TIME)
        .text(tags::PLAN_INTENT, plan.intent.as_str())
        .text(tags::RT_PLAN_GEOMETRY, "PATIENT")
        .text(tags::APPROVAL_STATUS, plan.approval_status.as_str())
        .items(
            tags::REFERENCED_STRUCTURE_SET_SEQUENCE,
            [DataSet::reference(sop_class::RT_STRUCTURE_SET, &case.uid(STRUCTURE_SET))],
        );
    if plan.approval_status.is_reviewed() {
        data.text(tags::REVIEW_DATE, DATE)
            .text(tags::REVIEW_TIME, TIME)
            .text(tags::REVIEWER_NAME, "REVIEWER^PHANTOM");
    }
    let point = plan.point().map(|point| lattice.nearest_centre(point));
    let references = dose_references(case, point);
    if !references.is_empty() {
        data.items(tags::DOSE_REFERENCE_SEQUENCE, references);
    }
    data.items(tags::FRACTION_GROUP_SEQUENCE, [fraction_group(case, point)]);
    let mut setup = DataSet::default();
    setup.text(tags::PATIENT_POSITION, case.position.term()).integer(tags::PATIENT_SETUP_NUMBER, 1);
    data.items(tags::PATIENT_SETUP_SEQUENCE, [setup]);
    if let Some(brachy) = &plan.brachy {
        brachy_setup::add(&mut data, plan, brachy);
    }
    if plan.beams.is_empty() {
        // Brachytherapy alone.
    } else if plan.ion {
        data.items(
            tags::ION_BEAM_SEQUENCE,
            plan.beams.iter().map(|beam| ion_beam::beam(plan, beam)).collect::<Vec<_>>(),
        );
    } else {
        data.items(
            tags::BEAM_SEQUENCE,
            plan.beams.iter().map(|beam| photon_beam::beam(plan, beam)).collect::<Vec<_>>(),
        );
    }
    Ok(PhantomFile::new("RP.dcm", Role::Plan, data, case.encoding.clone()))
}

/// The plan's own references, and one for the beam dose point where the beams name it.
fn dose_references(case: &CaseBuilder, point: Option<PatientPoint>) -> Vec<DataSet> {
    let mut references: Vec<_> = case.plan.dose_references.iter().map(dose_reference).collect();
    if let (DosePoint::Reference(_), Some(point)) = (case.plan.dose_point, point) {
        let number =
            case.plan.dose_references.iter().map(|reference| reference.number).max().unwrap_or(0) + 1;
        let mut item = dose_reference(&DoseReference {
            number,
            structure_type: "COORDINATES".to_owned(),
            reference_type: "TARGET".to_owned(),
            description: Some("beam dose point".to_owned()),
            point: Some(point),
            ..DoseReference::default()
        });
        item.text(tags::DOSE_REFERENCE_UID, case.uid("beam dose point"));
        references.push(item);
    }
    references
}

fn dose_reference(reference: &DoseReference) -> DataSet {
    let mut item = DataSet::default();
    item.integer(tags::DOSE_REFERENCE_NUMBER, reference.number)
        .text(tags::DOSE_REFERENCE_STRUCTURE_TYPE, reference.structure_type.as_str())
        .text(tags::DOSE_REFERENCE_TYPE, reference.reference_type.as_str());
    if let Some(uid) = &reference.uid {
        item.text(tags::DOSE_REFERENCE_UID, uid.as_str());
    }
    if let Some(description) = &reference.description {
        item.text(tags::DOSE_REFERENCE_DESCRIPTION, description.as_str());
    }
    if let Some(number) = reference.roi_number {
        item.integer(tags::REFERENCED_ROI_NUMBER, number);
    }
    if let Some(point) = reference.point {
        item.decimals(tags::DOSE_REFERENCE_POINT_COORDINATES, [point.x, point.y, point.z]);
    }
    let doses = [
        (tags::TARGET_PRESCRIPTION_DOSE, reference.target_prescription_dose),
        (tags::TARGET_MAXIMUM_DOSE, reference.target_maximum_dose),
        (tags::DELIVERY_MAXIMUM_DOSE, reference.delivery_maximum_dose),
    ];
    for (tag, dose) in doses {
        if let Some(dose) = dose {
            item.decimals(tag, [dose.0]);
        }
    }
    item
}

fn fraction_group(case: &CaseBuilder, point: Option<PatientPoint>) -> DataSet {
    let plan = &case.plan;
    let beams: Vec<_> = plan.beams.iter().map(|beam| beam_reference(case, beam, point)).collect();
    let mut group = DataSet::default();
    group
        .integer(tags::FRACTION_GROUP_NUMBER, 1)
        .integer(tags::NUMBER_OF_FRACTIONS_PLANNED, plan.fractions)
        .integer(tags::NUMBER_OF_BEAMS, beams.len() as i64)
        .integer(tags::NUMBER_OF_BRACHY_APPLICATION_SETUPS, i64::from(plan.brachy.is_some()));
    if !beams.is_empty() {
        group.items(tags::REFERENCED_BEAM_SEQUENCE, beams);
    }
    if plan.brachy.is_some() {
        group.items(tags::REFERENCED_BRACHY_APPLICATION_SETUP_SEQUENCE, [setup_reference(case, point)]);
    }
    let targets: Vec<_> = plan
        .dose_references
        .iter()
        .filter(|reference| reference.reference_type == "TARGET")
        .map(|reference| {
            let mut item = DataSet::default();
            item.integer(tags::REFERENCED_DOSE_REFERENCE_NUMBER, reference.number);
            item
        })
        .collect();
    if !targets.is_empty() {
        group.items(tags::REFERENCED_DOSE_REFERENCE_SEQUENCE, targets);
    }
    group
}

fn setup_reference(case: &CaseBuilder, point: Option<PatientPoint>) -> DataSet {
    let mut item = DataSet::default();
    item.integer(tags::REFERENCED_BRACHY_APPLICATION_SETUP_NUMBER, 1);
    if let Some(point) = point {
        let dose = case.dose.field.at(point).0 / f64::from(case.plan.fractions);
        item.decimals(tags::BRACHY_APPLICATION_SETUP_DOSE_SPECIFICATION_POINT, [point.x, point.y, point.z])
            .decimals(tags::BRACHY_APPLICATION_SETUP_DOSE, [dose]);
    }
    item
}

fn beam_reference(case: &CaseBuilder, beam: &BeamSpec, point: Option<PatientPoint>) -> DataSet {
    let mut item = DataSet::default();
    item.integer(tags::REFERENCED_BEAM_NUMBER, beam.number);
    let Some(meterset) = beam.meterset else { return item };
    item.decimals(tags::BEAM_METERSET, [meterset]);
    if let Some(point) = point {
        let dose = case.dose.field.at(point).0 * beam.share / f64::from(case.plan.fractions);
        item.decimals(tags::BEAM_DOSE, [dose]);
        if matches!(case.plan.dose_point, DosePoint::Specification(_)) {
            item.decimals(BEAM_DOSE_SPECIFICATION_POINT, [point.x, point.y, point.z]);
        } else {
            item.text(tags::REFERENCED_DOSE_REFERENCE_UID, case.uid("beam dose point"));
        }
    }
    item
}

//! RT Plan and RT Ion Plan.
//!
//! Units: Gy per fraction or in total as each attribute says; meterset in the unit of the beam's dosimeter.
//! Frame: DICOM patient coordinates (LPS).

use super::object::Object;
use super::{beam, brachy};
use crate::approval::ApprovalStatus;
use crate::dose::DoseType;
use crate::finding::plan;
use crate::plan::{BeamReference, DoseReference, FractionGroup, Plan, RelatedPlan, SetupDose};
use crate::read::bytes::node::Node;
use crate::read::error::ReadError;
use crate::uid::sop_class;
use crate::units::Gy;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use std::collections::HashSet;

/// Beam Dose Specification Point, retired and still written.
const BEAM_DOSE_SPECIFICATION_POINT: Tag = Tag(0x300A, 0x0082);

/// The object is a plan this module reads.
pub(in crate::read) fn is_plan(object: &Object<'_, '_>) -> bool {
    matches!(object.info.sop_class.as_str(), sop_class::RT_PLAN | sop_class::RT_ION_PLAN)
}

/// Reads a plan. A plan holds no bulk data: this is all of it.
pub(in crate::read) fn plan(object: &Object<'_, '_>) -> Result<Plan, ReadError> {
    let root = &object.root;
    let beams = beam::beams(root)?;
    let brachy_setups = brachy::setups(root)?;
    let plan = Plan {
        label: root.text(tags::RT_PLAN_LABEL).unwrap_or_default(),
        name: root.text(tags::RT_PLAN_NAME),
        timestamp: root.date_time(tags::RT_PLAN_DATE, tags::RT_PLAN_TIME),
        intent: root.text(tags::PLAN_INTENT),
        geometry: root.text(tags::RT_PLAN_GEOMETRY),
        approval_status: root.text(tags::APPROVAL_STATUS).as_deref().map(ApprovalStatus::parse),
        ion: object.info.sop_class.as_str() == sop_class::RT_ION_PLAN,
        structure_sets: root
            .uids_of(tags::REFERENCED_STRUCTURE_SET_SEQUENCE, tags::REFERENCED_SOP_INSTANCE_UID)?,
        doses: root.uids_of(tags::REFERENCED_DOSE_SEQUENCE, tags::REFERENCED_SOP_INSTANCE_UID)?,
        related_plans: related_plans(root)?,
        dose_references: dose_references(root)?,
        fraction_groups: fraction_groups(root)?,
        beams,
        patient_positions: patient_positions(root)?,
        brachy_treatment_type: root.text(tags::BRACHY_TREATMENT_TYPE),
        brachy_treatment_technique: root.text(tags::BRACHY_TREATMENT_TECHNIQUE),
        application_setups: brachy_setups.len(),
        brachy_setups,
        brachy_sources: brachy::sources(root)?,
    };
    check(root, &plan);
    Ok(plan)
}

fn related_plans(root: &Node<'_, '_>) -> Result<Vec<RelatedPlan>, ReadError> {
    let mut plans = Vec::new();
    for item in root.items(tags::REFERENCED_RT_PLAN_SEQUENCE) {
        let item = item?;
        if let Some(sop_instance) = item.uid(tags::REFERENCED_SOP_INSTANCE_UID) {
            plans.push(RelatedPlan { sop_instance, relationship: item.text(tags::RT_PLAN_RELATIONSHIP) });
        }
    }
    Ok(plans)
}

fn dose_references(root: &Node<'_, '_>) -> Result<Vec<DoseReference>, ReadError> {
    let mut references = Vec::new();
    for item in root.items(tags::DOSE_REFERENCE_SEQUENCE) {
        let item = item?;
        let gy = |tag| item.decimal(tag).map(Gy);
        references.push(DoseReference {
            number: item.required_integer(tags::DOSE_REFERENCE_NUMBER)?,
            uid: item.uid(tags::DOSE_REFERENCE_UID),
            structure_type: item.text(tags::DOSE_REFERENCE_STRUCTURE_TYPE).unwrap_or_default(),
            reference_type: item.text(tags::DOSE_REFERENCE_TYPE).unwrap_or_default(),
            description: item.text(tags::DOSE_REFERENCE_DESCRIPTION),
            roi_number: item.integer(tags::REFERENCED_ROI_NUMBER),
            point: item.point(tags::DOSE_REFERENCE_POINT_COORDINATES),
            target_prescription_dose: gy(tags::TARGET_PRESCRIPTION_DOSE),
            target_maximum_dose: gy(tags::TARGET_MAXIMUM_DOSE),
            delivery_maximum_dose: gy(tags::DELIVERY_MAXIMUM_DOSE),
        });
    }
    Ok(references)
}

fn fraction_groups(root: &Node<'_, '_>) -> Result<Vec<FractionGroup>, ReadError> {
    let mut groups = Vec::new();
    for item in root.items(tags::FRACTION_GROUP_SEQUENCE) {
        let item = item?;
        let stated = item.count(tags::NUMBER_OF_FRACTIONS_PLANNED);
        let group = FractionGroup {
            number: item.required_integer(tags::FRACTION_GROUP_NUMBER)?,
            // A plan of 0 fractions would deliver nothing: the number is unknown.
            fractions_planned: stated.filter(|count| *count > 0),
            beam_count: item.count(tags::NUMBER_OF_BEAMS),
            beams: beam_references(&item)?,
            application_setup_count: item.count(tags::NUMBER_OF_BRACHY_APPLICATION_SETUPS),
            application_setups: application_setups(&item)?,
            setup_doses: setup_doses(&item)?,
            dose_references: linked_dose_references(&item)?,
        };
        if group.fractions_planned.is_none() {
            item.warn(
                plan::FRACTIONS_NOT_PLANNED,
                tags::NUMBER_OF_FRACTIONS_PLANNED,
                match stated {
                    Some(_) => "expected one fraction or more, found 0",
                    None => "expected a number of fractions, found none",
                },
            );
        }
        let found = group.beams.len();
        if group.beam_count.is_some_and(|stated| stated as usize != found) {
            item.warn(
                plan::BEAM_COUNT,
                tags::NUMBER_OF_BEAMS,
                format!("expected {} beams, found {found} references", group.beam_count.unwrap_or(0)),
            );
        }
        groups.push(group);
    }
    Ok(groups)
}

fn beam_references(group: &Node<'_, '_>) -> Result<Vec<BeamReference>, ReadError> {
    let mut references = Vec::new();
    for item in group.items(tags::REFERENCED_BEAM_SEQUENCE) {
        let item = item?;
        references.push(BeamReference {
            beam_number: item.required_integer(tags::REFERENCED_BEAM_NUMBER)?,
            dose: item.decimal(tags::BEAM_DOSE).map(Gy),
            dose_type: item.text(tags::BEAM_DOSE_TYPE).as_deref().map(DoseType::parse),
            dose_point: item.point(BEAM_DOSE_SPECIFICATION_POINT),
            dose_reference_uid: item.uid(tags::REFERENCED_DOSE_REFERENCE_UID),
            meterset: item.decimal(tags::BEAM_METERSET),
        });
    }
    Ok(references)
}

fn application_setups(group: &Node<'_, '_>) -> Result<Vec<i32>, ReadError> {
    let mut numbers = Vec::new();
    for item in group.items(tags::REFERENCED_BRACHY_APPLICATION_SETUP_SEQUENCE) {
        numbers.extend(item?.integer(tags::REFERENCED_BRACHY_APPLICATION_SETUP_NUMBER));
    }
    Ok(numbers)
}

fn setup_doses(group: &Node<'_, '_>) -> Result<Vec<SetupDose>, ReadError> {
    let mut doses = Vec::new();
    for item in group.items(tags::REFERENCED_BRACHY_APPLICATION_SETUP_SEQUENCE) {
        let item = item?;
        let Some(setup) = item.integer(tags::REFERENCED_BRACHY_APPLICATION_SETUP_NUMBER) else { continue };
        doses.push(SetupDose {
            setup,
            dose: item.decimal(tags::BRACHY_APPLICATION_SETUP_DOSE).map(Gy),
            point: item.point(tags::BRACHY_APPLICATION_SETUP_DOSE_SPECIFICATION_POINT),
        });
    }
    Ok(doses)
}

fn linked_dose_references(group: &Node<'_, '_>) -> Result<Vec<i32>, ReadError> {
    let mut numbers = Vec::new();
    for item in group.items(tags::REFERENCED_DOSE_REFERENCE_SEQUENCE) {
        numbers.extend(item?.integer(tags::REFERENCED_DOSE_REFERENCE_NUMBER));
    }
    Ok(numbers)
}

fn patient_positions(root: &Node<'_, '_>) -> Result<Vec<String>, ReadError> {
    let mut positions = Vec::new();
    for item in root.items(tags::PATIENT_SETUP_SEQUENCE) {
        positions.extend(item?.text(tags::PATIENT_POSITION));
    }
    Ok(positions)
}

/// What the plan says of itself that does not agree.
fn check(root: &Node<'_, '_>, plan: &Plan) {
    let sequence = if plan.ion { tags::ION_BEAM_SEQUENCE } else { tags::BEAM_SEQUENCE };
    let mut numbers = HashSet::new();
    for beam in &plan.beams {
        if !numbers.insert(beam.number) {
            let text = format!("expected one beam of number {}, found another", beam.number);
            root.warn(plan::DUPLICATE_BEAM_NUMBER, sequence, text);
        }
    }
    for group in &plan.fraction_groups {
        for reference in group.beams.iter().filter(|reference| !numbers.contains(&reference.beam_number)) {
            let text = format!(
                "expected beam {} of fraction group {}, found no such beam",
                reference.beam_number, group.number
            );
            root.warn(plan::UNKNOWN_BEAM, tags::FRACTION_GROUP_SEQUENCE, text);
        }
    }
    if plan.beams.is_empty() && plan.application_setups == 0 {
        root.info(plan::NOTHING_TO_DELIVER, sequence, "expected beams or application setups, found neither");
    }
}

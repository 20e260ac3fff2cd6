//! RT Plan of a phantom (PS3.3 A.20), and the parts it shares with an RT Ion Plan.
//!
//! Units: gray, millimetres, degrees; meterset in MU. Frame: DICOM patient coordinates (LPS).

use super::CaseBuilder;
use super::file::{PhantomFile, Role};
use super::header::{DATE, ObjectKind, PLAN, STRUCTURE_SET, TIME, header};
use super::ion_plan;
use crate::data_set::DataSet;
use crate::error::PhantomError;
use crate::grid::Lattice;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use rt_model::frame::PatientPoint;
use rt_model::plan::DoseReference;
use rt_model::uid::sop_class;
use rt_model::units::Gy;

/// The plan of a case: one fraction group.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanSpec {
    /// RT Plan Label (300A,0002).
    pub label: String,
    /// Plan Intent (300A,000A).
    pub intent: String,
    /// Approval Status (300E,0002).
    pub approval_status: String,
    /// Written as RT Ion Plan, with proton beams.
    pub ion: bool,
    /// Number of Fractions Planned (300A,0078), above 0.
    pub fractions: u32,
    /// Prescription and other dose references; those of type TARGET are linked from the fraction group.
    pub dose_references: Vec<DoseReference>,
    /// The beams.
    pub beams: Vec<BeamSpec>,
    /// Where the beam doses are stated.
    pub dose_point: DosePoint,
    /// Isocentre of all beams.
    pub isocentre: PatientPoint,
}

/// Where a plan states its beam doses. The point is moved to the nearest voxel centre of the dose grid, so that the grid's value
/// there is the sum of the beam doses of all fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DosePoint {
    /// Nowhere: beam doses are left out.
    Nowhere,
    /// Beam Dose Specification Point (300A,0082) of each beam.
    Specification(PatientPoint),
    /// A dose reference of structure type COORDINATES that each beam's Referenced Dose Reference UID (300A,0083) names.
    Reference(PatientPoint),
}

/// A beam.
#[derive(Debug, Clone, PartialEq)]
pub struct BeamSpec {
    /// Beam Number (300A,00C0).
    pub number: i32,
    /// Beam Name (300A,00C2).
    pub name: String,
    /// Treatment Delivery Type (300A,00CE).
    pub delivery_type: String,
    /// Beam Meterset (300A,0086) for one fraction; `None`: no meterset.
    pub meterset: Option<f64>,
    /// The beam's share of the plan's dose; the treatment beams' shares add up to 1.
    pub share: f64,
    /// Nominal energy, MV (protons: MeV).
    pub energy: f64,
    /// Gantry angle of a static beam.
    pub gantry: f64,
    /// The arc of a dynamic beam.
    pub arc: Option<GantryArc>,
}

/// A gantry rotation with moving leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GantryArc {
    /// Last gantry angle; the beam's own is the first.
    pub stop: f64,
    /// Rotation in the sense of rising angles (CW), else CC.
    pub clockwise: bool,
    /// Control points, at least 2.
    pub control_points: u16,
}

impl BeamSpec {
    /// A static 6 MV treatment beam of 200 MU from the front.
    #[must_use]
    pub fn fixed(number: i32, share: f64) -> Self {
        Self {
            number,
            name: format!("Beam {number}"),
            delivery_type: "TREATMENT".to_owned(),
            meterset: Some(200.0),
            share,
            energy: 6.0,
            gantry: 0.0,
            arc: None,
        }
    }

    /// A beam that images the set-up: no meterset, no dose.
    #[must_use]
    pub fn setup(number: i32) -> Self {
        Self {
            name: format!("Setup {number}"),
            delivery_type: "SETUP".to_owned(),
            meterset: None,
            share: 0.0,
            ..Self::fixed(number, 0.0)
        }
    }

    pub(super) fn treats(&self) -> bool {
        self.meterset.is_some() && matches!(self.delivery_type.as_str(), "TREATMENT" | "CONTINUATION")
    }
}

impl Default for PlanSpec {
    fn default() -> Self {
        Self {
            label: "PHANTOM".to_owned(),
            intent: "CURATIVE".to_owned(),
            approval_status: "APPROVED".to_owned(),
            ion: false,
            fractions: 30,
            dose_references: vec![Self::prescription(1, Gy(60.0), "target")],
            beams: vec![BeamSpec::fixed(1, 1.0)],
            dose_point: DosePoint::Specification(PatientPoint::new(0.0, 0.0, 0.0)),
            isocentre: PatientPoint::new(0.0, 0.0, 0.0),
        }
    }
}

impl PlanSpec {
    /// A TARGET prescription at a site.
    #[must_use]
    pub fn prescription(number: i32, dose: Gy, description: &str) -> DoseReference {
        DoseReference {
            number,
            structure_type: "SITE".to_owned(),
            reference_type: "TARGET".to_owned(),
            description: Some(description.to_owned()),
            target_prescription_dose: Some(dose),
            ..DoseReference::default()
        }
    }

    pub(super) fn sop_class(&self) -> &'static str {
        if self.ion { sop_class::RT_ION_PLAN } else { sop_class::RT_PLAN }
    }

    fn point(&self) -> Option<PatientPoint> {
        match self.dose_point {
            DosePoint::Nowhere => None,
            DosePoint::Specification(point) | DosePoint::Reference(point) => Some(point),
        }
    }
}

pub(super) fn file(case: &CaseBuilder, lattice: &Lattice) -> Result<PhantomFile, PhantomError> {
    let plan = &case.plan;
    if plan.fractions == 0 || plan.beams.is_empty() {
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
    if matches!(plan.approval_status.as_str(), "APPROVED" | "REJECTED") {
        data.text(tags::REVIEW_DATE, DATE).text(tags::REVIEW_TIME, TIME).text(tags::REVIEWER_NAME, "REVIEWER^PHANTOM");
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
    if plan.ion {
        data.items(tags::ION_BEAM_SEQUENCE, plan.beams.iter().map(|beam| ion_plan::beam(plan, beam)).collect::<Vec<_>>());
    } else {
        data.items(tags::BEAM_SEQUENCE, plan.beams.iter().map(|beam| photon_beam(plan, beam)).collect::<Vec<_>>());
    }
    Ok(PhantomFile { name: "RP.dcm".to_owned(), role: Role::Plan, data, encoding: case.encoding.clone(), raw: None })
}

/// The plan's own references, and one for the beam dose point where the beams name it.
fn dose_references(case: &CaseBuilder, point: Option<PatientPoint>) -> Vec<DataSet> {
    let mut references: Vec<_> = case.plan.dose_references.iter().map(dose_reference).collect();
    if let (DosePoint::Reference(_), Some(point)) = (case.plan.dose_point, point) {
        let number = case.plan.dose_references.iter().map(|reference| reference.number).max().unwrap_or(0) + 1;
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
        item.decimals(tags::DOSE_REFERENCE_POINT_COORDINATES, &[point.x, point.y, point.z]);
    }
    let doses = [
        (tags::TARGET_PRESCRIPTION_DOSE, reference.target_prescription_dose),
        (tags::TARGET_MAXIMUM_DOSE, reference.target_maximum_dose),
        (tags::DELIVERY_MAXIMUM_DOSE, reference.delivery_maximum_dose),
    ];
    for (tag, dose) in doses {
        if let Some(dose) = dose {
            item.decimals(tag, &[dose.0]);
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
        .integer(tags::NUMBER_OF_BRACHY_APPLICATION_SETUPS, 0)
        .items(tags::REFERENCED_BEAM_SEQUENCE, beams);
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

fn beam_reference(case: &CaseBuilder, beam: &BeamSpec, point: Option<PatientPoint>) -> DataSet {
    let mut item = DataSet::default();
    item.integer(tags::REFERENCED_BEAM_NUMBER, beam.number);
    let Some(meterset) = beam.meterset else { return item };
    item.decimals(tags::BEAM_METERSET, &[meterset]);
    if let Some(point) = point {
        let dose = case.dose.field.at(point).0 * beam.share / f64::from(case.plan.fractions);
        item.decimals(tags::BEAM_DOSE, &[dose]);
        if matches!(case.plan.dose_point, DosePoint::Specification(_)) {
            item.decimals(BEAM_DOSE_SPECIFICATION_POINT, &[point.x, point.y, point.z]);
        } else {
            item.text(tags::REFERENCED_DOSE_REFERENCE_UID, case.uid("beam dose point"));
        }
    }
    item
}

/// Retired from the standard, still what most systems write.
const BEAM_DOSE_SPECIFICATION_POINT: Tag = Tag(0x300A, 0x0082);
/// Half the opening of the jaws, mm.
const JAW: f64 = 60.0;
/// Leaf pairs of a dynamic beam.
const LEAF_PAIRS: usize = 40;
/// Width of a leaf, mm.
const LEAF_WIDTH: f64 = 5.0;

fn photon_beam(plan: &PlanSpec, beam: &BeamSpec) -> DataSet {
    let devices = ["ASYMX", "ASYMY"].map(|device| (device, 1)).into_iter().chain(beam.arc.map(|_| ("MLCX", LEAF_PAIRS)));
    let devices = devices.map(|(device, pairs)| {
        let mut item = DataSet::default();
        item.text(tags::RT_BEAM_LIMITING_DEVICE_TYPE, device).integer(tags::NUMBER_OF_LEAF_JAW_PAIRS, pairs as i64);
        if device == "MLCX" {
            let edges: Vec<_> = (0..=pairs).map(|leaf| (leaf as f64 - pairs as f64 / 2.0) * LEAF_WIDTH).collect();
            item.decimals(tags::LEAF_POSITION_BOUNDARIES, &edges);
        }
        item
    });
    let control_points = control_points(plan, beam);
    let mut item = DataSet::default();
    item.text(tags::TREATMENT_MACHINE_NAME, "PHANTOM")
        .text(tags::PRIMARY_DOSIMETER_UNIT, "MU")
        .text(tags::SOURCE_AXIS_DISTANCE, "1000")
        .items(tags::BEAM_LIMITING_DEVICE_SEQUENCE, devices.collect::<Vec<_>>())
        .integer(tags::BEAM_NUMBER, beam.number)
        .text(tags::BEAM_NAME, beam.name.as_str())
        .text(tags::BEAM_TYPE, if beam.arc.is_some() { "DYNAMIC" } else { "STATIC" })
        .text(tags::RADIATION_TYPE, "PHOTON")
        .text(tags::TREATMENT_DELIVERY_TYPE, beam.delivery_type.as_str())
        .integer(tags::NUMBER_OF_WEDGES, 0)
        .integer(tags::NUMBER_OF_COMPENSATORS, 0)
        .integer(tags::NUMBER_OF_BOLI, 0)
        .integer(tags::NUMBER_OF_BLOCKS, 0)
        .text(tags::FINAL_CUMULATIVE_METERSET_WEIGHT, "1")
        .integer(tags::NUMBER_OF_CONTROL_POINTS, control_points.len() as i64)
        .integer(tags::REFERENCED_PATIENT_SETUP_NUMBER, 1)
        .items(tags::CONTROL_POINT_SEQUENCE, control_points);
    item
}

fn control_points(plan: &PlanSpec, beam: &BeamSpec) -> Vec<DataSet> {
    let count = beam.arc.map_or(2, |arc| arc.control_points.max(2));
    (0..count)
        .map(|index| {
            let part = f64::from(index) / f64::from(count - 1);
            let mut point = DataSet::default();
            point.integer(tags::CONTROL_POINT_INDEX, index);
            // The meterset per degree varies along an arc, as an optimised one's does.
            let weight = if beam.arc.is_some() { part + 0.08 * (std::f64::consts::TAU * part).sin() } else { part };
            point.decimals(tags::CUMULATIVE_METERSET_WEIGHT, &[crate::decimal::rounded(weight, 6)]);
            if index == 0 {
                first_control_point(plan, beam, &mut point);
            }
            if let Some(arc) = beam.arc {
                arc_control_point(beam, arc, index, part, &mut point);
            }
            point
        })
        .collect()
}

fn first_control_point(plan: &PlanSpec, beam: &BeamSpec, point: &mut DataSet) {
    point
        .decimals(tags::NOMINAL_BEAM_ENERGY, &[beam.energy])
        .text(tags::DOSE_RATE_SET, "600")
        .items(tags::BEAM_LIMITING_DEVICE_POSITION_SEQUENCE, jaws())
        .decimals(tags::GANTRY_ANGLE, &[beam.gantry])
        .text(tags::GANTRY_ROTATION_DIRECTION, "NONE")
        .text(tags::BEAM_LIMITING_DEVICE_ANGLE, "0")
        .text(tags::BEAM_LIMITING_DEVICE_ROTATION_DIRECTION, "NONE")
        .text(tags::PATIENT_SUPPORT_ANGLE, "0")
        .text(tags::PATIENT_SUPPORT_ROTATION_DIRECTION, "NONE")
        .text(tags::TABLE_TOP_ECCENTRIC_ANGLE, "0")
        .text(tags::TABLE_TOP_ECCENTRIC_ROTATION_DIRECTION, "NONE")
        .empty(tags::TABLE_TOP_VERTICAL_POSITION)
        .empty(tags::TABLE_TOP_LONGITUDINAL_POSITION)
        .empty(tags::TABLE_TOP_LATERAL_POSITION)
        .decimals(tags::ISOCENTER_POSITION, &[plan.isocentre.x, plan.isocentre.y, plan.isocentre.z]);
}

fn arc_control_point(beam: &BeamSpec, arc: GantryArc, index: u16, part: f64, point: &mut DataSet) {
    let turn =
        if arc.clockwise { (arc.stop - beam.gantry).rem_euclid(360.0) } else { -(beam.gantry - arc.stop).rem_euclid(360.0) };
    let angle = crate::decimal::rounded((beam.gantry + part * turn).rem_euclid(360.0), 3);
    let last = part == 1.0;
    let direction = if last {
        "NONE"
    } else if arc.clockwise {
        "CW"
    } else {
        "CC"
    };
    let leaves: Vec<_> =
        [-1.0, 1.0].into_iter().flat_map(|side| (0..LEAF_PAIRS).map(move |leaf| leaf_position(side, leaf, part))).collect();
    let mut device = DataSet::default();
    device.text(tags::RT_BEAM_LIMITING_DEVICE_TYPE, "MLCX").decimals(tags::LEAF_JAW_POSITIONS, &leaves);
    let mut devices = if index == 0 { jaws() } else { Vec::new() };
    devices.push(device);
    point
        .decimals(tags::GANTRY_ANGLE, &[angle])
        .text(tags::GANTRY_ROTATION_DIRECTION, direction)
        .items(tags::BEAM_LIMITING_DEVICE_POSITION_SEQUENCE, devices);
}

/// A leaf's position: an opening that narrows towards the jaws and sways as the gantry turns.
fn leaf_position(side: f64, leaf: usize, part: f64) -> f64 {
    let offset = (leaf as f64 + 0.5 - LEAF_PAIRS as f64 / 2.0) * LEAF_WIDTH;
    let opening = (45.0 - offset.abs() * 0.6).max(0.0);
    let sway = 12.0 * (std::f64::consts::TAU * (part * 3.0 + leaf as f64 / 9.0)).sin();
    if opening == 0.0 { 0.0 } else { crate::decimal::rounded(side * opening + sway, 2) }
}

fn jaws() -> Vec<DataSet> {
    ["ASYMX", "ASYMY"]
        .map(|device| {
            let mut item = DataSet::default();
            item.text(tags::RT_BEAM_LIMITING_DEVICE_TYPE, device).decimals(tags::LEAF_JAW_POSITIONS, &[-JAW, JAW]);
            item
        })
        .into()
}

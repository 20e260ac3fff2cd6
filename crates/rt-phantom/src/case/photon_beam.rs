//! Photon beams of a phantom's RT Plan (PS3.3 C.8.8.14): static, or an arc with moving leaves.
//!
//! Units: millimetres at the isocentre, degrees. Frame: DICOM patient coordinates (LPS) for the isocentre.

use super::plan::{BeamSpec, GantryArc, Leaves, PlanSpec};
use crate::rounding::rounded;
use rt_dicom::DataSet;
use rt_dicom::tags;

/// Half the opening of the jaws, mm.
const JAW: f64 = 60.0;
/// Leaf pairs of a dynamic beam.
const LEAF_PAIRS: usize = 40;
/// Width of a leaf, mm.
const LEAF_WIDTH: f64 = 5.0;

pub(super) fn beam(plan: &PlanSpec, beam: &BeamSpec) -> DataSet {
    let steps = steps(beam);
    let with_leaves = steps.iter().any(|step| step.leaves.is_some());
    let devices = ["ASYMX", "ASYMY"]
        .map(|device| (device, 1))
        .into_iter()
        .chain(with_leaves.then_some(("MLCX", LEAF_PAIRS)));
    let devices = devices.map(|(device, pairs)| {
        let mut item = DataSet::default();
        item.text(tags::RT_BEAM_LIMITING_DEVICE_TYPE, device)
            .integer(tags::NUMBER_OF_LEAF_JAW_PAIRS, pairs as i64);
        if device == "MLCX" {
            let edges: Vec<_> =
                (0..=pairs).map(|leaf| (leaf as f64 - pairs as f64 / 2.0) * LEAF_WIDTH).collect();
            item.decimals(tags::LEAF_POSITION_BOUNDARIES, &edges);
        }
        item
    });
    let is_dynamic = beam.arc.is_some() || steps.iter().any(|step| step.leaves != steps[0].leaves);
    let control_points: Vec<DataSet> =
        steps.iter().zip(0..).map(|(step, index)| control_point(plan, beam, step, index)).collect();
    let mut item = DataSet::default();
    item.text(tags::TREATMENT_MACHINE_NAME, beam.machine.as_str())
        .text(tags::PRIMARY_DOSIMETER_UNIT, beam.dosimeter_unit.as_str())
        .text(tags::SOURCE_AXIS_DISTANCE, "1000")
        .items(tags::BEAM_LIMITING_DEVICE_SEQUENCE, devices.collect::<Vec<_>>())
        .integer(tags::BEAM_NUMBER, beam.number)
        .text(tags::BEAM_NAME, beam.name.as_str())
        .text(tags::BEAM_TYPE, if is_dynamic { "DYNAMIC" } else { "STATIC" })
        .text(tags::RADIATION_TYPE, beam.radiation.as_str())
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

/// What changes at a control point.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    /// Part of the meterset delivered so far.
    weight: f64,
    /// Part of the way.
    part: f64,
    /// Which opening the leaves make, as a part of their way; `None`: there are no leaves.
    leaves: Option<f64>,
}

fn steps(beam: &BeamSpec) -> Vec<Step> {
    let even = |count: u16, step: &dyn Fn(f64) -> Step| -> Vec<Step> {
        (0..count.max(2)).map(|index| step(f64::from(index) / f64::from(count.max(2) - 1))).collect()
    };
    match (beam.arc, beam.leaves) {
        (Some(arc), leaves) => even(arc.control_points, &|part| match leaves {
            Leaves::Constant => Step { weight: part, part, leaves: Some(part) },
            Leaves::AtRest => Step { weight: part, part, leaves: Some(0.0) },
            // The meterset per degree varies along an arc, as an optimised one's does.
            _ => {
                Step { weight: part + 0.08 * (std::f64::consts::TAU * part).sin(), part, leaves: Some(part) }
            }
        }),
        (None, Leaves::Steps(count)) => (0..count)
            .flat_map(|opening| {
                let part = |more: u16| f64::from(opening + more) / f64::from(count);
                // Within a part of the leaves' way, so that no two openings are the same.
                [0, 1].map(|more| Step { weight: part(more), part: part(0), leaves: Some(0.3 * part(0)) })
            })
            .collect(),
        (None, Leaves::Sliding(count)) => {
            even(count, &|part| Step { weight: part, part, leaves: Some(part) })
        }
        (None, _) => even(2, &|part| Step { weight: part, part, leaves: None }),
    }
}

/// Meterset weights of a beam's control points; the last is 1.
pub(super) fn weights(beam: &BeamSpec) -> Vec<f64> {
    steps(beam).iter().map(|step| rounded(step.weight, 6)).collect()
}

fn control_point(plan: &PlanSpec, beam: &BeamSpec, step: &Step, index: i64) -> DataSet {
    let mut point = DataSet::default();
    point
        .integer(tags::CONTROL_POINT_INDEX, index)
        .decimals(tags::CUMULATIVE_METERSET_WEIGHT, [rounded(step.weight, 6)]);
    if index == 0 {
        first_control_point(plan, beam, &mut point);
    }
    if let Some(arc) = beam.arc {
        turn(beam, arc, step.part, &mut point);
    }
    if let Some(part) = step.leaves {
        let mut devices = if index == 0 { jaws() } else { Vec::new() };
        devices.push(leaves(part));
        point.items(tags::BEAM_LIMITING_DEVICE_POSITION_SEQUENCE, devices);
    }
    if beam.couch_travel != 0.0 {
        let z = rounded(plan.isocentre.z + beam.couch_travel * step.part, 4);
        point.decimals(tags::ISOCENTER_POSITION, [plan.isocentre.x, plan.isocentre.y, z]);
    }
    point
}

fn first_control_point(plan: &PlanSpec, beam: &BeamSpec, point: &mut DataSet) {
    point
        .decimals(tags::NOMINAL_BEAM_ENERGY, [beam.energy])
        .text(tags::DOSE_RATE_SET, "600")
        .items(tags::BEAM_LIMITING_DEVICE_POSITION_SEQUENCE, jaws())
        .decimals(tags::GANTRY_ANGLE, [beam.gantry])
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
        .decimals(tags::ISOCENTER_POSITION, [plan.isocentre.x, plan.isocentre.y, plan.isocentre.z]);
}

fn turn(beam: &BeamSpec, arc: GantryArc, part: f64, point: &mut DataSet) {
    let turn = if arc.clockwise {
        (arc.stop - beam.gantry).rem_euclid(360.0)
    } else {
        -(beam.gantry - arc.stop).rem_euclid(360.0)
    };
    let angle = rounded((beam.gantry + part * turn).rem_euclid(360.0), 3);
    let last = part == 1.0;
    let direction = if last {
        "NONE"
    } else if arc.clockwise {
        "CW"
    } else {
        "CC"
    };
    point.decimals(tags::GANTRY_ANGLE, [angle]).text(tags::GANTRY_ROTATION_DIRECTION, direction);
}

fn leaves(part: f64) -> DataSet {
    let positions: Vec<_> = [-1.0, 1.0]
        .into_iter()
        .flat_map(|side| (0..LEAF_PAIRS).map(move |leaf| leaf_position(side, leaf, part)))
        .collect();
    let mut device = DataSet::default();
    device.text(tags::RT_BEAM_LIMITING_DEVICE_TYPE, "MLCX").decimals(tags::LEAF_JAW_POSITIONS, &positions);
    device
}

/// A leaf's position: an opening that narrows towards the jaws and sways as the gantry turns.
fn leaf_position(side: f64, leaf: usize, part: f64) -> f64 {
    let offset = (leaf as f64 + 0.5 - LEAF_PAIRS as f64 / 2.0) * LEAF_WIDTH;
    let opening = (45.0 - offset.abs() * 0.6).max(0.0);
    let sway = 12.0 * (std::f64::consts::TAU * (part * 3.0 + leaf as f64 / 9.0)).sin();
    if opening == 0.0 { 0.0 } else { rounded(side * opening + sway, 2) }
}

fn jaws() -> Vec<DataSet> {
    ["ASYMX", "ASYMY"]
        .map(|device| {
            let mut item = DataSet::default();
            item.text(tags::RT_BEAM_LIMITING_DEVICE_TYPE, device)
                .decimals(tags::LEAF_JAW_POSITIONS, [-JAW, JAW]);
            item
        })
        .into()
}

//! Photon beams of a phantom's RT Plan (PS3.3 C.8.8.14): static, or an arc with moving leaves.
//!
//! Units: millimetres at the isocentre, degrees. Frame: DICOM patient coordinates (LPS) for the isocentre.

use super::plan::{BeamSpec, GantryArc, PlanSpec};
use crate::data_set::DataSet;
use crate::decimal::rounded;
use dicom_dictionary_std::tags;

/// Half the opening of the jaws, mm.
const JAW: f64 = 60.0;
/// Leaf pairs of a dynamic beam.
const LEAF_PAIRS: usize = 40;
/// Width of a leaf, mm.
const LEAF_WIDTH: f64 = 5.0;

pub(super) fn beam(plan: &PlanSpec, beam: &BeamSpec) -> DataSet {
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
            point.decimals(tags::CUMULATIVE_METERSET_WEIGHT, &[rounded(weight, 6)]);
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
    let angle = rounded((beam.gantry + part * turn).rem_euclid(360.0), 3);
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
    if opening == 0.0 { 0.0 } else { rounded(side * opening + sway, 2) }
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

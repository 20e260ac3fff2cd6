//! Ion beams of a phantom's RT Ion Plan (PS3.3 C.8.8.25): scanned protons.
//!
//! Units: MeV, millimetres, degrees. Frame: DICOM patient coordinates (LPS) for the isocentre; spots in the
//! beam's own plane.

use super::plan::{BeamSpec, PlanSpec};
use rt_dicom::tags;
use rt_dicom::{DataSet, Value};

/// Spots of the one energy layer, across and along, and their distance, mm.
const SPOTS: [(i8, i8); 4] = [(-1, -1), (1, -1), (1, 1), (-1, 1)];
const SPOT_DISTANCE: f32 = 10.0;

pub(super) fn beam(plan: &PlanSpec, beam: &BeamSpec) -> DataSet {
    let with_shifter = beam.layers > 1;
    let points: Vec<DataSet> = (0..2 * beam.layers).map(|index| control_point(plan, beam, index)).collect();
    let mut item = DataSet::default();
    item.integer(tags::BEAM_NUMBER, beam.number)
        .text(tags::BEAM_NAME, beam.name.as_str())
        .text(tags::BEAM_TYPE, "STATIC")
        .text(tags::RADIATION_TYPE, "PROTON")
        .text(tags::TREATMENT_MACHINE_NAME, "PHANTOM")
        .text(tags::PRIMARY_DOSIMETER_UNIT, "MU")
        .text(tags::TREATMENT_DELIVERY_TYPE, beam.delivery_type.as_str())
        .text(tags::SCAN_MODE, "MODULATED")
        .text(tags::MODULATED_SCAN_MODE_TYPE, "STATIONARY")
        .put(tags::VIRTUAL_SOURCE_AXIS_DISTANCES, floats(&[2000.0, 2000.0]))
        .integer(tags::NUMBER_OF_WEDGES, 0)
        .integer(tags::NUMBER_OF_COMPENSATORS, 0)
        .integer(tags::NUMBER_OF_BOLI, 0)
        .integer(tags::NUMBER_OF_BLOCKS, 0)
        .integer(tags::NUMBER_OF_RANGE_SHIFTERS, i64::from(with_shifter))
        .integer(tags::NUMBER_OF_LATERAL_SPREADING_DEVICES, 0)
        .integer(tags::NUMBER_OF_RANGE_MODULATORS, 0)
        .text(tags::PATIENT_SUPPORT_TYPE, "TABLE")
        .text(tags::FINAL_CUMULATIVE_METERSET_WEIGHT, "1")
        .integer(tags::NUMBER_OF_CONTROL_POINTS, 2 * i64::from(beam.layers))
        .integer(tags::REFERENCED_PATIENT_SETUP_NUMBER, 1)
        .items(tags::ION_CONTROL_POINT_SEQUENCE, points);
    if with_shifter {
        let mut shifter = DataSet::default();
        shifter
            .integer(tags::RANGE_SHIFTER_NUMBER, 1)
            .text(tags::RANGE_SHIFTER_ID, "RS 5 cm")
            .text(tags::RANGE_SHIFTER_TYPE, "BINARY")
            .empty(tags::ACCESSORY_CODE);
        let mut snout = DataSet::default();
        snout.text(tags::SNOUT_ID, "SNOUT 1").empty(tags::ACCESSORY_CODE);
        item.items(tags::RANGE_SHIFTER_SEQUENCE, [shifter]).items(tags::SNOUT_SEQUENCE, [snout]);
    }
    item
}

fn control_point(plan: &PlanSpec, beam: &BeamSpec, index: u8) -> DataSet {
    let positions: Vec<_> = SPOTS
        .iter()
        .flat_map(|(x, y)| [f32::from(*x) * SPOT_DISTANCE, f32::from(*y) * SPOT_DISTANCE])
        .collect();
    // Control points come in pairs: the layer's meterset is delivered before the second.
    let layers = f64::from(beam.layers);
    let delivered = f64::from(index.div_ceil(2)) / layers;
    let weight = if index.is_multiple_of(2) { 1.0 / (SPOTS.len() as f64 * layers) } else { 0.0 };
    let energy = beam.energy - 5.0 * f64::from(index / 2);
    let mut point = DataSet::default();
    point
        .integer(tags::CONTROL_POINT_INDEX, index)
        .decimals(tags::CUMULATIVE_METERSET_WEIGHT, [delivered])
        .decimals(tags::NOMINAL_BEAM_ENERGY, [energy])
        .text(tags::SCAN_SPOT_TUNE_ID, "1")
        .integer(tags::NUMBER_OF_SCAN_SPOT_POSITIONS, SPOTS.len() as i64)
        .put(tags::SCAN_SPOT_POSITION_MAP, floats(&positions))
        .put(tags::SCAN_SPOT_METERSET_WEIGHTS, floats(&[weight as f32; SPOTS.len()]))
        .put(tags::SCANNING_SPOT_SIZE, floats(&[8.0, 8.0]))
        .integer(tags::NUMBER_OF_PAINTINGS, 1);
    if index == 0 {
        point
            .decimals(tags::GANTRY_ANGLE, [beam.gantry])
            .text(tags::GANTRY_ROTATION_DIRECTION, "NONE")
            .text(tags::BEAM_LIMITING_DEVICE_ANGLE, "0")
            .text(tags::BEAM_LIMITING_DEVICE_ROTATION_DIRECTION, "NONE")
            .text(tags::PATIENT_SUPPORT_ANGLE, "0")
            .text(tags::PATIENT_SUPPORT_ROTATION_DIRECTION, "NONE")
            .empty(tags::TABLE_TOP_VERTICAL_POSITION)
            .empty(tags::TABLE_TOP_LONGITUDINAL_POSITION)
            .empty(tags::TABLE_TOP_LATERAL_POSITION)
            .put(tags::SNOUT_POSITION, floats(&[421.0]))
            .put(tags::TABLE_TOP_PITCH_ANGLE, floats(&[0.0]))
            .text(tags::TABLE_TOP_PITCH_ROTATION_DIRECTION, "NONE")
            .put(tags::TABLE_TOP_ROLL_ANGLE, floats(&[0.0]))
            .text(tags::TABLE_TOP_ROLL_ROTATION_DIRECTION, "NONE")
            .decimals(tags::ISOCENTER_POSITION, [plan.isocentre.x, plan.isocentre.y, plan.isocentre.z]);
    }
    point
}

/// 32-bit floating point values (FL).
fn floats(values: &[f32]) -> Value {
    Value::DoubleWords(values.iter().map(|value| value.to_bits()).collect())
}

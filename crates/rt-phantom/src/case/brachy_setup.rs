//! Brachytherapy of a phantom's RT Plan (PS3.3 C.8.8.15): one machine, one source, one application setup.
//!
//! Units: seconds, millimetres, µGy/h at 1 m. Frame: DICOM patient coordinates (LPS) for dwell positions.

use super::header::{DATE, TIME};
use super::plan::{BrachySpec, PlanSpec};
use crate::rounding::rounded;
use rt_dicom::DataSet;
use rt_dicom::tags;

/// Length of a channel, mm.
const CHANNEL_LENGTH: f64 = 1240.0;
/// Distance of the places of a channel, mm.
const STEP: f64 = 5.0;
/// Distance of neighbouring channels along x, mm.
const CHANNEL_DISTANCE: f64 = 10.0;

/// Adds the RT Brachy Application Setups module.
pub(super) fn add(data: &mut DataSet, plan: &PlanSpec, brachy: &BrachySpec) {
    let mut machine = DataSet::default();
    machine.text(tags::TREATMENT_MACHINE_NAME, "AFTERLOADER");
    let mut source = DataSet::default();
    source
        .integer(tags::SOURCE_NUMBER, 1)
        .text(tags::SOURCE_TYPE, "LINE")
        .text(tags::SOURCE_ISOTOPE_NAME, brachy.isotope.as_str())
        .decimals(tags::SOURCE_ISOTOPE_HALF_LIFE, [brachy.half_life_days])
        .text(tags::SOURCE_STRENGTH_UNITS, "AIR_KERMA_RATE")
        .decimals(tags::REFERENCE_AIR_KERMA_RATE, [brachy.air_kerma_rate])
        .text(tags::SOURCE_STRENGTH_REFERENCE_DATE, DATE)
        .text(tags::SOURCE_STRENGTH_REFERENCE_TIME, TIME);
    let channels: Vec<DataSet> =
        brachy.channels.iter().zip(0..).map(|(times, index)| channel(plan, brachy, times, index)).collect();
    let seconds: f64 = brachy.channels.iter().flatten().sum::<f64>() * f64::from(brachy.pulses.unwrap_or(1));
    let mut setup = DataSet::default();
    setup
        .text(tags::APPLICATION_SETUP_TYPE, "INTERSTITIAL")
        .integer(tags::APPLICATION_SETUP_NUMBER, 1)
        .decimals(tags::TOTAL_REFERENCE_AIR_KERMA, [rounded(brachy.air_kerma_rate * seconds / 3600.0, 3)])
        .items(tags::CHANNEL_SEQUENCE, channels);
    data.text(tags::BRACHY_TREATMENT_TECHNIQUE, brachy.technique.as_str())
        .text(tags::BRACHY_TREATMENT_TYPE, brachy.treatment_type.as_str())
        .items(tags::TREATMENT_MACHINE_SEQUENCE, [machine])
        .items(tags::SOURCE_SEQUENCE, [source])
        .items(tags::APPLICATION_SETUP_SEQUENCE, [setup]);
}

fn channel(plan: &PlanSpec, brachy: &BrachySpec, times: &[f64], index: i32) -> DataSet {
    let total: f64 = times.iter().sum();
    let x = plan.isocentre.x + f64::from(index) * CHANNEL_DISTANCE;
    let mut points = Vec::new();
    let mut spent = 0.0;
    for (time, place) in times.iter().zip(0..) {
        // A rest lies between two control points of one place.
        for weight in [spent, spent + time] {
            let along = STEP * f64::from(place);
            let mut point = DataSet::default();
            point
                .integer(tags::CONTROL_POINT_INDEX, points.len() as i64)
                .decimals(tags::CUMULATIVE_TIME_WEIGHT, [weight])
                .decimals(tags::CONTROL_POINT_RELATIVE_POSITION, [along])
                .decimals(tags::CONTROL_POINT3_D_POSITION, [x, plan.isocentre.y, plan.isocentre.z + along]);
            points.push(point);
        }
        spent += time;
    }
    let movement = if brachy.technique == "PERMANENT" { "FIXED" } else { "STEPWISE" };
    let mut channel = DataSet::default();
    channel
        .integer(tags::NUMBER_OF_CONTROL_POINTS, points.len() as i64)
        .integer(tags::CHANNEL_NUMBER, index + 1)
        .decimals(tags::CHANNEL_LENGTH, [CHANNEL_LENGTH])
        .decimals(tags::CHANNEL_TOTAL_TIME, [total])
        .text(tags::SOURCE_MOVEMENT_TYPE, movement)
        .integer(tags::SOURCE_APPLICATOR_NUMBER, index + 1)
        .text(tags::SOURCE_APPLICATOR_ID, format!("Needle {}", index + 1))
        .text(tags::SOURCE_APPLICATOR_TYPE, "RIGID")
        .decimals(tags::SOURCE_APPLICATOR_LENGTH, [200.0])
        .empty(tags::TRANSFER_TUBE_NUMBER)
        .integer(tags::REFERENCED_SOURCE_NUMBER, 1)
        .empty(tags::REFERENCED_ROI_NUMBER)
        .decimals(tags::FINAL_CUMULATIVE_TIME_WEIGHT, [total])
        .items(tags::BRACHY_CONTROL_POINT_SEQUENCE, points);
    if movement == "STEPWISE" {
        channel.decimals(tags::SOURCE_APPLICATOR_STEP_SIZE, [STEP]);
    }
    if let Some(pulses) = brachy.pulses {
        channel.integer(tags::NUMBER_OF_PULSES, pulses).decimals(tags::PULSE_REPETITION_INTERVAL, [3600.0]);
    }
    channel
}

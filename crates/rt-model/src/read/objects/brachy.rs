//! Brachytherapy plans: sources, application setups, channels, dwell times.
//!
//! Units: seconds, millimetres, days, µGy/h at 1 m. Frame: DICOM patient coordinates (LPS) for dwell
//! positions.

use crate::brachy::{ApplicationSetup, BrachyChannel, BrachySource, Dwell};
use crate::finding::plan;
use crate::read::bytes::node::Node;
use crate::read::error::ReadError;
use dicom_dictionary_std::tags;

/// Weights closer than this part of the final one are the same: the source only moves.
const SAME_WEIGHT: f64 = 1e-9;

/// Source Sequence (300A,0210).
pub(super) fn sources(root: &Node<'_, '_>) -> Result<Vec<BrachySource>, ReadError> {
    let mut sources = Vec::new();
    for item in root.items(tags::SOURCE_SEQUENCE) {
        let item = item?;
        sources.push(BrachySource {
            number: item.required_integer(tags::SOURCE_NUMBER)?,
            kind: item.text(tags::SOURCE_TYPE),
            isotope: item.text(tags::SOURCE_ISOTOPE_NAME),
            half_life_days: item.decimal(tags::SOURCE_ISOTOPE_HALF_LIFE),
            strength_units: item.text(tags::SOURCE_STRENGTH_UNITS),
            air_kerma_rate: item.decimal(tags::REFERENCE_AIR_KERMA_RATE),
            reference_time: item
                .date_time(tags::SOURCE_STRENGTH_REFERENCE_DATE, tags::SOURCE_STRENGTH_REFERENCE_TIME),
        });
    }
    Ok(sources)
}

/// Application Setup Sequence (300A,0230).
pub(super) fn setups(root: &Node<'_, '_>) -> Result<Vec<ApplicationSetup>, ReadError> {
    let mut setups = Vec::new();
    for item in root.items(tags::APPLICATION_SETUP_SEQUENCE) {
        let item = item?;
        let mut channels = Vec::new();
        for channel in item.items(tags::CHANNEL_SEQUENCE) {
            channels.push(read_channel(&channel?)?);
        }
        setups.push(ApplicationSetup {
            number: item.required_integer(tags::APPLICATION_SETUP_NUMBER)?,
            kind: item.text(tags::APPLICATION_SETUP_TYPE),
            total_reference_air_kerma: item.decimal(tags::TOTAL_REFERENCE_AIR_KERMA),
            channels,
        });
    }
    Ok(setups)
}

fn read_channel(item: &Node<'_, '_>) -> Result<BrachyChannel, ReadError> {
    let total_time = item.decimal(tags::CHANNEL_TOTAL_TIME);
    if total_time.is_none() {
        item.warn(
            plan::CHANNEL_TIME_ABSENT,
            tags::CHANNEL_TOTAL_TIME,
            "expected how long the source is in, found no time",
        );
    }
    Ok(BrachyChannel {
        number: item.required_integer(tags::CHANNEL_NUMBER)?,
        length: item.decimal(tags::CHANNEL_LENGTH),
        total_time,
        movement: item.text(tags::SOURCE_MOVEMENT_TYPE),
        pulses: item.count(tags::NUMBER_OF_PULSES),
        pulse_interval: item.decimal(tags::PULSE_REPETITION_INTERVAL),
        applicator: item.text(tags::SOURCE_APPLICATOR_ID),
        step_size: item.decimal(tags::SOURCE_APPLICATOR_STEP_SIZE),
        source: item.integer(tags::REFERENCED_SOURCE_NUMBER),
        dwells: dwells(item, total_time)?,
    })
}

/// The source rests between two control points of one place; it is there for its part of the channel's total
/// time (PS3.3 C.8.8.15.4: time = total time x weight / final weight). A seed that is left in place has one
/// control point or two.
fn dwells(channel: &Node<'_, '_>, total_time: Option<f64>) -> Result<Vec<Dwell>, ReadError> {
    let last = channel.decimal(tags::FINAL_CUMULATIVE_TIME_WEIGHT).filter(|weight| *weight > 0.0);
    let mut dwells: Vec<Dwell> = Vec::new();
    let mut before: Option<(Option<f64>, Dwell)> = None;
    for item in channel.items(tags::BRACHY_CONTROL_POINT_SEQUENCE) {
        let item = item?;
        let here = Dwell {
            position: item.decimal(tags::CONTROL_POINT_RELATIVE_POSITION),
            point: item.point(tags::CONTROL_POINT3_D_POSITION),
            time: None,
        };
        let weight = item.decimal(tags::CUMULATIVE_TIME_WEIGHT);
        let rested = before.zip(weight).and_then(|((from, place), to)| Some((place, to - from?)));
        if let (Some((place, part)), Some(last)) = (rested, last)
            && part > SAME_WEIGHT * last
        {
            dwells.push(Dwell { time: total_time.map(|time| time * part / last), ..place });
        }
        before = Some((weight, here));
    }
    // Without weights there is no telling how long; the place is known all the same.
    if let Some((_, place)) = before.filter(|_| dwells.is_empty()) {
        dwells.push(Dwell { time: total_time, ..place });
    }
    Ok(dwells)
}

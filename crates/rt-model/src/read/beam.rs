//! Beams and their control points.
//!
//! Units: MV or MeV for energies as the radiation has it; meterset weights have none. Frame: none.

use super::error::ReadError;
use super::node::Node;
use crate::finding::plan;
use crate::plan::Beam;
use dicom_dictionary_std::tags;
use std::collections::{HashMap, HashSet};

/// Beams of Beam Sequence and Ion Beam Sequence, in file order.
pub(super) fn beams(root: &Node<'_, '_>) -> Result<Vec<Beam>, ReadError> {
    let mut beams = Vec::new();
    for (sequence, control_points) in
        [(tags::BEAM_SEQUENCE, tags::CONTROL_POINT_SEQUENCE), (tags::ION_BEAM_SEQUENCE, tags::ION_CONTROL_POINT_SEQUENCE)]
    {
        for item in root.items(sequence) {
            let item = item?;
            let mut beam = beam(&item)?;
            read_control_points(&item, control_points, &mut beam)?;
            beams.push(beam);
        }
    }
    Ok(beams)
}

fn beam(item: &Node<'_, '_>) -> Result<Beam, ReadError> {
    let fluence = item.first(tags::PRIMARY_FLUENCE_MODE_SEQUENCE)?;
    let non_standard = fluence.as_ref().filter(|mode| mode.text(tags::FLUENCE_MODE).as_deref() == Some("NON_STANDARD"));
    Ok(Beam {
        number: item.required_integer(tags::BEAM_NUMBER)?,
        name: item.text(tags::BEAM_NAME),
        description: item.text(tags::BEAM_DESCRIPTION),
        beam_type: item.text(tags::BEAM_TYPE),
        radiation_type: item.text(tags::RADIATION_TYPE),
        delivery_type: item.text(tags::TREATMENT_DELIVERY_TYPE),
        dosimeter_unit: item.text(tags::PRIMARY_DOSIMETER_UNIT),
        machine: item.text(tags::TREATMENT_MACHINE_NAME),
        fluence_mode_id: non_standard.and_then(|mode| mode.text(tags::FLUENCE_MODE_ID)),
        non_standard_fluence: non_standard.is_some(),
        scan_mode: item.text(tags::SCAN_MODE),
        nominal_energies: Vec::new(),
        control_points: 0,
        final_meterset_weight: item.decimal(tags::FINAL_CUMULATIVE_METERSET_WEIGHT),
    })
}

fn read_control_points(item: &Node<'_, '_>, sequence: dicom_core::Tag, beam: &mut Beam) -> Result<(), ReadError> {
    let pairs = leaf_pairs(item)?;
    let mut energies = HashSet::new();
    for point in item.items(sequence) {
        let point = point?;
        beam.control_points += 1;
        if let Some(energy) = point.decimal(tags::NOMINAL_BEAM_ENERGY)
            && energies.insert(energy.to_bits())
        {
            beam.nominal_energies.push(energy);
        }
        check_leaves(&point, &pairs)?;
        check_spots(&point);
    }
    if beam.control_points == 1 {
        item.info(plan::ONE_CONTROL_POINT, sequence, "expected two or more control points, found one");
    }
    if beam.control_points > 0 && beam.final_meterset_weight.is_none_or(|weight| weight == 0.0) {
        let found = beam.final_meterset_weight.map_or("none".to_owned(), |weight| weight.to_string());
        let text = format!("expected a weight above 0, found {found}");
        item.warn(plan::NO_FINAL_METERSET_WEIGHT, tags::FINAL_CUMULATIVE_METERSET_WEIGHT, text);
    }
    Ok(())
}

/// Beam limiting device type and its number of leaf pairs.
fn leaf_pairs(item: &Node<'_, '_>) -> Result<HashMap<String, u32>, ReadError> {
    let mut pairs = HashMap::new();
    for sequence in [tags::BEAM_LIMITING_DEVICE_SEQUENCE, tags::ION_BEAM_LIMITING_DEVICE_SEQUENCE] {
        for device in item.items(sequence) {
            let device = device?;
            pairs.extend(device.text(tags::RT_BEAM_LIMITING_DEVICE_TYPE).zip(device.count(tags::NUMBER_OF_LEAF_JAW_PAIRS)));
        }
    }
    Ok(pairs)
}

fn check_leaves(point: &Node<'_, '_>, pairs: &HashMap<String, u32>) -> Result<(), ReadError> {
    for device in point.items(tags::BEAM_LIMITING_DEVICE_POSITION_SEQUENCE) {
        let device = device?;
        let kind = device.text(tags::RT_BEAM_LIMITING_DEVICE_TYPE);
        let Some(pairs) = kind.and_then(|kind| pairs.get(&kind)) else {
            continue;
        };
        let found = device.decimals(tags::LEAF_JAW_POSITIONS).map_or(0, |positions| positions.len());
        let expected = 2 * u64::from(*pairs);
        if found as u64 != expected {
            let text = format!("expected {expected} positions for {pairs} pairs, found {found}");
            device.warn(plan::LEAF_POSITION_COUNT, tags::LEAF_JAW_POSITIONS, text);
        }
    }
    Ok(())
}

/// Each spot of a scanned ion beam has two coordinates and one weight.
fn check_spots(point: &Node<'_, '_>) {
    if !point.has(tags::SCAN_SPOT_POSITION_MAP) {
        return;
    }
    let values = |tag| point.decimals(tag).map_or(0, |values| values.len());
    let (coordinates, weights) = (values(tags::SCAN_SPOT_POSITION_MAP), values(tags::SCAN_SPOT_METERSET_WEIGHTS));
    if coordinates != 2 * weights {
        let text = format!("expected two coordinates for each of {weights} spots, found {coordinates}");
        point.warn(plan::SCAN_SPOT_COUNT, tags::SCAN_SPOT_POSITION_MAP, text);
    }
}

//! Beams.
//!
//! Units: MV or MeV for energies as the radiation has it; meterset weights have none. Frame: none.

use super::control_point;
use crate::finding::plan;
use crate::plan::{Beam, BeamModifiers};
use crate::read::bytes::node::Node;
use crate::read::error::ReadError;
use dicom_dictionary_std::tags;
use std::collections::HashSet;

/// Beams of Beam Sequence and Ion Beam Sequence, in file order.
pub(super) fn beams(root: &Node<'_, '_>) -> Result<Vec<Beam>, ReadError> {
    let mut beams = Vec::new();
    for (sequence, control_points) in [
        (tags::BEAM_SEQUENCE, tags::CONTROL_POINT_SEQUENCE),
        (tags::ION_BEAM_SEQUENCE, tags::ION_CONTROL_POINT_SEQUENCE),
    ] {
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
    let non_standard =
        fluence.as_ref().filter(|mode| mode.text(tags::FLUENCE_MODE).as_deref() == Some("NON_STANDARD"));
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
        path: Vec::new(),
        source_axis_distance: item
            .decimal(tags::SOURCE_AXIS_DISTANCE)
            .or_else(|| item.decimal(tags::VIRTUAL_SOURCE_AXIS_DISTANCES)),
        modifiers: modifiers(item)?,
        atomic_number: item.count(tags::RADIATION_ATOMIC_NUMBER),
        mass_number: item.count(tags::RADIATION_MASS_NUMBER),
    })
}

fn read_control_points(
    item: &Node<'_, '_>,
    sequence: dicom_core::Tag,
    beam: &mut Beam,
) -> Result<(), ReadError> {
    beam.path = control_point::read(item, sequence)?;
    beam.control_points = beam.path.len();
    let mut energies = HashSet::new();
    beam.nominal_energies = beam
        .path
        .iter()
        .filter_map(|point| point.energy)
        .filter(|energy| energies.insert(energy.to_bits()))
        .collect();
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

fn modifiers(item: &Node<'_, '_>) -> Result<BeamModifiers, ReadError> {
    let mut dynamic_wedge = false;
    for sequence in [tags::WEDGE_SEQUENCE, tags::ION_WEDGE_SEQUENCE] {
        for wedge in item.items(sequence) {
            dynamic_wedge |= wedge?.text(tags::WEDGE_TYPE).as_deref() == Some("DYNAMIC");
        }
    }
    let mut range_shifters = Vec::new();
    for shifter in item.items(tags::RANGE_SHIFTER_SEQUENCE) {
        let shifter = shifter?;
        let number = || shifter.integer(tags::RANGE_SHIFTER_NUMBER).map(|number| number.to_string());
        range_shifters.extend(shifter.text(tags::RANGE_SHIFTER_ID).or_else(number));
    }
    Ok(BeamModifiers {
        wedges: item.count(tags::NUMBER_OF_WEDGES),
        dynamic_wedge,
        compensators: item.count(tags::NUMBER_OF_COMPENSATORS),
        boli: item.count(tags::NUMBER_OF_BOLI),
        blocks: item.count(tags::NUMBER_OF_BLOCKS),
        applicator: item
            .first(tags::APPLICATOR_SEQUENCE)?
            .and_then(|applicator| applicator.text(tags::APPLICATOR_ID)),
        range_shifters,
        lateral_spreading_devices: item.count(tags::NUMBER_OF_LATERAL_SPREADING_DEVICES),
        range_modulators: item.count(tags::NUMBER_OF_RANGE_MODULATORS),
        snout: item.first(tags::SNOUT_SEQUENCE)?.and_then(|snout| snout.text(tags::SNOUT_ID)),
    })
}

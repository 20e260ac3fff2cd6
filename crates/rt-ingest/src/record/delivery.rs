//! A plan's delivery as rows.
//!
//! Units: those of the rows' fields. Frame: DICOM patient coordinates (LPS) for points, IEC 61217 for angles.

use rt_model::brachy::{ApplicationSetup, BrachyChannel};
use rt_model::derive::{AngularPath, BeamSummary, beams};
use rt_model::instance::Equipment;
use rt_model::plan::Plan;
use rt_sql::record::{BeamRow, ChannelRow, Delivery, DwellRow, LayerRow, SourceRow, Turn};
use std::collections::HashSet;

/// The rows about a plan's delivery.
pub(super) fn delivery(plan: &Plan, equipment: &Equipment) -> Delivery {
    let summaries = beams(plan, equipment);
    let mut layered = HashSet::new();
    let channels = || {
        plan.brachy_setups.iter().flat_map(|setup| setup.channels.iter().map(move |channel| (setup, channel)))
    };
    Delivery {
        beams: summaries.iter().map(beam).collect(),
        // A beam in several fraction groups has one set of layers.
        layers: summaries.iter().filter(|beam| layered.insert(beam.beam.number)).flat_map(layers).collect(),
        sources: plan
            .brachy_sources
            .iter()
            .map(|source| SourceRow {
                number: source.number,
                kind: source.kind.clone(),
                isotope: source.isotope.clone(),
                half_life_days: source.half_life_days,
                strength_units: source.strength_units.clone(),
                air_kerma_rate: source.air_kerma_rate,
                reference_time: source.reference_time,
            })
            .collect(),
        channels: channels().map(|(setup, one)| channel(setup, one)).collect(),
        dwells: channels().flat_map(|(setup, channel)| dwells(setup, channel)).collect(),
    }
}

fn beam(summary: &BeamSummary<'_>) -> BeamRow {
    let beam = summary.beam;
    let reference = summary.part.map(|(_, reference)| reference);
    let first = beam.path.first();
    let travel = summary.gantry.travel.filter(|travel| *travel > 0.0);
    let distances: Vec<f64> = beam.path.iter().filter_map(|point| point.source_to_surface).collect();
    let modifiers = &beam.modifiers;
    let layers = (!summary.layers.is_empty()).then_some(&summary.layers);
    BeamRow {
        fraction_group: summary.part.map(|(group, _)| group.number),
        fractions: summary.part.and_then(|(group, _)| group.fractions_planned),
        number: beam.number,
        name: beam.name.clone(),
        description: beam.description.clone(),
        role: summary.purpose.to_owned(),
        delivery_type: beam.delivery_type.clone(),
        radiation_type: beam.radiation_type.clone(),
        technique: summary.technique.technique.map(|technique| technique.to_string()),
        evidence: Some(summary.technique.evidence.clone()),
        machine: beam.machine.clone(),
        meterset: reference.and_then(|reference| reference.meterset),
        meterset_unit: beam.dosimeter_unit.clone(),
        monitor_units: summary.monitor_units,
        monitor_units_per_degree: summary.monitor_units.zip(travel).map(|(units, travel)| units / travel),
        time_s: summary.time_s,
        dose: reference.and_then(|reference| reference.dose),
        dose_point: reference.and_then(|reference| reference.dose_point),
        control_points: beam.control_points as u32,
        apertures: summary.apertures,
        energy: summary.energy.as_ref().map(|energy| energy.text.clone()),
        energy_low: summary.energy.as_ref().map(|energy| energy.low),
        energy_high: summary.energy.as_ref().map(|energy| energy.high),
        energy_unit: summary.energy.as_ref().map(|energy| energy.unit.to_owned()),
        fluence_mode: beam.fluence_mode().map(str::to_owned),
        gantry: turn(&summary.gantry),
        gantry_direction: summary.gantry.direction().map(str::to_owned),
        collimator: turn(&summary.collimator),
        couch: turn(&summary.couch),
        isocentre: first.and_then(|point| point.isocentre),
        source_to_surface_mm: (!distances.is_empty())
            .then(|| distances.iter().sum::<f64>() / distances.len() as f64),
        source_to_axis_mm: beam.source_axis_distance,
        wedges: modifiers.wedges,
        blocks: modifiers.blocks,
        boli: modifiers.boli,
        compensators: modifiers.compensators,
        applicator: modifiers.applicator.clone(),
        scan_mode: beam.scan_mode.clone(),
        layers: layers.map(|layers| layers.len() as u32),
        spots: layers.map(|layers| layers.iter().map(|layer| layer.spots).sum()),
        range_shifters: (!modifiers.range_shifters.is_empty()).then(|| modifiers.range_shifters.join(",")),
        snout: modifiers.snout.clone(),
        snout_position_mm: first.and_then(|point| point.snout_position),
    }
}

const fn turn(path: &AngularPath) -> Turn {
    Turn { start: path.start, stop: path.stop, travel: path.travel }
}

fn layers<'a>(summary: &'a BeamSummary<'_>) -> impl Iterator<Item = LayerRow> + 'a {
    summary.layers.iter().zip(1..).map(|(layer, number)| LayerRow {
        beam: summary.beam.number,
        layer: number,
        energy: layer.energy,
        spots: layer.spots,
        weight: layer.weight,
        meterset: layer.meterset,
        meterset_unit: summary.beam.dosimeter_unit.clone(),
        paintings: layer.paintings,
        spot_size_mm: layer.spot_size,
    })
}

fn channel(setup: &ApplicationSetup, channel: &BrachyChannel) -> ChannelRow {
    ChannelRow {
        setup: setup.number,
        setup_type: setup.kind.clone(),
        setup_air_kerma: setup.total_reference_air_kerma,
        number: channel.number,
        source: channel.source,
        applicator: channel.applicator.clone(),
        length_mm: channel.length,
        step_size_mm: channel.step_size,
        movement: channel.movement.clone(),
        total_time_s: channel.total_time,
        pulses: channel.pulses,
        pulse_interval_s: channel.pulse_interval,
    }
}

fn dwells<'a>(
    setup: &'a ApplicationSetup,
    channel: &'a BrachyChannel,
) -> impl Iterator<Item = DwellRow> + 'a {
    channel.dwells.iter().zip(1..).map(|(dwell, number)| DwellRow {
        setup: setup.number,
        channel: channel.number,
        dwell: number,
        position_mm: dwell.position,
        point: dwell.point,
        time_s: dwell.time,
    })
}

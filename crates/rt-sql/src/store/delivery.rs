//! Rows of `Beams`, `EnergyLayers` and the brachytherapy tables.
//!
//! Units: those of the columns' names. Frame: DICOM patient coordinates (LPS) for points.

use super::cells::{coordinates, numbered};
use crate::error::SqlError;
use crate::record::{CaseRecord, PlanId, Turn};
use crate::value::Value;
use crate::writer::Writer;

pub(crate) const BEAMS: &[&str] = &[
    "MRN",
    "PlanID",
    "Number",
    "FractionGroup",
    "Fractions",
    "BeamNumber",
    "BeamName",
    "BeamDescription",
    "Role",
    "DeliveryType",
    "RadiationType",
    "Technique",
    "Evidence",
    "Machine",
    "Meterset",
    "MetersetUnit",
    "Meterset_MU",
    "Meterset_MU_per_deg",
    "Time_s",
    "Dose_Gy",
    "DoseX_mm",
    "DoseY_mm",
    "DoseZ_mm",
    "ControlPoints",
    "Apertures",
    "Energy",
    "EnergyLow",
    "EnergyHigh",
    "EnergyUnit",
    "FluenceMode",
    "GantryStart_deg",
    "GantryStop_deg",
    "GantryTravel_deg",
    "GantryDirection",
    "CollimatorStart_deg",
    "CollimatorStop_deg",
    "CollimatorTravel_deg",
    "CouchStart_deg",
    "CouchStop_deg",
    "CouchTravel_deg",
    "IsocentreX_mm",
    "IsocentreY_mm",
    "IsocentreZ_mm",
    "SSD_mm",
    "SAD_mm",
    "Wedges",
    "Blocks",
    "Boli",
    "Compensators",
    "Applicator",
    "ScanMode",
    "Layers",
    "Spots",
    "RangeShifters",
    "Snout",
    "SnoutPosition_mm",
];
pub(crate) const LAYERS: &[&str] = &[
    "MRN",
    "PlanID",
    "Number",
    "BeamNumber",
    "Layer",
    "Energy_MeV",
    "Spots",
    "Weight",
    "Meterset",
    "MetersetUnit",
    "Paintings",
    "SpotSizeX_mm",
    "SpotSizeY_mm",
];
pub(crate) const SOURCES: &[&str] = &[
    "MRN",
    "PlanID",
    "Number",
    "SourceNumber",
    "SourceType",
    "Isotope",
    "HalfLife_days",
    "StrengthUnits",
    "AirKermaRate_uGy_per_h",
    "ReferenceTime",
];
pub(crate) const CHANNELS: &[&str] = &[
    "MRN",
    "PlanID",
    "Number",
    "SetupNumber",
    "SetupType",
    "SetupAirKerma_uGy",
    "ChannelNumber",
    "SourceNumber",
    "Applicator",
    "Length_mm",
    "StepSize_mm",
    "Movement",
    "TotalTime_s",
    "Pulses",
    "PulseInterval_s",
];
pub(crate) const DWELLS: &[&str] = &[
    "MRN",
    "PlanID",
    "Number",
    "SetupNumber",
    "ChannelNumber",
    "Dwell",
    "Position_mm",
    "X_mm",
    "Y_mm",
    "Z_mm",
    "Time_s",
];

/// Writes every row about the delivery of a case.
pub(super) async fn write(
    writer: &mut Writer<'_>,
    case: &CaseRecord,
    plan_id: PlanId,
) -> Result<(), SqlError> {
    let (mrn, id, delivery) = (&case.identity.mrn, plan_id.0, &case.delivery);
    let beams = numbered(&delivery.beams, |number, beam| {
        let mut row = row![
            mrn,
            id,
            number,
            beam.fraction_group,
            beam.fractions,
            beam.number,
            beam.name.as_ref(),
            beam.description.as_ref(),
            &beam.role,
            beam.delivery_type.as_ref(),
            beam.radiation_type.as_ref(),
            beam.technique.as_ref(),
            beam.evidence.as_ref(),
            beam.machine.as_ref(),
            beam.meterset,
            beam.meterset_unit.as_ref(),
            beam.monitor_units,
            beam.monitor_units_per_degree,
            beam.time_s,
            beam.dose,
        ];
        row.extend(coordinates(beam.dose_point));
        row.extend(row![
            beam.control_points,
            beam.apertures,
            beam.energy.as_ref(),
            beam.energy_low,
            beam.energy_high,
            beam.energy_unit.as_ref(),
            beam.fluence_mode.as_ref(),
        ]);
        row.extend(turn(beam.gantry));
        row.extend(row![beam.gantry_direction.as_ref()]);
        row.extend(turn(beam.collimator));
        row.extend(turn(beam.couch));
        row.extend(coordinates(beam.isocentre));
        row.extend(row![
            beam.source_to_surface_mm,
            beam.source_to_axis_mm,
            beam.wedges,
            beam.blocks,
            beam.boli,
            beam.compensators,
            beam.applicator.as_ref(),
            beam.scan_mode.as_ref(),
            beam.layers,
            beam.spots,
            beam.range_shifters.as_ref(),
            beam.snout.as_ref(),
            beam.snout_position_mm,
        ]);
        row
    });
    writer.insert("Beams", BEAMS, beams).await?;
    let layers = numbered(&delivery.layers, |number, layer| {
        row![
            mrn,
            id,
            number,
            layer.beam,
            layer.layer,
            layer.energy,
            layer.spots,
            layer.weight,
            layer.meterset,
            layer.meterset_unit.as_ref(),
            layer.paintings,
            layer.spot_size_mm.map(|size| size[0]),
            layer.spot_size_mm.map(|size| size[1]),
        ]
    });
    writer.insert("EnergyLayers", LAYERS, layers).await?;
    let sources = numbered(&delivery.sources, |number, source| {
        row![
            mrn,
            id,
            number,
            source.number,
            source.kind.as_ref(),
            source.isotope.as_ref(),
            source.half_life_days,
            source.strength_units.as_ref(),
            source.air_kerma_rate,
            source.reference_time,
        ]
    });
    writer.insert("BrachySources", SOURCES, sources).await?;
    let channels = numbered(&delivery.channels, |number, channel| {
        row![
            mrn,
            id,
            number,
            channel.setup,
            channel.setup_type.as_ref(),
            channel.setup_air_kerma,
            channel.number,
            channel.source,
            channel.applicator.as_ref(),
            channel.length_mm,
            channel.step_size_mm,
            channel.movement.as_ref(),
            channel.total_time_s,
            channel.pulses,
            channel.pulse_interval_s,
        ]
    });
    writer.insert("BrachyChannels", CHANNELS, channels).await?;
    let dwells = numbered(&delivery.dwells, |number, dwell| {
        let mut row = row![mrn, id, number, dwell.setup, dwell.channel, dwell.dwell, dwell.position_mm];
        row.extend(coordinates(dwell.point));
        row.extend(row![dwell.time_s]);
        row
    });
    writer.insert("BrachyDwells", DWELLS, dwells).await
}

fn turn(turn: Turn) -> [Value; 3] {
    [turn.start.into(), turn.stop.into(), turn.travel.into()]
}

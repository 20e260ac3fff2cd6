//! How a stored plan is delivered.
//!
//! Units: as the record's. Frame: DICOM patient coordinates (LPS) for points.

use super::point::point;
use crate::error::SqlError;
use crate::record::{BeamRow, ChannelRow, Delivery, DwellRow, LayerRow, PlanId, SourceRow, Turn};
use crate::session::Session;
use crate::store::{BEAMS, CHANNELS, DWELLS, LAYERS, SOURCES};
use crate::value::{Row, Value};

/// Everything about the delivery of a plan.
pub(super) async fn delivery(
    session: &mut Session,
    mrn: &str,
    plan_id: PlanId,
) -> Result<Delivery, SqlError> {
    Ok(Delivery {
        beams: rows(session, "Beams", BEAMS, mrn, plan_id, beam).await?,
        layers: rows(session, "EnergyLayers", LAYERS, mrn, plan_id, layer).await?,
        sources: rows(session, "BrachySources", SOURCES, mrn, plan_id, source).await?,
        channels: rows(session, "BrachyChannels", CHANNELS, mrn, plan_id, channel).await?,
        dwells: rows(session, "BrachyDwells", DWELLS, mrn, plan_id, dwell).await?,
    })
}

/// The rows of a table in order, each read from the column behind its key on.
async fn rows<T>(
    session: &mut Session,
    table: &str,
    columns: &[&str],
    mrn: &str,
    plan_id: PlanId,
    read: impl Fn(Row) -> Result<T, SqlError>,
) -> Result<Vec<T>, SqlError> {
    let columns = columns[3..].join(", ");
    let sql = format!("SELECT {columns} FROM {table} WHERE MRN = ? AND PlanID = ? ORDER BY Number");
    let key: Vec<Value> = vec![mrn.into(), plan_id.0.into()];
    session.query(&sql, key).await?.into_iter().map(read).collect()
}

fn beam(mut row: Row) -> Result<BeamRow, SqlError> {
    Ok(BeamRow {
        fraction_group: row.next()?,
        fractions: row.next()?,
        number: row.next()?,
        name: row.next()?,
        description: row.next()?,
        role: row.next()?,
        delivery_type: row.next()?,
        radiation_type: row.next()?,
        technique: row.next()?,
        evidence: row.next()?,
        machine: row.next()?,
        meterset: row.next()?,
        meterset_unit: row.next()?,
        monitor_units: row.next()?,
        monitor_units_per_degree: row.next()?,
        time_s: row.next()?,
        dose: row.next()?,
        dose_point: point(&mut row)?,
        control_points: row.next()?,
        apertures: row.next()?,
        energy: row.next()?,
        energy_low: row.next()?,
        energy_high: row.next()?,
        energy_unit: row.next()?,
        fluence_mode: row.next()?,
        gantry: turn(&mut row)?,
        gantry_direction: row.next()?,
        collimator: turn(&mut row)?,
        couch: turn(&mut row)?,
        isocentre: point(&mut row)?,
        source_to_surface_mm: row.next()?,
        source_to_axis_mm: row.next()?,
        wedges: row.next()?,
        blocks: row.next()?,
        boli: row.next()?,
        compensators: row.next()?,
        applicator: row.next()?,
        scan_mode: row.next()?,
        layers: row.next()?,
        spots: row.next()?,
        range_shifters: row.next()?,
        snout: row.next()?,
        snout_position_mm: row.next()?,
    })
}

fn turn(row: &mut Row) -> Result<Turn, SqlError> {
    Ok(Turn { start: row.next()?, stop: row.next()?, travel: row.next()? })
}

fn layer(mut row: Row) -> Result<LayerRow, SqlError> {
    Ok(LayerRow {
        beam: row.next()?,
        layer: row.next()?,
        energy: row.next()?,
        spots: row.next()?,
        weight: row.next()?,
        meterset: row.next()?,
        meterset_unit: row.next()?,
        paintings: row.next()?,
        spot_size_mm: {
            let (x, y): (Option<f64>, Option<f64>) = (row.next()?, row.next()?);
            x.zip(y).map(Into::into)
        },
    })
}

fn source(mut row: Row) -> Result<SourceRow, SqlError> {
    Ok(SourceRow {
        number: row.next()?,
        kind: row.next()?,
        isotope: row.next()?,
        half_life_days: row.next()?,
        strength_units: row.next()?,
        air_kerma_rate: row.next()?,
        reference_time: row.next()?,
    })
}

fn channel(mut row: Row) -> Result<ChannelRow, SqlError> {
    Ok(ChannelRow {
        setup: row.next()?,
        setup_type: row.next()?,
        setup_air_kerma: row.next()?,
        number: row.next()?,
        source: row.next()?,
        applicator: row.next()?,
        length_mm: row.next()?,
        step_size_mm: row.next()?,
        movement: row.next()?,
        total_time_s: row.next()?,
        pulses: row.next()?,
        pulse_interval_s: row.next()?,
    })
}

fn dwell(mut row: Row) -> Result<DwellRow, SqlError> {
    Ok(DwellRow {
        setup: row.next()?,
        channel: row.next()?,
        dwell: row.next()?,
        position_mm: row.next()?,
        point: point(&mut row)?,
        time_s: row.next()?,
    })
}

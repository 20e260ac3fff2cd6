//! A plan's beams one by one: what each is for, how it is delivered and with what.
//!
//! Units: metersets and doses of one fraction; degrees, seconds, MU. Frame: IEC 61217 for angles.

use super::delivery::{energy_text, is_gamma_knife, positive_energies};
use super::motion::turn;
use super::technique::{Concluded, beam_techniques};
use crate::control_point::{ControlPoint, Rotation, segments};
use crate::instance::Equipment;
use crate::plan::{Beam, BeamReference, BeamRole, FractionGroup, Plan};

/// A beam in a fraction group, or one that no group refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct BeamSummary<'a> {
    /// The beam.
    pub beam: &'a Beam,
    /// The fraction group, with its reference to the beam.
    pub part: Option<(&'a FractionGroup, &'a BeamReference)>,
    /// What it is for, in a word.
    pub purpose: &'static str,
    /// How it is delivered.
    pub technique: Concluded,
    /// Monitor units of a treatment beam.
    pub monitor_units: Option<f64>,
    /// Nominal energies with their unit.
    pub energy: Option<Energies>,
    /// Seconds of a treatment beam that is metered in minutes.
    pub time_s: Option<f64>,
    /// The gantry's way.
    pub gantry: AngularPath,
    /// The collimator's way.
    pub collimator: AngularPath,
    /// The patient support's way.
    pub couch: AngularPath,
    /// Different leaf positions with which dose is delivered.
    pub apertures: Option<u32>,
    /// Energy layers, in order of delivery.
    pub layers: Vec<EnergyLayer>,
}

/// The nominal energies of a beam.
#[derive(Debug, Clone, PartialEq)]
pub struct Energies {
    /// With their unit and fluence mode: `6FFF MV`.
    pub text: String,
    /// The smallest.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// Unit of both.
    pub unit: &'static str,
}

/// An angle over the control points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AngularPath {
    /// At the first control point, degrees.
    pub start: Option<f64>,
    /// At the last control point, degrees.
    pub stop: Option<f64>,
    /// Sum of all turns, degrees.
    pub travel: Option<f64>,
    /// Turns with rising angles.
    pub clockwise: bool,
    /// Turns with falling angles.
    pub counter_clockwise: bool,
}

/// What a scanned ion beam delivers at one energy before it changes or the next layer begins.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct EnergyLayer {
    /// Nominal energy, MeV (of other ions than protons: per nucleon).
    pub energy: Option<f64>,
    /// Spots with a weight above 0.
    pub spots: u32,
    /// Meterset weight.
    pub weight: f64,
    /// Meterset of one fraction.
    pub meterset: Option<f64>,
    /// Number of paintings.
    pub paintings: Option<u32>,
    /// Full width at half maximum along x and y of the beam's plane, mm.
    pub spot_size: Option<[f64; 2]>,
}

/// The beams of a plan in file order, once for each fraction group that refers to them.
///
/// ```
/// use rt_model::derive::{Technique, beams};
/// use rt_model::read::{ReadOptions, read_plan};
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let (info, plan) = read_plan(written.path(Role::Plan).unwrap(), &ReadOptions::default())?.value;
/// let beams = beams(&plan, &info.equipment);
/// assert_eq!(beams.len(), 1);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn beams<'a>(plan: &'a Plan, equipment: &Equipment) -> Vec<BeamSummary<'a>> {
    let techniques = beam_techniques(plan, equipment);
    let mut all = Vec::new();
    for (beam, technique) in plan.beams.iter().zip(techniques) {
        let parts = plan
            .fraction_groups
            .iter()
            .flat_map(|group| group.beams.iter().map(move |reference| (group, reference)));
        let mut parts: Vec<_> =
            parts.filter(|(_, reference)| reference.beam_number == beam.number).map(Some).collect();
        if parts.is_empty() {
            parts.push(None);
        }
        all.extend(parts.into_iter().map(|part| summary(plan, equipment, beam, part, technique.clone())));
    }
    all
}

fn summary<'a>(
    plan: &'a Plan,
    equipment: &Equipment,
    beam: &'a Beam,
    part: Option<(&'a FractionGroup, &'a BeamReference)>,
    technique: Concluded,
) -> BeamSummary<'a> {
    let treats = part.is_some_and(|(_, reference)| plan.role(reference) == BeamRole::Treatment);
    let meterset = part.and_then(|(_, reference)| reference.meterset);
    let unit = beam.dosimeter_unit.as_deref().unwrap_or_default();
    let of_treatment = meterset.filter(|_| treats);
    BeamSummary {
        beam,
        part,
        purpose: purpose(beam, treats),
        technique,
        monitor_units: of_treatment.filter(|_| matches!(unit, "MU" | "") && !is_gamma_knife(equipment)),
        energy: energies(plan, beam),
        time_s: of_treatment.filter(|_| unit == "MINUTE").map(|minutes| 60.0 * minutes),
        gantry: angular_path(&beam.path, |point| (point.gantry, point.gantry_rotation)),
        collimator: angular_path(&beam.path, |point| (point.collimator, point.collimator_rotation)),
        couch: angular_path(&beam.path, |point| (point.couch, point.couch_rotation)),
        apertures: apertures(&beam.path),
        layers: layers(beam, meterset),
    }
}

fn energies(plan: &Plan, beam: &Beam) -> Option<Energies> {
    let unit = match beam.radiation_type.as_deref() {
        Some("PHOTON") => "MV",
        Some("ION") => "MeV/u",
        _ => "MeV",
    };
    Some(Energies {
        text: energy_text(&[beam], plan.ion)?,
        low: positive_energies(beam).reduce(f64::min)?,
        high: positive_energies(beam).reduce(f64::max)?,
        unit,
    })
}

/// Treatment Delivery Type (300A,00CE) and meterset in a word.
fn purpose(beam: &Beam, treats: bool) -> &'static str {
    match beam.delivery_type.as_deref() {
        _ if treats => "treatment",
        None | Some("" | "TREATMENT" | "CONTINUATION") => "no_meterset",
        Some("SETUP") => "setup",
        Some("IMAGE_BEAM") => "image",
        Some("OPEN_PORTFILM" | "TRMT_PORTFILM") => "port_film",
        Some(_) => "unknown",
    }
}

fn angular_path(path: &[ControlPoint], of: impl Fn(&ControlPoint) -> (Option<f64>, Rotation)) -> AngularPath {
    let mut found = AngularPath {
        start: path.first().and_then(|point| of(point).0),
        stop: path.last().and_then(|point| of(point).0),
        ..AngularPath::default()
    };
    for pair in path.windows(2) {
        let (from, rotation) = of(&pair[0]);
        let degrees = turn(from, of(&pair[1]).0, rotation);
        if degrees > 0.0 {
            found.clockwise |= rotation == Rotation::Clockwise;
            found.counter_clockwise |= rotation == Rotation::CounterClockwise;
        }
        if from.is_some() {
            found.travel = Some(found.travel.unwrap_or(0.0) + degrees);
        }
    }
    found
}

impl AngularPath {
    /// In which sense it turns: `CW`, `CC` or `CW/CC`; `None` where it rests or does not say.
    #[must_use]
    pub const fn direction(&self) -> Option<&'static str> {
        match (self.clockwise, self.counter_clockwise) {
            (true, true) => Some("CW/CC"),
            (true, false) => Some("CW"),
            (false, true) => Some("CC"),
            (false, false) => None,
        }
    }
}

fn apertures(path: &[ControlPoint]) -> Option<u32> {
    let delivering = segments(path).filter(|segment| segment.weight > 0.0);
    let distinct: std::collections::BTreeSet<u32> =
        delivering.filter_map(|segment| segment.from.leaves).collect();
    (!distinct.is_empty()).then_some(distinct.len() as u32)
}

/// A layer lies between two control points of one energy (PS3.3 C.8.8.25.7): the spots of the first are
/// delivered on the way.
fn layers(beam: &Beam, meterset: Option<f64>) -> Vec<EnergyLayer> {
    let last = beam.final_meterset_weight.filter(|weight| *weight > 0.0);
    segments(&beam.path)
        .filter(|segment| segment.weight > 0.0)
        .filter_map(|segment| {
            let spots = segment.from.spots?;
            Some(EnergyLayer {
                energy: segment.from.energy,
                spots: spots.count,
                weight: segment.weight,
                meterset: meterset.zip(last).map(|(meterset, last)| meterset * segment.weight / last),
                paintings: spots.paintings,
                spot_size: spots.size,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control_point::ScanSpots;

    fn at(weight: f64, gantry: f64, rotation: Rotation) -> ControlPoint {
        ControlPoint {
            cumulative_weight: Some(weight),
            gantry: Some(gantry),
            gantry_rotation: rotation,
            ..ControlPoint::default()
        }
    }

    fn plan(beam: Beam, references: &[Option<f64>]) -> Plan {
        let group = |(number, meterset): (i32, &Option<f64>)| FractionGroup {
            number,
            fractions_planned: Some(10),
            beams: vec![BeamReference { beam_number: 1, meterset: *meterset, ..BeamReference::default() }],
            ..FractionGroup::default()
        };
        Plan {
            fraction_groups: (1..).zip(references).map(group).collect(),
            beams: vec![Beam { number: 1, ..beam }],
            ..Plan::default()
        }
    }

    #[test]
    fn an_arc_and_back_is_both_ways_long() {
        let path = vec![
            at(0.0, 350.0, Rotation::Clockwise),
            at(0.5, 10.0, Rotation::CounterClockwise),
            at(1.0, 355.0, Rotation::None),
        ];
        let plan = plan(Beam { path, ..Beam::default() }, &[Some(70.0)]);
        let found = &beams(&plan, &Equipment::default())[0];
        assert_eq!(
            (found.gantry.start, found.gantry.stop, found.gantry.travel),
            (Some(350.0), Some(355.0), Some(35.0))
        );
        assert_eq!(found.gantry.direction(), Some("CW/CC"));
        assert_eq!((found.collimator.travel, found.collimator.direction()), (None, None));
        assert_eq!((found.monitor_units, found.time_s, found.purpose), (Some(70.0), None, "treatment"));
    }

    #[test]
    fn a_beam_has_a_row_for_each_group_or_one_without() {
        let in_two = plan(Beam::default(), &[Some(70.0), None]);
        let found: Vec<_> = beams(&in_two, &Equipment::default())
            .iter()
            .map(|beam| (beam.purpose, beam.monitor_units))
            .collect();
        assert_eq!(found, [("treatment", Some(70.0)), ("no_meterset", None)]);
        let in_none = plan(Beam { delivery_type: Some("SETUP".into()), ..Beam::default() }, &[]);
        let found = beams(&in_none, &Equipment::default());
        assert_eq!((found.len(), found[0].purpose, found[0].part), (1, "setup", None));
    }

    #[test]
    fn minutes_become_seconds_and_no_monitor_units() {
        let plan = plan(Beam { dosimeter_unit: Some("MINUTE".into()), ..Beam::default() }, &[Some(1.25)]);
        let found = &beams(&plan, &Equipment::default())[0];
        assert_eq!((found.monitor_units, found.time_s), (None, Some(75.0)));
    }

    #[test]
    fn layers_share_the_meterset_by_weight() {
        let layer = |weight, energy, count| ControlPoint {
            cumulative_weight: Some(weight),
            energy: Some(energy),
            spots: Some(ScanSpots { count, ..ScanSpots::default() }),
            ..ControlPoint::default()
        };
        let path =
            vec![layer(0.0, 150.0, 5), layer(3.0, 150.0, 0), layer(3.0, 140.0, 4), layer(4.0, 140.0, 0)];
        let plan = plan(Beam { path, final_meterset_weight: Some(4.0), ..Beam::default() }, &[Some(200.0)]);
        let found: Vec<_> = beams(&plan, &Equipment::default())[0]
            .layers
            .iter()
            .map(|layer| (layer.energy, layer.spots, layer.meterset))
            .collect();
        assert_eq!(found, [(Some(150.0), 5, Some(150.0)), (Some(140.0), 4, Some(50.0))]);
    }
}

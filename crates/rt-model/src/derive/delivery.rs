//! What the treatment beams deliver: fractions, monitor units, energies.
//!
//! Units: MU for one fraction of each group; MV for photons, MeV for electrons and protons. Frame: none.

use crate::finding::{Finding, plan as code};
use crate::instance::Equipment;
use crate::plan::{Beam, Plan};
use crate::provenance::Provenance;

/// Fractions over all groups; `None` where one group does not state them.
pub(super) fn fractions(plan: &Plan, at: &Provenance, findings: &mut Vec<Finding>) -> Option<u32> {
    let sum = plan.fraction_groups.iter().map(|group| group.fractions_planned).sum::<Option<u32>>();
    match sum {
        Some(sum) if !plan.fraction_groups.is_empty() => Some(sum),
        _ => {
            let text = "a fraction group does not state its fractions, or there is none";
            findings.push(Finding::warning(code::FRACTIONS_UNKNOWN, at.clone(), text));
            None
        }
    }
}

/// The treatment beams, each with its meterset, in file order.
fn treatment_beams(plan: &Plan) -> impl Iterator<Item = (Option<&Beam>, f64)> {
    plan.treatment_beams().filter_map(|(_, reference)| {
        let beam = plan.beams.iter().find(|beam| beam.number == reference.beam_number);
        Some((beam, reference.meterset?))
    })
}

/// Monitor units of one fraction of each group: linacs only, so none for Gamma Knife (which writes MU), for
/// minutes of a source and for particles counted one by one.
pub(super) fn monitor_units(
    plan: &Plan,
    equipment: &Equipment,
    at: &Provenance,
    findings: &mut Vec<Finding>,
) -> Option<f64> {
    if is_gamma_knife(equipment) {
        return None;
    }
    let mut total = None;
    let mut unit_told = false;
    for (beam, meterset) in treatment_beams(plan) {
        match beam.and_then(|beam| beam.dosimeter_unit.as_deref()).unwrap_or_default() {
            "MU" => {}
            "" => {
                if !unit_told {
                    let text = "a beam does not state its dosimeter unit; MU is assumed";
                    findings.push(Finding::warning(code::DOSIMETER_UNIT_ABSENT, at.clone(), text));
                    unit_told = true;
                }
            }
            unit => {
                let text = format!("expected dosimeter unit MU, found {unit:?}: no monitor units");
                findings.push(Finding::info(code::NOT_MONITOR_UNITS, at.clone(), text));
                return None;
            }
        }
        total = Some(total.unwrap_or(0.0) + meterset);
    }
    total
}

/// Leksell Gamma Knife, by the model and before any unit.
pub(super) fn is_gamma_knife(equipment: &Equipment) -> bool {
    let model = equipment.model.as_deref().unwrap_or_default().to_lowercase();
    // "Icon" is a word of its own: a Silicon Graphics is no Gamma Knife.
    let icon = model.split(|c: char| !c.is_alphanumeric()).any(|word| word == "icon");
    icon || ["gammaplan", "perfexion"].iter().any(|name| model.contains(name))
}

/// Distinct nominal energies of the treatment beams, ascending, photons before electrons:
/// `6MV,10FFF MV,9MeV`; ions as
/// `min-max MeV`.
pub(super) fn energy(plan: &Plan, at: &Provenance, findings: &mut Vec<Finding>) -> Option<String> {
    let beams: Vec<&Beam> = treatment_beams(plan).filter_map(|(beam, _)| beam).collect();
    let text = energy_text(&beams, plan.ion);
    if text.is_none() {
        let reason = if beams.is_empty() {
            "no beam treats with a meterset"
        } else {
            "no beam states a nominal energy"
        };
        findings.push(Finding::info(code::ENERGY_UNKNOWN, at.clone(), reason));
    }
    text
}

/// The energies of some beams, with their unit.
pub(super) fn energy_text(beams: &[&Beam], ion: bool) -> Option<String> {
    if ion {
        let energies = || beams.iter().flat_map(|beam| positive_energies(beam));
        let (low, high) = energies().reduce(f64::min).zip(energies().reduce(f64::max))?;
        return Some(if low == high { format!("{low} MeV") } else { format!("{low}-{high} MeV") });
    }
    let mut found: Vec<(u8, f64, String)> = Vec::new();
    for beam in beams {
        let (rank, unit) = match beam.radiation_type.as_deref() {
            Some("PHOTON") => (0, "MV"),
            _ => (1, "MeV"),
        };
        let mode = beam.fluence_mode();
        for energy in positive_energies(beam) {
            let text = match mode {
                Some(mode) => format!("{energy}{mode} {unit}"),
                None => format!("{energy}{unit}"),
            };
            found.push((rank, energy, text));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.cmp(&b.2)));
    found.dedup();
    let texts: Vec<String> = found.into_iter().map(|(_, _, text)| text).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

/// A beam's nominal energies; 0 stands for none.
pub(super) fn positive_energies(beam: &Beam) -> impl Iterator<Item = f64> + '_ {
    beam.nominal_energies.iter().copied().filter(|energy| *energy > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{BeamReference, FractionGroup};

    fn beam(number: i32, radiation: &str, energies: &[f64]) -> Beam {
        Beam {
            number,
            radiation_type: Some(radiation.into()),
            nominal_energies: energies.to_vec(),
            dosimeter_unit: Some("MU".into()),
            ..Beam::default()
        }
    }

    fn plan(beams: Vec<Beam>) -> Plan {
        let reference = |beam: &Beam| BeamReference {
            beam_number: beam.number,
            meterset: Some(100.5),
            ..BeamReference::default()
        };
        let references = beams.iter().map(reference).collect();
        let group =
            FractionGroup { beams: references, fractions_planned: Some(5), ..FractionGroup::default() };
        Plan { fraction_groups: vec![group], beams, ..Plan::default() }
    }

    fn energy_of(plan: &Plan) -> Option<String> {
        energy(plan, &Provenance::unknown(), &mut Vec::new())
    }

    #[test]
    fn energies_are_distinct_ascending_and_carry_their_unit() {
        let mut fff = beam(3, "PHOTON", &[10.0]);
        (fff.non_standard_fluence, fff.fluence_mode_id) = (true, Some("FFF".into()));
        let mixed = plan(vec![
            beam(1, "ELECTRON", &[9.0]),
            beam(2, "PHOTON", &[6.0]),
            fff,
            beam(4, "PHOTON", &[6.0]),
        ]);
        assert_eq!(energy_of(&mixed).as_deref(), Some("6MV,10FFF MV,9MeV"));
        // The ID is optional, the flag is not lost without it.
        let mut unnamed = beam(1, "PHOTON", &[6.0]);
        unnamed.non_standard_fluence = true;
        assert_eq!(energy_of(&plan(vec![unnamed])).as_deref(), Some("6NON_STANDARD MV"));
    }

    #[test]
    fn ions_have_a_range() {
        let mut ion = plan(vec![beam(1, "PROTON", &[150.25, 70.0]), beam(2, "PROTON", &[100.0])]);
        ion.ion = true;
        assert_eq!(energy_of(&ion).as_deref(), Some("70-150.25 MeV"));
    }

    #[test]
    fn beams_that_do_not_treat_count_for_nothing() {
        let mut setup = plan(vec![beam(1, "PHOTON", &[6.0]), beam(2, "PHOTON", &[2.5])]);
        setup.beams[1].delivery_type = Some("SETUP".into());
        assert_eq!(energy_of(&setup).as_deref(), Some("6MV"));
        let units = monitor_units(&setup, &Equipment::default(), &Provenance::unknown(), &mut Vec::new());
        assert_eq!(units, Some(100.5));
    }

    #[test]
    fn minutes_and_gamma_knives_have_no_monitor_units() {
        let mut findings = Vec::new();
        let mut cobalt = plan(vec![beam(1, "PHOTON", &[1.25])]);
        cobalt.beams[0].dosimeter_unit = Some("MINUTE".into());
        assert_eq!(
            monitor_units(&cobalt, &Equipment::default(), &Provenance::unknown(), &mut findings),
            None
        );
        assert_eq!(findings[0].code, code::NOT_MONITOR_UNITS);
        let knife = Equipment { model: Some("Leksell GammaPlan".into()), ..Equipment::default() };
        let knife_plan = plan(vec![beam(1, "PHOTON", &[])]);
        assert_eq!(monitor_units(&knife_plan, &knife, &Provenance::unknown(), &mut findings), None);
    }

    #[test]
    fn an_absent_unit_on_a_linac_is_mu_and_told() {
        let mut findings = Vec::new();
        let mut silent = plan(vec![beam(1, "PHOTON", &[6.0])]);
        silent.beams[0].dosimeter_unit = None;
        assert_eq!(
            monitor_units(&silent, &Equipment::default(), &Provenance::unknown(), &mut findings),
            Some(100.5)
        );
        assert_eq!(findings[0].code, code::DOSIMETER_UNIT_ABSENT);
    }

    #[test]
    fn fractions_add_over_groups_or_are_unknown() {
        let mut two = plan(vec![]);
        two.fraction_groups.push(FractionGroup { fractions_planned: Some(3), ..FractionGroup::default() });
        let mut findings = Vec::new();
        assert_eq!(fractions(&two, &Provenance::unknown(), &mut findings), Some(8));
        two.fraction_groups[1].fractions_planned = None;
        assert_eq!(fractions(&two, &Provenance::unknown(), &mut findings), None);
        assert_eq!(findings[0].code, code::FRACTIONS_UNKNOWN);
    }
}

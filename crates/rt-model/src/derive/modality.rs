//! The column TxModality: the techniques of everything that treats.
//!
//! Units: none. Frame: none.

use super::delivery::is_gamma_knife;
use super::technique::{BrachyKind, Technique, beam_techniques};
use super::{Derived, is_brachytherapy};
use crate::finding::{Finding, plan as code};
use crate::instance::InstanceInfo;
use crate::plan::Plan;
use crate::provenance::Tag;
use std::collections::BTreeSet;

/// The techniques of the treatment beams and of brachytherapy, parted by commas.
pub(super) fn tx_modality(
    plan: &Plan,
    info: &InstanceInfo,
    findings: &mut Vec<Finding>,
) -> Option<Derived<String>> {
    let at = |path: &str, group, element| info.provenance().attribute(path, Tag::new(group, element));
    if is_gamma_knife(&info.equipment) {
        // GammaPlan's beams carry neither metersets nor shots.
        let value = Technique::GammaKnife.to_string();
        return Some(Derived { value, at: at("ManufacturerModelName", 0x0008, 0x1090) });
    }
    let mut techniques: BTreeSet<Technique> = BTreeSet::new();
    let concluded = beam_techniques(plan, &info.equipment);
    for (_, reference) in plan.treatment_beams() {
        let of_beam =
            plan.beams.iter().zip(&concluded).find(|(beam, _)| beam.number == reference.beam_number);
        let Some((beam, found)) = of_beam else { continue };
        if found.technique.is_none() {
            let text = format!("beam {}: no technique can be told: {}", beam.number, found.evidence);
            findings.push(Finding::warning(code::TECHNIQUE_UNKNOWN, info.provenance(), text));
        }
        techniques.extend(found.technique);
    }
    let mut source =
        if plan.ion { at("IonBeamSequence", 0x300A, 0x03A2) } else { at("BeamSequence", 0x300A, 0x00B0) };
    if is_brachytherapy(plan) {
        techniques.insert(Technique::Brachy(BrachyKind::of(plan)));
        source = at("BrachyTreatmentType", 0x300A, 0x0202);
    }
    if techniques.is_empty() {
        let text = "no beam treats with a meterset and a known technique";
        findings.push(Finding::info(code::TECHNIQUE_UNKNOWN, source, text));
        return None;
    }
    let names: Vec<String> = techniques.iter().map(Technique::to_string).collect();
    Some(Derived { value: names.join(","), at: source })
}

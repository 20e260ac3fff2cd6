//! The technique that a plan is delivered with, concluded from what its beams do, with the evidence.
//!
//! The model comes before the unit: Leksell GammaPlan writes monitor units, TomoTherapy's Hi-Art writes
//! minutes as a cobalt machine does. Then the radiation decides, and for photons what gantry and leaves do
//! while dose is delivered.
//!
//! Units: degrees, parts of the meterset. Frame: none.

use super::delivery::is_gamma_knife;
use super::motion::Motion;
use crate::instance::Equipment;
use crate::plan::{Beam, Plan};
use std::fmt;

/// A technique of delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Technique {
    /// Static photon beams of one aperture each.
    Conformal,
    /// Static photon beams of a few apertures each.
    FieldInField,
    /// Static photon beams of many apertures; no dose while leaves move.
    StepAndShoot,
    /// Static photon beams whose leaves move while dose is delivered.
    SlidingWindow,
    /// Gantry and leaves move and the meterset per degree varies.
    Vmat,
    /// Gantry and leaves move at a constant meterset per degree.
    DynamicConformalArc,
    /// The gantry moves, the leaves do not.
    StaticApertureArc,
    /// TomoTherapy whose gantry turns while the couch moves.
    TomoHelical,
    /// TomoTherapy with a gantry at rest.
    TomoDirect,
    /// TomoTherapy whose plan does not tell more.
    Tomo,
    /// CyberKnife.
    CyberKnife,
    /// Leksell Gamma Knife.
    GammaKnife,
    /// Teletherapy with a cobalt source.
    Cobalt,
    /// Electrons.
    Electron,
    /// Electrons with a turning gantry.
    ElectronArc,
    /// Protons and heavier ions.
    Ion(Particle, Scanning),
    /// Brachytherapy.
    Brachy(BrachyKind),
}

/// What kind of ion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Particle {
    /// Hydrogen nuclei.
    Proton,
    /// Helium nuclei.
    Helium,
    /// Carbon nuclei.
    Carbon,
    /// Others, or not stated.
    Other,
}

/// How an ion beam covers its field: Scan Mode (300A,0308).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scanning {
    /// MODULATED, MODULATED_SPEC: pencil beams.
    PencilBeam,
    /// UNIFORM.
    Uniform,
    /// NONE: passive scattering.
    Passive,
    /// Not stated.
    Unknown,
}

/// Brachy Treatment Type (300A,0202).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BrachyKind {
    /// HDR
    Hdr,
    /// MDR
    Mdr,
    /// PDR
    Pdr,
    /// LDR
    Ldr,
    /// MANUAL
    Manual,
    /// Not stated.
    Unknown,
}

impl fmt::Display for Technique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Conformal => "3D",
            Self::FieldInField => "3D field-in-field",
            Self::StepAndShoot => "IMRT step-and-shoot",
            Self::SlidingWindow => "IMRT sliding window",
            Self::Vmat => "VMAT",
            Self::DynamicConformalArc => "Dynamic conformal arc",
            Self::StaticApertureArc => "Static-aperture arc",
            Self::TomoHelical => "TomoTherapy helical",
            Self::TomoDirect => "TomoTherapy direct",
            Self::Tomo => "TomoTherapy",
            Self::CyberKnife => "CyberKnife",
            Self::GammaKnife => "Gamma Knife",
            Self::Cobalt => "Co-60",
            Self::Electron => "Electron",
            Self::ElectronArc => "Electron arc",
            Self::Ion(particle, scanning) => {
                let particle = match particle {
                    Particle::Proton => "Proton",
                    Particle::Helium => "Helium",
                    Particle::Carbon => "Carbon",
                    Particle::Other => "Ion",
                };
                let scanning = match scanning {
                    Scanning::PencilBeam => " PBS",
                    Scanning::Uniform => " uniform scanning",
                    Scanning::Passive => " passive",
                    Scanning::Unknown => "",
                };
                return write!(f, "{particle}{scanning}");
            }
            Self::Brachy(kind) => match kind {
                BrachyKind::Hdr => "Brachy HDR",
                BrachyKind::Mdr => "Brachy MDR",
                BrachyKind::Pdr => "Brachy PDR",
                BrachyKind::Ldr => "Brachy LDR",
                BrachyKind::Manual => "Brachy MANUAL",
                BrachyKind::Unknown => "Brachy",
            },
        };
        f.write_str(text)
    }
}

impl BrachyKind {
    /// What a plan's Brachy Treatment Type says.
    ///
    /// ```
    /// use rt_model::derive::BrachyKind;
    /// use rt_model::plan::Plan;
    ///
    /// let plan = Plan { brachy_treatment_type: Some("PDR".into()), ..Plan::default() };
    /// assert_eq!(BrachyKind::of(&plan), BrachyKind::Pdr);
    /// ```
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        match plan.brachy_treatment_type.as_deref() {
            Some("HDR") => Self::Hdr,
            Some("MDR") => Self::Mdr,
            Some("PDR") => Self::Pdr,
            Some("LDR") => Self::Ldr,
            Some("MANUAL") => Self::Manual,
            _ => Self::Unknown,
        }
    }
}

/// A technique, where one can be told, and what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Concluded {
    /// The technique.
    pub technique: Option<Technique>,
    /// What it is concluded from, or why none is.
    pub evidence: String,
}

impl Concluded {
    fn new(technique: Technique, evidence: impl Into<String>) -> Self {
        Self { technique: Some(technique), evidence: evidence.into() }
    }
}

/// Up to so many apertures a static beam is made by hand: field-in-field.
const FEW_APERTURES: usize = 5;
/// Meterset per degree that varies by more than this (coefficient of variation) was optimised: VMAT. Arcs of
/// iPlan have 0.000, VMAT of Eclipse, Monaco and RayStation 0.09 to 1.3.
const VARYING: f64 = 0.05;
/// Leaves that move during less than this part of the meterset are at rest: a system may put the step between
/// two segments into one.
const MOVING: f64 = 0.05;
/// Energies of a cobalt source as plans write them, MV: 1.17, 1.25, 1.33. Orthovoltage units write minutes
/// too, and less than 0.5 MV.
const COBALT_MV: std::ops::RangeInclusive<f64> = 1.0..=1.5;

/// The technique of each beam of a plan, in the order of its beams. A beam of few apertures in a plan with a
/// step-and-shoot beam is one of its kind.
pub(super) fn beam_techniques(plan: &Plan, equipment: &Equipment) -> Vec<Concluded> {
    let mut all: Vec<Concluded> = plan.beams.iter().map(|beam| of_beam(beam, equipment)).collect();
    let treats =
        |beam: &Beam| plan.treatment_beams().any(|(_, reference)| reference.beam_number == beam.number);
    let optimised = plan
        .beams
        .iter()
        .zip(&all)
        .find(|(beam, found)| found.technique == Some(Technique::StepAndShoot) && treats(beam));
    if let Some(number) = optimised.map(|(beam, _)| beam.number) {
        for found in all.iter_mut().filter(|found| found.technique == Some(Technique::FieldInField)) {
            found.technique = Some(Technique::StepAndShoot);
            found.evidence += &format!("; beam {number} of this plan has more than {FEW_APERTURES}");
        }
    }
    all
}

fn of_beam(beam: &Beam, equipment: &Equipment) -> Concluded {
    if is_gamma_knife(equipment) {
        return Concluded::new(
            Technique::GammaKnife,
            format!("model {:?}", equipment.model.as_deref().unwrap_or_default()),
        );
    }
    let motion = Motion::of(&beam.path);
    if let Some(found) = by_machine(beam, equipment, &motion) {
        return found;
    }
    match beam.radiation_type.as_deref().unwrap_or_default() {
        "ELECTRON" if motion.turns() => {
            Concluded::new(Technique::ElectronArc, format!("electrons, {motion}"))
        }
        "ELECTRON" => Concluded::new(Technique::Electron, "radiation type ELECTRON"),
        kind @ ("PROTON" | "ION") => ion(beam, kind),
        kind @ ("PHOTON" | "") => cobalt(beam, equipment).unwrap_or_else(|| photon(beam, kind, &motion)),
        kind => Concluded { technique: None, evidence: format!("radiation type {kind}") },
    }
}

/// Machines that are known by their names.
fn by_machine(beam: &Beam, equipment: &Equipment, motion: &Motion) -> Option<Concluded> {
    let maker = equipment.manufacturer.as_deref().unwrap_or_default();
    let accuray = ["accuray", "tomotherapy"].iter().any(|name| maker.to_lowercase().contains(name));
    let machine = beam.machine.as_deref().unwrap_or_default();
    let model = equipment.model.as_deref().unwrap_or_default();
    let named = |texts: &[&str], names: &[&str]| -> Option<String> {
        let text = texts.iter().find(|text| names.iter().any(|name| text.to_lowercase().contains(name)))?;
        Some(format!("{text:?}"))
    };
    let beam_texts =
        [beam.name.as_deref().unwrap_or_default(), beam.description.as_deref().unwrap_or_default()];
    let own = [machine, model, beam_texts[0], beam_texts[1]];
    let cyber = match accuray {
        true => named(&own, &["cyberknife", "multiplan"]),
        false => named(&[machine], &["cyberknife"]),
    };
    if let Some(text) = cyber {
        return Some(Concluded::new(Technique::CyberKnife, format!("named {text}")));
    }
    let tomo = match accuray {
        true => named(&own, &["tomo", "hi-art", "hi art", "hiart", "radixact"])
            .or_else(|| named(&[maker], &["tomotherapy"])),
        false => named(&[machine], &["tomotherapy", "hi-art", "hiart", "radixact"]),
    };
    let text = tomo.map(|text| format!("named {text}")).or_else(|| {
        (motion.turns() && motion.couch_moves).then(|| "the couch moves while the gantry turns".to_owned())
    })?;
    let technique = match (motion.turns(), motion.couch_moves) {
        (true, _) => Technique::TomoHelical,
        (false, true) => Technique::TomoDirect,
        (false, false) => Technique::Tomo,
    };
    Some(Concluded::new(technique, format!("{text}, {motion}")))
}

fn cobalt(beam: &Beam, equipment: &Equipment) -> Option<Concluded> {
    if beam.dosimeter_unit.as_deref() != Some("MINUTE") {
        return None;
    }
    if let Some(energy) = beam.nominal_energies.iter().find(|energy| COBALT_MV.contains(*energy)) {
        return Some(Concluded::new(Technique::Cobalt, format!("meterset in minutes, {energy} MV")));
    }
    let names = ["co-60", "co60", "co 60", "cobalt", "theratron"];
    let texts = [beam.machine.as_deref(), equipment.model.as_deref()].into_iter().flatten();
    let text = texts.into_iter().find(|text| names.iter().any(|name| text.to_lowercase().contains(name)))?;
    Some(Concluded::new(Technique::Cobalt, format!("meterset in minutes, named {text:?}")))
}

fn ion(beam: &Beam, radiation: &str) -> Concluded {
    let particle = match (radiation, beam.atomic_number) {
        ("PROTON", _) | (_, Some(1)) => Particle::Proton,
        (_, Some(2)) => Particle::Helium,
        (_, Some(6)) => Particle::Carbon,
        _ => Particle::Other,
    };
    let mode = beam.scan_mode.as_deref();
    let scanning = match mode {
        Some("MODULATED" | "MODULATED_SPEC") => Scanning::PencilBeam,
        Some("UNIFORM") => Scanning::Uniform,
        Some("NONE") => Scanning::Passive,
        _ => Scanning::Unknown,
    };
    let element = beam.atomic_number.map(|number| format!(", atomic number {number}")).unwrap_or_default();
    let evidence = format!("radiation type {radiation}{element}, scan mode {}", mode.unwrap_or("not stated"));
    Concluded::new(Technique::Ion(particle, scanning), evidence)
}

fn photon(beam: &Beam, radiation: &str, motion: &Motion) -> Concluded {
    let mut evidence = motion.to_string();
    if radiation.is_empty() {
        evidence += ", radiation type not stated";
    }
    if beam.modifiers.dynamic_wedge {
        evidence += ", dynamic wedge";
    }
    if motion.weight == 0.0 {
        let at_rest = beam.beam_type.as_deref() == Some("STATIC") && motion.is_one_setting;
        let technique = at_rest.then_some(Technique::Conformal);
        let reason = if at_rest { "beam type STATIC, " } else { "" };
        return Concluded { technique, evidence: format!("{reason}no meterset between control points") };
    }
    let leaves_move = motion.moving / motion.weight > MOVING;
    let technique = match (motion.turns(), leaves_move) {
        (true, true) if motion.variation > VARYING => Technique::Vmat,
        (true, true) => Technique::DynamicConformalArc,
        (true, false) => Technique::StaticApertureArc,
        (false, true) => Technique::SlidingWindow,
        (false, false) => match motion.apertures {
            0 | 1 => Technique::Conformal,
            2..=FEW_APERTURES => Technique::FieldInField,
            _ => Technique::StepAndShoot,
        },
    };
    Concluded::new(technique, evidence)
}

#[cfg(test)]
mod tests;

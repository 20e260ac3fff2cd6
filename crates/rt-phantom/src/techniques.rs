//! A case for each technique of delivery, and what has to be said of it.
//!
//! Units: MU, seconds. Frame: DICOM patient coordinates (LPS).

use crate::case::{BeamSpec, BrachySpec, CaseBuilder, DosePoint, GantryArc, Leaves, PlanSpec};
use crate::fixtures::sound;
use rt_model::frame::PatientPoint;
use rt_model::units::Gy;

/// A technique as a case.
#[derive(Clone)]
pub struct TechniqueCase {
    /// Its own name, unique.
    pub name: &'static str,
    /// The technique of its plan in words.
    pub modality: &'static str,
    /// Nominal energies in words.
    pub energy: Option<&'static str>,
    /// Monitor units of one fraction.
    pub monitor_units: Option<f64>,
    /// Treatment time of one fraction, seconds.
    pub time_s: Option<f64>,
    /// The case.
    pub case: CaseBuilder,
}

/// All techniques.
#[must_use]
pub fn all() -> Vec<TechniqueCase> {
    let arc = |leaves| BeamSpec {
        gantry: 181.0,
        arc: Some(GantryArc { stop: 179.0, clockwise: true, control_points: 25 }),
        leaves,
        ..BeamSpec::fixed(1, 1.0)
    };
    let fixed = |leaves| BeamSpec { leaves, ..BeamSpec::fixed(1, 1.0) };
    let of = |name, modality, energy, beam: BeamSpec| TechniqueCase {
        name,
        modality,
        energy: Some(energy),
        monitor_units: beam.meterset,
        time_s: None,
        case: sound(name).plan(PlanSpec { beams: vec![beam], ..PlanSpec::default() }),
    };
    let minutes = |beam: BeamSpec, time: f64| BeamSpec {
        dosimeter_unit: "MINUTE".to_owned(),
        meterset: Some(time),
        ..beam
    };
    let timed =
        |case: TechniqueCase, time_s| TechniqueCase { monitor_units: None, time_s: Some(time_s), ..case };
    let made_by = |case: TechniqueCase, maker: &str, model: &str| TechniqueCase {
        case: case.case.equipment(maker, model),
        ..case
    };
    let ion = |name, layers| {
        let beam = BeamSpec { energy: 150.0, layers, ..BeamSpec::fixed(1, 1.0) };
        let energy = if layers == 1 { "150 MeV" } else { "140-150 MeV" };
        let mut case = of(name, "Proton PBS", energy, beam.clone());
        case.case.dose.dose_type = "EFFECTIVE".to_owned();
        case.case.plan.ion = true;
        case
    };
    vec![
        of("conformal", "3D", "6MV", fixed(Leaves::ByGantry)),
        of("field_in_field", "3D field-in-field", "6MV", fixed(Leaves::Steps(3))),
        of("step_and_shoot", "IMRT step-and-shoot", "6MV", fixed(Leaves::Steps(9))),
        of("sliding_window", "IMRT sliding window", "6MV", fixed(Leaves::Sliding(40))),
        of("vmat", "VMAT", "6MV", arc(Leaves::ByGantry)),
        of("conformal_arc", "Dynamic conformal arc", "6MV", arc(Leaves::Constant)),
        of("static_arc", "Static-aperture arc", "6MV", arc(Leaves::AtRest)),
        of(
            "electron",
            "Electron",
            "9MeV",
            BeamSpec { radiation: "ELECTRON".to_owned(), energy: 9.0, ..fixed(Leaves::ByGantry) },
        ),
        timed(
            of(
                "cobalt",
                "Co-60",
                "1.25MV",
                minutes(BeamSpec { energy: 1.25, ..fixed(Leaves::ByGantry) }, 1.5),
            ),
            90.0,
        ),
        timed(
            made_by(
                of(
                    "tomo",
                    "TomoTherapy helical",
                    "6MV",
                    minutes(BeamSpec { couch_travel: 60.0, ..arc(Leaves::AtRest) }, 4.25),
                ),
                "TomoTherapy Incorporated",
                "Hi-Art",
            ),
            255.0,
        ),
        made_by(of("cyberknife", "CyberKnife", "6MV", fixed(Leaves::ByGantry)), "Accuray", "MultiPlan"),
        TechniqueCase {
            monitor_units: None,
            ..made_by(
                of(
                    "gamma_knife",
                    "Gamma Knife",
                    "1.25MV",
                    BeamSpec { energy: 1.25, ..fixed(Leaves::ByGantry) },
                ),
                "Elekta",
                "Leksell GammaPlan",
            )
        },
        ion("proton", 1),
        ion("proton_layers", 3),
        brachy("brachy_hdr", "Brachy HDR", Some(50.0), BrachySpec::high_dose_rate()),
        brachy(
            "brachy_pdr",
            "Brachy PDR",
            Some(1200.0),
            BrachySpec { treatment_type: "PDR".to_owned(), pulses: Some(24), ..BrachySpec::high_dose_rate() },
        ),
        brachy("brachy_permanent", "Brachy LDR", None, BrachySpec::permanent()),
        brachy(
            "brachy_long",
            "Brachy LDR",
            Some(3_600_000.0),
            BrachySpec {
                treatment_type: "LDR".to_owned(),
                channels: vec![vec![3_600_000.0], vec![1_800_000.0]],
                ..BrachySpec::high_dose_rate()
            },
        ),
    ]
}

/// The technique of this name.
#[must_use]
pub fn named(name: &str) -> Option<TechniqueCase> {
    all().into_iter().find(|technique| technique.name == name)
}

fn brachy(
    name: &'static str,
    modality: &'static str,
    time_s: Option<f64>,
    brachy: BrachySpec,
) -> TechniqueCase {
    let plan = PlanSpec {
        beams: Vec::new(),
        brachy: Some(brachy),
        fractions: 4,
        dose_references: vec![PlanSpec::prescription(1, Gy(28.0), "target")],
        dose_point: DosePoint::Specification(PatientPoint::new(0.0, 0.0, 0.0)),
        ..PlanSpec::default()
    };
    TechniqueCase { name, modality, energy: None, monitor_units: None, time_s, case: sound(name).plan(plan) }
}

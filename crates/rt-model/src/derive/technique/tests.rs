use super::*;
use crate::control_point::{ControlPoint, Rotation};
use crate::frame::PatientPoint;
use crate::plan::{BeamReference, FractionGroup};

/// A control point of weight, gantry angle and leaf positions.
fn at(weight: f64, gantry: f64, leaves: u32) -> ControlPoint {
    ControlPoint {
        cumulative_weight: Some(weight),
        gantry: Some(gantry),
        leaves: Some(leaves),
        ..ControlPoint::default()
    }
}

fn arc(count: u32, leaves: impl Fn(u32) -> u32, weight: impl Fn(f64) -> f64) -> Vec<ControlPoint> {
    let point = |index: u32| {
        let part = f64::from(index) / f64::from(count - 1);
        let turning = ControlPoint {
            gantry_rotation: Rotation::Clockwise,
            ..at(weight(part), 180.0 * part, leaves(index))
        };
        ControlPoint {
            gantry_rotation: if part == 1.0 { Rotation::None } else { Rotation::Clockwise },
            ..turning
        }
    };
    (0..count).map(point).collect()
}

/// Pairs of control points around one leaf position each; dose is delivered between those of a pair.
fn steps(count: u32) -> Vec<ControlPoint> {
    let end = |step: u32, more: u32| at(f64::from(step + more) / f64::from(count), 0.0, step);
    (0..count).flat_map(|step| [end(step, 0), end(step, 1)]).collect()
}

fn sliding(count: u32) -> Vec<ControlPoint> {
    (0..count).map(|index| at(f64::from(index) / f64::from(count - 1), 0.0, index)).collect()
}

fn beam(radiation: &str, path: Vec<ControlPoint>) -> Beam {
    Beam {
        number: 1,
        radiation_type: Some(radiation.into()),
        beam_type: Some("STATIC".into()),
        dosimeter_unit: Some("MU".into()),
        path,
        ..Beam::default()
    }
}

fn technique(beam: &Beam, equipment: &Equipment) -> String {
    of_beam(beam, equipment).technique.map_or_else(|| "none".to_owned(), |technique| technique.to_string())
}

fn on_linac(path: Vec<ControlPoint>) -> String {
    technique(&beam("PHOTON", path), &Equipment::default())
}

#[test]
fn photon_beams_are_told_apart_by_gantry_leaves_and_meterset() {
    let wave = |part: f64| part + 0.05 * (6.0 * part).sin();
    for (path, name) in [
        (steps(1), "3D"),
        (steps(2), "3D field-in-field"),
        (steps(5), "3D field-in-field"),
        (steps(6), "IMRT step-and-shoot"),
        (sliding(20), "IMRT sliding window"),
        (arc(19, |index| index, wave), "VMAT"),
        (arc(19, |index| index, |part| part), "Dynamic conformal arc"),
        (arc(19, |_| 0, |part| part), "Static-aperture arc"),
        (arc(19, |_| 0, wave), "Static-aperture arc"),
        (vec![at(0.0, 0.0, 0)], "3D"),
        (vec![], "3D"),
    ] {
        assert_eq!(on_linac(path), name);
    }
    let dynamic = Beam { beam_type: Some("DYNAMIC".into()), ..beam("PHOTON", vec![]) };
    assert_eq!(
        technique(&dynamic, &Equipment::default()),
        "none",
        "a dynamic beam without control points tells nothing"
    );
}

#[test]
fn few_apertures_beside_many_are_step_and_shoot() {
    let number = |number, beam| Beam { number, ..beam };
    let mut plan = Plan {
        beams: vec![number(1, beam("PHOTON", steps(9))), number(2, beam("PHOTON", steps(4)))],
        ..Plan::default()
    };
    let reference =
        |number| BeamReference { beam_number: number, meterset: Some(50.0), ..BeamReference::default() };
    plan.fraction_groups =
        vec![FractionGroup { beams: vec![reference(1), reference(2)], ..FractionGroup::default() }];
    let found = |plan: &Plan| {
        beam_techniques(plan, &Equipment::default())
            .into_iter()
            .map(|found| found.technique)
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&plan), [Some(Technique::StepAndShoot); 2]);
    // A beam that does not treat decides nothing.
    plan.fraction_groups[0].beams.remove(0);
    assert_eq!(found(&plan)[1], Some(Technique::FieldInField));
}

#[test]
fn the_model_comes_before_the_unit() {
    let equipment = |maker: &str, model: &str| Equipment {
        manufacturer: Some(maker.into()),
        model: Some(model.into()),
        ..Equipment::default()
    };
    let minutes = Beam { dosimeter_unit: Some("MINUTE".into()), ..beam("PHOTON", steps(1)) };
    let helix: Vec<ControlPoint> = arc(52, |_| 0, |part| part)
        .into_iter()
        .zip(0..)
        .map(|(point, index)| ControlPoint {
            isocentre: Some(PatientPoint::new(0.0, 0.0, f64::from(index))),
            ..point
        })
        .collect();
    let hi_art = Beam { path: helix.clone(), ..minutes.clone() };
    assert_eq!(technique(&minutes, &equipment("Elekta", "Leksell GammaPlan\u{ae}")), "Gamma Knife");
    assert_eq!(technique(&hi_art, &equipment("TomoTherapy Incorporated", "Hi-Art")), "TomoTherapy helical");
    assert_eq!(technique(&minutes, &equipment("TomoTherapy Incorporated", "Hi-Art")), "TomoTherapy");
    assert_eq!(
        technique(&beam("PHOTON", helix), &equipment("RaySearch Laboratories", "RayStation")),
        "TomoTherapy helical"
    );
    assert_eq!(technique(&minutes, &equipment("Accuray", "MultiPlan")), "CyberKnife");
    let named = Beam { machine: Some("Radixact1".into()), ..beam("PHOTON", steps(1)) };
    assert_eq!(technique(&named, &equipment("Accuray Inc.", "Precision")), "TomoTherapy");
    assert_eq!(technique(&beam("PHOTON", steps(1)), &equipment("Silicon Graphics", "Silicon Planner")), "3D");
}

#[test]
fn cobalt_needs_minutes_and_its_energy_or_name() {
    let minutes = |energy: f64, machine: &str| Beam {
        dosimeter_unit: Some("MINUTE".into()),
        nominal_energies: vec![energy],
        machine: Some(machine.into()),
        ..beam("PHOTON", steps(1))
    };
    assert_eq!(technique(&minutes(1.25, "T780"), &Equipment::default()), "Co-60");
    assert_eq!(technique(&minutes(0.0, "Theratron 780"), &Equipment::default()), "Co-60");
    assert_eq!(
        technique(&minutes(0.25, "XSTRAHL 300"), &Equipment::default()),
        "3D",
        "orthovoltage writes minutes too"
    );
    let units = Beam { dosimeter_unit: Some("MU".into()), ..minutes(1.25, "T780") };
    assert_eq!(technique(&units, &Equipment::default()), "3D");
}

#[test]
fn particles_go_by_radiation_and_scan_mode() {
    let ion = |radiation: &str, atomic: Option<u32>, mode: Option<&str>| {
        let beam =
            Beam { atomic_number: atomic, scan_mode: mode.map(str::to_owned), ..beam(radiation, steps(1)) };
        technique(&beam, &Equipment::default())
    };
    assert_eq!(ion("PROTON", None, Some("MODULATED")), "Proton PBS");
    assert_eq!(ion("PROTON", None, Some("UNIFORM")), "Proton uniform scanning");
    assert_eq!(ion("PROTON", None, Some("NONE")), "Proton passive");
    assert_eq!(ion("ION", Some(6), Some("MODULATED_SPEC")), "Carbon PBS");
    assert_eq!(ion("ION", Some(2), None), "Helium");
    assert_eq!(ion("ELECTRON", None, None), "Electron");
    assert_eq!(
        technique(&beam("ELECTRON", arc(19, |_| 0, |part| part)), &Equipment::default()),
        "Electron arc"
    );
    assert_eq!(technique(&beam("NEUTRON", steps(1)), &Equipment::default()), "none");
}

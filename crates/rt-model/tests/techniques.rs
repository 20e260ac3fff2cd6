//! What is derived of every real plan: technique, energies, monitor units, treatment time, set against what
//! the files hold.

use rt_model::case::Case;
use rt_model::derive::{RxRule, beams, summarise};
use rt_model::instance::Content;
use rt_model::read::{ReadOptions, ScanOptions, read_plan, scan};
use rt_model::structure_set::{StructureSet, StructureSetHeader};
use rt_testkit::shared;
use std::ops::ControlFlow;
use std::path::Path;

/// A plan and its columns TxModality, Energy, MUs and TxTime.
type Row = (&'static str, Option<&'static str>, Option<&'static str>, Option<f64>, Option<f64>);

#[rustfmt::skip]
const PLANS: &[Row] = &[
    // Four fields, one aperture each; the CBCT field has no meterset.
    ("eclipse_prostate_phantom/RP.eclipse.dcm", Some("3D"), Some("15MV"), Some(235.073), None),
    // A place holder beam without energy, meterset or shots.
    ("gammaplan_srs/RP.dcm", Some("Gamma Knife"), None, None, None),
    ("gammaplan_srs/RP.gtv_plan.dcm", Some("Gamma Knife"), None, None, None),
    // Six arcs of 358 degrees.
    ("lung2018/RP.eclipse_vmat.dcm", Some("VMAT"), Some("6MV"), Some(3924.547), None),
    // Leaves move between all 30 control points.
    ("lung2018/RP.monaco_imrt.dcm", Some("IMRT sliding window"), Some("6MV"), Some(1399.348), None),
    ("lung2018/RP.monaco_vmat.dcm", Some("VMAT"), Some("6MV"), Some(600.262), None),
    ("monaco_tinyvmat/TinyFS_TinyVMAT.dcm", Some("VMAT"), Some("6MV"), Some(598.84), None),
    // 22 layers a beam.
    ("proton_raystation/plan03_ramp_full/ramped_2Gy_ver2_full.dcm", Some("Proton PBS"), Some("83.5-149.4 MeV"), Some(78588.3), None),
    ("proton_raystation/plan03_sobp_raystation/RP1.2.752.243.1.1.20221209141208883.9000.73261.dcm", Some("Proton PBS"), Some("78.5-149.9 MeV"), Some(497.338), None),
    // Nothing to deliver.
    ("pydicom_rt/ExplVR_BigEndNoMeta.dcm", None, None, None, None),
    ("pydicom_rt/ExplVR_LitEndNoMeta.dcm", None, None, None, None),
    ("pydicom_rt/rtplan.dcm", Some("3D"), Some("6MV"), Some(116.004), None),
    // 5 to 9 segments a beam, leaves still while dose is delivered.
    ("raystation_brain_srs/RP.imrt.dcm", Some("IMRT step-and-shoot"), Some("6MV"), Some(4909.217), None),
    ("raystation_brain_srs/RP.vmat.dcm", Some("VMAT"), Some("6MV"), Some(2942.011), None),
    ("rtplans_various/RP.brainlab_iplan_235.dcm", Some("Dynamic conformal arc"), Some("6MV"), Some(1270.0), None),
    ("rtplans_various/RP.brainlab_iplan_236.dcm", Some("Dynamic conformal arc"), Some("6MV"), Some(1161.0), None),
    // Leaves at rest in some stretches.
    ("rtplans_various/RP.brainlab_iplan_237.dcm", Some("Dynamic conformal arc"), Some("6MV"), Some(1133.0), None),
    ("rtplans_various/RP.brainlab_iplan_238.dcm", Some("Dynamic conformal arc"), Some("6MV"), Some(1300.0), None),
    ("rtplans_various/RP.brainlab_iplan_239.dcm", Some("Dynamic conformal arc"), Some("6MV"), Some(1055.0), None),
    ("rtplans_various/RP.eclipse_electron.dcm", Some("Electron"), Some("9MeV"), Some(250.215), None),
    // Two apertures.
    ("rtplans_various/RP.eclipse_fif.dcm", Some("3D field-in-field"), Some("6MV"), Some(200.0), None),
    // RapidArc, whatever its name: four arcs whose meterset per degree varies by 0.09 to 0.17.
    ("rtplans_various/RP.eclipse_imrt_2017.dcm", Some("VMAT"), Some("6MV"), Some(486.348), None),
    // Three set-up fields besides.
    ("rtplans_various/RP.eclipse_vmat_setup_fields.dcm", Some("VMAT"), Some("6MV"), Some(503.577), None),
    // Two beams of two apertures each.
    ("rtplans_various/RP.monaco_3fractiongroups.dcm", Some("3D,3D field-in-field"), Some("6MV,15MV"), Some(720.0), None),
    ("rtplans_various/RP.monaco_multi_fg.dcm", Some("IMRT sliding window"), Some("6MV"), Some(912.229), None),
];

fn case(path: &Path) -> Case {
    let (info, plan) = read_plan(path, &ReadOptions::default()).unwrap().value;
    let structure_set =
        StructureSet { info: info.clone(), header: StructureSetHeader::default(), rois: Vec::new() };
    Case { plan_info: info, plan, structure_set, doses: Vec::new(), images: None }
}

#[test]
fn every_real_plan_has_the_columns_a_physicist_reads_in_it() {
    let Some(folder) = shared::data() else { return };
    let inventory =
        scan(std::slice::from_ref(&folder), &ScanOptions::default(), &|_| ControlFlow::Continue(())).unwrap();
    let mut found = Vec::new();
    for instance in inventory.instances.iter().filter(|instance| matches!(instance.content, Content::Plan(_)))
    {
        let path = &instance.info.path;
        let summary = summarise(&case(path), None, RxRule::default()).value;
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        let modality = summary.tx_modality.map(|modality| modality.value);
        let energy = summary.energy.map(|energy| energy.value);
        let units = summary.monitor_units.map(|units| (units.value * 1e3).round() / 1e3);
        let time = summary.treatment_time_s.map(|time| time.value);
        found.push(line((&name, modality.as_deref(), energy.as_deref(), units, time)));
    }
    let expected: Vec<String> = PLANS.iter().copied().map(line).collect();
    assert_eq!(found, expected);
}

fn line(
    (name, modality, energy, units, time): (&str, Option<&str>, Option<&str>, Option<f64>, Option<f64>),
) -> String {
    format!("{name}: {modality:?} {energy:?} {units:?} MU {time:?} s")
}

#[test]
fn the_beams_of_real_plans_are_described() {
    let Some(folder) = shared::data() else { return };
    let read = |name: &str| case(&folder.join(name));
    let arc = read("lung2018/RP.eclipse_vmat.dcm");
    let found = beams(&arc.plan, &arc.plan_info.equipment);
    assert_eq!(found.len(), 6);
    let gantry = &found[1].gantry;
    assert_eq!((gantry.start, gantry.stop, gantry.direction()), (Some(179.0), Some(181.0), Some("CC")));
    assert!((gantry.travel.unwrap() - 358.0).abs() < 1e-6, "{gantry:?}");
    assert_eq!((found[1].apertures, found[1].couch.travel), (Some(177), Some(0.0)));
    assert!(
        found[1].technique.evidence.contains("gantry turns 358.0 degrees"),
        "{}",
        found[1].technique.evidence
    );

    let steps = read("raystation_brain_srs/RP.imrt.dcm");
    let found = beams(&steps.plan, &steps.plan_info.equipment);
    let third = &found[2];
    assert_eq!((third.apertures, third.purpose, third.monitor_units), (Some(5), "treatment", Some(65.35238)));
    assert!(
        third.technique.evidence.ends_with("beam 1 of this plan has more than 5"),
        "{}",
        third.technique.evidence
    );
    assert_eq!(found.iter().filter(|beam| beam.purpose == "setup").count(), 9);

    let ions = read("proton_raystation/plan03_ramp_full/ramped_2Gy_ver2_full.dcm");
    let found = beams(&ions.plan, &ions.plan_info.equipment);
    let layers = &found[0].layers;
    assert_eq!((layers.len(), layers[0].energy), (22, ions.plan.beams[0].nominal_energies.first().copied()));
    let delivered: f64 = layers.iter().filter_map(|layer| layer.meterset).sum();
    assert!((delivered - 39_294.15).abs() < 0.01, "{delivered}");
    let spots: f64 = ions.plan.beams[0]
        .path
        .iter()
        .step_by(2)
        .filter_map(|point| point.spots)
        .map(|spots| spots.weight)
        .sum();
    assert!((spots - 39_294.15).abs() < 1.0, "the spots of the layers add up to the beam: {spots}");
}

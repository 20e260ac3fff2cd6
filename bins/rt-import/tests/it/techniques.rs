//! A case of each technique of delivery: its columns and its beams, from files to rows.

use crate::support::{Place, codes};
use rt_phantom::techniques;
use rt_sql::record::{CaseRecord, PlanId};

#[test]
fn every_technique_reaches_the_tables() {
    let place = Place::new();
    let all = techniques::all();
    for technique in &all {
        place.write(&format!("in/{}", technique.name), &technique.case.build().unwrap());
    }
    let (_, report) = place.import(&["in"]);
    for case in report["cases"].as_array().unwrap() {
        assert_eq!(case["status"], "stored", "{case:#}");
    }
    for technique in &all {
        let record = stored(&place, &format!("PHANTOM-{}", technique.name));
        let (plan, name) = (&record.plan, technique.name);
        assert_eq!(plan.tx_modality.as_deref(), Some(technique.modality), "{name}");
        assert_eq!(plan.energy.as_deref(), technique.energy, "{name}");
        assert_eq!(plan.monitor_units, technique.monitor_units, "{name}");
        assert_eq!(plan.treatment_time_s, technique.time_s, "{name}");
        assert!(record.field_sources.iter().any(|field| field.column == "TxModality"), "{name}");
        for beam in &record.delivery.beams {
            assert_eq!(beam.technique.as_deref(), Some(technique.modality), "{name}");
            assert!(beam.evidence.as_ref().is_some_and(|evidence| !evidence.is_empty()), "{name}");
        }
    }
}

#[test]
fn sources_dwells_and_layers_are_kept() {
    let place = Place::new();
    for name in ["brachy_pdr", "brachy_long", "proton_layers"] {
        place.write(&format!("in/{name}"), &techniques::named(name).unwrap().case.build().unwrap());
    }
    let (_, report) = place.import(&["in"]);
    let pulsed = stored(&place, "PHANTOM-brachy_pdr").delivery;
    assert_eq!(pulsed.sources[0].isotope.as_deref(), Some("Ir-192"));
    assert_eq!(
        pulsed.channels.iter().map(|channel| (channel.total_time_s, channel.pulses)).collect::<Vec<_>>(),
        [(Some(30.0), Some(24)), (Some(20.0), Some(24)),]
    );
    // The place without time is passed by.
    let dwells: Vec<_> =
        pulsed.dwells.iter().map(|dwell| (dwell.channel, dwell.position_mm, dwell.time_s)).collect();
    let expected = [(1, 0.0, 10.0), (1, 10.0, 12.5), (1, 15.0, 7.5), (2, 0.0, 20.0)];
    assert_eq!(dwells, expected.map(|(channel, position, time)| (channel, Some(position), Some(time))));
    let long =
        report["cases"].as_array().unwrap().iter().find(|case| case["mrn"] == "PHANTOM-brachy_long").unwrap();
    assert!(codes(long).contains(&"RT0801"), "a time beyond SQL's is told");
    let layers = stored(&place, "PHANTOM-proton_layers").delivery;
    let found: Vec<_> = layers.layers.iter().map(|layer| (layer.energy, layer.spots)).collect();
    assert_eq!(found, [(Some(150.0), 4), (Some(145.0), 4), (Some(140.0), 4)]);
    let beam = &layers.beams[0];
    assert_eq!(
        (beam.range_shifters.as_deref(), beam.snout.as_deref(), beam.spots),
        (Some("RS 5 cm"), Some("SNOUT 1"), Some(12))
    );
    assert_eq!(beam.snout_position_mm, Some(421.0));
}

#[test]
fn the_users_prescription_is_stored_and_audited() {
    let place = Place::new();
    let case = rt_phantom::fixtures::sound("stated").build().unwrap();
    place.write("in", &case);
    let uid = match case.files[0].data.get("SOPInstanceUID") {
        Some(rt_phantom::Value::Text(uid)) => uid.clone(),
        other => panic!("{other:?}"),
    };
    let (code, report) = place.import(&["in", "--rx", &format!("{uid}=50.4Gy"), "--rx", "1.2.3=60Gy"]);
    assert_eq!(code, 0);
    assert!(
        report["findings"].as_array().unwrap().iter().any(|finding| finding["code"] == "RT0621"),
        "1.2.3 is no plan here"
    );
    let record = stored(&place, "PHANTOM-stated");
    let chosen = record.prescriptions.iter().find(|candidate| candidate.chosen).unwrap();
    assert_eq!(
        (chosen.source.as_str(), chosen.dose.map(|dose| dose.0), chosen.settled),
        ("override", Some(50.4), true)
    );
    assert!(
        record
            .prescriptions
            .iter()
            .any(|candidate| candidate.source == "target_linked" && candidate.conflict)
    );
    // The stored rows stay: that other options would give others is told.
    let (_, again) = place.import(&["in"]);
    assert_eq!(
        (&again["cases"][0]["status"], codes(&again["cases"][0]).contains(&"RT0802")),
        (&"unchanged".into(), true)
    );
}

#[test]
fn relative_doses_need_the_users_word() {
    let place = Place::new();
    let case = rt_phantom::fixtures::named("relative").unwrap().case().unwrap();
    place.write("in", &case);
    let (_, report) = place.import(&["in", "--relative-dose", "2"]);
    assert_eq!(report["cases"][0]["status"], "stored", "{:#}", report["cases"][0]);
    assert!(codes(&report["cases"][0]).contains(&"RT0403"));
}

fn stored(place: &Place, mrn: &str) -> CaseRecord {
    let mrn = mrn.to_owned();
    place.read(|database| async move { database.case(&mrn, PlanId(1)).await.unwrap().unwrap() })
}

//! The program on a database that the original importer made.

use crate::mariadb::Server;
use crate::stores::Store;
use crate::support::Place;
use rt_model::patient::Patient;
use rt_phantom::fixtures;
use rt_testkit::original_importer::{DVHS, OLD_DVH, OLD_PLAN, PLANS};

const DECLARED: &str = "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() \
     AND TABLE_NAME IN ('Plans', 'DVHs') AND COLUMN_TYPE IN ('varchar(12)', 'tinyint(4) unsigned', 'varchar(3)', 'int(6) unsigned')";

/// The original importer's database with one plan of MRN abc123.
fn original(place: &Place, engine: &str) -> Option<Store> {
    let store = Store::on(&Server::shared()?);
    for table in [PLANS, DVHS] {
        store.execute(place, &format!("{table} ENGINE={engine} DEFAULT CHARSET=latin1"));
    }
    store.execute(place, OLD_PLAN);
    store.execute(place, OLD_DVH);
    Some(store)
}

#[test]
fn plans_are_imported_listed_shown_exported_and_deleted_beside_the_old_ones() {
    let place = Place::new();
    let Some(store) = original(&place, "InnoDB") else { return };
    let declared = store.count(DECLARED);
    let patient = Patient { id: "abc123".into(), ..Patient::default() };
    place.write("in", &fixtures::sound("new").patient(patient).build().unwrap());
    let ran = store.run(&place, &["run", "in"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let list = store.json(&place, &["list"]);
    let plans: Vec<_> =
        list["plans"].as_array().unwrap().iter().map(|plan| (&plan["plan_id"], &plan["standing"])).collect();
    assert_eq!(plans, [(&1.into(), &"original importer".into()), (&2.into(), &"current".into())]);
    let shown = store.run(&place, &["show", "abc123", "1"]).out;
    assert!(shown.contains("Heart") && shown.contains("original importer"), "{shown}");
    assert_eq!(
        store.run(&place, &["export", "dvhs"]).out.lines().count(),
        3,
        "the cohort has what this program stored"
    );
    assert_eq!(store.run(&place, &["export", "dvhs", "--all"]).out.lines().count(), 4);
    assert_eq!(store.json(&place, &["delete", "abc123", "1", "--yes"])["dvhs"], 1);
    assert_eq!(store.json(&place, &["delete", "abc123", "2", "--yes"])["dvhs"], 2);
    assert_eq!(store.run(&place, &["list"]).out, "no plans\n");
    let looks = store.run(&place, &["doctor"]);
    assert!(looks.code == 0 && looks.out.contains("0 plans, 0 of the original importer"), "{}", looks.out);
    assert_eq!(store.count(DECLARED), declared, "its tables are as they were");
}

#[test]
fn tables_without_transactions_are_refused_with_the_cure() {
    let place = Place::new();
    let Some(store) = original(&place, "MyISAM") else { return };
    place.write("in", &fixtures::sound("new").build().unwrap());
    for arguments in [&["run", "in"][..], &["init"], &["list"], &["delete", "abc123", "1", "--yes"]] {
        let ran = store.run(&place, arguments);
        assert!(
            ran.code == 2 && ran.err.contains("`ALTER TABLE Plans ENGINE=InnoDB`"),
            "{arguments:?}: {} {}",
            ran.code,
            ran.err
        );
    }
    let looks = store.run(&place, &["doctor"]);
    assert!(looks.code == 1 && looks.out.contains("ALTER TABLE Plans ENGINE=InnoDB"), "{}", looks.out);
    for table in ["Plans", "DVHs"] {
        store.execute(&place, &format!("ALTER TABLE {table} ENGINE=InnoDB"));
    }
    assert_eq!(store.run(&place, &["run", "in"]).code, 0);
}

//! A database that the original importer made: opened and used as it is.

mod support;

use rt_model::date::{Date, DateTime};
use rt_model::finding::database;
use rt_model::units::{Cm3, Gy};
use rt_sql::record::{Act, PlanId};
use rt_sql::{Outcome, SqlErrorKind};
use rt_testkit::original_importer::{DVHS, OLD_DVH, OLD_PLAN, PLANS};
use support::Place;
use support::cases::case;

const DECLARED: &str = "SELECT GROUP_CONCAT(CONCAT_WS(' ', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_KEY, \
     COLLATION_NAME) ORDER BY TABLE_NAME, ORDINAL_POSITION) FROM information_schema.COLUMNS \
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('Plans', 'DVHs')";

async fn legacy(place: &Place, table_options: &str) {
    for table in [PLANS, DVHS] {
        place.execute(&format!("{table} {table_options}")).await.unwrap();
    }
    place.execute(OLD_PLAN).await.unwrap();
    place.execute(OLD_DVH).await.unwrap();
}

/// Whatever collation the tables were made with.
#[test]
fn original_tables_are_used_as_they_are() {
    support::run(async {
        for options in [
            "ENGINE=InnoDB DEFAULT CHARSET=latin1",
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci",
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci",
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
        ] {
            let Some(place) = Place::mariadb().await else { return };
            legacy(&place, options).await;
            let declared = place.text(DECLARED).await;
            let database = place.open().await.unwrap();
            // Three patients: the one from before and two others whose MRN a collation takes for the same.
            for (content, mrn, plan_id) in [(1, "abc123", 2), (2, "ABC123", 1), (3, "abc123 ", 1)] {
                let mut record = case(mrn, "1.1", content);
                record.identity.birth_date = Date::new(1950, 1, content);
                record.plan.patient_orientation = Some("HFS".into());
                let stored = database.store_case(&record).await.unwrap();
                assert_eq!(
                    (stored.plan_id, stored.outcome),
                    (PlanId(plan_id), Outcome::Stored),
                    "{mrn:?} {options}"
                );
                assert_eq!(stored.findings, [], "{mrn:?} {options}");
                assert_eq!(database.store_case(&record).await.unwrap().outcome, Outcome::Unchanged);
                record.plan.rx_dose = Some(Gy(70.2));
                assert_eq!(database.case(mrn, PlanId(plan_id)).await.unwrap().unwrap(), record);
                assert_eq!(database.dvhs(mrn, PlanId(plan_id)).await.unwrap().len(), 4, "{mrn:?} {options}");
            }
            let old = &database.plans(Some("abc123")).await.unwrap()[0];
            assert_eq!(
                (old.plan_id, old.birth_date, old.sex, old.plan.rx_dose),
                (PlanId(1), None, None, Some(Gy(60.0)))
            );
            assert_eq!((old.plan.plan_timestamp, old.plan.structures_timestamp.is_some()), (None, true));
            let heart = &database.dvhs("abc123", PlanId(1)).await.unwrap()[0];
            assert_eq!((heart.volume, heart.curve.as_ref().unwrap().cumulative.len()), (Some(Cm3(500.5)), 3));
            // Of the old plan nobody knows whether it is current, so it is not counted.
            assert_eq!(database.cohort_plans().await.unwrap().len(), 3, "{options}");
            assert_eq!(place.text("SELECT COUNT(*) FROM CohortDVHs").await, "12", "{options}");
            assert_eq!(place.text(DECLARED).await, declared);
        }
    });
}

#[test]
fn the_narrow_columns_of_the_original_are_kept() {
    support::run(async {
        let Some(place) = Place::mariadb().await else { return };
        legacy(&place, "ENGINE=InnoDB DEFAULT CHARSET=latin1").await;
        let database = place.open().await.unwrap();
        let mut record = case("B1", "1.1", 1);
        record.plan.rad_onc = Some("Łódź".into());
        let findings = database.store_case(&record).await.unwrap().findings;
        assert!(findings.iter().all(|finding| finding.code == database::VALUE_DOES_NOT_FIT));
        let texts: Vec<_> = findings.iter().map(|finding| finding.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "expected characters of latin1 for Plans.RadOnc, found 'Ł': stored as NULL",
                "expected at most 3 characters for Plans.PatientOrientation, found 4 characters: stored as NULL",
            ]
        );
        let long = database.store_case(&case("1234567890123", "1.1", 1)).await.unwrap_err();
        assert_eq!(
            long.to_string(),
            "case/RP.dcm [1.1]: expected at most 12 characters for Plans.MRN, found 13 characters"
        );
        place.execute("INSERT INTO Plans (MRN, PlanID) VALUES ('full', 255)").await.unwrap();
        let full = database.store_case(&case("full", "1.1", 1)).await.unwrap_err();
        assert_eq!(full.to_string(), "case/RP.dcm [1.1]: expected 0 to 255 for Plans.PlanID, found 256");
        assert_eq!(place.text("SELECT COUNT(*) FROM Imports").await, "1");
    });
}

#[test]
fn tables_without_transactions_are_refused_with_the_cure() {
    support::run(async {
        let Some(place) = Place::mariadb().await else { return };
        legacy(&place, "ENGINE=MyISAM").await;
        for _table in ["Plans", "DVHs"] {
            let error = place.open().await.err().unwrap();
            assert!(matches!(error.kind(), SqlErrorKind::Engine { .. }), "{error}");
            let cure = error.to_string().split('`').nth(1).unwrap().to_owned();
            assert!(cure.starts_with("ALTER TABLE") && error.to_string().contains("MyISAM"), "{error}");
            assert_eq!(
                place
                    .text("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")
                    .await,
                "2"
            );
            place.execute(&cure).await.unwrap();
        }
        place.open().await.unwrap();
    });
}

#[test]
fn tables_of_another_program_are_refused() {
    support::run(async {
        let Some(place) = Place::mariadb().await else { return };
        place.execute("CREATE TABLE Plans (MRN varchar(12), Name text)").await.unwrap();
        let error = place.open().await.err().unwrap();
        assert_eq!(error.to_string(), "expected a column PlanID in table Plans, found none");
    });
}

/// Whatever a collation takes for the same: listed, moved, excluded, computed anew, deleted, purged, and
/// nothing of the tables' declarations is another afterwards.
#[test]
fn plans_of_the_original_importer_are_listed_moved_deleted_and_purged() {
    support::run(async {
        let Some(place) = Place::mariadb().await else { return };
        legacy(&place, "ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci").await;
        let declared = place.text(DECLARED).await;
        let database = place.open().await.unwrap();
        for mrn in ["ABC123", "abc123 "] {
            let mut record = case(mrn, "1.1", 1);
            record.plan.patient_orientation = Some("HFS".into());
            database.store_case(&record).await.unwrap();
        }
        let listed = database.list(Some("abc123")).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].plan.mrn.as_str(), &listed[0].standing), ("abc123", &None));
        assert_eq!(database.plan_tables("abc123", PlanId(1)).await.unwrap()[1].rows.len(), 1);

        let error = database.move_plan("abc123", PlanId(1), "1234567890123", &act()).await.unwrap_err();
        assert!(error.to_string().contains("at most 12 characters for Plans.MRN"), "{error}");
        database.move_plan("abc123", PlanId(1), "moved", &act()).await.unwrap();
        database.exclude("moved", Some(PlanId(1)), &act()).await.unwrap();
        assert_eq!(database.dvhs("moved", PlanId(1)).await.unwrap().len(), 1);
        let error = database
            .recompute("moved", PlanId(1), &case("moved", "1.1", 1), &act(), false)
            .await
            .unwrap_err();
        assert!(matches!(error.kind(), SqlErrorKind::NotStored { .. }), "{error}");
        let deleted = database.delete_plan("moved", PlanId(1), &act()).await.unwrap();
        assert_eq!(deleted.dvhs, 1);
        let next = database.store_case(&case("moved", "1.5", 5)).await.unwrap();
        assert_eq!(next.plan_id, PlanId(2), "a deleted number of the original importer stays used");

        let mut newer = case("ABC123", "1.1", 1);
        newer.plan.patient_orientation = Some("HFS".into());
        newer.plan.fractions = Some(40);
        let recomputed = database.recompute("ABC123", PlanId(1), &newer, &act(), false).await.unwrap();
        assert_eq!(recomputed.changes.len(), 1, "{recomputed:?}");
        database.purge_patient("abc123 ", &act()).await.unwrap();
        let left = database.list(None).await.unwrap();
        let left: Vec<&str> = left.iter().map(|listed| listed.plan.mrn.as_str()).collect();
        assert_eq!(left, ["ABC123", "moved"], "nobody else went");
        assert_eq!(place.text("SELECT Fractions FROM Plans WHERE BINARY MRN = 'ABC123'").await, "40");
        assert_eq!(place.text(DECLARED).await, declared);
    });
}

fn act() -> Act {
    let at = DateTime { date: Date::new(2026, 11, 22).unwrap(), time: None };
    Act { at, who: "curator".into(), host: "desk".into(), version: "0.1.0".into(), reason: String::new() }
}

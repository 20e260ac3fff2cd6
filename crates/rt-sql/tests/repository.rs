//! What storing and reading back must do, the same on SQLite and on MariaDB.

#[path = "support/both.rs"]
mod both;
mod support;

use both::on_both;
use rt_model::date::Date;
use rt_model::finding::database;
use rt_model::patient::Sex;
use rt_model::uid::Uid;
use rt_model::units::Gy;
use rt_sql::record::PlanId;
use rt_sql::{Outcome, SqlErrorKind};
use support::Place;
use support::cases::{accepted, case};

on_both! {
    a_case_comes_back_as_it_was_stored,
    columns_hold_what_the_original_tables_mean,
    the_same_content_is_stored_once,
    other_options_are_told_and_nothing_changes,
    another_version_of_a_plan_takes_its_place,
    numbers_are_never_used_twice,
    patients_differ_in_case_and_trailing_blanks,
    another_person_under_the_mrn_is_refused,
    names_are_data,
    what_does_not_fit_is_told_or_refused,
    the_cohort_counts_each_current_clinical_plan_once,
    two_importers_race_on_one_mrn,
    patients_are_stored_side_by_side,
    the_audit_is_written_with_the_case,
    records_that_contradict_themselves_are_refused,
    a_newer_schema_is_refused,
    opening_twice_changes_nothing,
    many_rois_and_long_curves_fit,
}

async fn a_case_comes_back_as_it_was_stored(place: Place) {
    let database = place.open().await.unwrap();
    let record = case("A1", "1.2.3.4", 1);
    let stored = database.store_case(&record).await.unwrap();
    assert_eq!((stored.plan_id, stored.outcome, stored.supersedes), (PlanId(1), Outcome::Stored, None));
    assert_eq!(stored.findings, []);
    assert_eq!(database.case("A1", PlanId(1)).await.unwrap().unwrap(), record);
    assert_eq!(database.case("A1", PlanId(2)).await.unwrap(), None);
    assert_eq!(database.case("B", PlanId(1)).await.unwrap(), None);
}

async fn columns_hold_what_the_original_tables_mean(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("A1", "1.2.3.4", 1)).await.unwrap();
    for (column, text) in [
        ("PlanID", "1"),
        ("Birthdate", "1950-06-15"),
        ("Age", "73"),
        ("Sex", "F"),
        ("RxDose", "70.2"),
        ("Fractions", "39"),
        ("PatientOrientation", "HFDL"),
        ("PlanTimeStamp", "2024-02-29 09:15:30"),
        // Half to even: 512.5 MU, 754.25 s.
        ("MUs", "512"),
        ("TxTime", "00:12:34"),
    ] {
        assert_eq!(place.text(&format!("SELECT {column} FROM Plans")).await, text, "{column}");
    }
    assert_eq!(place.text("SELECT Meterset_MU FROM PlanStatus").await, "512.5");
    assert_eq!(place.text("SELECT TxTime_s FROM PlanStatus").await, "754.25");
    let curve = place.text("SELECT VolumeString FROM DVHs WHERE ROIName = 'PTV'").await;
    assert!(curve.starts_with("120.25,120.234,") && curve.ends_with(",0"), "{}", &curve[..40]);
    // The ROI outside the grid has a row without doses, the point has none.
    assert_eq!(place.text("SELECT COUNT(*) FROM DVHs").await, "4");
    assert_eq!(
        place.text("SELECT Volume FROM DVHs WHERE ROIName = 'Outside' AND MaxDose IS NULL").await,
        "5.5"
    );
    assert_eq!(place.text("SELECT VolumeString FROM DVHs WHERE ROIName = 'Outside'").await, "NULL");
    assert_eq!(place.text("SELECT Reason FROM RoiDetails WHERE ROINumber = 5").await, "no closed contour");
}

async fn the_same_content_is_stored_once(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("A1", "1.2.3.4", 1)).await.unwrap();
    let again = database.store_case(&case("A1", "1.2.3.4", 1)).await.unwrap();
    assert_eq!((again.plan_id, again.outcome), (PlanId(1), Outcome::Unchanged));
    assert_eq!(again.findings, []);
    assert_eq!(place.text("SELECT COUNT(*) FROM ImportFiles").await, "3");
    // Exported anew with other UIDs.
    let exported = database.store_case(&case("A1", "1.2.3.5", 1)).await.unwrap();
    assert_eq!((exported.plan_id, exported.outcome), (PlanId(1), Outcome::Unchanged));
    let imports = database.imports(Some("A1")).await.unwrap();
    assert_eq!((imports.len(), imports[0].import.files.len()), (1, 6));
    assert_eq!(place.text("SELECT COUNT(*) FROM Plans").await, "1");
    // The new UID is as good as the first: another version of that plan supersedes.
    let changed = database.store_case(&case("A1", "1.2.3.5", 2)).await.unwrap();
    assert_eq!(changed.supersedes, Some(PlanId(1)));
    // The same content under another MRN is another patient's.
    let other = database.store_case(&case("B1", "1.2.3.4", 1)).await.unwrap();
    assert_eq!((other.plan_id, other.outcome), (PlanId(1), Outcome::Stored));
}

async fn other_options_are_told_and_nothing_changes(place: Place) {
    let database = place.open().await.unwrap();
    let record = case("A1", "1.2.3.4", 1);
    database.store_case(&record).await.unwrap();
    let mut other = record.clone();
    other.import.dvh_options = "dosebridge-1 bin 0.1 Gy".into();
    let stored = database.store_case(&other).await.unwrap();
    assert_eq!(stored.outcome, Outcome::Unchanged);
    assert_eq!(stored.findings[0].code, database::STORED_WITH_OTHER_OPTIONS);
    assert!(
        stored.findings[0].text.contains("dosebridge-1 bin 0.01 Gy; recompute"),
        "{}",
        stored.findings[0]
    );
    assert_eq!(database.case("A1", PlanId(1)).await.unwrap().unwrap(), record);
}

async fn another_version_of_a_plan_takes_its_place(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("A1", "1.2.3.4", 1)).await.unwrap();
    database.store_case(&case("A1", "9.9", 9)).await.unwrap();
    let newer = database.store_case(&case("A1", "1.2.3.4", 2)).await.unwrap();
    assert_eq!(
        (newer.plan_id, newer.outcome, newer.supersedes),
        (PlanId(3), Outcome::Stored, Some(PlanId(1)))
    );
    assert_eq!(newer.findings[0].code, database::SUPERSEDES_STORED_PLAN);
    let imports = database.imports(Some("A1")).await.unwrap();
    let states: Vec<_> =
        imports.iter().map(|import| (import.plan_id.0, import.state.as_str(), import.supersedes)).collect();
    assert_eq!(states, [(1, "superseded", None), (2, "stored", None), (3, "stored", Some(PlanId(1)))]);
    assert_eq!(place.texts("SELECT PlanID FROM CohortPlans ORDER BY PlanID").await, ["2", "3"]);
    // The old version once more: known, and still superseded.
    let old = database.store_case(&case("A1", "1.2.3.4", 1)).await.unwrap();
    assert_eq!((old.plan_id, old.outcome), (PlanId(1), Outcome::Unchanged));
    assert_eq!(old.findings[0].code, database::STORED_AND_SUPERSEDED);
}

async fn numbers_are_never_used_twice(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("A1", "1.1", 1)).await.unwrap();
    database.store_case(&case("A1", "1.2", 2)).await.unwrap();
    place.execute("DELETE FROM DVHs WHERE PlanID = 2").await.unwrap();
    place.execute("DELETE FROM Plans WHERE PlanID = 2").await.unwrap();
    // Deleted content is not "unchanged": it is stored, under a new number.
    let again = database.store_case(&case("A1", "1.2", 2)).await.unwrap();
    assert_eq!((again.plan_id, again.outcome, again.supersedes), (PlanId(3), Outcome::Stored, None));
}

async fn patients_differ_in_case_and_trailing_blanks(place: Place) {
    let database = place.open().await.unwrap();
    let mrns = ["abc123", "ABC123", "abc123 ", " abc123", "äbc123"];
    for (content, mrn) in mrns.iter().enumerate() {
        let mut record = case(mrn, "1.2", content as u8);
        // Another person each: taken for one, they would be refused.
        record.identity.birth_date = Date::new(1950, 1, 1 + content as u8);
        let stored = database.store_case(&record).await.unwrap();
        assert_eq!((stored.plan_id, stored.outcome), (PlanId(1), Outcome::Stored), "{mrn:?}");
    }
    for (content, mrn) in mrns.iter().enumerate() {
        let plans = database.plans(Some(mrn)).await.unwrap();
        assert_eq!(plans.len(), 1, "{mrn:?}");
        assert_eq!(
            (plans[0].mrn.as_str(), plans[0].birth_date),
            (*mrn, Date::new(1950, 1, 1 + content as u8))
        );
        assert_eq!(database.dvhs(mrn, PlanId(1)).await.unwrap().len(), 4, "{mrn:?}");
    }
    assert_eq!(database.plans(None).await.unwrap().len(), mrns.len());
    assert_eq!(database.cohort_plans().await.unwrap().len(), mrns.len());
    // And for whoever queries the tables by hand.
    assert_eq!(place.text("SELECT COUNT(*) FROM Plans WHERE MRN = 'abc123'").await, "1");
    assert_eq!(place.text("SELECT COUNT(*) FROM CohortDVHs WHERE MRN = 'abc123 '").await, "4");
}

async fn another_person_under_the_mrn_is_refused(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("A1", "1.1", 1)).await.unwrap();
    let mut born = case("A1", "1.2", 2);
    born.identity.birth_date = Date::new(1951, 6, 15);
    let mut sex = case("A1", "1.2", 2);
    sex.identity.sex = Some(Sex::Male);
    let mut issuer = case("A1", "1.2", 2);
    issuer.identity.issuer = Some("Other hospital".into());
    for (record, what) in [(born, "birth date"), (sex, "sex"), (issuer, "issuer")] {
        let error = database.store_case(&record).await.unwrap_err();
        assert!(
            matches!(error.kind(), SqlErrorKind::OtherPerson { differs, .. } if *differs == what),
            "{error}"
        );
        assert!(error.refuses_case() && error.to_string().contains("case/RP.dcm"), "{error}");
        assert!(!error.to_string().contains("195"), "no birth date in messages: {error}");
    }
    let mut unknown = case("A1", "1.2", 2);
    (unknown.identity.birth_date, unknown.identity.sex, unknown.identity.issuer) = (None, None, None);
    assert_eq!(database.store_case(&unknown).await.unwrap().plan_id, PlanId(2));
    assert_eq!(place.text("SELECT COUNT(*) FROM Plans").await, "2");
}

async fn names_are_data(place: Place) {
    let database = place.open().await.unwrap();
    let mut record = case("Robert'); DROP TABLE DVHs;--", "1.1", 1);
    let wide = "\u{1F9E0}".repeat(64);
    for (roi, name) in record.rois.iter_mut().zip(["x'); DROP TABLE Plans;--", &wide, "%_\\", "", "\"`' "]) {
        roi.name = name.into();
    }
    database.store_case(&record).await.unwrap();
    assert_eq!(database.case(&record.identity.mrn, PlanId(1)).await.unwrap().unwrap(), record);
}

async fn what_does_not_fit_is_told_or_refused(place: Place) {
    let database = place.open().await.unwrap();
    let mut record = case("A1", "1.1", 1);
    record.plan.rad_onc = Some("x".repeat(51));
    record.plan.fractions = Some(256);
    record.plan.monitor_units = Some(5e9);
    record.plan.treatment_time_s = Some(3_024_000.0);
    record.rois[0].mean = Some(Gy(f64::NAN));
    let stored = database.store_case(&record).await.unwrap();
    for (column, limit) in [
        ("Plans.RadOnc", "50 characters"),
        ("Plans.Fractions", "0 to 255"),
        ("Plans.MUs", "0 to 4294967295"),
        ("Plans.TxTime", "838:59:59"),
        ("DVHs.MeanDose", "a finite number"),
    ] {
        let finding = stored.findings.iter().find(|finding| finding.text.contains(column)).unwrap();
        assert_eq!(finding.code, database::VALUE_DOES_NOT_FIT);
        assert!(finding.text.contains(limit), "{finding}");
        let (table, column) = column.split_once('.').unwrap();
        let which = if table == "DVHs" { "WHERE ROIName = 'PTV'" } else { "" };
        assert_eq!(place.text(&format!("SELECT {column} FROM {table} {which}")).await, "NULL", "{column}");
    }
    // The exact values are beside it, and so are the findings.
    assert_eq!(place.text("SELECT Meterset_MU FROM PlanStatus").await, "5000000000");
    assert_eq!(
        place.text("SELECT COUNT(*) FROM Findings WHERE Code = 'RT0801' AND ROINumber IS NULL").await,
        "6"
    );

    let mut long_mrn = case(&"9".repeat(65), "1.1", 1);
    let mut long_name = case("B1", "1.1", 1);
    long_name.rois[0].name = "n".repeat(65);
    let mut long_uid = case("B1", "1.1", 1);
    long_uid.identity.plan_uid = Uid::new(&"1".repeat(256)).unwrap();
    long_uid.import.files[0].sop_instance = long_uid.identity.plan_uid.clone();
    long_mrn.audit.clear();
    for (record, column) in
        [(long_mrn, "Plans.MRN"), (long_name, "DVHs.ROIName"), (long_uid, "Imports.PlanUID")]
    {
        let error = database.store_case(&record).await.unwrap_err();
        assert!(error.refuses_case() && error.to_string().contains(column), "{error}");
        assert_eq!(place.text("SELECT COUNT(*) FROM Plans").await, "1", "{column}");
        assert_eq!(place.text("SELECT COUNT(*) FROM Imports").await, "1", "{column}");
    }
}

async fn the_cohort_counts_each_current_clinical_plan_once(place: Place) {
    let database = place.open().await.unwrap();
    let mut qa = case("A1", "1.1", 1);
    qa.status.qa = true;
    let mut unsettled = case("A1", "1.2", 2);
    unsettled.prescriptions[0].source = "rtdose_max".into();
    unsettled.prescriptions[0].settled = false;
    let mut none = case("A1", "1.3", 3);
    none.prescriptions.clear();
    for record in [&qa, &unsettled, &none, &case("A1", "1.4", 4), &case("A1", "1.4", 5)] {
        database.store_case(record).await.unwrap();
    }
    let cohort = database.cohort_plans().await.unwrap();
    let found: Vec<_> =
        cohort.iter().map(|plan| (plan.plan_id.0, plan.prescribed_dose, plan.rx_source.as_deref())).collect();
    assert_eq!(
        found,
        [(2, None, Some("rtdose_max")), (3, None, None), (5, Some(Gy(70.2)), Some("dose_reference"))]
    );
    assert_eq!(cohort[0].dose_type.as_deref(), Some("PHYSICAL"));
    assert_eq!(place.text("SELECT COUNT(*) FROM CohortDVHs WHERE PlanID = 5").await, "4");
    assert_eq!(
        place.text("SELECT Coverage_percent FROM CohortDVHs WHERE PlanID = 5 AND ROIName = 'Organ'").await,
        "99.5"
    );
}

async fn two_importers_race_on_one_mrn(place: Place) {
    const CASES: u8 = 8;
    let importer = |first: u8| {
        let (url, options) = (place.url.clone(), place.options.clone());
        tokio::spawn(async move {
            let database = rt_sql::Database::open(&url, &options).await.unwrap();
            let mut ids = Vec::new();
            for content in first..first + CASES {
                ids.push(
                    database
                        .store_case(&case("A1", &format!("1.{content}"), content))
                        .await
                        .unwrap()
                        .plan_id
                        .0,
                );
            }
            ids
        })
    };
    // They also race to make the tables.
    let (one, two) = (importer(0), importer(100));
    let mut ids = [one.await.unwrap(), two.await.unwrap()].concat();
    ids.sort_unstable();
    assert_eq!(ids, (1..=u16::from(CASES) * 2).collect::<Vec<_>>());
    assert_eq!(place.text("SELECT COUNT(*) FROM DVHs").await, (usize::from(CASES) * 2 * 4).to_string());
}

/// Transactions of different patients neither wait for each other's locks for ever nor fail by a deadlock.
async fn patients_are_stored_side_by_side(place: Place) {
    let database = place.open().await.unwrap();
    let importers: Vec<_> = (0..6)
        .map(|patient| {
            let (database, mrn) = (database.clone(), format!("P{patient}"));
            tokio::spawn(async move {
                for content in 0..8 {
                    // Every other one supersedes.
                    let record = case(&mrn, &format!("1.{}", content / 2), content);
                    database.store_case(&record).await.unwrap();
                }
            })
        })
        .collect();
    for importer in importers {
        importer.await.unwrap();
    }
    assert_eq!(place.text("SELECT COUNT(*) FROM Plans").await, "48");
    assert_eq!(place.text("SELECT COUNT(*) FROM CohortPlans").await, "24");
}

async fn the_audit_is_written_with_the_case(place: Place) {
    let database = place.open().await.unwrap();
    let mut record = case("A1", "1.1", 1);
    record.audit = vec![accepted()];
    database.store_case(&record).await.unwrap();
    for (column, text) in [
        ("Who", "physicist"),
        ("Host", "workstation"),
        ("Action", "accept"),
        ("Reason", "A=B"),
        ("PlanID", "1"),
    ] {
        assert_eq!(place.text(&format!("SELECT {column} FROM Audit WHERE Action = 'accept'")).await, text);
    }
    let of_imports = "SELECT CONCAT(PlanID, ' ', Who, ' ', Version, ' ', Reason) FROM Audit WHERE Action = 'import' ORDER BY AuditID";
    let first = format!("1 physicist {} 4 DVHs stored", record.import.engine_version);
    assert_eq!(place.texts(of_imports).await, std::slice::from_ref(&first));
    database.store_case(&record).await.unwrap();
    assert_eq!(place.texts(of_imports).await, std::slice::from_ref(&first), "nothing changed");
    let mut copied = record.clone();
    copied.import.files[1].sop_instance = rt_model::uid::Uid::new("1.2.3.4.77").unwrap();
    database.store_case(&copied).await.unwrap();
    let added =
        format!("1 physicist {} 1 files added that hold the same content", record.import.engine_version);
    assert_eq!(place.texts(of_imports).await, [first, added]);
    if place.is_sqlite() {
        // On a server the rights of the account see to that: docs/database.md.
        for statement in ["DELETE FROM Audit", "UPDATE Audit SET Who = 'x'"] {
            assert!(place.execute(statement).await.unwrap_err().contains("append-only"), "{statement}");
        }
    }
}

async fn records_that_contradict_themselves_are_refused(place: Place) {
    let database = place.open().await.unwrap();
    let good = case("A1", "1.1", 1);
    let mut twice = good.clone();
    twice.rois[1].number = 1;
    let mut chosen = good.clone();
    chosen.prescriptions[1].chosen = true;
    let mut anonymous = good.clone();
    anonymous.identity.mrn.clear();
    let mut no_plan = good.clone();
    no_plan.import.files.remove(0);
    let mut unexplained = good.clone();
    unexplained.rois[4].reason = None;
    let mut endless = good.clone();
    endless.rois[0].curve.as_mut().unwrap().cumulative.pop();
    for record in [twice, chosen, anonymous, no_plan, unexplained, endless] {
        let error = database.store_case(&record).await.unwrap_err();
        assert!(matches!(error.kind(), SqlErrorKind::Record { .. }) && error.refuses_case(), "{error}");
    }
    assert_eq!(place.text("SELECT COUNT(*) FROM Plans").await, "0");
}

async fn a_newer_schema_is_refused(place: Place) {
    place.open().await.unwrap();
    let known: i64 = place.text("SELECT MAX(version) FROM dosebridge_schema").await.parse().unwrap();
    let newer =
        format!("INSERT INTO dosebridge_schema VALUES ({}, 'later', '2030-01-01T00:00:00Z', '1')", known + 7);
    place.execute(&newer).await.unwrap();
    let error = place.open().await.err().unwrap();
    assert_eq!(*error.kind(), SqlErrorKind::SchemaNewer { found: known + 7, known });
    assert!(
        error.to_string().contains(&known.to_string())
            && error.to_string().contains(&(known + 7).to_string()),
        "{error}"
    );
}

async fn opening_twice_changes_nothing(place: Place) {
    let first = place.open().await.unwrap();
    first.store_case(&case("A1", "1.1", 1)).await.unwrap();
    let second = place.open().await.unwrap();
    assert_eq!(second.store_case(&case("A1", "1.1", 1)).await.unwrap().outcome, Outcome::Unchanged);
    first.close().await;
    assert_eq!(second.plans(None).await.unwrap().len(), 1);
}

async fn many_rois_and_long_curves_fit(place: Place) {
    let database = place.open().await.unwrap();
    let mut record = case("A1", "1.1", 1);
    let mut long = record.rois[0].clone();
    let bins = rt_sql::record::MAX_BINS;
    long.curve.as_mut().unwrap().cumulative = (0..bins).map(|i| (bins - 1 - i) as f64 / 1e3).collect();
    // More rows than one statement takes, more text than one packet.
    for number in 10..240 {
        let template = if number < 30 { &long } else { &record.rois[1] };
        record.rois.push(rt_sql::record::RoiRow {
            number,
            name: format!("ROI {number}"),
            ..template.clone()
        });
    }
    database.store_case(&record).await.unwrap();
    assert_eq!(database.case("A1", PlanId(1)).await.unwrap().unwrap(), record);
}

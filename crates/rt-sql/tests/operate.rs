//! Deleting, moving, excluding, purging, computing anew: the same on SQLite and on MariaDB.

#[path = "support/both.rs"]
mod both;
mod support;

use both::on_both;
use rt_model::date::{Date, DateTime};
use rt_model::finding::database;
use rt_model::units::Gy;
use rt_sql::record::{Act, AuditRow, CaseRecord, PlanId};
use rt_sql::{Moved, Outcome, Source, SqlErrorKind, Value};
use support::Place;
use support::cases::case;

on_both! {
    a_deleted_plan_leaves_its_number_and_its_log,
    deleting_a_version_brings_the_one_before_back,
    a_moved_plan_takes_its_versions_along,
    what_was_moved_is_recognised_under_the_old_number,
    a_move_to_another_person_or_onto_itself_is_refused,
    what_is_excluded_leaves_the_cohort_and_comes_back,
    a_purged_patient_is_nowhere,
    computing_anew_keeps_what_moved,
    a_trial_of_computing_anew_changes_nothing,
    every_table_of_a_plan_is_known,
    the_log_grows_only,
}

fn act(reason: &str) -> Act {
    let at = DateTime { date: Date::new(2026, 11, 22).unwrap(), time: None };
    Act { at, who: "curator".into(), host: "desk".into(), version: "0.1.0".into(), reason: reason.into() }
}

/// The case with other content, as a planning system that changed the plan would export it.
fn version(mrn: &str, content: u8) -> CaseRecord {
    case(mrn, "1.1", content)
}

async fn count(place: &Place, table: &str, mrn: &str) -> String {
    place.text(&format!("SELECT COUNT(*) FROM {table} WHERE MRN = '{mrn}'")).await
}

async fn a_deleted_plan_leaves_its_number_and_its_log(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("A1", "1.1", 1)).await.unwrap();
    database.store_case(&case("A1", "1.2", 2)).await.unwrap();
    let deleted = database.delete_plan("A1", PlanId(2), &act("wrong plan")).await.unwrap();
    assert_eq!((deleted.dvhs, deleted.current_again.len()), (4, 0));
    for table in ["Plans", "PlanStatus"] {
        assert_eq!(count(&place, table, "A1").await, "1", "{table}");
    }
    assert_eq!(count(&place, "DVHs", "A1").await, "4");
    assert_eq!(place.text("SELECT State FROM Imports WHERE PlanID = 2").await, "deleted");
    assert_eq!(
        place.text("SELECT CONCAT(Action, ' ', Who, ' ', PlanID, ' ', Reason) FROM Audit WHERE Action <> 'import'").await,
        { "delete curator 2 4 DVHs deleted: wrong plan" }
    );
    let again = database.store_case(&case("A1", "1.2", 2)).await.unwrap();
    assert_eq!((again.plan_id, again.outcome), (PlanId(3), Outcome::Stored));
    for (mrn, id) in [("A1", 2), ("A1", 9), ("B", 1), ("a1", 1)] {
        let error = database.delete_plan(mrn, PlanId(id), &act("")).await.unwrap_err();
        assert!(matches!(error.kind(), SqlErrorKind::NotStored { .. }), "{error}");
    }
    assert_eq!(database.list(None).await.unwrap().len(), 2);
}

async fn deleting_a_version_brings_the_one_before_back(place: Place) {
    let database = place.open().await.unwrap();
    for content in 1..=3 {
        database.store_case(&version("A1", content)).await.unwrap();
    }
    let middle = database.delete_plan("A1", PlanId(2), &act("")).await.unwrap();
    assert!(middle.current_again.is_empty());
    assert_eq!(place.text("SELECT SupersededBy FROM PlanStatus WHERE PlanID = 1").await, "3");
    let last = database.delete_plan("A1", PlanId(3), &act("")).await.unwrap();
    assert_eq!(last.current_again, [PlanId(1)]);
    let cohort = database.cohort_plans().await.unwrap();
    assert_eq!(cohort.iter().map(|plan| plan.plan_id).collect::<Vec<_>>(), [PlanId(1)]);
    assert_eq!(place.text("SELECT State FROM Imports WHERE PlanID = 1").await, "stored");
}

async fn a_moved_plan_takes_its_versions_along(place: Place) {
    let database = place.open().await.unwrap();
    let mut stays = case("A1", "1.9", 9);
    stays.audit = vec![];
    database.store_case(&stays).await.unwrap();
    database.store_case(&version("A1", 1)).await.unwrap();
    database.store_case(&version("A1", 2)).await.unwrap();
    database.store_case(&case("B2", "1.7", 7)).await.unwrap();
    database.exclude("A1", Some(PlanId(3)), &act("artefacts")).await.unwrap();
    let before = database.case("A1", PlanId(3)).await.unwrap().unwrap();
    let moved =
        database.move_plan("A1", PlanId(3), "B2", &act("files named the wrong patient")).await.unwrap();
    assert_eq!(moved, [Moved { from: PlanId(2), to: PlanId(2) }, Moved { from: PlanId(3), to: PlanId(3) }]);
    let mut after = database.case("B2", PlanId(3)).await.unwrap().unwrap();
    after.identity.mrn = "A1".into();
    assert_eq!(after, before, "but for the MRN nothing is another");
    assert_eq!(database.dvhs("B2", PlanId(3)).await.unwrap().len(), 4);
    assert_eq!(place.text("SELECT SupersededBy FROM PlanStatus WHERE MRN = 'B2' AND PlanID = 2").await, "3");
    assert_eq!(place.text("SELECT Supersedes FROM Imports WHERE MRN = 'B2' AND PlanID = 3").await, "2");
    assert_eq!(count(&place, "Exclusions", "B2").await, "1");
    for table in ["Plans", "PlanStatus"] {
        assert_eq!(count(&place, table, "A1").await, "1", "{table}");
    }
    assert_eq!(
        place.texts("SELECT State FROM Imports WHERE MRN = 'A1' ORDER BY PlanID").await,
        ["stored", "moved", "moved"]
    );
    let actions =
        place.texts("SELECT CONCAT(MRN, ' ', PlanID, ' ', Reason) FROM Audit WHERE Action = 'move'").await;
    assert_eq!(actions.len(), 4);
    assert_eq!(actions[0], "A1 2 to MRN B2 as plan 2: files named the wrong patient");
    assert_eq!(actions[3], "B2 3 from MRN A1, plan 3: files named the wrong patient");
    let next = database.store_case(&case("A1", "1.8", 8)).await.unwrap();
    assert_eq!(next.plan_id, PlanId(4), "the old numbers stay used");
}

async fn what_was_moved_is_recognised_under_the_old_number(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&version("A1", 1)).await.unwrap();
    database.move_plan("A1", PlanId(1), "B2", &act("")).await.unwrap();
    let same = database.store_case(&version("A1", 1)).await.unwrap();
    assert_eq!((same.mrn.as_str(), same.plan_id, same.outcome), ("B2", PlanId(1), Outcome::Unchanged));
    assert_eq!(same.findings[0].code, database::STORED_UNDER_ANOTHER_MRN);
    let error = database.store_case(&version("A1", 2)).await.unwrap_err();
    assert!(error.refuses_case() && error.to_string().contains("MRN B2"), "{error}");
    // Moved on, it is followed; moved back, it is at home; deleted, it may come anew.
    database.move_plan("B2", PlanId(1), "C3", &act("")).await.unwrap();
    assert_eq!(database.store_case(&version("A1", 1)).await.unwrap().mrn, "C3");
    assert_eq!(database.store_case(&version("B2", 1)).await.unwrap().mrn, "C3");
    database.move_plan("C3", PlanId(1), "A1", &act("")).await.unwrap();
    let home = database.store_case(&version("A1", 1)).await.unwrap();
    assert_eq!((home.mrn.as_str(), home.plan_id, home.findings.len()), ("A1", PlanId(2), 0));
    database.delete_plan("A1", PlanId(2), &act("")).await.unwrap();
    let anew = database.store_case(&version("B2", 1)).await.unwrap();
    assert_eq!((anew.mrn.as_str(), anew.plan_id, anew.outcome), ("B2", PlanId(2), Outcome::Stored));
}

async fn a_move_to_another_person_or_onto_itself_is_refused(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&version("A1", 1)).await.unwrap();
    let mut other = case("B2", "1.7", 7);
    other.identity.birth_date = Date::new(1960, 1, 1);
    database.store_case(&other).await.unwrap();
    let error = database.move_plan("A1", PlanId(1), "B2", &act("")).await.unwrap_err();
    assert!(matches!(error.kind(), SqlErrorKind::OtherPerson { differs: "birth date", .. }), "{error}");
    database.store_case(&version("C3", 1)).await.unwrap();
    let error = database.move_plan("A1", PlanId(1), "C3", &act("")).await.unwrap_err();
    assert!(error.to_string().contains("found it there as plan 1"), "{error}");
    for to in ["A1", "", &"x".repeat(65)] {
        assert!(database.move_plan("A1", PlanId(1), to, &act("")).await.is_err(), "{to}");
    }
    assert!(database.move_plan("A1", PlanId(2), "D4", &act("")).await.is_err());
    assert_eq!(count(&place, "Plans", "A1").await, "1");
    assert_eq!(place.text("SELECT COUNT(*) FROM Audit WHERE Action <> 'import'").await, "0");
}

async fn what_is_excluded_leaves_the_cohort_and_comes_back(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("A1", "1.1", 1)).await.unwrap();
    database.store_case(&case("A1", "1.2", 2)).await.unwrap();
    let cohort = async || database.cohort_plans().await.unwrap().len();
    database.exclude("A1", Some(PlanId(1)), &act("artefacts")).await.unwrap();
    database.exclude("A1", Some(PlanId(1)), &act("said twice")).await.unwrap();
    assert_eq!(cohort().await, 1);
    assert_eq!(place.text("SELECT COUNT(*) FROM CohortDVHs").await, "4");
    let listed = database.list(Some("A1")).await.unwrap();
    let excluded: Vec<bool> = listed.iter().map(|plan| plan.standing.as_ref().unwrap().excluded).collect();
    assert_eq!(excluded, [true, false]);
    database.exclude("A1", None, &act("")).await.unwrap();
    database.store_case(&case("A1", "1.3", 3)).await.unwrap();
    assert_eq!(cohort().await, 0, "also what comes later");
    database.include("A1", None, &act("")).await.unwrap();
    assert_eq!(cohort().await, 2);
    database.include("A1", Some(PlanId(1)), &act("")).await.unwrap();
    assert_eq!(cohort().await, 3);
    for (mrn, plan) in [("A1", Some(PlanId(1))), ("A1", None)] {
        let error = database.include(mrn, plan, &act("")).await.unwrap_err();
        assert!(matches!(error.kind(), SqlErrorKind::NotExcluded { .. }), "{error}");
    }
    assert!(database.exclude("B2", None, &act("")).await.is_err());
    assert!(database.exclude("A1", Some(PlanId(7)), &act("")).await.is_err());
    let actions = place.texts("SELECT Action FROM Audit WHERE Action <> 'import' ORDER BY AuditID").await;
    assert_eq!(actions, ["exclude", "exclude", "exclude", "include", "include"]);
}

async fn a_purged_patient_is_nowhere(place: Place) {
    let database = place.open().await.unwrap();
    let mut gone = version("GONE-4711", 1);
    gone.plan.rad_onc = Some("ALSO-GONE".into());
    database.store_case(&gone).await.unwrap();
    database.store_case(&version("GONE-4711", 2)).await.unwrap();
    let mut other = case("STAYS", "1.7", 7);
    other.audit =
        vec![AuditRow { action: "accept".into(), reason: "patient mismatch STAYS=GONE-4711".into() }];
    other.findings[0].text = "patient \"GONE-4711\" was accepted by the user as \"STAYS\"".into();
    database.store_case(&other).await.unwrap();
    // One of the other's plans was taken for the patient's and moved.
    database.store_case(&case("STAYS", "1.8", 8)).await.unwrap();
    database.move_plan("STAYS", PlanId(2), "GONE-4711", &act("it is GONE-4711's")).await.unwrap();
    database.exclude("GONE-4711", None, &act("")).await.unwrap();
    let purged = database.purge_patient("GONE-4711", &act("letter about GONE-4711")).await.unwrap();
    assert_eq!(purged.plans, 3);
    assert_eq!(purged.files.len(), 3, "{:?}", purged.files);
    assert!(purged.mentions >= 3, "{}", purged.mentions);
    assert!(purged.stands_in.starts_with("purged-"));
    for (table, column) in place.columns().await {
        let cast = if place.is_sqlite() { "TEXT" } else { "CHAR" };
        for word in ["GONE-4711", "ALSO-GONE"] {
            let found =
                format!("SELECT COUNT(*) FROM {table} WHERE INSTR(CAST({column} AS {cast}), '{word}') > 0");
            assert_eq!(place.text(&found).await, "0", "{word} in {table}.{column}");
        }
    }
    let log = place.texts("SELECT CONCAT(Action, ': ', Reason) FROM Audit ORDER BY AuditID").await;
    assert_eq!(log.last().unwrap(), &format!("purge: 3 plans removed: letter about {}", purged.stands_in));
    assert!(log.contains(&"exclude: (removed with the patient)".to_owned()), "{log:?}");
    assert!(log.contains(&format!("accept: patient mismatch STAYS={}", purged.stands_in)), "{log:?}");
    assert!(place.execute("UPDATE Audit SET Who = 'me'").await.is_err() || !place.is_sqlite());
    if place.is_sqlite() {
        for suffix in ["", "-wal"] {
            let bytes = std::fs::read(format!("{}{suffix}", place.file().display())).unwrap_or_default();
            for word in [b"GONE-4711", b"ALSO-GONE"] {
                assert!(!bytes.windows(word.len()).any(|part| part == word), "left in the file{suffix}");
            }
        }
    }
    assert_eq!(database.list(None).await.unwrap().len(), 1);
    let number = database.store_case(&case("STAYS", "1.9", 9)).await.unwrap().plan_id;
    assert_eq!(number, PlanId(3), "the number that was moved away stays used");
    assert!(database.purge_patient("GONE-4711", &act("")).await.is_err());
}

async fn computing_anew_keeps_what_moved(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&version("A1", 1)).await.unwrap();
    database.store_case(&version("A1", 2)).await.unwrap();
    let mut newer = version("A1", 1);
    newer.import.engine_version = "0.2.0".into();
    newer.import.dvh_options = "dosebridge-2 bin 0.01 Gy".into();
    newer.import.who = "somebody else".into();
    newer.plan.fractions = Some(40);
    newer.rois[0].mean = Some(Gy(70.4));
    newer.rois[0].metrics[0].value = Some(68.25);
    newer.rois[0].metrics.remove(1);
    newer.findings.clear();
    let recomputed = database.recompute("A1", PlanId(1), &newer, &act("new engine"), false).await.unwrap();
    let moved: Vec<String> = recomputed
        .changes
        .iter()
        .map(|change| {
            let text = |value: &Option<Value>| value.as_ref().map_or("-".into(), ToString::to_string);
            format!(
                "{} {} {}: {} -> {}",
                change.table,
                change.row,
                change.column,
                text(&change.old),
                text(&change.new)
            )
        })
        .collect();
    for line in [
        "Plans  Fractions: 39 -> 40",
        "DVHs PTV MeanDose: 70.3 -> 70.4",
        "RoiDetails 1 MeanDose_Gy: 70.3 -> 70.4",
        "Metrics 1 D95% Value: 68.5 -> 68.25",
        "Metrics 1 V107% Unit: % -> -",
    ] {
        assert!(moved.iter().any(|change| change == line), "{line} is not in\n{}", moved.join("\n"));
    }
    assert!(moved.iter().all(|change| !change.contains("Organ")), "{moved:?}");
    let old = "SELECT Value FROM OldValues WHERE TableName = 'RoiDetails' AND RowName = '1' AND ColumnName = 'MeanDose_Gy'";
    assert_eq!(place.text(old).await, "70.3");
    assert_eq!(place.text("SELECT DVHOptions FROM Recomputations").await, "dosebridge-1 bin 0.01 Gy");
    assert_eq!(place.text("SELECT EngineVersion FROM Imports WHERE PlanID = 1").await, "0.2.0");
    assert_eq!(place.text("SELECT ImportedBy FROM Imports WHERE PlanID = 1").await, "physicist");
    assert_eq!(
        place.text("SELECT SupersededBy FROM PlanStatus WHERE PlanID = 1").await,
        "2",
        "its standing is as before"
    );
    newer.import.who = "physicist".into();
    assert_eq!(database.case("A1", PlanId(1)).await.unwrap().unwrap(), newer);
    let again = database.recompute("A1", PlanId(1), &newer, &act(""), false).await.unwrap();
    assert_eq!(again.changes, []);
    assert_eq!(place.text("SELECT MAX(Recomputation) FROM Recomputations").await, "2");
    assert_eq!(place.text("SELECT COUNT(*) FROM Audit WHERE Action = 'recompute'").await, "2");
    let error = database.recompute("A1", PlanId(1), &version("A1", 9), &act(""), false).await.unwrap_err();
    assert!(matches!(error.kind(), SqlErrorKind::Record { .. }), "{error}");
}

async fn a_trial_of_computing_anew_changes_nothing(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&version("A1", 1)).await.unwrap();
    let mut newer = version("A1", 1);
    newer.rois[0].mean = Some(Gy(70.4));
    let trial = database.recompute("A1", PlanId(1), &newer, &act(""), true).await.unwrap();
    assert_eq!(trial.changes.len(), 2);
    assert_eq!(database.case("A1", PlanId(1)).await.unwrap().unwrap(), version("A1", 1));
    assert_eq!(place.text("SELECT COUNT(*) FROM Audit WHERE Action <> 'import'").await, "0");
}

/// A table that a migration adds and nobody registers would be left behind by deleting and purging.
async fn every_table_of_a_plan_is_known(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("A1", "1.1", 1)).await.unwrap();
    let shown: Vec<String> =
        database.plan_tables("A1", PlanId(1)).await.unwrap().into_iter().map(|table| table.name).collect();
    let columns = place.columns().await;
    for (table, _) in columns.iter().filter(|(_, column)| column == "PlanID") {
        assert!(shown.contains(table) || table == "Moves", "{table} is in no list of tables");
    }
    let metrics = database.rows(Source::CohortMetrics, "A1", PlanId(1)).await.unwrap();
    assert_eq!((metrics.columns[3].as_str(), metrics.rows.len()), ("ROIName", 2));
    let plan = database.rows(Source::CohortPlans, "A1", PlanId(1)).await.unwrap();
    let at = plan.columns.iter().position(|column| column == "SimStudyDate").unwrap();
    assert_eq!(plan.rows[0][at], Value::Text("2024-02-29".into()));
}

async fn the_log_grows_only(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("A1", "1.1", 1)).await.unwrap();
    database.record_act("init", "", None, &act("made")).await.unwrap();
    let log = database.audit(None).await.unwrap();
    assert_eq!(log.rows.len(), 2, "the import and the act");
    if place.is_sqlite() {
        for change in ["UPDATE Audit SET Reason = ''", "DELETE FROM Audit"] {
            assert!(place.execute(change).await.unwrap_err().contains("append-only"));
        }
    }
}

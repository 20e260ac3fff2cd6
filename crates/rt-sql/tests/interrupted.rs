//! Importers that end in the middle, and two of them at once as processes.

#[path = "support/both.rs"]
mod both;
mod support;

use both::on_both;
use rt_sql::{Database, DatabaseUrl, OpenOptions, Outcome};
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use support::Place;
use support::cases::case;

on_both! {
    killed_importers_leave_no_half_case,
    a_dropped_store_leaves_nothing_and_blocks_nobody,
    two_processes_race_on_one_mrn,
}

/// Not a test: what the other processes of the tests run. Stores cases until all are there.
#[test]
#[ignore = "run by the other tests as a process of its own"]
fn importer() {
    let variable = |name: &str| std::env::var(name).unwrap();
    let url: DatabaseUrl = variable("RT_SQL_TEST_URL").parse().unwrap();
    let options =
        OpenOptions { password: std::env::var("RT_SQL_TEST_PASSWORD").ok(), ..OpenOptions::default() };
    let (first, count): (u8, u8) =
        (variable("RT_SQL_TEST_FIRST").parse().unwrap(), variable("RT_SQL_TEST_COUNT").parse().unwrap());
    support::run(async move {
        let database = Database::open(&url, &options).await.unwrap();
        for content in first..first + count {
            database.store_case(&case("A1", &format!("1.{content}"), content)).await.unwrap();
        }
    });
}

fn spawn_importer(place: &Place, first: u8, count: u8) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "importer", "--ignored"]).stdout(std::process::Stdio::null());
    command.env("RT_SQL_TEST_URL", place.url.to_string());
    command.env("RT_SQL_TEST_FIRST", first.to_string()).env("RT_SQL_TEST_COUNT", count.to_string());
    if let Some(password) = &place.options.password {
        command.env("RT_SQL_TEST_PASSWORD", password);
    }
    command.spawn().unwrap()
}

/// Every plan has all of its rows.
async fn assert_whole(place: &Place, plans: usize) {
    let count = |rows: usize| (plans * rows).to_string();
    for (table, rows) in [
        ("Plans", 1),
        ("DVHs", 4),
        ("Imports", 1),
        ("ImportFiles", 3),
        ("PlanStatus", 1),
        ("RoiDetails", 5),
        ("Prescriptions", 2),
        ("Metrics", 2),
        ("FieldSources", 1),
        ("Findings", 2),
    ] {
        assert_eq!(place.text(&format!("SELECT COUNT(*) FROM {table}")).await, count(rows), "{table}");
    }
}

async fn killed_importers_leave_no_half_case(place: Place) {
    place.open().await.unwrap();
    let mut stored = 0;
    for _ in 0..5 {
        let mut importer = spawn_importer(&place, 0, 200);
        // Until it has stored something new, then at an arbitrary moment.
        let until = Instant::now() + Duration::from_secs(60);
        while place.text("SELECT COUNT(*) FROM Plans").await.parse::<usize>().unwrap() == stored
            && Instant::now() < until
        {
            std::thread::sleep(Duration::from_millis(3));
        }
        importer.kill().unwrap();
        importer.wait().unwrap();
        // A server may need a moment to see that its client is gone; whoever comes next waits for the lock.
        let database = place.open().await.unwrap();
        database.store_case(&case("A1", "1.0", 0)).await.unwrap();
        let plans = place.text("SELECT COUNT(*) FROM Plans").await.parse().unwrap();
        assert!(plans > stored && plans < 200, "{plans}");
        stored = plans;
        assert_whole(&place, stored).await;
    }
    // The next run finishes the job.
    assert!(spawn_importer(&place, 0, 60).wait().unwrap().success());
    let plans = place.text("SELECT COUNT(*) FROM Plans").await.parse::<usize>().unwrap();
    assert!(plans >= 60);
    assert_whole(&place, plans).await;
}

async fn a_dropped_store_leaves_nothing_and_blocks_nobody(place: Place) {
    let database = place.open().await.unwrap();
    // Given up after so many steps of the future: before, inside and after the transaction.
    for polls in 1..40 {
        let record = case("A1", &format!("1.{polls}"), polls);
        let mut store = std::pin::pin!(database.store_case(&record));
        let mut left = polls;
        std::future::poll_fn(|context| {
            if left == 0 {
                return std::task::Poll::Ready(());
            }
            left -= 1;
            store.as_mut().poll(context).map(drop)
        })
        .await;
    }
    let plans = place.text("SELECT COUNT(*) FROM Plans").await.parse::<usize>().unwrap();
    assert_whole(&place, plans).await;
    let last = database.store_case(&case("A1", "1.200", 200)).await.unwrap();
    assert_eq!((usize::from(last.plan_id.0), last.outcome), (plans + 1, Outcome::Stored));
    assert_whole(&place, plans + 1).await;
}

async fn two_processes_race_on_one_mrn(place: Place) {
    // On a database that neither has opened before.
    let mut importers = [spawn_importer(&place, 0, 10), spawn_importer(&place, 100, 10)];
    for importer in &mut importers {
        assert!(importer.wait().unwrap().success());
    }
    let ids = place.texts("SELECT PlanID FROM Plans ORDER BY PlanID").await;
    assert_eq!(ids, (1..=20).map(|id| id.to_string()).collect::<Vec<_>>());
    assert_whole(&place, 20).await;
}

/// A program that ended after it had added columns and before it had recorded so. MySQL refuses to add them
/// again; so does a MariaDB server whose account may not alter tables.
#[test]
fn columns_that_were_added_and_not_recorded_are_not_added_again() {
    support::run(async {
        let Some(place) = Place::mariadb().await else { return };
        place.open().await.unwrap().store_case(&case("A1", "1.1", 1)).await.unwrap();
        let columns = place.columns().await;
        let newest = place.text("SELECT COUNT(*) FROM dosebridge_schema").await;
        place.execute("DELETE FROM dosebridge_schema WHERE version >= 25").await.unwrap();
        let name = place.url.to_string().rsplit('/').next().unwrap().to_owned();
        let rights = "SELECT, INSERT, CREATE, DROP, INDEX, REFERENCES, CREATE VIEW";
        place
            .execute(&format!("GRANT {rights} ON {name}.* TO migrator@'%' IDENTIFIED BY 'm'"))
            .await
            .unwrap();
        let url: DatabaseUrl = place.url.to_string().replace("dosebridge@", "migrator@").parse().unwrap();
        let options = OpenOptions { password: Some("m".into()), ..OpenOptions::default() };
        let database = Database::open(&url, &options).await.unwrap();
        assert_eq!(place.text("SELECT COUNT(*) FROM dosebridge_schema").await, newest);
        assert_eq!(place.columns().await, columns);
        assert_eq!(database.cohort_plans().await.unwrap().len(), 1);

        // Without one of the columns nothing was done yet: the statement is run.
        place.execute("DELETE FROM dosebridge_schema WHERE version >= 25").await.unwrap();
        place.execute("ALTER TABLE RoiDetails DROP COLUMN TargetReason").await.unwrap();
        assert!(Database::open(&url, &options).await.is_err(), "it may not alter tables");
        place.open().await.unwrap();
        assert_eq!(place.columns().await, columns);
    });
}

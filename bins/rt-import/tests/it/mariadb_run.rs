//! The program on a real MariaDB server.

use crate::mariadb::{PASSWORD, Server};
use crate::support::Place;
use rt_sql::Database;

#[test]
fn two_importers_at_once_store_every_case_once() {
    let Some(server) = Server::shared() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let database = runtime.block_on(server.new_database());
    let url = server.url(&database);
    let place = Place::new();
    for number in 0..4 {
        let case = rt_phantom::fixtures::sound(&format!("case {number}")).build().unwrap();
        place.write(&format!("in/{number}"), &case);
    }
    let start = || {
        let mut command = place.command(&["run", "in", "--db", &url]);
        command
            .env("DOSEBRIDGE_DATABASE_PASSWORD", PASSWORD)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    for run in [start(), start()] {
        let output = run.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(text.contains(&url) && !text.contains(PASSWORD), "{text}");
    }
    let stored = runtime.block_on(async {
        let database = Database::open(&url.parse().unwrap(), &crate::stores::with_password()).await.unwrap();
        let plans = database.plans(None).await.unwrap();
        database.close().await;
        plans
    });
    let ids: Vec<u16> = stored.iter().map(|plan| plan.plan_id.0).collect();
    assert_eq!(ids, [1, 1, 1, 1], "four patients, one plan each");
}

#[test]
fn a_wrong_password_is_told_at_the_start() {
    let Some(server) = Server::shared() else { return };
    let place = Place::new();
    place.write("in", &rt_phantom::fixtures::sound("password").build().unwrap());
    let mut command = place.command(&["run", "in", "--db", &server.url("DVH")]);
    let output = command
        .env("DOSEBRIDGE_DATABASE_PASSWORD", "wrong-one")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!text.contains("wrong-one") && text.contains("can't be opened"), "{text}");
}

//! Making a database and looking after it.

use crate::mariadb::Server;
use crate::stores::{Store, on_both};
use crate::support::Place;
use mysql_async::prelude::Queryable;
use rt_phantom::fixtures;
use rt_sql::Role;
use serde_json::Value;
use std::process::Stdio;

fn states(looks: &Value, what: &str) -> Vec<(String, String)> {
    let looks = looks["looks"].as_array().unwrap().iter().filter(|look| look["what"] == what);
    looks
        .map(|look| (look["state"].as_str().unwrap().to_owned(), look["found"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn a_database_is_made_and_found_in_order() {
    on_both(|place, store| {
        let made = store.json(place, &["init"]);
        assert_eq!(made["schema"], "dosebridge.init/1");
        assert_eq!(store.run(place, &["init"]).code, 0, "once more changes nothing");
        assert_eq!(store.run(place, &["list"]).out, "no plans\n");
        let ran = store.run(place, &["doctor", "--json", "-"]);
        let looks: Value = serde_json::from_str(&ran.out).unwrap();
        crate::schema::check_own(&looks);
        assert_eq!(ran.code, 0, "{}", ran.out);
        assert_eq!(states(&looks, "schema")[0].0, "good");
        assert!(states(&looks, "rights").iter().all(|(state, _)| state == "good"), "{looks}");
        assert!(states(&looks, "contents")[0].1.starts_with("0 plans"), "{looks}");
        let disk = states(&looks, "disk");
        assert!(disk.len() == 1 && disk[0].1.contains("GB free at"), "{looks}");
    });
}

#[test]
fn what_is_wrong_is_told_with_a_remedy() {
    let place = Place::new();
    let output = place.run(&["doctor"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && text.contains("`rt-import init` makes it"), "{text}");
    assert!(!place.path().join("dvh.sqlite").exists(), "looking makes nothing");
    std::fs::write(place.path().join("dvh.sqlite"), "no database".repeat(100)).unwrap();
    assert_eq!(place.run(&["doctor"]).status.code(), Some(1));
    std::fs::write(place.path().join("dosebridge.toml"), "[dvh]\npreset = 'none'\n").unwrap();
    let text = String::from_utf8(place.run(&["doctor"]).stdout).unwrap();
    assert!(text.contains("BAD") && text.contains("dvh.preset"), "{text}");
}

#[test]
fn a_newer_schema_is_refused_with_both_versions() {
    on_both(|place, store| {
        store.json(place, &["init"]);
        let sql = "INSERT INTO dosebridge_schema (version, name, applied_on, checksum) VALUES (9999, 'later', '', '')";
        store.execute(place, sql);
        for arguments in [&["list"][..], &["run", "."], &["init"], &["recompute", "--all"]] {
            let ran = store.run(place, arguments);
            assert!(
                ran.code == 2 && ran.err.contains("9999") && ran.err.contains("newer program"),
                "{arguments:?}: {}",
                ran.err
            );
        }
        let looks: Value = serde_json::from_str(&store.run(place, &["doctor", "--json", "-"]).out).unwrap();
        assert_eq!(states(&looks, "schema")[0].0, "bad", "{looks}");
    });
}

/// The statements that `init` prints give each role what it needs and no more.
#[test]
fn each_role_can_do_its_work_and_no_other() {
    let Some(server) = Server::shared() else { return };
    let (place, store) = (Place::new(), Store::on(&server));
    let printed = store.run(&place, &["init"]).out;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = server.connect("mysql").await;
        // The statements are the lines that end so.
        for statement in printed.lines().filter(|line| line.ends_with(';')) {
            connection
                .query_drop(statement.replace("<password>", "p"))
                .await
                .unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    });
    place.write("in", &fixtures::sound("roles").build().unwrap());
    let as_role = |role: Role, arguments: &[&str]| {
        let url = store.url.replace("dosebridge@", &format!("{}@", role.account()));
        let mut command = place.command(&[arguments, &["--db", &url]].concat());
        let output = command.env("DOSEBRIDGE_DATABASE_PASSWORD", "p").stdin(Stdio::null()).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_ne!(as_role(Role::Reader, &["run", "in"]).0, 0);
    let imported = as_role(Role::Importer, &["run", "in"]);
    assert_eq!(imported.0, 0, "{}", imported.1);
    assert_eq!(as_role(Role::Reader, &["list"]).0, 0);
    let mrn = store.json(&place, &["list"])["plans"][0]["mrn"].as_str().unwrap().to_owned();
    assert_eq!(as_role(Role::Reader, &["export", "metrics"]).0, 0);
    assert_ne!(as_role(Role::Importer, &["delete", &mrn, "1", "--yes"]).0, 0);
    for arguments in [
        &["recompute", "--all"][..],
        &["exclude", &mrn],
        &["exclude", &mrn, "--undo"],
        &["move", &mrn, "1", "--to", "M-7"],
        &["delete", "M-7", "1", "--yes"],
    ] {
        let done = as_role(Role::Curator, arguments);
        assert_eq!(done.0, 0, "{arguments:?}: {}", done.1);
    }
    let refused = as_role(Role::Curator, &["purge", "--patient", "M-7", "--yes"]);
    assert!(refused.0 == 3 && refused.1.contains("privacy role"), "{refused:?}");
    let purged = as_role(Role::Privacy, &["purge", "--patient", "M-7", "--yes"]);
    assert_eq!(purged.0, 0, "{}", purged.1);
    let output = place.command(&["doctor", "--db", &store.url.replace("dosebridge@", "dosebridge_reader@")]);
    let mut output = output;
    let text =
        String::from_utf8(output.env("DOSEBRIDGE_DATABASE_PASSWORD", "p").output().unwrap().stdout).unwrap();
    assert!(text.contains("import: not allowed") && text.contains("read: allowed"), "{text}");
}

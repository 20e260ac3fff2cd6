//! What is asked at a terminal. `script` (util-linux) gives the program one.
#![cfg(target_os = "linux")]

use crate::mariadb::{PASSWORD, Server};
use crate::stores::Store;
use crate::support::Place;
use rt_phantom::fixtures;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs the program at a terminal, types `answer` once it has printed `question`, and gives its exit code and all it printed.
fn typed(place: &Place, store: &Store, arguments: &[&str], question: &str, answer: &str) -> (i32, String) {
    let program = [&[env!("CARGO_BIN_EXE_rt-import")], arguments, &["--db", &store.url]].concat().join(" ");
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &program, "/dev/null"]);
    command.current_dir(place.path()).env("HOME", place.path()).env_remove("DOSEBRIDGE_DATABASE_PASSWORD");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut printed = Vec::new();
    let mut part = [0; 1024];
    let mut answered = false;
    while let count @ 1.. = output.read(&mut part).unwrap_or(0) {
        printed.extend_from_slice(&part[..count]);
        if !answered && String::from_utf8_lossy(&printed).contains(question) {
            answered = true;
            if question.starts_with("Password") {
                // The terminal is told to hide what is typed after it has shown the question: nobody types as fast.
                std::thread::sleep(Duration::from_secs(1));
            }
            input.write_all(answer.as_bytes()).unwrap();
        }
    }
    (child.wait().unwrap().code().unwrap(), String::from_utf8_lossy(&printed).into_owned())
}

#[test]
fn what_is_deleted_or_purged_is_asked_first() {
    let (place, store) = (Place::new(), Store::sqlite());
    place.write("in", &fixtures::sound("asked").build().unwrap());
    assert_eq!(store.run(&place, &["run", "in"]).code, 0);
    let listed = || store.json(&place, &["list"])["plans"].as_array().unwrap().len();
    for (arguments, question) in [
        (&["delete", "PHANTOM-asked", "1"][..], "Delete plan 1 of MRN PHANTOM-asked"),
        (&["purge", "--patient", "PHANTOM-asked"], "Type yes to go on"),
    ] {
        for answer in ["no\n", "\n", "y\n", "\u{4}"] {
            let (code, text) = typed(&place, &store, arguments, question, answer);
            assert!(code == 2 && text.contains("nothing was changed"), "{answer:?}: {code} {text}");
            assert_eq!(listed(), 1);
        }
    }
    let (code, text) = typed(&place, &store, &["delete", "PHANTOM-asked", "1"], "Type yes to go on", "yes\n");
    assert!(code == 0 && text.contains("deleted: 2 DVHs"), "{text}");
    assert_eq!(listed(), 0);
}

#[test]
fn a_password_is_asked_for_and_not_shown() {
    let Some(server) = Server::shared() else { return };
    let (place, store) = (Place::new(), Store::on(&server));
    store.json(&place, &["init"]);
    let (code, text) = typed(&place, &store, &["list"], "Password for mysql://", &format!("{PASSWORD}\n"));
    assert!(code == 0 && text.contains("no plans") && !text.contains(PASSWORD), "{code} {text}");
    let (code, text) = typed(&place, &store, &["list"], "Password for mysql://", "wrong\n");
    assert!(code == 2 && text.contains("can't be opened"), "{code} {text}");
}

//! What is asked at a terminal. `script` (util-linux) gives the program one.
#![cfg(target_os = "linux")]

use crate::mariadb::{PASSWORD, Server};
use crate::stores::Store;
use crate::support::Place;
use rt_phantom::fixtures;
use rt_testkit::terminal;

/// Runs the program with this database at a terminal, types `answer` once it has printed `question`, and
/// returns its exit code and all it printed.
fn typed(
    place: &Place,
    store: &Store,
    arguments: &[&str],
    question: &str,
    answer: &str,
) -> Option<(i32, String)> {
    let command = place.command(&[arguments, &["--db", &store.url]].concat());
    terminal::typed(&command, question, answer)
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
            let Some((code, text)) = typed(&place, &store, arguments, question, answer) else { return };
            assert!(code == 2 && text.contains("nothing was changed"), "{answer:?}: {code} {text}");
            assert_eq!(listed(), 1);
        }
    }
    let Some((code, text)) =
        typed(&place, &store, &["delete", "PHANTOM-asked", "1"], "Type yes to go on", "yes\n")
    else {
        return;
    };
    assert!(code == 0 && text.contains("deleted: 2 DVHs"), "{text}");
    assert_eq!(listed(), 0);
}

#[test]
fn a_password_is_asked_for_and_not_shown() {
    let Some(server) = Server::shared() else { return };
    let (place, store) = (Place::new(), Store::on(&server));
    store.json(&place, &["init"]);
    let Some((code, text)) =
        typed(&place, &store, &["list"], "Password for mysql://", &format!("{PASSWORD}\n"))
    else {
        return;
    };
    assert!(code == 0 && text.contains("no plans") && !text.contains(PASSWORD), "{code} {text}");
    let Some((code, text)) = typed(&place, &store, &["list"], "Password for mysql://", "wrong\n") else {
        return;
    };
    assert!(code == 2 && text.contains("can't be opened"), "{code} {text}");
}

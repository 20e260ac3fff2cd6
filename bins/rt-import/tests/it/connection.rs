//! How the program reaches a server: its password from a file, its encryption by configuration.

use crate::mariadb::{PASSWORD, Server};
use crate::support::Place;
use rt_phantom::fixtures;
use rt_testkit::certificates::Certificates;
use std::process::{Output, Stdio};

/// Runs the program with this configuration file and no other word on the connection.
fn configured(place: &Place, text: &str, arguments: &[&str]) -> (i32, String) {
    std::fs::write(place.path().join("dosebridge.toml"), text).unwrap();
    let output: Output = place.command(arguments).stdin(Stdio::null()).output().unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), text)
}

#[test]
fn the_password_may_lie_in_a_file() {
    let Some(server) = Server::shared() else { return };
    let place = Place::new();
    let database = format!("[database]\nurl = '{}'\npassword_file = 'secret'\n", server.url("made_by_init"));
    let (code, text) = configured(&place, &database, &["init"]);
    assert!(code == 2 && text.contains("secret: "), "{text}");
    std::fs::write(place.path().join("secret"), format!("{PASSWORD}\nnot this line\n")).unwrap();
    let (code, text) = configured(&place, &database, &["init"]);
    assert!(
        code == 0 && text.contains("GRANT SELECT") && text.contains("made_by_init"),
        "a missing database is made: {text}"
    );
    place.write("in", &fixtures::sound("file").build().unwrap());
    for arguments in [&["run", "in"][..], &["list"]] {
        let (code, text) = configured(&place, &database, arguments);
        assert!(code == 0 && !text.contains(PASSWORD), "{arguments:?}: {text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |mode| {
            std::fs::set_permissions(place.path().join("secret"), PermissionsExt::from_mode(mode)).unwrap()
        };
        mode(0o644);
        assert!(configured(&place, &database, &["doctor"]).1.contains("others may read the password's file"));
        mode(0o600);
        let (code, text) = configured(&place, &database, &["doctor"]);
        assert!(code == 0 && text.contains("from its file") && text.contains("1 plan,"), "{text}");
    }
}

#[test]
fn a_server_is_talked_to_in_cipher_with_its_authoritys_file() {
    let certificates = Certificates::new(&[("server", "127.0.0.1")]);
    let Some(server) = Server::alone_with(certificates.mariadb_options()) else { return };
    let place = Place::new();
    place.write("in", &fixtures::sound("cipher").build().unwrap());
    let database = format!("[database]\nurl = '{}'\npassword = '{PASSWORD}'\n", server.url("encrypted"));
    let trusting = |authority: &std::path::Path| {
        format!("{database}tls = 'required'\ntls_authority = '{}'\n", authority.display())
    };
    let trusted = trusting(&certificates.path("ca.pem"));
    for arguments in [&["init"][..], &["run", "in"], &["list"]] {
        let (code, text) = configured(&place, &trusted, arguments);
        assert_eq!(code, 0, "{arguments:?}: {text}");
    }
    let (code, text) = configured(&place, &trusted, &["doctor"]);
    assert!(code == 0 && text.contains("encryption") && text.contains("TLS_"), "{text}");
    #[cfg(unix)]
    for (mode, reported) in [(0o640, true), (0o600, false)] {
        let path = place.path().join("dosebridge.toml");
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        let (_, text) = configured(&place, &trusted, &["doctor"]);
        assert_eq!(
            text.contains("others may read dosebridge.toml, which holds the password"),
            reported,
            "{text}"
        );
    }
    let stranger = Certificates::new(&[("server", "127.0.0.1")]);
    for (wrong, why) in
        [(trusting(&stranger.path("ca.pem")), "another authority"), (database.clone(), "no encryption")]
    {
        let (code, text) = configured(&place, &wrong, &["list"]);
        assert!(code == 2 && text.contains("can't be opened"), "{why}: {text}");
    }
}

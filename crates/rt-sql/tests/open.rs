//! Opening: what is made, what is refused, and how it is told.

mod support;

use rt_sql::{Database, DatabaseUrl, OpenOptions, SqlErrorKind, Tls};
use rt_testkit::mariadb::Server;
use support::{Place, with_password};

#[cfg(unix)]
#[test]
fn a_new_file_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    support::run(async {
        let place = Place::sqlite();
        let database = place.open().await.unwrap();
        database.store_case(&support::cases::case("A1", "1.1", 1)).await.unwrap();
        for suffix in ["", "-wal"] {
            let file = format!("{}{suffix}", place.file().display());
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
        }
    });
}

#[test]
fn a_file_that_is_no_database_is_unreachable() {
    support::run(async {
        let place = Place::sqlite();
        std::fs::write(place.file(), "patient,dose\n".repeat(100)).unwrap();
        let error = place.open().await.err().unwrap();
        assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{error:?}");
        assert!(error.to_string().contains("dvh.sqlite"), "{error}");
        let folder = DatabaseUrl::sqlite(place.file().join("missing/dvh.sqlite"));
        let error = Database::open(&folder, &OpenOptions::default()).await.err().unwrap();
        assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{error:?}");
    });
}

#[test]
fn a_server_that_does_not_answer_is_unreachable() {
    support::run(async {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url: DatabaseUrl = format!("mysql://rt@127.0.0.1:{port}/DVH").parse().unwrap();
        let error = Database::open(&url, &OpenOptions::default()).await.err().unwrap();
        assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{error:?}");
        assert!(error.to_string().contains(&url.to_string()), "{error}");
    });
}

#[test]
fn a_wrong_password_is_told_and_not_repeated() {
    support::run(async {
        let Some(place) = Place::mariadb().await else { return };
        let options = OpenOptions { password: Some("s3cret".into()), ..OpenOptions::default() };
        let error = Database::open(&place.url, &options).await.err().unwrap();
        assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{error:?}");
        assert!(!format!("{error} {error:?} {options:?}").contains("s3cret"));
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("Access denied"), "{cause}");
    });
}

#[test]
fn required_encryption_is_not_given_up() {
    support::run(async {
        let Some(place) = Place::mariadb().await else { return };
        // The test server has no certificate, so it offers no TLS.
        let options = OpenOptions { tls: Tls::Required { authority: None }, ..place.options.clone() };
        let error = Database::open(&place.url, &options).await.err().unwrap();
        assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{error:?}");
    });
}

/// Who may only read opens a database that is up to date.
#[test]
fn reading_needs_no_right_to_write() {
    support::run(async {
        let Some(place) = Place::mariadb().await else { return };
        place.open().await.unwrap().store_case(&support::cases::case("A1", "1.1", 1)).await.unwrap();
        let name = place.url.to_string().rsplit('/').next().unwrap().to_owned();
        place.execute(&format!("GRANT SELECT ON {name}.* TO reader@'%' IDENTIFIED BY 'r'")).await.unwrap();
        let url: DatabaseUrl = place.url.to_string().replace("dosebridge@", "reader@").parse().unwrap();
        let options = OpenOptions { password: Some("r".into()), ..OpenOptions::default() };
        let database = Database::open(&url, &options).await.unwrap();
        assert_eq!(database.cohort_plans().await.unwrap().len(), 1);
        let error = database.store_case(&support::cases::case("A1", "1.2", 2)).await.unwrap_err();
        assert_eq!(*error.kind(), SqlErrorKind::Statement);
    });
}

#[test]
fn a_server_that_ends_mid_run_is_told_from_a_bad_case() {
    support::run(async {
        let Some(server) = Server::alone() else { return };
        let name = server.new_database().await;
        let url: DatabaseUrl = server.url(&name).parse().unwrap();
        let database = Database::open(&url, &with_password()).await.unwrap();
        drop(server);
        let error = database.store_case(&support::cases::case("A1", "1.1", 1)).await.unwrap_err();
        assert_eq!(*error.kind(), SqlErrorKind::Lost);
        assert!(!error.refuses_case());
    });
}

//! An encrypted connection to a real server: the certificate's authority and name decide.

mod support;

use rt_sql::{Database, OpenOptions, SqlErrorKind, Tls, inspect};
use rt_testkit::certificates::Certificates;
use rt_testkit::mariadb::Server;
use support::cases::case;
use support::with_password;

/// A server that takes encrypted connections alone.
fn server(certificates: &Certificates) -> Option<Server> {
    Server::alone_with(certificates.mariadb_options())
}

fn trusting(certificates: &Certificates) -> OpenOptions {
    OpenOptions { tls: Tls::Required { authority: Some(certificates.path("ca.pem")) }, ..with_password() }
}

fn with_provider() {
    // Another test of this process may have done so.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[test]
fn a_trusted_server_is_talked_to_in_cipher_and_a_stranger_is_not() {
    with_provider();
    support::run(async {
        let certificates = Certificates::new(&[("server", "127.0.0.1")]);
        let Some(server) = server(&certificates) else { return };
        let url = server.url("test_tls").parse().unwrap();
        let trusted = trusting(&certificates);
        rt_sql::create_database(&url, &trusted).await.unwrap();
        let database = Database::open(&url, &trusted).await.unwrap();
        database.store_case(&case("A1", "1.1", 1)).await.unwrap();
        assert_eq!(database.cohort_plans().await.unwrap().len(), 1);
        let cipher = inspect(&url, &trusted).await.unwrap().cipher.unwrap();
        assert!(cipher.starts_with("TLS_"), "{cipher}");

        let stranger = Certificates::new(&[("server", "127.0.0.1")]);
        for (options, why) in [
            (trusting(&stranger), "another authority"),
            (
                OpenOptions { tls: Tls::Required { authority: None }, ..with_password() },
                "the public authorities",
            ),
            (with_password(), "no encryption"),
        ] {
            let error =
                Database::open(&url, &options).await.err().unwrap_or_else(|| panic!("{why} was taken"));
            assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{why}: {error:?}");
        }
        let missing =
            OpenOptions { tls: Tls::Required { authority: Some("nowhere.pem".into()) }, ..with_password() };
        assert!(Database::open(&url, &missing).await.is_err());
    });
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    with_provider();
    support::run(async {
        let certificates = Certificates::new(&[("server", "db.hospital.example")]);
        let Some(server) = server(&certificates) else { return };
        let url = server.url("mysql").parse().unwrap();
        let error = Database::open(&url, &trusting(&certificates)).await.err().unwrap();
        assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{error:?}");
        let causes = format!("{:?}", std::error::Error::source(&error));
        assert!(causes.contains("NotValidForName"), "{causes}");
    });
}

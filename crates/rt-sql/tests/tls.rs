//! An encrypted connection to a real server: the certificate's authority and name decide.

#[path = "support/certificates.rs"]
mod certificates;
mod support;

use certificates::Certificates;
use rt_sql::{Database, OpenOptions, SqlErrorKind, Tls, inspect};
use support::cases::case;
use support::mariadb::Server;

/// A server that takes encrypted connections alone.
fn server(certificates: &Certificates) -> Option<Server> {
    Server::alone_with(certificates.server_options())
}

fn trusting(certificates: &Certificates, server: &Server) -> OpenOptions {
    OpenOptions { tls: Tls::Required { authority: Some(certificates.path("ca.pem")) }, ..server.options() }
}

fn with_provider() {
    // Another test of this process may have done so.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[test]
fn a_trusted_server_is_talked_to_in_cipher_and_a_stranger_is_not() {
    with_provider();
    support::run(async {
        let certificates = Certificates::of("127.0.0.1");
        let Some(server) = server(&certificates) else { return };
        let url = server.url("test_tls").parse().unwrap();
        let trusted = trusting(&certificates, &server);
        rt_sql::create_database(&url, &trusted).await.unwrap();
        let database = Database::open(&url, &trusted).await.unwrap();
        database.store_case(&case("A1", "1.1", 1)).await.unwrap();
        assert_eq!(database.cohort_plans().await.unwrap().len(), 1);
        let cipher = inspect(&url, &trusted).await.unwrap().cipher.unwrap();
        assert!(cipher.starts_with("TLS_"), "{cipher}");

        let stranger = Certificates::of("127.0.0.1");
        for (options, why) in [
            (trusting(&stranger, &server), "another authority"),
            (OpenOptions { tls: Tls::Required { authority: None }, ..server.options() }, "the public authorities"),
            (server.options(), "no encryption"),
        ] {
            let error = Database::open(&url, &options).await.err().unwrap_or_else(|| panic!("{why} was taken"));
            assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{why}: {error:?}");
        }
        let missing = OpenOptions { tls: Tls::Required { authority: Some("nowhere.pem".into()) }, ..server.options() };
        assert!(Database::open(&url, &missing).await.is_err());
    });
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    with_provider();
    support::run(async {
        let certificates = Certificates::of("db.hospital.example");
        let Some(server) = server(&certificates) else { return };
        let url = server.url("mysql").parse().unwrap();
        let error = Database::open(&url, &trusting(&certificates, &server)).await.err().unwrap();
        assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{error:?}");
        let causes = format!("{:?}", std::error::Error::source(&error));
        assert!(causes.contains("NotValidForName"), "{causes}");
    });
}

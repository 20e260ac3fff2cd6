//! An encrypted connection to a real server: the certificate's authority and name decide.

mod support;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rt_sql::{Database, OpenOptions, SqlErrorKind, Tls, inspect};
use std::path::PathBuf;
use support::cases::case;
use support::mariadb::Server;
use tempfile::TempDir;

/// An authority and a certificate for the server, signed by it.
struct Certificates {
    folder: TempDir,
}

impl Certificates {
    /// For a server of this name or address.
    fn of(name: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let write = |file: &str, text: String| std::fs::write(folder.path().join(file), text).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "hospital authority");
        let key = KeyPair::generate().unwrap();
        write("ca.pem", params.self_signed(&key).unwrap().pem());
        let authority = Issuer::new(params, key);
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        write("server.pem", params.signed_by(&key, &authority).unwrap().pem());
        write("server.key", key.serialize_pem());
        Self { folder }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// A server that takes encrypted connections alone.
    fn server(&self) -> Option<Server> {
        let option = |name: &str, file: &str| format!("--ssl-{name}={}", self.path(file).display());
        let options = [option("ca", "ca.pem"), option("cert", "server.pem"), option("key", "server.key")];
        Server::alone_with([&options[..], &["--require-secure-transport=ON".to_owned()]].concat())
    }

    fn trusted(&self, server: &Server) -> OpenOptions {
        OpenOptions { tls: Tls::Required { authority: Some(self.path("ca.pem")) }, ..server.options() }
    }
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
        let Some(server) = certificates.server() else { return };
        let url = server.url("test_tls").parse().unwrap();
        let trusted = certificates.trusted(&server);
        rt_sql::create_database(&url, &trusted).await.unwrap();
        let database = Database::open(&url, &trusted).await.unwrap();
        database.store_case(&case("A1", "1.1", 1)).await.unwrap();
        assert_eq!(database.cohort_plans().await.unwrap().len(), 1);
        let cipher = inspect(&url, &trusted).await.unwrap().cipher.unwrap();
        assert!(cipher.starts_with("TLS_"), "{cipher}");

        let stranger = Certificates::of("127.0.0.1");
        for (options, why) in [
            (stranger.trusted(&server), "another authority"),
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
        let Some(server) = certificates.server() else { return };
        let url = server.url("mysql").parse().unwrap();
        let error = Database::open(&url, &certificates.trusted(&server)).await.err().unwrap();
        assert!(matches!(error.kind(), SqlErrorKind::Unreachable { .. }), "{error:?}");
        let causes = format!("{:?}", std::error::Error::source(&error));
        assert!(causes.contains("NotValidForName"), "{causes}");
    });
}

//! A hospital's certificate authority and what it signs.
#![expect(unreachable_pub, reason = "shared with the tests of the program")]

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::path::PathBuf;
use tempfile::TempDir;

/// An authority and a certificate for the server, signed by it.
pub struct Certificates {
    folder: TempDir,
}

impl Certificates {
    /// For a server of this name or address.
    pub fn of(name: &str) -> Self {
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

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Options with which a server shows its certificate and takes encrypted connections alone.
    pub fn server_options(&self) -> Vec<String> {
        let option = |name: &str, file: &str| format!("--ssl-{name}={}", self.path(file).display());
        let files = [option("ca", "ca.pem"), option("cert", "server.pem"), option("key", "server.key")];
        [&files[..], &["--require-secure-transport=ON".to_owned()]].concat()
    }
}

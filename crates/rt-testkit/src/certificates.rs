//! A hospital's certificate authority and what it signs.
//!
//! Units: none. Frame: none.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::path::PathBuf;
use tempfile::TempDir;

/// An authority and certificates signed by it, in a folder that goes with them.
#[derive(Debug)]
pub struct Certificates {
    folder: TempDir,
}

impl Certificates {
    /// An authority (`ca.pem`) and, for each pair of a file's and a host's name, `<file>.pem` and
    /// `<file>.key`.
    ///
    /// # Panics
    /// Where a name is none or the folder can't be written.
    #[must_use]
    pub fn new(names: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let write = |file: &str, text: String| std::fs::write(folder.path().join(file), text).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "hospital authority");
        let key = KeyPair::generate().unwrap();
        write("ca.pem", params.self_signed(&key).unwrap().pem());
        let authority = Issuer::new(params, key);
        for (file, name) in names {
            let key = KeyPair::generate().unwrap();
            let mut params = CertificateParams::new(vec![(*name).to_owned()]).unwrap();
            params.distinguished_name.push(DnType::CommonName, *name);
            write(&format!("{file}.pem"), params.signed_by(&key, &authority).unwrap().pem());
            write(&format!("{file}.key"), key.serialize_pem());
        }
        Self { folder }
    }

    /// A file of the folder.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// The certificate and the key of a file's name.
    #[must_use]
    pub fn pair(&self, file: &str) -> (PathBuf, PathBuf) {
        (self.path(&format!("{file}.pem")), self.path(&format!("{file}.key")))
    }

    /// Options with which MariaDB shows the certificate `server` and accepts encrypted connections alone.
    #[must_use]
    pub fn mariadb_options(&self) -> Vec<String> {
        let option = |name: &str, file: &str| format!("--ssl-{name}={}", self.path(file).display());
        let files = [option("ca", "ca.pem"), option("cert", "server.pem"), option("key", "server.key")];
        [&files[..], &["--require-secure-transport=ON".to_owned()]].concat()
    }
}

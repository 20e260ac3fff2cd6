//! TLS 1.2 and 1.3 with certificates on both sides (PS3.15 B.12: BCP 195).
//!
//! Units: none. Frame: none.

use crate::error::{NetError, NetErrorKind};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, ServerConfig, SignatureScheme,
};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a client encrypts.
#[derive(Debug, Clone)]
pub struct TlsClientOptions {
    /// PEM file of the authorities that may have signed the peer's certificate.
    pub authority: PathBuf,
    /// PEM files of our certificate with its chain, and of its key.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// The name that the peer's certificate has to hold; `None` is the host that is connected to.
    pub name: Option<String>,
    /// Check the name at all: certificates of a PACS often hold another one than its address.
    pub check_name: bool,
}

/// How a server encrypts.
#[derive(Debug, Clone)]
pub struct TlsServerOptions {
    /// PEM files of our certificate with its chain, and of its key.
    pub certificate: (PathBuf, PathBuf),
    /// PEM file of the authorities that may have signed a client's certificate; `None` asks clients for none.
    pub authority: Option<PathBuf>,
}

/// A client's encryption, with its files read.
#[derive(Clone)]
pub struct TlsClient {
    pub(crate) config: Arc<ClientConfig>,
    name: Option<String>,
}

/// A server's encryption, with its files read.
#[derive(Clone)]
pub struct TlsServer {
    pub(crate) config: Arc<ServerConfig>,
}

impl fmt::Debug for TlsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsClient").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for TlsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsServer").finish_non_exhaustive()
    }
}

impl TlsClient {
    /// Reads the files.
    ///
    /// # Errors
    /// [`NetErrorKind::Configuration`] where one can't be used.
    pub fn new(options: &TlsClientOptions) -> Result<Self, NetError> {
        let provider = provider();
        let roots = Arc::new(authorities(&options.authority)?);
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider))
            .build()
            .map_err(|error| unusable(&options.authority, error))?;
        let verifier: Arc<dyn ServerCertVerifier> =
            if options.check_name { verifier } else { Arc::new(AnyName(verifier)) };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(rustls::ALL_VERSIONS)
            .map_err(|error| NetError::caused(NetErrorKind::Tls, error))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let config = match &options.certificate {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => builder
                .with_client_auth_cert(certificates(certificate)?, private_key(key)?)
                .map_err(|error| unusable(certificate, error))?,
        };
        Ok(Self { config: Arc::new(config), name: options.name.clone() })
    }

    pub(crate) fn server_name(&self, host: &str) -> Result<ServerName<'static>, NetError> {
        let name = self.name.as_deref().unwrap_or(host);
        ServerName::try_from(name.to_owned())
            .map_err(|_| NetError::configuration(format!("expected the name of a host, found {name:?}")))
    }
}

impl TlsServer {
    /// Reads the files.
    ///
    /// # Errors
    /// [`NetErrorKind::Configuration`] where one can't be used.
    pub fn new(options: &TlsServerOptions) -> Result<Self, NetError> {
        let provider = provider();
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(rustls::ALL_VERSIONS)
            .map_err(|error| NetError::caused(NetErrorKind::Tls, error))?;
        let builder = match &options.authority {
            None => builder.with_no_client_auth(),
            Some(path) => {
                let roots = Arc::new(authorities(path)?);
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider).build();
                builder.with_client_cert_verifier(verifier.map_err(|error| unusable(path, error))?)
            }
        };
        let (certificate, key) = &options.certificate;
        let config = builder
            .with_single_cert(certificates(certificate)?, private_key(key)?)
            .map_err(|error| unusable(certificate, error))?;
        Ok(Self { config: Arc::new(config) })
    }
}

/// Named, so that another crate's choice for the whole process does not matter.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn unusable(path: &Path, error: impl fmt::Display) -> NetError {
    NetError::configuration(format!(
        "{}: expected certificates or a key in PEM that can be used, found otherwise: {error}",
        path.display()
    ))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, NetError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = read.map_err(|error| unusable(path, error))?;
    if certificates.is_empty() {
        return Err(unusable(path, "no certificate in it"));
    }
    Ok(certificates)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, NetError> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| unusable(path, error))
}

fn authorities(path: &Path) -> Result<RootCertStore, NetError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(|error| unusable(path, error))?;
    }
    Ok(roots)
}

/// Checks everything but the name.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

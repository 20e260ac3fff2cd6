use crate::support::{Scripted, Storescp, ct, dcmtk, files, node, receiver, send};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rt_net::{NetErrorKind, Node, ReceiverOptions, TlsClient, TlsClientOptions, TlsServer, TlsServerOptions, echo};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// An authority and two certificates signed by it, one for the name `pacs.test`, one for `127.0.0.1`.
struct Certificates {
    folder: TempDir,
}

impl Certificates {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "authority");
        let key = KeyPair::generate().unwrap();
        write("ca.pem", params.self_signed(&key).unwrap().pem());
        let authority = Issuer::new(params, key);
        for (file, name) in [("named", "pacs.test"), ("here", "127.0.0.1"), ("client", "client.test")] {
            let key = KeyPair::generate().unwrap();
            let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
            params.distinguished_name.push(rcgen::DnType::CommonName, name);
            write(&format!("{file}.pem"), params.signed_by(&key, &authority).unwrap().pem());
            write(&format!("{file}.key"), key.serialize_pem());
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn pair(&self, name: &str) -> (PathBuf, PathBuf) {
        (self.path(&format!("{name}.pem")), self.path(&format!("{name}.key")))
    }

    fn client(&self) -> TlsClientOptions {
        TlsClientOptions { authority: self.path("ca.pem"), certificate: Some(self.pair("client")), name: None, check_name: true }
    }

    fn server(&self, name: &str) -> TlsServer {
        let options = TlsServerOptions { certificate: self.pair(name), authority: Some(self.path("ca.pem")) };
        TlsServer::new(&options).unwrap()
    }
}

fn over_tls(port: u16, options: &TlsClientOptions) -> Node {
    Node { tls: Some(TlsClient::new(options).unwrap()), ..node(port) }
}

#[tokio::test]
async fn both_sides_show_certificates() {
    let (ours, other) = (Certificates::new(), Certificates::new());
    let handler: Arc<Scripted> = Arc::default();
    let (here, folder) = receiver(|o| ReceiverOptions { tls: Some(ours.server("here")), ..o }, &handler).await;
    let sent = send(&over_tls(here.port(), &ours.client()), vec![ct(1, 500_000)]).await;
    assert_eq!(sent.taken(), 1, "{sent:?}");
    assert_eq!(files(folder.path()).len(), 1);

    let wrong_authority = TlsClientOptions { authority: other.path("ca.pem"), ..ours.client() };
    let error = echo(&over_tls(here.port(), &wrong_authority)).await.unwrap_err();
    assert_eq!(*error.kind(), NetErrorKind::Tls, "{error}");
    assert!(!rt_net::retry::may_pass(error.kind()));

    let wrong_client = TlsClientOptions { certificate: Some(other.pair("client")), ..ours.client() };
    assert!(echo(&over_tls(here.port(), &wrong_client)).await.is_err());
    let no_client = TlsClientOptions { certificate: None, ..ours.client() };
    assert!(echo(&over_tls(here.port(), &no_client)).await.is_err());
    assert!(echo(&node(here.port())).await.is_err(), "plain text to a port with TLS");
}

#[tokio::test]
async fn the_name_is_checked_unless_told_otherwise() {
    let certificates = Certificates::new();
    let handler: Arc<Scripted> = Arc::default();
    let (named, _folder) = receiver(|o| ReceiverOptions { tls: Some(certificates.server("named")), ..o }, &handler).await;
    assert!(echo(&over_tls(named.port(), &certificates.client())).await.is_err());
    let by_name = TlsClientOptions { name: Some("pacs.test".into()), ..certificates.client() };
    assert!(echo(&over_tls(named.port(), &by_name)).await.is_ok());
    let any_name = TlsClientOptions { check_name: false, ..certificates.client() };
    assert!(echo(&over_tls(named.port(), &any_name)).await.is_ok());
    let other = Certificates::new();
    let any_name_of_another = TlsClientOptions { authority: other.path("ca.pem"), ..any_name };
    assert!(echo(&over_tls(named.port(), &any_name_of_another)).await.is_err(), "the authority counts all the same");
}

#[tokio::test]
async fn dcmtk_takes_and_gives_over_tls() {
    let certificates = Certificates::new();
    let (certificate, key) = certificates.pair("here");
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let authority = text(&certificates.path("ca.pem"));
    let Some(server) = Storescp::start(&["+tls", &text(&key), &text(&certificate), "+cf", &authority]) else { return };
    let sent = send(&over_tls(server.port, &certificates.client()), vec![ct(1, 50_000), ct(2, 50_000)]).await;
    assert_eq!(sent.taken(), 2, "{sent:?}");
    let refused = Certificates::new();
    assert!(
        echo(&over_tls(server.port, &TlsClientOptions { authority: refused.path("ca.pem"), ..certificates.client() }))
            .await
            .is_err()
    );

    let handler: Arc<Scripted> = Arc::default();
    let (here, _folder) = receiver(|o| ReceiverOptions { tls: Some(certificates.server("here")), ..o }, &handler).await;
    let Some(mut command) = dcmtk("echoscu") else { return };
    let (certificate, key) = certificates.pair("client");
    command.args(["+tls", &text(&key), &text(&certificate), "+cf", &authority, "-aec", "PEER", "127.0.0.1"]);
    command.arg(here.port().to_string());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn files_that_are_no_certificates_are_named() {
    let certificates = Certificates::new();
    let key_as_authority = TlsClientOptions { authority: certificates.path("here.key"), ..certificates.client() };
    let absent = TlsClientOptions { authority: certificates.path("absent.pem"), ..certificates.client() };
    for options in [key_as_authority, absent] {
        let error = TlsClient::new(&options).unwrap_err();
        assert!(error.to_string().contains(&options.authority.display().to_string()), "{error}");
    }
}

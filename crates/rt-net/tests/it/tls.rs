use crate::support::{Scripted, ct, node, receiver, send};
use rt_net::{
    NetErrorKind, Node, ReceiverOptions, TlsClient, TlsClientOptions, TlsServer, TlsServerOptions, echo,
};
use rt_testkit::certificates::Certificates;
use rt_testkit::files::files;
use rt_testkit::program::program;
use rt_testkit::storescp::Storescp;
use std::path::PathBuf;
use std::sync::Arc;

/// Certificates for the name `pacs.test`, for `127.0.0.1` and for a client.
struct Signed(Certificates);

impl Signed {
    fn new() -> Self {
        Self(Certificates::new(&[("named", "pacs.test"), ("here", "127.0.0.1"), ("client", "client.test")]))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    fn client(&self) -> TlsClientOptions {
        TlsClientOptions {
            authority: self.path("ca.pem"),
            certificate: Some(self.0.pair("client")),
            name: None,
            check_name: true,
        }
    }

    fn server(&self, name: &str) -> TlsServer {
        let options =
            TlsServerOptions { certificate: self.0.pair(name), authority: Some(self.path("ca.pem")) };
        TlsServer::new(&options).unwrap()
    }
}

fn over_tls(port: u16, options: &TlsClientOptions) -> Node {
    Node { tls: Some(TlsClient::new(options).unwrap()), ..node(port) }
}

#[tokio::test]
async fn both_sides_show_certificates() {
    let (ours, other) = (Signed::new(), Signed::new());
    let handler: Arc<Scripted> = Arc::default();
    let (here, folder) =
        receiver(|o| ReceiverOptions { tls: Some(ours.server("here")), ..o }, &handler).await;
    let sent = send(&over_tls(here.port(), &ours.client()), vec![ct(1, 500_000)]).await;
    assert_eq!(sent.taken(), 1, "{sent:?}");
    assert_eq!(files(folder.path()).len(), 1);

    let wrong_authority = TlsClientOptions { authority: other.path("ca.pem"), ..ours.client() };
    let error = echo(&over_tls(here.port(), &wrong_authority)).await.unwrap_err();
    assert_eq!(*error.kind(), NetErrorKind::Tls, "{error}");
    assert!(!rt_net::retry::may_pass(error.kind()));

    let wrong_client = TlsClientOptions { certificate: Some(other.0.pair("client")), ..ours.client() };
    assert!(echo(&over_tls(here.port(), &wrong_client)).await.is_err());
    let no_client = TlsClientOptions { certificate: None, ..ours.client() };
    assert!(echo(&over_tls(here.port(), &no_client)).await.is_err());
    assert!(echo(&node(here.port())).await.is_err(), "plain text to a port with TLS");
}

#[tokio::test]
async fn the_name_is_checked_unless_told_otherwise() {
    let certificates = Signed::new();
    let handler: Arc<Scripted> = Arc::default();
    let (named, _folder) =
        receiver(|o| ReceiverOptions { tls: Some(certificates.server("named")), ..o }, &handler).await;
    assert!(echo(&over_tls(named.port(), &certificates.client())).await.is_err());
    let by_name = TlsClientOptions { name: Some("pacs.test".into()), ..certificates.client() };
    assert!(echo(&over_tls(named.port(), &by_name)).await.is_ok());
    let any_name = TlsClientOptions { check_name: false, ..certificates.client() };
    assert!(echo(&over_tls(named.port(), &any_name)).await.is_ok());
    let other = Signed::new();
    let any_name_of_another = TlsClientOptions { authority: other.path("ca.pem"), ..any_name };
    assert!(
        echo(&over_tls(named.port(), &any_name_of_another)).await.is_err(),
        "the authority counts all the same"
    );
}

#[tokio::test]
async fn dcmtk_takes_and_gives_over_tls() {
    let certificates = Signed::new();
    let (certificate, key) = certificates.0.pair("here");
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let authority = text(&certificates.path("ca.pem"));
    let Some(server) = Storescp::start(&["+tls", &text(&key), &text(&certificate), "+cf", &authority]) else {
        return;
    };
    let sent = send(&over_tls(server.port, &certificates.client()), vec![ct(1, 50_000), ct(2, 50_000)]).await;
    assert_eq!(sent.taken(), 2, "{sent:?}");
    let refused = Signed::new();
    assert!(
        echo(&over_tls(
            server.port,
            &TlsClientOptions { authority: refused.path("ca.pem"), ..certificates.client() }
        ))
        .await
        .is_err()
    );

    let handler: Arc<Scripted> = Arc::default();
    let (here, _folder) =
        receiver(|o| ReceiverOptions { tls: Some(certificates.server("here")), ..o }, &handler).await;
    let Some(mut command) = program("echoscu", "dcmtk") else { return };
    let (certificate, key) = certificates.0.pair("client");
    command.args(["+tls", &text(&key), &text(&certificate), "+cf", &authority, "-aec", "PEER", "127.0.0.1"]);
    command.arg(here.port().to_string());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn files_that_are_no_certificates_are_named() {
    let certificates = Signed::new();
    let key_as_authority =
        TlsClientOptions { authority: certificates.path("here.key"), ..certificates.client() };
    let absent = TlsClientOptions { authority: certificates.path("absent.pem"), ..certificates.client() };
    for options in [key_as_authority, absent] {
        let error = TlsClient::new(&options).unwrap_err();
        assert!(error.to_string().contains(&options.authority.display().to_string()), "{error}");
    }
}

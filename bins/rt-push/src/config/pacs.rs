//! A node of the network in the configuration: `[pacs.<name>]`.
//!
//! Units: MB, seconds, as the keys say. Frame: none.

use rt_cli::exit::{Failure, chain};
use rt_deliver::{CommitmentRule, NodeKind, Product, StudyRule, Target, VerifyRule};
use rt_model::uid::Uid;
use rt_net::{AeTitle, Node, TlsClient, TlsClientOptions};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What we call ourselves where nothing is configured.
pub(crate) const CALLING_AE: &str = "DOSEBRIDGE";

/// `[pacs.<name>]` as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Section {
    ae: Option<String>,
    host: Option<String>,
    port: Option<u16>,
    calling_ae: Option<String>,
    tls: Option<TlsSection>,
    kind: Option<String>,
    study: Option<String>,
    accession: Option<String>,
    products: Option<Vec<String>>,
    quant: Option<bool>,
    transfer_syntaxes: Option<Vec<String>>,
    commitment: Option<CommitmentSection>,
    max_mb_per_case: Option<f64>,
    auto_release: Option<bool>,
    verify: Option<String>,
    verify_wait_s: Option<u64>,
    associations: Option<usize>,
}

/// `tls = { ... }`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsSection {
    authority: PathBuf,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    name: Option<String>,
    check_name: Option<bool>,
}

/// `commitment = { ... }`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitmentSection {
    listen: SocketAddr,
    wait_s: Option<u64>,
}

/// The node that `text` names: one of the configuration, or, where `addresses` are allowed, `AE@host:port`.
pub(crate) fn find_target(text: &str, nodes: &toml::Table, addresses: bool) -> Result<Target, Failure> {
    if let Some(section) = nodes.get(text) {
        return configured(text, section.clone());
    }
    if !text.contains('@') {
        let known: Vec<&str> = nodes.keys().map(String::as_str).collect();
        let known = if known.is_empty() {
            "none is configured".to_owned()
        } else {
            format!("there are: {}", known.join(", "))
        };
        return Err(Failure::usage(format!("no node {text:?} in the configuration ({known})")));
    }
    if !addresses {
        return Err(Failure::usage(format!(
            "{text}: this command needs a node of the configuration, [pacs.<name>]"
        )));
    }
    at_address(text).ok_or_else(|| Failure::usage(format!("expected AE@host:port, found {text:?}")))
}

fn at_address(text: &str) -> Option<Target> {
    let (ae, address) = text.split_once('@')?;
    let (host, port) = address.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let node = Node::new(AeTitle::new(ae)?, host, port.parse().ok()?, AeTitle::new(CALLING_AE)?);
    (!host.is_empty()).then(|| Target::new(text, node))
}

fn configured(name: &str, section: toml::Value) -> Result<Target, Failure> {
    let wrong = |key: &str, problem: String| Failure::usage(format!("pacs.{name}.{key}: {problem}"));
    let expected =
        |key: &str, expected: &str, found: &str| wrong(key, format!("expected {expected}, found {found:?}"));
    let section: Section = section
        .try_into()
        .map_err(|error: toml::de::Error| Failure::usage(format!("pacs.{name}: {}", error.message())))?;
    let missing = |key: &str| wrong(key, "expected a value, found none".to_owned());
    let title = |key: &str, text: String| text.parse::<AeTitle>().map_err(|error| wrong(key, chain(&error)));
    let mut node = Node::new(
        title("ae", section.ae.ok_or_else(|| missing("ae"))?)?,
        section.host.ok_or_else(|| missing("host"))?,
        section.port.ok_or_else(|| missing("port"))?,
        title("calling_ae", section.calling_ae.unwrap_or_else(|| CALLING_AE.to_owned()))?,
    );
    node.tls = section.tls.map(|tls| client(tls).map_err(|problem| wrong("tls", problem))).transpose()?;
    let products = section.products.map(|names| {
        let product = |name: &String| {
            let known = || Product::ALL.into_iter().filter(|product| product.is_dicom()).map(Product::as_str);
            let found = Product::parse(name).filter(|product| product.is_dicom());
            found.ok_or_else(|| {
                expected("products", &format!("some of {}", known().collect::<Vec<_>>().join(", ")), name)
            })
        };
        names.iter().map(product).collect::<Result<Vec<_>, _>>()
    });
    let syntaxes = section.transfer_syntaxes.map(|names| {
        let syntax = |text: &String| {
            Uid::new(text)
                .filter(Uid::is_valid)
                .ok_or_else(|| expected("transfer_syntaxes", "identifiers", text))
        };
        names.iter().map(syntax).collect::<Result<Vec<_>, _>>()
    });
    let study = match (section.study.as_deref(), section.accession) {
        (None, _) => None,
        (Some("same"), _) => Some(StudyRule::Same),
        (Some("new"), None) => {
            return Err(wrong("accession", "expected a number or \"none\" with study = \"new\"".to_owned()));
        }
        (Some("new"), Some(accession)) => {
            Some(StudyRule::New { accession: if accession == "none" { String::new() } else { accession } })
        }
        (Some(other), _) => return Err(expected("study", "same or new", other)),
    };
    let mut target = Target::new(name, node);
    target.kind = match section.kind.as_deref() {
        None | Some("pacs") => NodeKind::Pacs,
        Some("tps") => NodeKind::PlanningSystem,
        Some("router") => NodeKind::Router,
        Some(other) => return Err(expected("kind", "pacs, tps or router", other)),
    };
    target.verify = match section.verify.as_deref() {
        None | Some("auto") => VerifyRule::Auto,
        Some("commitment") => VerifyRule::Commitment,
        Some("find") => VerifyRule::Find,
        Some("none") => VerifyRule::None,
        Some(other) => return Err(expected("verify", "auto, commitment, find or none", other)),
    };
    if let Some(limit) = section.max_mb_per_case {
        if limit.is_nan() || limit <= 0.0 {
            return Err(expected("max_mb_per_case", "a number above 0", &limit.to_string()));
        }
        target.max_mb_per_case = limit;
    }
    target.associations = match section.associations.unwrap_or(1) {
        count @ 1..=4 => count,
        other => return Err(expected("associations", "1 to 4", &other.to_string())),
    };
    target.study = study;
    target.products = products.transpose()?;
    target.transfer_syntaxes = syntaxes.transpose()?;
    target.quant = section.quant.unwrap_or_default();
    target.auto_release = section.auto_release.unwrap_or_default();
    target.commitment = section.commitment.map(|commitment| CommitmentRule {
        listen: commitment.listen,
        wait: Duration::from_secs(commitment.wait_s.unwrap_or(60)),
    });
    target.verify_wait = Duration::from_secs(section.verify_wait_s.unwrap_or(60));
    Ok(target)
}

fn client(section: TlsSection) -> Result<TlsClient, String> {
    let certificate = match (section.certificate, section.key) {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        _ => return Err("expected certificate and key, found one of them".to_owned()),
    };
    let options = TlsClientOptions {
        authority: section.authority,
        certificate,
        name: section.name,
        check_name: section.check_name.unwrap_or(true),
    };
    TlsClient::new(&options).map_err(|error| chain(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "[main]\nae = 'PACS'\nhost = 'pacs'\nport = 104\n";

    fn main(more: &str) -> Result<Target, Failure> {
        find_target("main", &toml::from_str(&format!("{MAIN}{more}")).unwrap(), false)
    }

    #[test]
    fn a_node_is_a_name_or_an_address() {
        let nodes = toml::from_str(MAIN).unwrap();
        assert_eq!(main("").unwrap().destination.to_string(), "PACS@pacs:104");
        assert_eq!(find_target("A@h:11112", &nodes, true).unwrap().destination.to_string(), "A@h:11112");
        assert_eq!(find_target("A@[::1]:104", &nodes, true).unwrap().destination.to_string(), "A@[::1]:104");
        for text in ["other", "A@h", "A@:104", "@h:104", "A@h:x"] {
            assert!(find_target(text, &nodes, true).is_err(), "{text}");
        }
        assert!(find_target("A@h:11112", &nodes, false).is_err());
    }

    #[test]
    fn there_is_no_study_unless_it_is_chosen() {
        assert_eq!(main("").unwrap().study, None);
        assert_eq!(main("study = 'same'").unwrap().study, Some(StudyRule::Same));
        let none = main("study = 'new'\naccession = 'none'").unwrap();
        assert_eq!(none.study, Some(StudyRule::New { accession: String::new() }));
        assert!(main("study = 'new'").is_err());
    }

    #[test]
    fn values_are_checked_and_named() {
        for (text, key) in [
            ("kind = 'film'", "pacs.main.kind"),
            ("study = 'old'", "pacs.main.study"),
            ("products = ['png']", "pacs.main.products"),
            ("verify = 'hope'", "pacs.main.verify"),
            ("associations = 9", "pacs.main.associations"),
            ("max_mb_per_case = -1.0", "pacs.main.max_mb_per_case"),
            ("calling_ae = 'MUCH_TOO_LONG_TITLE'", "pacs.main.calling_ae"),
            ("transfer_syntaxes = ['jpeg']", "pacs.main.transfer_syntaxes"),
            ("tls = { authority = 'absent.pem' }", "pacs.main.tls"),
            ("colour = 1", "pacs.main"),
        ] {
            let failure = main(text).unwrap_err();
            assert!(failure.text.starts_with(key), "{failure}");
        }
    }

    #[test]
    fn a_planning_system_gets_nothing() {
        assert!(main("kind = 'tps'").unwrap().not_for_planning().is_err());
        assert!(main("kind = 'router'").unwrap().not_for_planning().is_ok());
    }
}

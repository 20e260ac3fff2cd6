//! A node of the network in the configuration: `[pacs.<name>]`.
//!
//! Units: MB, seconds, as the keys say. Frame: none.

use crate::exit::{Failure, chain};
use crate::product::Product;
use rt_model::uid::Uid;
use rt_net::{AeTitle, Node, TlsClient, TlsClientOptions};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What we call ourselves where nothing is configured.
pub const CALLING_AE: &str = "DOSEBRIDGE";

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

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Keeps and shows images.
    Pacs,
    /// A planning system: nothing is sent to it.
    Tps,
    /// Passes on to nodes that we do not know.
    Router,
}

/// The study that products are filed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StudyRule {
    /// That of the planning images, which has to be there.
    Same,
    /// One of its own with this accession number; empty where the configuration says `none`.
    New {
        /// Accession Number (0008,0050).
        accession: String,
    },
}

/// How it is proved that instances arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyRule {
    /// Storage commitment where it is configured, else a query.
    Auto,
    /// Storage commitment.
    Commitment,
    /// A query.
    Find,
    /// Not at all.
    None,
}

/// How answers to storage commitment are heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitmentRule {
    /// Where we listen.
    pub listen: SocketAddr,
    /// How long a run waits for the answer.
    pub wait: Duration,
}

/// A node with everything that is configured of it.
#[derive(Debug, Clone)]
pub struct Target {
    /// As the user names it.
    pub name: String,
    /// How to speak to it.
    pub node: Node,
    /// What it is.
    pub kind: Kind,
    /// The study for products; commands that make some ask for it.
    pub study: Option<StudyRule>,
    /// Products, where they are not the usual ones.
    pub products: Option<Vec<Product>>,
    /// The dose as CT may be sent.
    pub quant: bool,
    /// Transfer syntaxes to offer; all where `None`.
    pub transfer_syntaxes: Option<Vec<Uid>>,
    /// Storage commitment.
    pub commitment: Option<CommitmentRule>,
    /// The largest case, MB.
    pub max_mb_per_case: f64,
    /// Approved, confirmed cases without a warning go without anybody's word.
    pub auto_release: bool,
    /// How arrival is proved.
    pub verify: VerifyRule,
    /// How long a query is repeated until everything is listed.
    pub verify_wait: Duration,
    /// Associations side by side.
    pub associations: usize,
}

/// The largest case where nothing is configured, MB.
const MAX_MB: f64 = 200.0;

impl Target {
    /// The node that `text` names: one of the configuration, or, where `addresses` are allowed, `AE@host:port`.
    ///
    /// # Errors
    /// Where there is none of this name, or a key has a value that can't be used.
    pub fn find(text: &str, nodes: &toml::Table, addresses: bool) -> Result<Self, Failure> {
        if let Some(section) = nodes.get(text) {
            return Self::configured(text, section.clone());
        }
        if !text.contains('@') {
            let known: Vec<&str> = nodes.keys().map(String::as_str).collect();
            let known =
                if known.is_empty() { "none is configured".to_owned() } else { format!("there are: {}", known.join(", ")) };
            return Err(Failure::usage(format!("no node {text:?} in the configuration ({known})")));
        }
        if !addresses {
            return Err(Failure::usage(format!("{text}: this command needs a node of the configuration, [pacs.<name>]")));
        }
        Self::at_address(text).ok_or_else(|| Failure::usage(format!("expected AE@host:port, found {text:?}")))
    }

    fn at_address(text: &str) -> Option<Self> {
        let (ae, address) = text.split_once('@')?;
        let (host, port) = address.rsplit_once(':')?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let node = Node::new(AeTitle::new(ae)?, host, port.parse().ok()?, AeTitle::new(CALLING_AE)?);
        (!host.is_empty()).then(|| Self::new(text, node))
    }

    fn new(name: &str, node: Node) -> Self {
        Self {
            name: name.to_owned(),
            node,
            kind: Kind::Pacs,
            study: None,
            products: None,
            quant: false,
            transfer_syntaxes: None,
            commitment: None,
            max_mb_per_case: MAX_MB,
            auto_release: false,
            verify: VerifyRule::Auto,
            verify_wait: Duration::from_secs(60),
            associations: 1,
        }
    }

    fn configured(name: &str, section: toml::Value) -> Result<Self, Failure> {
        let wrong = |key: &str, problem: String| Failure::usage(format!("pacs.{name}.{key}: {problem}"));
        let expected = |key: &str, expected: &str, found: &str| wrong(key, format!("expected {expected}, found {found:?}"));
        let section: Section =
            section.try_into().map_err(|error: toml::de::Error| Failure::usage(format!("pacs.{name}: {}", error.message())))?;
        let missing = |key: &str| wrong(key, "expected a value, found none".to_owned());
        let title = |key: &str, text: String| text.parse::<AeTitle>().map_err(|problem| wrong(key, problem));
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
                found.ok_or_else(|| expected("products", &format!("some of {}", known().collect::<Vec<_>>().join(", ")), name))
            };
            names.iter().map(product).collect::<Result<Vec<_>, _>>()
        });
        let syntaxes = section.transfer_syntaxes.map(|names| {
            let syntax = |text: &String| {
                Uid::new(text).filter(Uid::is_valid).ok_or_else(|| expected("transfer_syntaxes", "identifiers", text))
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
        let max_mb_per_case = section.max_mb_per_case.unwrap_or(MAX_MB);
        if !(max_mb_per_case > 0.0) {
            return Err(expected("max_mb_per_case", "a number above 0", &max_mb_per_case.to_string()));
        }
        Ok(Self {
            kind: match section.kind.as_deref() {
                None | Some("pacs") => Kind::Pacs,
                Some("tps") => Kind::Tps,
                Some("router") => Kind::Router,
                Some(other) => return Err(expected("kind", "pacs, tps or router", other)),
            },
            study,
            products: products.transpose()?,
            quant: section.quant.unwrap_or_default(),
            transfer_syntaxes: syntaxes.transpose()?,
            commitment: section.commitment.map(|commitment| CommitmentRule {
                listen: commitment.listen,
                wait: Duration::from_secs(commitment.wait_s.unwrap_or(60)),
            }),
            max_mb_per_case,
            auto_release: section.auto_release.unwrap_or_default(),
            verify: match section.verify.as_deref() {
                None | Some("auto") => VerifyRule::Auto,
                Some("commitment") => VerifyRule::Commitment,
                Some("find") => VerifyRule::Find,
                Some("none") => VerifyRule::None,
                Some(other) => return Err(expected("verify", "auto, commitment, find or none", other)),
            },
            verify_wait: Duration::from_secs(section.verify_wait_s.unwrap_or(60)),
            associations: match section.associations.unwrap_or(1) {
                count @ 1..=4 => count,
                other => return Err(expected("associations", "1 to 4", &other.to_string())),
            },
            ..Self::new(name, node)
        })
    }

    /// Refuses a planning system: what is sent there may be planned on.
    ///
    /// # Errors
    /// Where it is one.
    pub fn not_for_planning(&self) -> Result<(), Failure> {
        match self.kind {
            Kind::Tps => Err(Failure::usage(format!("{}: kind = \"tps\": nothing is sent to a planning system", self.name))),
            Kind::Pacs | Kind::Router => Ok(()),
        }
    }
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
        Target::find("main", &toml::from_str(&format!("{MAIN}{more}")).unwrap(), false)
    }

    #[test]
    fn a_node_is_a_name_or_an_address() {
        let nodes = toml::from_str(MAIN).unwrap();
        assert_eq!(main("").unwrap().node.to_string(), "PACS@pacs:104");
        assert_eq!(Target::find("A@h:11112", &nodes, true).unwrap().node.to_string(), "A@h:11112");
        assert_eq!(Target::find("A@[::1]:104", &nodes, true).unwrap().node.to_string(), "A@[::1]:104");
        for text in ["other", "A@h", "A@:104", "@h:104", "A@h:x"] {
            assert!(Target::find(text, &nodes, true).is_err(), "{text}");
        }
        assert!(Target::find("A@h:11112", &nodes, false).is_err());
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

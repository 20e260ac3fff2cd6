//! One layer of configuration: every key may be absent.
//!
//! Units: Gy for the bin width. Frame: none.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// A layer: what one source says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Layer {
    /// Where rows go.
    pub database: Database,
    /// How files become cases.
    pub import: Import,
    /// How DVHs are computed.
    pub dvh: Dvh,
    /// Nodes of the network; other programs read them from the same file.
    #[serde(skip_serializing)]
    pub pacs: toml::Table,
    /// Products for the PACS, likewise.
    #[serde(skip_serializing)]
    pub export: toml::Table,
    /// The configuration file, where it holds the password.
    #[serde(skip)]
    pub secret_in: Option<PathBuf>,
}

/// `[database]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite:<path>` or `mysql://user@host:port/database`.
    pub url: Option<String>,
    /// Password of the URL's user.
    pub password: Option<Secret>,
    /// A file whose first line is the password.
    pub password_file: Option<PathBuf>,
    /// `off` or `required`.
    pub tls: Option<String>,
    /// PEM file of the authority that signed the server's certificate.
    pub tls_authority: Option<PathBuf>,
}

/// `[import]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Import {
    /// Metrics of every ROI.
    pub metrics: Option<Vec<String>>,
    /// Put curves into the JSON report.
    pub curves: Option<bool>,
    /// Incomplete and unmatched count as refused.
    pub strict: Option<bool>,
    /// Threads; 0 is as many as the computer has.
    pub jobs: Option<usize>,
    /// Take plans that treat nobody.
    pub include_qa: Option<bool>,
    /// Pairs `ID1=ID2` of identifiers that are one patient.
    pub accept_patient_mismatch: Option<Vec<String>>,
    /// `max`: a missing prescription lets RxDose be the largest dose; `none`: it stays empty.
    pub rx_fallback: Option<String>,
    /// Pairs `PLAN_UID=DOSE`: the prescription of a plan, total, whatever its files say.
    pub rx: Option<Vec<String>>,
    /// The dose that a RELATIVE dose of 1 stands for.
    pub relative_dose_gy: Option<f64>,
}

/// `[dvh]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dvh {
    /// Name of a preset.
    pub preset: Option<String>,
    /// Width of a bin.
    pub bin_gy: Option<f64>,
    /// Metrics carry error bands; where nobody says so, those that somebody asked for do.
    pub bands: Option<bool>,
    /// α/β in Gy for EQD2 and BED: `3` for all ROIs, `ROI=3` for one.
    pub alpha_beta: Option<Vec<String>>,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(secret)")
    }
}

impl Layer {
    /// What holds where nothing is said.
    #[must_use]
    pub fn defaults() -> Self {
        Self {
            database: Database { url: Some("sqlite:dvh.sqlite".into()), tls: Some("off".into()), ..Database::default() },
            import: Import {
                metrics: Some(vec!["D95%".into()]),
                curves: Some(false),
                strict: Some(false),
                jobs: Some(0),
                include_qa: Some(false),
                accept_patient_mismatch: Some(Vec::new()),
                rx_fallback: Some("max".into()),
                rx: Some(Vec::new()),
                relative_dose_gy: None,
            },
            dvh: Dvh { preset: Some("dosebridge-1".into()), bin_gy: Some(0.01), bands: None, alpha_beta: Some(Vec::new()) },
            pacs: toml::Table::new(),
            export: toml::Table::new(),
            secret_in: None,
        }
    }

    /// This layer with what `upper` says on top.
    #[must_use]
    pub fn under(self, upper: Self) -> Self {
        let (low, high) = (self, upper);
        let asked = high.import.metrics.is_some().then_some(true);
        Self {
            database: Database {
                url: high.database.url.or(low.database.url),
                password: high.database.password.or(low.database.password),
                password_file: high.database.password_file.or(low.database.password_file),
                tls: high.database.tls.or(low.database.tls),
                tls_authority: high.database.tls_authority.or(low.database.tls_authority),
            },
            import: Import {
                metrics: high.import.metrics.or(low.import.metrics),
                curves: high.import.curves.or(low.import.curves),
                strict: high.import.strict.or(low.import.strict),
                jobs: high.import.jobs.or(low.import.jobs),
                include_qa: high.import.include_qa.or(low.import.include_qa),
                accept_patient_mismatch: high.import.accept_patient_mismatch.or(low.import.accept_patient_mismatch),
                rx_fallback: high.import.rx_fallback.or(low.import.rx_fallback),
                rx: high.import.rx.or(low.import.rx),
                relative_dose_gy: high.import.relative_dose_gy.or(low.import.relative_dose_gy),
            },
            dvh: Dvh {
                preset: high.dvh.preset.or(low.dvh.preset),
                bin_gy: high.dvh.bin_gy.or(low.dvh.bin_gy),
                bands: high.dvh.bands.or(low.dvh.bands).or(asked),
                alpha_beta: high.dvh.alpha_beta.or(low.dvh.alpha_beta),
            },
            pacs: toml::Table::new(),
            export: toml::Table::new(),
            secret_in: high.secret_in.or(low.secret_in),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_layers_win_key_by_key() {
        let file: Layer = toml::from_str("[dvh]\nbin_gy = 0.02\n[pacs.main]\nhost = 'x'\n").unwrap();
        let merged = Layer::defaults().under(file);
        assert_eq!((merged.dvh.bin_gy, merged.dvh.preset.as_deref()), (Some(0.02), Some("dosebridge-1")));
    }

    #[test]
    fn a_secret_is_never_shown() {
        let layer: Layer = toml::from_str("[database]\npassword = 'hush'\n").unwrap();
        assert!(!format!("{layer:?}").contains("hush"));
        assert!(!toml::to_string(&layer).unwrap().contains("hush"));
    }
}

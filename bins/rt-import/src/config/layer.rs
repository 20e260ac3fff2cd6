//! One layer of configuration: every key may be absent. Each key is declared here, with its default; its
//! variable of the environment is `DOSEBRIDGE_<SECTION>_<KEY>`, lists separated by commas.
//!
//! Units: Gy for the bin width. Frame: none.

use super::secret::Secret;
use rt_cli::config_file::{find, from_file};
use rt_cli::exit::Failure;
use rt_cli::section::from_environment;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

rt_cli::section! {
    /// `[database]`
    pub(crate) struct Database in "DATABASE" {
        /// `sqlite:<path>` or `mysql://user@host:port/database`.
        url: String = "sqlite:dvh.sqlite".into(),
        /// Password of the URL's user.
        password: Secret,
        /// A file whose first line is the password.
        password_file: PathBuf,
        /// `off` or `required`.
        tls: String = "off".into(),
        /// PEM file of the authority that signed the server's certificate.
        tls_authority: PathBuf,
    }
}

rt_cli::section! {
    /// `[import]`
    pub(crate) struct Import in "IMPORT" {
        /// Metrics of every ROI.
        metrics: Vec<String> = vec!["D95%".into()],
        /// Put curves into the JSON report.
        curves: bool = false,
        /// Incomplete cases and unmatched files count as refused.
        strict: bool = false,
        /// Threads; 0 is as many as the computer has.
        jobs: usize = 0,
        /// Include QA, research and service plans.
        include_qa: bool = false,
        /// Pairs `ID1=ID2` of identifiers that are one patient.
        accept_patient_mismatch: Vec<String> = Vec::new(),
        /// `max`: a missing prescription lets RxDose be the largest dose; `none`: it stays empty.
        rx_fallback: String = "max".into(),
        /// Pairs `PLAN_UID=DOSE`: the prescription of a plan, total, whatever its files state.
        rx: Vec<String> = Vec::new(),
        /// The dose that a RELATIVE dose of 1 stands for.
        relative_dose_gy: f64,
    }
}

rt_cli::section! {
    /// `[dvh]`
    pub(crate) struct Dvh in "DVH" {
        /// Name of a preset.
        preset: String = rt_case::preset::DEFAULT.into(),
        /// Width of a bin.
        bin_gy: f64 = 0.01,
        /// Metrics carry uncertainty intervals; without a statement, those that the user asked for do.
        bands: bool,
        /// α/β in Gy for EQD2 and BED: `3` for all ROIs, `ROI=3` for one.
        alpha_beta: Vec<String> = Vec::new(),
    }
}

/// A layer: what one source states.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Layer {
    /// Where rows go.
    pub(crate) database: Database,
    /// How files become cases.
    pub(crate) import: Import,
    /// How DVHs are computed.
    pub(crate) dvh: Dvh,
    /// Nodes of the network; other programs read them from the same file.
    #[serde(skip_serializing)]
    pub(crate) pacs: toml::Table,
    /// Products for the PACS, likewise.
    #[serde(skip_serializing)]
    pub(crate) export: toml::Table,
    /// The configuration file, if it holds the password.
    #[serde(skip)]
    pub(crate) secret_in: Option<PathBuf>,
}

impl Layer {
    /// What holds where nothing is stated.
    #[must_use]
    pub(crate) fn defaults() -> Self {
        Self {
            database: Database::defaults(),
            import: Import::defaults(),
            dvh: Dvh::defaults(),
            ..Self::default()
        }
    }

    /// This layer with what `upper` states on top. Metrics that a layer asks for carry intervals.
    #[must_use]
    pub(crate) fn under(self, upper: Self) -> Self {
        let asked = upper.import.metrics.is_some().then_some(true);
        let mut dvh = self.dvh.under(upper.dvh);
        dvh.bands = dvh.bands.or(asked);
        Self {
            database: self.database.under(upper.database),
            import: self.import.under(upper.import),
            dvh,
            secret_in: upper.secret_in.or(self.secret_in),
            ..Self::default()
        }
    }
}

/// The layers below the flags, merged: defaults, the file at `path` or the first that is found, the
/// environment.
pub(crate) fn load(path: Option<&Path>) -> Result<Layer, Failure> {
    let path = path.map(Path::to_owned).or_else(find);
    let mut file: Layer = path.as_deref().map_or_else(|| Ok(Layer::default()), from_file)?;
    file.secret_in = path.filter(|_| file.database.password.is_some());
    Ok(Layer::defaults().under(file).under(variables(std::env::vars_os())?))
}

/// What the environment states.
fn variables(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Layer, Failure> {
    let mut layer = Layer::default();
    from_environment(variables, &mut [&mut layer.database, &mut layer.import, &mut layer.dvh])?;
    Ok(layer)
}

/// The merged layers as a configuration file, secrets left out.
#[must_use]
pub(crate) fn print(layer: &Layer) -> String {
    let mut layer = layer.clone();
    layer.dvh.bands.get_or_insert_default();
    toml::to_string(&layer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_cli::section::Section;

    #[test]
    fn upper_layers_win_key_by_key() {
        let file: Layer = toml::from_str("[dvh]\nbin_gy = 0.02\n[pacs.main]\nhost = 'x'\n").unwrap();
        let merged = Layer::defaults().under(file);
        assert_eq!((merged.dvh.bin_gy, merged.dvh.preset.as_deref()), (Some(0.02), Some("dosebridge-2")));
    }

    #[test]
    fn a_secret_is_never_shown() {
        let layer: Layer = toml::from_str("[database]\npassword = 'hush'\n").unwrap();
        assert!(!format!("{layer:?}").contains("hush"));
        assert!(!toml::to_string(&layer).unwrap().contains("hush"));
    }

    #[test]
    fn the_printed_configuration_reads_back() {
        let layer = Layer::defaults().under(toml::from_str("[database]\npassword = 'hush'").unwrap());
        let printed = print(&layer);
        assert!(!printed.contains("hush"), "{printed}");
        let back: Layer = toml::from_str(&printed).unwrap();
        assert_eq!(back.import, layer.import);
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Layer, Failure> {
        variables(pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))))
    }

    #[test]
    fn variables_set_keys_and_strangers_are_left_alone() {
        let layer = read(&[
            ("DOSEBRIDGE_IMPORT_METRICS", "D95%, V20Gy"),
            ("DOSEBRIDGE_DVH_BIN_GY", "0.05"),
            ("HOME", "/"),
        ])
        .unwrap();
        assert_eq!(layer.import.metrics, Some(vec!["D95%".to_owned(), "V20Gy".to_owned()]));
        assert_eq!(layer.dvh.bin_gy, Some(0.05));
        assert_eq!(read(&[("DOSEBRIDGE_PACS_MAIN_HOST", "x")]).unwrap(), Layer::default());
    }

    #[test]
    fn unknown_and_unreadable_variables_are_named() {
        for (name, value) in [("DOSEBRIDGE_DVH_BINS", "1"), ("DOSEBRIDGE_IMPORT_JOBS", "many")] {
            assert!(read(&[(name, value)]).unwrap_err().text.contains(name));
        }
    }

    #[test]
    fn every_variable_is_documented() {
        let page = include_str!("../../../../docs/configuration.md");
        let layer = Layer::default();
        let sections: [&dyn Section; 3] = [&layer.database, &layer.import, &layer.dvh];
        let mut keys = 0;
        for section in sections {
            for key in section.keys() {
                let variable = format!("`DOSEBRIDGE_{}_{}`", section.name(), key.to_uppercase());
                assert!(page.contains(&variable), "{variable} is not documented");
                keys += 1;
            }
        }
        assert_eq!(page.matches("`DOSEBRIDGE_").count(), keys, "a documented variable is no key");
    }
}

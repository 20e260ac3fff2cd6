//! The merged layers as checked values.
//!
//! Units: Gy for the bin width. Frame: none.

use super::layer::{Layer, Secret};
use crate::exit::{Failure, chain};
use crate::metric::{AlphaBeta, AskedMetric};
use rt_cli::prescription::stated;
use rt_dvh::DvhOptions;
use rt_model::matching::MatchOptions;
use rt_model::read::ReadOptions;
use rt_model::uid::Uid;
use rt_model::units::Gy;
use rt_sql::{DatabaseUrl, Tls};
use std::path::PathBuf;

/// What a command works with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where rows go.
    pub database: DatabaseSettings,
    /// Metrics of every ROI.
    pub metrics: Vec<AskedMetric>,
    /// Put curves into the JSON report.
    pub curves: bool,
    /// Incomplete and unmatched count as refused.
    pub strict: bool,
    /// Threads; 0 is as many as the computer has.
    pub jobs: usize,
    /// A missing prescription lets RxDose be the largest dose.
    pub fall_back_to_maximum: bool,
    /// Prescriptions that are the user's word, by the plan's SOP Instance UID.
    pub prescriptions: Vec<(Uid, Gy)>,
    /// How DVHs are computed.
    pub dvh: DvhOptions,
    /// Metrics carry error bands.
    pub bands: bool,
    /// The user's α/β for EQD2 and BED.
    pub alpha_beta: AlphaBeta,
    /// The user's word on which files belong together.
    pub matching: MatchOptions,
    /// The user's word on data that leaves a question open.
    pub read: ReadOptions,
}

/// Where rows go.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// The address.
    pub url: DatabaseUrl,
    /// The password, where it is configured.
    pub password: Option<Secret>,
    /// The file it is in.
    pub password_file: Option<PathBuf>,
    /// Encryption.
    pub tls: Tls,
}

impl DatabaseSettings {
    /// The database as people look for it: a file by its whole path.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self.url.sqlite_path().and_then(|path| std::path::absolute(path).ok()) {
            Some(path) => path.display().to_string(),
            None => self.url.to_string(),
        }
    }
}

impl Settings {
    /// The user's word on the prescription of the plan `uid`.
    #[must_use]
    pub fn stated_prescription(&self, uid: &Uid) -> Option<Gy> {
        self.prescriptions.iter().find(|(plan, _)| plan == uid).map(|(_, dose)| *dose)
    }

    /// The settings that merged layers make.
    ///
    /// # Errors
    /// Where a value is not what its key takes.
    pub fn new(layer: &Layer) -> Result<Self, Failure> {
        let wrong = |key: &str, problem: String| Failure::usage(format!("{key}: {problem}"));
        let url = layer.database.url.as_deref().unwrap_or_default();
        let tls = match layer.database.tls.as_deref() {
            Some("off") | None => Tls::Off,
            Some("required") => Tls::Required { authority: layer.database.tls_authority.clone() },
            Some(other) => return Err(wrong("database.tls", format!("expected off or required, found {other:?}"))),
        };
        let database = DatabaseSettings {
            url: url.parse().map_err(|error: rt_sql::SqlError| wrong("database.url", chain(&error)))?,
            password: layer.database.password.clone(),
            password_file: layer.database.password_file.clone(),
            tls,
        };
        let metrics = layer.import.metrics.iter().flatten().map(|text| {
            let metric = text.parse().map_err(|error: rt_dvh::metric::ParseMetricError| wrong("metric", chain(&error)))?;
            Ok(AskedMetric { text: text.clone(), metric })
        });
        let preset = layer.dvh.preset.as_deref().unwrap_or_default();
        let mut dvh = DvhOptions::preset(preset).ok_or_else(|| {
            let known = rt_dvh::preset::names().collect::<Vec<_>>().join(", ");
            wrong("dvh.preset", format!("expected one of {known}, found {preset:?}"))
        })?;
        if let Some(bin) = layer.dvh.bin_gy {
            if !(bin.is_finite() && (1e-4..=10.0).contains(&bin)) {
                return Err(wrong("dvh.bin_gy", format!("expected a width from 0.0001 to 10 Gy, found {bin}")));
            }
            dvh.bin = Gy(bin);
        }
        let alpha_beta =
            AlphaBeta::read(layer.dvh.alpha_beta.as_deref().unwrap_or_default()).map_err(|text| wrong("dvh.alpha_beta", text))?;
        let pairs = layer.import.accept_patient_mismatch.iter().flatten().map(|text| match text.split_once('=') {
            Some((a, b)) if !a.is_empty() && !b.is_empty() && a != b => Ok((a.to_owned(), b.to_owned())),
            _ => Err(wrong("accept-patient-mismatch", format!("expected ID1=ID2, found {text:?}"))),
        });
        let fall_back_to_maximum = match layer.import.rx_fallback.as_deref() {
            Some("max") | None => true,
            Some("none") => false,
            Some(other) => return Err(wrong("import.rx_fallback", format!("expected max or none, found {other:?}"))),
        };
        let prescriptions =
            layer.import.rx.iter().flatten().map(|text| stated(text).map_err(|problem| wrong("rx", problem.to_string())));
        let reference = layer.import.relative_dose_gy.map(Gy);
        if let Some(Gy(dose)) = reference.filter(|dose| !(dose.is_finite() && dose.0 > 0.0)) {
            return Err(wrong("import.relative_dose_gy", format!("expected a dose above 0 Gy, found {dose}")));
        }
        Ok(Self {
            database,
            metrics: metrics.collect::<Result<_, Failure>>()?,
            curves: layer.import.curves.unwrap_or_default(),
            strict: layer.import.strict.unwrap_or_default(),
            jobs: layer.import.jobs.unwrap_or_default(),
            fall_back_to_maximum,
            prescriptions: prescriptions.collect::<Result<_, Failure>>()?,
            dvh,
            bands: layer.dvh.bands.unwrap_or_default(),
            alpha_beta,
            matching: MatchOptions {
                accept_patient_mismatch: pairs.collect::<Result<_, Failure>>()?,
                include_qa: layer.import.include_qa.unwrap_or_default(),
                relative_dose_stated: reference.is_some(),
                ..MatchOptions::default()
            },
            read: ReadOptions { relative_dose_reference: reference, ..ReadOptions::default() },
        })
    }
}

/// The merged layers as a configuration file, secrets left out.
#[must_use]
pub fn print(layer: &Layer) -> String {
    let mut layer = layer.clone();
    layer.dvh.bands.get_or_insert_default();
    toml::to_string(&layer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<Settings, Failure> {
        Settings::new(&Layer::defaults().under(toml::from_str(text).unwrap()))
    }

    #[test]
    fn metrics_that_are_asked_for_carry_bands() {
        for (text, expected) in [
            ("", false),
            ("[import]\nmetrics = ['D95%']", true),
            ("[import]\nmetrics = ['D95%']\n[dvh]\nbands = false", false),
            ("[dvh]\nbands = true", true),
        ] {
            assert_eq!(settings(text).unwrap().bands, expected, "{text}");
        }
    }

    #[test]
    fn the_defaults_are_sound() {
        let settings = settings("").unwrap();
        assert_eq!(settings.dvh.preset, "dosebridge-1");
        assert_eq!(settings.metrics[0].text, "D95%");
    }

    #[test]
    fn values_are_checked_and_named() {
        for (text, key) in [
            ("[database]\nurl = 'postgres://x'", "database.url"),
            ("[database]\nurl = 'mysql://a:secret@h/DVH'", "database.url"),
            ("[database]\ntls = 'maybe'", "database.tls"),
            ("[dvh]\npreset = 'x'", "dvh.preset"),
            ("[dvh]\nbin_gy = 0.0", "dvh.bin_gy"),
            ("[dvh]\nalpha_beta = ['x']", "dvh.alpha_beta"),
            ("[import]\nmetrics = ['D95']", "metric"),
            ("[import]\naccept_patient_mismatch = ['A']", "accept-patient-mismatch"),
            ("[import]\nrx_fallback = 'x'", "import.rx_fallback"),
            ("[import]\nrx = ['60Gy']", "rx"),
            ("[import]\nrx = ['1.2=60']", "rx"),
            ("[import]\nrx = ['1.2=-6Gy']", "rx"),
            ("[import]\nrelative_dose_gy = 0.0", "import.relative_dose_gy"),
        ] {
            let failure = settings(text).unwrap_err();
            assert!(failure.text.starts_with(key), "{failure}");
            assert!(!failure.text.contains("secret"), "{failure}");
        }
    }

    #[test]
    fn prescriptions_are_of_a_plan_and_carry_their_unit() {
        let stated = settings("[import]\nrx = ['1.2.3=60Gy', '2.25.7=5040 cGy']").unwrap().prescriptions;
        assert_eq!(stated.iter().map(|(uid, _)| uid.as_str()).collect::<Vec<_>>(), ["1.2.3", "2.25.7"]);
        assert!((stated[0].1.0 - 60.0).abs() < 1e-9 && (stated[1].1.0 - 50.4).abs() < 1e-9, "{stated:?}");
    }

    #[test]
    fn the_printed_configuration_reads_back() {
        let layer = Layer::defaults().under(toml::from_str("[database]\npassword = 'hush'").unwrap());
        let printed = print(&layer);
        assert!(!printed.contains("hush"), "{printed}");
        let back: Layer = toml::from_str(&printed).unwrap();
        assert_eq!(back.import, layer.import);
    }
}

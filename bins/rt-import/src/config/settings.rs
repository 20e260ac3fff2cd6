//! The merged layers as checked values.
//!
//! Units: Gy for the bin width. Frame: none.

use super::layer::Layer;
use super::secret::Secret;
use rt_case::{
    AlphaBeta, CaseOptions, DvhOptions, EvaluateOptions, ParseMetricError, PrepareOptions, preset,
};
use rt_cli::exit::{Failure, chain};
use rt_cli::prescription::stated;
use rt_model::matching::MatchOptions;
use rt_model::read::ReadOptions;
use rt_model::units::Gy;
use rt_sql::{DatabaseUrl, Tls};
use std::path::PathBuf;

/// What a command works with.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Where rows go.
    pub(crate) database: DatabaseSettings,
    /// Put curves into the JSON report.
    pub(crate) curves: bool,
    /// Incomplete cases and unmatched files count as refused.
    pub(crate) strict: bool,
    /// Threads; 0 is as many as the computer has.
    pub(crate) jobs: usize,
    /// Everything that decides what a case's results are.
    pub(crate) case: CaseOptions,
}

/// Where rows go.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseSettings {
    /// The address.
    pub(crate) url: DatabaseUrl,
    /// The password, where it is configured.
    pub(crate) password: Option<Secret>,
    /// The file it is in.
    pub(crate) password_file: Option<PathBuf>,
    /// Encryption.
    pub(crate) tls: Tls,
}

impl DatabaseSettings {
    /// The database as people look for it: a file by its whole path.
    #[must_use]
    pub(crate) fn in_words(&self) -> String {
        match self.url.sqlite_path().and_then(|path| std::path::absolute(path).ok()) {
            Some(path) => path.display().to_string(),
            None => self.url.to_string(),
        }
    }
}

impl Settings {
    /// The settings that merged layers make.
    ///
    /// # Errors
    /// Where a value is not what its key takes.
    pub(crate) fn new(layer: &Layer) -> Result<Self, Failure> {
        let wrong = |key: &str, problem: String| Failure::usage(format!("{key}: {problem}"));
        let url = layer.database.url.as_deref().unwrap_or_default();
        let tls = match layer.database.tls.as_deref() {
            Some("off") | None => Tls::Off,
            Some("required") => Tls::Required { authority: layer.database.tls_authority.clone() },
            Some(other) => {
                return Err(wrong("database.tls", format!("expected off or required, found {other:?}")));
            }
        };
        let database = DatabaseSettings {
            url: url.parse().map_err(|error: rt_sql::SqlError| wrong("database.url", chain(&error)))?,
            password: layer.database.password.clone(),
            password_file: layer.database.password_file.clone(),
            tls,
        };
        let metrics = layer
            .import
            .metrics
            .iter()
            .flatten()
            .map(|text| text.parse().map_err(|error: ParseMetricError| wrong("metric", chain(&error))));
        let name = layer.dvh.preset.as_deref().unwrap_or_default();
        let mut dvh = DvhOptions::preset(name).ok_or_else(|| {
            let known = preset::names().collect::<Vec<_>>().join(", ");
            wrong("dvh.preset", format!("expected one of {known}, found {name:?}"))
        })?;
        if let Some(bin) = layer.dvh.bin_gy {
            if !(bin.is_finite() && (1e-4..=10.0).contains(&bin)) {
                return Err(wrong(
                    "dvh.bin_gy",
                    format!("expected a width from 0.0001 to 10 Gy, found {bin}"),
                ));
            }
            dvh.bin = Gy(bin);
        }
        let alpha_beta = AlphaBeta::read(layer.dvh.alpha_beta.as_deref().unwrap_or_default())
            .map_err(|error| wrong("dvh.alpha_beta", error.to_string()))?;
        let pairs =
            layer.import.accept_patient_mismatch.iter().flatten().map(|text| match text.split_once('=') {
                Some((a, b)) if !a.is_empty() && !b.is_empty() && a != b => Ok((a.to_owned(), b.to_owned())),
                _ => Err(wrong("accept-patient-mismatch", format!("expected ID1=ID2, found {text:?}"))),
            });
        let fall_back_to_maximum = match layer.import.rx_fallback.as_deref() {
            Some("max") | None => true,
            Some("none") => false,
            Some(other) => {
                return Err(wrong("import.rx_fallback", format!("expected max or none, found {other:?}")));
            }
        };
        let prescriptions = layer
            .import
            .rx
            .iter()
            .flatten()
            .map(|text| stated(text).map_err(|problem| wrong("rx", problem.to_string())));
        let reference = layer.import.relative_dose_gy.map(Gy);
        if let Some(Gy(dose)) = reference.filter(|dose| !(dose.is_finite() && dose.0 > 0.0)) {
            return Err(wrong(
                "import.relative_dose_gy",
                format!("expected a dose above 0 Gy, found {dose}"),
            ));
        }
        Ok(Self {
            database,
            curves: layer.import.curves.unwrap_or_default(),
            strict: layer.import.strict.unwrap_or_default(),
            jobs: layer.import.jobs.unwrap_or_default(),
            case: CaseOptions {
                matching: MatchOptions {
                    accept_patient_mismatch: pairs.collect::<Result<_, Failure>>()?,
                    include_qa: layer.import.include_qa.unwrap_or_default(),
                    relative_dose_stated: reference.is_some(),
                    ..MatchOptions::default()
                },
                prepare: PrepareOptions {
                    read: ReadOptions { relative_dose_reference: reference, ..ReadOptions::default() },
                    prescriptions: prescriptions.collect::<Result<_, Failure>>()?,
                    fall_back_to_maximum,
                    ..PrepareOptions::default()
                },
                evaluate: EvaluateOptions {
                    metrics: metrics.collect::<Result<_, Failure>>()?,
                    bands: layer.dvh.bands.unwrap_or_default(),
                    alpha_beta,
                    relate_to_targets: true,
                    ..EvaluateOptions::new(dvh)
                },
            },
        })
    }
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
            assert_eq!(settings(text).unwrap().case.evaluate.bands, expected, "{text}");
        }
    }

    #[test]
    fn the_defaults_are_sound() {
        let evaluate = settings("").unwrap().case.evaluate;
        assert_eq!((evaluate.dvh.preset, evaluate.metrics[0].text.as_str()), ("dosebridge-2", "D95%"));
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
        let stated =
            settings("[import]\nrx = ['1.2.3=60Gy', '2.25.7=5040 cGy']").unwrap().case.prepare.prescriptions;
        assert_eq!(stated.iter().map(|(uid, _)| uid.as_str()).collect::<Vec<_>>(), ["1.2.3", "2.25.7"]);
        assert!((stated[0].1.0 - 60.0).abs() < 1e-9 && (stated[1].1.0 - 50.4).abs() < 1e-9, "{stated:?}");
    }
}

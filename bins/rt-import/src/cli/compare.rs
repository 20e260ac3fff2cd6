//! `rt-import compare`: its arguments.
//!
//! Units: as the help says. Frame: none.

use super::options::ReadArgs;
use crate::config::{Import, Layer};
use clap::Args;
use std::path::PathBuf;

/// `rt-import compare`
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// RTSTRUCT file
    #[arg(long, value_name = "RS")]
    pub(crate) structures: PathBuf,
    /// RTDOSE file; several are added
    #[arg(long, required = true, value_name = "RD")]
    pub(crate) dose: Vec<PathBuf>,
    /// RTPLAN file: its prescription is then what percents of dose are of
    #[arg(long, value_name = "RP")]
    pub(crate) plan: Option<PathBuf>,
    /// The other system's DVHs: Eclipse's text export, CSV, or an RTDOSE with a DVH Sequence
    #[arg(long, value_name = "FILE")]
    pub(crate) tps: PathBuf,
    /// Distance in dose that still agrees, percent of the prescription, or of the largest dose where none is
    /// settled
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0, value_parser = percent)]
    pub(crate) dose_percent: f64,
    /// Distance in volume that still agrees, percent; also of the ROI's volume itself
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0, value_parser = percent)]
    pub(crate) volume_percent: f64,
    /// Points that have to agree for a ROI to pass, percent
    #[arg(long, value_name = "PERCENT", default_value_t = 95.0, value_parser = percent)]
    pub(crate) pass_percent: f64,
    /// Write the report as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// These two patient identifiers are one patient; repeatable
    #[arg(long, value_name = "ID1=ID2")]
    pub(crate) accept_patient_mismatch: Vec<String>,
    /// Threads [default: as many as the computer has]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Options on reading
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

impl CompareArgs {
    /// What the flags say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        let pairs = &self.accept_patient_mismatch;
        let accept_patient_mismatch = (!pairs.is_empty()).then(|| pairs.clone());
        Layer {
            import: Import { accept_patient_mismatch, jobs: self.jobs, ..Import::default() },
            ..Layer::default()
        }
    }
}

fn percent(text: &str) -> Result<f64, String> {
    let percent = text.parse().ok().filter(|percent: &f64| *percent > 0.0 && *percent <= 100.0);
    percent.ok_or_else(|| format!("expected percent above 0 up to 100, found {text:?}"))
}

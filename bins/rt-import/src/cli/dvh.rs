//! `rt-import dvh`: its arguments.
//!
//! Units: as the help says. Frame: none.

use super::options::{ReadArgs, ResultArgs};
use crate::config::{Import, Layer};
use clap::Args;
use std::path::PathBuf;

/// `rt-import dvh`
#[derive(Debug, Args)]
pub(crate) struct DvhArgs {
    /// RTSTRUCT file
    #[arg(long, value_name = "RS")]
    pub(crate) structures: PathBuf,
    /// RTDOSE file; several are added
    #[arg(long, required = true, value_name = "RD")]
    pub(crate) dose: Vec<PathBuf>,
    /// Only the ROIs of this name; repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) roi: Vec<String>,
    /// Options on results
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Write the curves as CSV in long form (roi_number, roi_name, dose_gy, volume_cm3); `-` is standard
    /// output
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
    /// These two patient identifiers are one patient; repeatable
    #[arg(long, value_name = "ID1=ID2")]
    pub(crate) accept_patient_mismatch: Vec<String>,
    /// Options on reading
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

impl DvhArgs {
    /// What the flags say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        let pairs = &self.accept_patient_mismatch;
        let accept_patient_mismatch = (!pairs.is_empty()).then(|| pairs.clone());
        self.result.layer().under(Layer {
            import: Import { accept_patient_mismatch, ..Import::default() },
            ..Layer::default()
        })
    }
}

//! Options that several commands share.
//!
//! Units: as the help says. Frame: none.

use crate::config::{Dvh, Import, Layer, Settings};
use clap::{Args, ValueEnum};
use rt_cli::dose_scope;
use rt_model::matching::{DoseScope, Selection};
use rt_model::read::{AssumeOffsets, ReadOptions};
use rt_model::uid::Uid;
use std::path::PathBuf;

/// Which database.
#[derive(Debug, Default, Args)]
pub(crate) struct DatabaseArgs {
    /// Address of the database.
    #[arg(
        long,
        value_name = "URL",
        help = "Database: sqlite:<path> or mysql://user@host:port/database [default: sqlite:dvh.sqlite]"
    )]
    pub(crate) db: Option<String>,
}

impl DatabaseArgs {
    /// What the options say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        let mut layer = Layer::default();
        layer.database.url.clone_from(&self.db);
        layer
    }
}

/// Options of every command that stores.
#[derive(Debug, Default, Args)]
pub(crate) struct StoreArgs {
    /// Which database
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Options on results
    #[command(flatten)]
    pub(crate) result: ResultArgs,
}

impl StoreArgs {
    /// What the options say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        self.database.layer().under(self.result.layer())
    }
}

/// Options on results.
#[derive(Debug, Default, Args)]
pub(crate) struct ResultArgs {
    /// Numbers to read from every DVH.
    #[arg(
        long = "metric",
        value_name = "M",
        help = "A number to read from every DVH: D95%, D2cc, V20Gy, V20Gy[cc], Mean ...; repeatable [default: D95%]"
    )]
    pub(crate) metrics: Vec<String>,
    /// How volumes are modelled: dosebridge-2, dosebridge-1 ... [default: dosebridge-2]
    #[arg(long, value_name = "NAME")]
    pub(crate) preset: Option<String>,
    /// Report an uncertainty interval for each metric, by cause (about nine times the computing time)
    /// [default: for metrics that are asked for]
    #[arg(long)]
    pub(crate) bands: bool,
    /// Tell values alone
    #[arg(long, conflicts_with = "bands")]
    pub(crate) no_bands: bool,
    /// Alpha/beta in Gy for EQD2 and BED, of all ROIs or of one; repeatable
    #[arg(long, value_name = "GY|ROI=GY")]
    pub(crate) alpha_beta: Vec<String>,
    /// Write the report as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Put the cumulative curves into the JSON report
    #[arg(long)]
    pub(crate) curves: bool,
    /// Threads [default: as many as the computer has]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
}

impl ResultArgs {
    /// What the options say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        let import = Import {
            metrics: (!self.metrics.is_empty()).then(|| self.metrics.clone()),
            curves: self.curves.then_some(true),
            jobs: self.jobs,
            ..Import::default()
        };
        let dvh = Dvh {
            preset: self.preset.clone(),
            bands: if self.no_bands { Some(false) } else { self.bands.then_some(true) },
            alpha_beta: (!self.alpha_beta.is_empty()).then(|| self.alpha_beta.clone()),
            ..Dvh::default()
        };
        Layer { import, dvh, ..Layer::default() }
    }
}

/// The user's word where files leave a question open.
#[derive(Debug, Default, Args)]
pub(crate) struct ChoiceArgs {
    /// Incomplete cases and unmatched files make the exit code 1
    #[arg(long)]
    pub(crate) strict: bool,
    /// Take this object where references do not settle it; repeatable
    #[arg(long, value_name = "plan=UID|structures=UID|dose=UID")]
    pub(crate) select: Vec<Selection>,
    /// These two patient identifiers are one patient; stored under the plan's; repeatable
    #[arg(long, value_name = "ID1=ID2")]
    pub(crate) accept_patient_mismatch: Vec<String>,
    /// Take plans that treat nobody: verification, machine QA, research, service
    #[arg(long)]
    pub(crate) include_qa: bool,
    /// Medical record number for plans whose patient identifier is empty
    #[arg(long, value_name = "MRN")]
    pub(crate) mrn: Option<String>,
    /// What a dose covers, where the total-dose check can't tell; repeatable
    #[arg(long, value_name = "UID=total|fraction", value_parser = dose_scope::stated)]
    pub(crate) dose_is: Vec<(Uid, DoseScope)>,
    /// The prescription of a plan, total, whatever its files say; repeatable
    #[arg(
        long,
        value_name = "PLAN_UID=DOSE",
        help = "The prescription of a plan, total, whatever its files say: 2.25.7=60Gy; repeatable"
    )]
    pub(crate) rx: Vec<String>,
    /// The dose in Gy that a RELATIVE dose of 1 stands for
    #[arg(long, value_name = "GY")]
    pub(crate) relative_dose: Option<f64>,
    /// Options on reading
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

impl ChoiceArgs {
    /// What the options say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        let pairs = &self.accept_patient_mismatch;
        let import = Import {
            strict: self.strict.then_some(true),
            include_qa: self.include_qa.then_some(true),
            accept_patient_mismatch: (!pairs.is_empty()).then(|| pairs.clone()),
            rx: (!self.rx.is_empty()).then(|| self.rx.clone()),
            relative_dose_gy: self.relative_dose,
            ..Import::default()
        };
        Layer { import, ..Layer::default() }
    }

    /// Puts what is the user's word on these files alone, and no configuration, into `settings`.
    pub(crate) fn apply(&self, settings: &mut Settings) {
        let (matching, read) = (&mut settings.case.matching, &mut settings.case.prepare.read);
        matching.select.clone_from(&self.select);
        matching.mrn.clone_from(&self.mrn);
        matching.dose_is.clone_from(&self.dose_is);
        *read = ReadOptions { relative_dose_reference: read.relative_dose_reference, ..self.read.options() };
    }
}

/// Options on reading.
#[derive(Debug, Default, Args)]
pub(crate) struct ReadArgs {
    /// How to read frame offsets that start neither at 0 nor at the first voxel's z
    #[arg(long, value_name = "HOW")]
    pub(crate) assume_offsets: Option<Offsets>,
    /// Take the distance of a dose grid's frames from Slice Thickness where its frame offsets are absent
    #[arg(long)]
    pub(crate) assume_spacing: bool,
}

/// A reading of frame offsets.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Offsets {
    /// Distances along the normal
    Relative,
    /// z coordinates in the patient
    Absolute,
}

impl ReadArgs {
    /// The reader's options.
    #[must_use]
    pub(crate) fn options(&self) -> ReadOptions {
        let assume_offsets = self.assume_offsets.map(|offsets| match offsets {
            Offsets::Relative => AssumeOffsets::Relative,
            Offsets::Absolute => AssumeOffsets::Absolute,
        });
        ReadOptions { assume_offsets, assume_spacing: self.assume_spacing, ..ReadOptions::default() }
    }
}

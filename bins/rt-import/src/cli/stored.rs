//! Commands on what is stored: their arguments.
//!
//! Units: as the help says. Frame: none.

use super::options::DatabaseArgs;
use clap::{Args, ValueEnum};
use rt_sql::Source;
use rt_sql::record::PlanId;
use std::path::PathBuf;

/// `rt-import list`
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only this patient's plans
    #[arg(long, value_name = "MRN")]
    pub(crate) mrn: Option<String>,
    /// Which database
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Write the list as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// `rt-import show`
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Medical record number
    pub(crate) mrn: String,
    /// Number of the plan [default: the patient's plans and the log about them]
    #[arg(value_parser = plan_id)]
    pub(crate) plan: Option<PlanId>,
    /// Which database
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Write everything that is stored as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// What every command that changes something has.
#[derive(Debug, Args)]
pub(crate) struct ChangeArgs {
    /// Why, for the log
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) reason: String,
    /// Which database
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Write what was done as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// `rt-import delete`
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Medical record number
    pub(crate) mrn: String,
    /// Number of the plan
    #[arg(value_parser = plan_id)]
    pub(crate) plan: PlanId,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// Why and where
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// `rt-import move`
#[derive(Debug, Args)]
pub(crate) struct MoveArgs {
    /// Medical record number it is stored under
    pub(crate) mrn: String,
    /// Number of the plan; its versions go with it
    #[arg(value_parser = plan_id)]
    pub(crate) plan: PlanId,
    /// Medical record number it belongs to
    #[arg(long, value_name = "MRN2")]
    pub(crate) to: String,
    /// Why and where
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// `rt-import exclude`
#[derive(Debug, Args)]
pub(crate) struct ExcludeArgs {
    /// Medical record number
    pub(crate) mrn: String,
    /// Number of the plan [default: all of the patient's plans, also later ones]
    #[arg(value_parser = plan_id)]
    pub(crate) plan: Option<PlanId>,
    /// Take it back into the cohort views
    #[arg(long)]
    pub(crate) undo: bool,
    /// Why and where
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// `rt-import purge`
#[derive(Debug, Args)]
pub(crate) struct PurgeArgs {
    /// Medical record number of the patient whose consent was withdrawn
    #[arg(long, value_name = "MRN")]
    pub(crate) patient: String,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// Why and where
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// `rt-import export`
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// What to export
    pub(crate) what: ExportWhat,
    /// How
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    pub(crate) format: ExportFormat,
    /// Where to; `-` is standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(crate) out: PathBuf,
    /// All plans, not only the cohort's: also superseded, excluded, made for quality assurance, of the
    /// original importer
    #[arg(long)]
    pub(crate) all: bool,
    /// Only this patient's plans
    #[arg(long, value_name = "MRN")]
    pub(crate) mrn: Option<String>,
    /// Which database
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
}

impl ExportArgs {
    /// The table that holds what is asked for; curves are read by themselves.
    pub(crate) const fn source(&self) -> Source {
        match (self.what, self.all) {
            (ExportWhat::Plans, true) => Source::Plans,
            (ExportWhat::Plans, false) => Source::CohortPlans,
            (ExportWhat::Metrics, true) => Source::Metrics,
            (ExportWhat::Metrics, false) => Source::CohortMetrics,
            (_, true) => Source::Dvhs,
            (_, false) => Source::CohortDvhs,
        }
    }
}

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportWhat {
    /// A row per plan
    Plans,
    /// A row per ROI: volume and doses
    Dvhs,
    /// The cumulative curves; as CSV a row per ROI and dose
    Curves,
    /// A row per ROI and metric
    Metrics,
}

impl ExportWhat {
    /// The word in the export.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Plans => "plans",
            Self::Dvhs => "dvhs",
            Self::Curves => "curves",
            Self::Metrics => "metrics",
        }
    }
}

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// RFC 4180, with a header
    Csv,
    /// One object with the rows as objects
    Json,
}

pub(super) fn plan_id(text: &str) -> Result<PlanId, String> {
    text.parse()
        .ok()
        .filter(|id| *id > 0)
        .map(PlanId)
        .ok_or_else(|| format!("expected a plan's number, 1 or more, found {text:?}"))
}

//! `rt-import recompute`: its arguments.
//!
//! Units: as the help says. Frame: none.

use super::options::{DatabaseArgs, ResultArgs};
use super::stored::plan_id;
use crate::config::Layer;
use clap::Args;
use rt_sql::record::PlanId;

/// `rt-import recompute`
#[derive(Debug, Args)]
pub(crate) struct RecomputeArgs {
    /// Medical record number
    #[arg(required_unless_present = "all")]
    pub(crate) mrn: Option<String>,
    /// Number of the plan [default: all of the patient's plans]
    #[arg(value_parser = plan_id)]
    pub(crate) plan: Option<PlanId>,
    /// Every plan that this program has stored
    #[arg(long, conflicts_with = "mrn")]
    pub(crate) all: bool,
    /// Compute and tell what would move, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Why, for the log
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) reason: String,
    /// Which database
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Options on results
    #[command(flatten)]
    pub(crate) result: ResultArgs,
}

impl RecomputeArgs {
    /// What the flags say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        self.database.layer().under(self.result.layer())
    }
}

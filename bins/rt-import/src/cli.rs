//! The command line: the commands, each with its arguments in a file of its own.
//!
//! Units: as the help says. Frame: none.

mod check;
mod compare;
mod demo;
mod dvh;
mod options;
mod recompute;
mod run;
mod selftest;
mod stored;
mod upkeep;
mod watch;

pub(crate) use check::CheckArgs;
pub(crate) use compare::CompareArgs;
pub(crate) use demo::DemoArgs;
pub(crate) use dvh::DvhArgs;
pub(crate) use options::ResultArgs;
pub(crate) use recompute::RecomputeArgs;
pub(crate) use run::RunArgs;
pub(crate) use selftest::SelftestArgs;
pub(crate) use stored::{
    ChangeArgs, DeleteArgs, ExcludeArgs, ExportArgs, ExportFormat, ExportWhat, ListArgs, MoveArgs, PurgeArgs,
    ShowArgs,
};
pub(crate) use upkeep::{DoctorArgs, InitArgs};
pub(crate) use watch::WatchArgs;

use crate::config::Layer;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Radiotherapy DICOM to dose-volume histograms in a database.
///
/// Scans folders for RTPLAN, RTSTRUCT and RTDOSE, matches them by their references, computes the DVH of every
/// ROI and stores one row per ROI. Not a medical device; not for treatment decisions.
#[derive(Debug, Parser)]
#[command(name = "rt-import", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Configuration file [default: ./dosebridge.toml, else the one in the platform's configuration folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print the configuration in effect, secrets left out, and stop
    #[arg(long, global = true)]
    pub(crate) print_config: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    nothing was refused or failed
  1    some cases or files were refused or failed (with --strict also: incomplete or unmatched)
  2    usage, configuration, or the database could not be reached at the start
  3    the run itself stopped
  130  interrupted; no case is left half stored";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import folders: scan, match, compute, store
    Run(RunArgs),
    /// Read everything, write nothing: what would be stored, what is missing or suspicious, and its remedy
    Check(CheckArgs),
    /// Import what lands in a folder, once it has been quiet for a while
    Watch(WatchArgs),
    /// DVHs of files at hand: no plan, no database
    Dvh(DvhArgs),
    /// Our DVHs against another system's table, with the cause of each difference
    Compare(CompareArgs),
    /// A dated record that this program on this computer finds what closed forms say
    Selftest(SelftestArgs),
    /// Write the demo case, import it and print its DVH table
    Demo(DemoArgs),
    /// List the stored plans
    List(ListArgs),
    /// Show what is stored of a patient or a plan
    Show(ShowArgs),
    /// Write plans, DVHs, curves or metrics as CSV or JSON
    Export(ExportArgs),
    /// Delete a plan; its number stays used
    Delete(DeleteArgs),
    /// Give a plan and its versions another medical record number
    Move(MoveArgs),
    /// Keep a patient or a plan out of the cohort views
    Exclude(ExcludeArgs),
    /// Remove everything of a patient whose consent was withdrawn
    Purge(PurgeArgs),
    /// Compute stored plans anew from their files; old values are kept
    Recompute(RecomputeArgs),
    /// Make the database, its tables and views, and print who needs which rights
    Init(InitArgs),
    /// Look for what is wrong: configuration, connection, schema, rights, disk
    Doctor(DoctorArgs),
}

impl Command {
    /// What its flags say, as the uppermost layer of configuration.
    pub(crate) fn layer(&self) -> Layer {
        match self {
            Self::Run(args) => args.layer(),
            Self::Check(args) => args.layer(),
            Self::Watch(args) => args.layer(),
            Self::Dvh(args) => args.layer(),
            Self::Compare(args) => args.layer(),
            Self::Selftest(_) => Layer::default(),
            Self::Demo(args) => args.store.layer(),
            Self::List(args) => args.database.layer(),
            Self::Show(args) => args.database.layer(),
            Self::Export(args) => args.database.layer(),
            Self::Delete(args) => args.change.database.layer(),
            Self::Move(args) => args.change.database.layer(),
            Self::Exclude(args) => args.change.database.layer(),
            Self::Purge(args) => args.change.database.layer(),
            Self::Recompute(args) => args.layer(),
            Self::Init(args) => args.database.layer(),
            Self::Doctor(args) => args.database.layer(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_make_the_uppermost_layer() {
        let flags = [
            "rt-import",
            "run",
            "x",
            "--metric",
            "D2cc",
            "--metric",
            "V20Gy",
            "--strict",
            "--db",
            "sqlite:a",
        ];
        let layer = Cli::parse_from(flags).command.unwrap().layer();
        assert_eq!(layer.import.metrics, Some(vec!["D2cc".into(), "V20Gy".into()]));
        assert_eq!((layer.import.strict, layer.database.url.as_deref()), (Some(true), Some("sqlite:a")));
        assert_eq!(layer.import.jobs, None);
    }
}

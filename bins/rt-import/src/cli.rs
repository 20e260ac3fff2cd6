//! The command line.
//!
//! Units: as the help says. Frame: none.

use crate::command::{demo, dvh, run};
use crate::config::{self, Layer};
use crate::exit::{Exit, Failure};
use clap::{Args, Parser, Subcommand, ValueEnum};
use rt_model::matching::{DoseScope, Selection};
use rt_model::read::AssumeOffsets;
use rt_model::uid::Uid;
use std::path::PathBuf;
use std::process::ExitCode;

/// Radiotherapy DICOM to dose-volume histograms in a database.
///
/// Scans folders for RTPLAN, RTSTRUCT and RTDOSE, matches them by their references, computes the DVH of every ROI and stores one
/// row per ROI. Not a medical device; not for treatment decisions.
#[derive(Debug, Parser)]
#[command(name = "rt-import", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Configuration file [default: ./dosebridge.toml, else the one in the platform's configuration folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the configuration in effect, secrets left out, and stop
    #[arg(long, global = true)]
    pub print_config: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    nothing was refused or failed
  1    some cases or files were refused or failed (with --strict also: incomplete or unmatched)
  2    usage, configuration, or the database could not be reached at the start
  3    the run itself stopped
  130  interrupted; no case is left half stored";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Import folders: scan, match, compute, store
    Run(RunArgs),
    /// DVHs of files at hand: no plan, no database
    Dvh(DvhArgs),
    /// Write the demo case, import it and print its DVH table
    Demo(DemoArgs),
}

/// `rt-import run`
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Files and folders; folders with everything below them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Options that `demo` shares
    #[command(flatten)]
    pub store: StoreArgs,
    /// Compute and report, store nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Incomplete cases and unmatched files make the exit code 1
    #[arg(long)]
    pub strict: bool,
    /// Take this object where references do not settle it; repeatable
    #[arg(long, value_name = "plan=UID|structures=UID|dose=UID")]
    pub select: Vec<Selection>,
    /// These two patient identifiers are one patient; stored under the plan's; repeatable
    #[arg(long, value_name = "ID1=ID2")]
    pub accept_patient_mismatch: Vec<String>,
    /// Take plans that treat nobody: verification, machine QA, research, service
    #[arg(long)]
    pub include_qa: bool,
    /// Medical record number for plans whose patient identifier is empty
    #[arg(long, value_name = "MRN")]
    pub mrn: Option<String>,
    /// What a dose covers, where the total-dose check can't tell; repeatable
    #[arg(long, value_name = "UID=total|fraction", value_parser = dose_is)]
    pub dose_is: Vec<(Uid, DoseScope)>,
    /// Options on reading
    #[command(flatten)]
    pub read: ReadArgs,
}

/// Options of every command that stores.
#[derive(Debug, Default, Args)]
pub struct StoreArgs {
    /// Address of the database.
    #[arg(
        long,
        value_name = "URL",
        help = "Database: sqlite:<path> or mysql://user@host:port/database [default: sqlite:dvh.sqlite]"
    )]
    pub db: Option<String>,
    /// Options on results
    #[command(flatten)]
    pub result: ResultArgs,
}

/// Options on results.
#[derive(Debug, Default, Args)]
pub struct ResultArgs {
    /// Numbers to read from every DVH.
    #[arg(
        long = "metric",
        value_name = "M",
        help = "A number to read from every DVH: D95%, D2cc, V20Gy, V20Gy[cc], Mean ...; repeatable [default: D95%]"
    )]
    pub metrics: Vec<String>,
    /// Write the report as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Put the cumulative curves into the JSON report
    #[arg(long)]
    pub curves: bool,
    /// Threads [default: as many as the computer has]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// Options on reading.
#[derive(Debug, Default, Args)]
pub struct ReadArgs {
    /// How to read frame offsets that start neither at 0 nor at the first voxel's z
    #[arg(long, value_name = "HOW")]
    pub assume_offsets: Option<Offsets>,
}

/// A reading of frame offsets.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Offsets {
    /// Distances along the normal
    Relative,
    /// z coordinates in the patient
    Absolute,
}

/// `rt-import dvh`
#[derive(Debug, Args)]
pub struct DvhArgs {
    /// RTSTRUCT file
    #[arg(long, value_name = "RS")]
    pub structures: PathBuf,
    /// RTDOSE file; several are added
    #[arg(long, required = true, value_name = "RD")]
    pub dose: Vec<PathBuf>,
    /// Only the ROIs of this name; repeatable
    #[arg(long, value_name = "NAME")]
    pub roi: Vec<String>,
    /// Options on results
    #[command(flatten)]
    pub result: ResultArgs,
    /// Write the curves as CSV in long form (roi_number, roi_name, dose_gy, volume_cm3); `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// These two patient identifiers are one patient; repeatable
    #[arg(long, value_name = "ID1=ID2")]
    pub accept_patient_mismatch: Vec<String>,
    /// Options on reading
    #[command(flatten)]
    pub read: ReadArgs,
}

/// `rt-import demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Folder the demo case is written to
    #[arg(long, value_name = "DIR", default_value = "dosebridge-demo")]
    pub out: PathBuf,
    /// Options that `run` shares
    #[command(flatten)]
    pub store: StoreArgs,
}

/// Runs the program with the process's arguments.
///
/// # Errors
/// Where it can't go on; the failure says how to end.
pub fn main() -> Result<ExitCode, Failure> {
    let cli = Cli::parse();
    let below = config::load(cli.config.as_deref())?;
    let layer = below.under(cli.layer());
    if cli.print_config {
        print!("{}", config::print(&layer));
        return Ok(Exit::Done.into());
    }
    let exit = match &cli.command {
        Some(Command::Run(args)) => run::run(args, &layer)?,
        Some(Command::Dvh(args)) => dvh::run(args, &layer)?,
        Some(Command::Demo(args)) => demo::run(args, &layer)?,
        None => return Err(Failure::usage("expected a command: run, dvh or demo; see --help")),
    };
    Ok(exit.into())
}

impl Cli {
    /// What the flags say, as the uppermost layer of configuration.
    fn layer(&self) -> Layer {
        let mut layer = Layer::default();
        let mut mismatch: &[String] = &[];
        let result = match &self.command {
            Some(Command::Run(args)) => {
                layer.database.url.clone_from(&args.store.db);
                layer.import.strict = args.strict.then_some(true);
                layer.import.include_qa = args.include_qa.then_some(true);
                mismatch = &args.accept_patient_mismatch;
                &args.store.result
            }
            Some(Command::Dvh(args)) => {
                mismatch = &args.accept_patient_mismatch;
                &args.result
            }
            Some(Command::Demo(args)) => {
                layer.database.url.clone_from(&args.store.db);
                &args.store.result
            }
            None => return layer,
        };
        layer.import.accept_patient_mismatch = (!mismatch.is_empty()).then(|| mismatch.to_vec());
        layer.import.metrics = (!result.metrics.is_empty()).then(|| result.metrics.clone());
        layer.import.curves = result.curves.then_some(true);
        layer.import.jobs = result.jobs;
        layer
    }
}

impl ReadArgs {
    /// The reader's options.
    #[must_use]
    pub fn options(&self) -> rt_model::read::ReadOptions {
        let assume_offsets = self.assume_offsets.map(|offsets| match offsets {
            Offsets::Relative => AssumeOffsets::Relative,
            Offsets::Absolute => AssumeOffsets::Absolute,
        });
        rt_model::read::ReadOptions { assume_offsets, ..rt_model::read::ReadOptions::default() }
    }
}

fn dose_is(text: &str) -> Result<(Uid, DoseScope), String> {
    let wrong = || format!("expected UID=total or UID=fraction, found {text:?}");
    let (uid, scope) = text.split_once('=').ok_or_else(wrong)?;
    let scope = match scope {
        "total" => DoseScope::Total,
        "fraction" => DoseScope::Fraction,
        _ => return Err(wrong()),
    };
    Ok((Uid::new(uid).ok_or_else(wrong)?, scope))
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
        let cli =
            Cli::parse_from(["rt-import", "run", "x", "--metric", "D2cc", "--metric", "V20Gy", "--strict", "--db", "sqlite:a"]);
        let layer = cli.layer();
        assert_eq!(layer.import.metrics, Some(vec!["D2cc".into(), "V20Gy".into()]));
        assert_eq!((layer.import.strict, layer.database.url.as_deref()), (Some(true), Some("sqlite:a")));
        assert_eq!(layer.import.jobs, None);
    }

    #[test]
    fn dose_scopes_are_read() {
        assert_eq!(dose_is("1.2=fraction"), Ok((Uid::new("1.2").unwrap(), DoseScope::Fraction)));
        for text in ["1.2", "=total", "1.2=half"] {
            assert!(dose_is(text).is_err(), "{text}");
        }
    }
}

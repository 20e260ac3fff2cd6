//! Arguments of the commands that speak to nodes.
//!
//! Units: as the help says. Frame: none.

use super::{ProductArgs, SourceArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The queue where none is named.
const DEFAULT_QUEUE: &str = "push-queue.sqlite";

/// A node.
#[derive(Debug, Args)]
pub(crate) struct NodeArgs {
    /// `[pacs.NODE]` of the configuration, or AE@host:port
    #[arg(value_name = "NODE")]
    pub(crate) node: String,
}

/// The queue.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SpoolArgs {
    /// The queue's file; what is prepared is kept beside it
    #[arg(long, value_name = "FILE", env = "DOSEBRIDGE_QUEUE", default_value = DEFAULT_QUEUE)]
    pub(crate) queue: PathBuf,
}

/// `rt-push find`
#[derive(Debug, Args)]
pub(crate) struct FindArgs {
    /// `[pacs.NODE]` of the configuration, or AE@host:port
    #[arg(value_name = "NODE")]
    pub(crate) node: String,
    /// Studies of this patient
    #[arg(long, value_name = "ID")]
    pub(crate) patient_id: Option<String>,
    /// The study of this accession number
    #[arg(long, value_name = "NUMBER")]
    pub(crate) accession: Option<String>,
    /// Series of this study
    #[arg(long, value_name = "UID")]
    pub(crate) study: Option<String>,
    /// Instances of this series
    #[arg(long, value_name = "UID")]
    pub(crate) series: Option<String>,
}

/// `rt-push send`
#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// `[pacs.NODE]` of the configuration, or AE@host:port
    #[arg(value_name = "NODE")]
    pub(crate) node: String,
    /// Files and folders; folders with everything below them
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Send files of several patients without asking
    #[arg(long)]
    pub(crate) yes: bool,
    /// Send files anew that an earlier job sent
    #[arg(long)]
    pub(crate) again: bool,
    /// Write the report as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// The queue
    #[command(flatten)]
    pub(crate) queue: SpoolArgs,
}

/// `rt-push prepare`, `rt-push case`
#[derive(Debug, Default, Args)]
pub(crate) struct CaseArgs {
    /// `[pacs.NODE]` of the configuration
    #[arg(value_name = "NODE")]
    pub(crate) node: String,
    /// Folder with one matched plan; with several, choose with --plan
    #[arg(value_name = "CASE")]
    pub(crate) case: PathBuf,
    /// The largest case in MB [default: max_mb_per_case of the node]
    #[arg(long, value_name = "MB")]
    pub(crate) max_mb: Option<f64>,
    /// A phantom for testing the connection: set by `rt-push test` alone
    #[arg(skip)]
    pub(crate) test: bool,
    /// Options on the case
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// Options on products
    #[command(flatten)]
    pub(crate) products: ProductArgs,
    /// Write the report as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// The queue
    #[command(flatten)]
    pub(crate) queue: SpoolArgs,
}

/// `rt-push release`
#[derive(Debug, Args)]
pub(crate) struct ReleaseArgs {
    /// Number of the job
    #[arg(value_name = "JOB")]
    pub(crate) job: i64,
    /// Who looked at the contact sheet
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) name: String,
    /// Write the report as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// The queue
    #[command(flatten)]
    pub(crate) queue: SpoolArgs,
}

/// `rt-push verify`
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Number of the job [default: every job that is not confirmed]
    #[arg(value_name = "JOB")]
    pub(crate) job: Option<i64>,
    /// Write the report as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// The queue
    #[command(flatten)]
    pub(crate) queue: SpoolArgs,
}

/// `rt-push test`
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// `[pacs.NODE]` of the configuration
    #[arg(value_name = "NODE")]
    pub(crate) node: String,
    /// The PACS team's own test patient
    #[arg(long, value_name = "ID")]
    pub(crate) patient_id: String,
    /// Its name at the PACS, where the PACS knows it already
    #[arg(long, value_name = "NAME")]
    pub(crate) patient_name: Option<String>,
    /// The queue
    #[command(flatten)]
    pub(crate) queue: SpoolArgs,
}

/// `rt-push queue`
#[derive(Debug, Args)]
pub(crate) struct QueueArgs {
    /// What to do
    #[command(subcommand)]
    pub(crate) action: QueueAction,
    /// The queue
    #[command(flatten)]
    pub(crate) queue: SpoolArgs,
}

/// What to do with jobs.
#[derive(Debug, Subcommand)]
pub(crate) enum QueueAction {
    /// List all jobs
    List,
    /// Show one job
    Show {
        /// Number of the job
        job: i64,
        /// Write the report as JSON; `-` is standard output
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Send again what failed
    Retry {
        /// Number of the job
        job: i64,
        /// Also what was sent and could not be verified
        #[arg(long)]
        unverified: bool,
    },
    /// Take a job out of the queue, with what was prepared for it
    Drop {
        /// Number of the job
        job: i64,
        /// Why, for the audit
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
}

//! `rt-import run`: its arguments.
//!
//! Units: as the help says. Frame: none.

use super::options::{ChoiceArgs, StoreArgs};
use crate::config::Layer;
use clap::Args;
use std::path::PathBuf;

/// `rt-import run`
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Files and folders; folders with everything below them
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Options of every command that stores
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Compute and report, store nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The user's word
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
}

impl RunArgs {
    /// What the flags say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        self.store.layer().under(self.choice.layer())
    }
}

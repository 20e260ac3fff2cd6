//! `rt-import check`: its arguments.
//!
//! Units: as the help says. Frame: none.

use super::options::{ChoiceArgs, ResultArgs};
use crate::config::Layer;
use clap::Args;
use std::path::PathBuf;

/// `rt-import check`
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files and folders; folders with everything below them
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Options on results
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// The user's word
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
}

impl CheckArgs {
    /// What the flags say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        self.result.layer().under(self.choice.layer())
    }
}

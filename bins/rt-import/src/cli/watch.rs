//! `rt-import watch`: its arguments.
//!
//! Units: seconds. Frame: none.

use super::options::{ChoiceArgs, StoreArgs};
use crate::config::Layer;
use clap::Args;
use std::path::PathBuf;

/// `rt-import watch`
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Folder that exports land in, with everything below it
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// Seconds without a change after which a file is taken to be whole
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, value_parser = seconds)]
    pub(crate) quiet: f64,
    /// Seconds between two looks at the folder
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds)]
    pub(crate) interval: f64,
    /// Options of every command that stores; `--json` appends one report per import, each on a line
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// The user's word
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
}

impl WatchArgs {
    /// What the flags say, as a layer of configuration.
    #[must_use]
    pub(crate) fn layer(&self) -> Layer {
        self.store.layer().under(self.choice.layer())
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value: &f64| (0.05..=86_400.0).contains(value));
    value.ok_or_else(|| format!("expected 0.05 to 86400 seconds, found {text:?}"))
}

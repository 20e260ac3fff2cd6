//! Progress of an import.
//!
//! Units: none. Frame: none.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rt_ingest::Event;

/// A progress bar on standard error; nothing where that is no terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar.
    #[must_use]
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(12));
        let style = ProgressStyle::with_template("{msg:>8} {bar:30} {pos}/{len} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar }
    }

    /// Shows an event.
    pub(crate) fn show(&self, event: &Event) {
        let (what, done, all) = match event {
            Event::Scanned { done, files } => ("scan", *done, *files),
            Event::Case { done, cases, .. } => ("cases", *done, *cases),
            _ => return,
        };
        if self.bar.length() != Some(all as u64) {
            self.bar.set_message(what);
            self.bar.set_length(all as u64);
        }
        self.bar.set_position(done as u64);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

//! What a run tells while it works.
//!
//! Units: none. Frame: none.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A step of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Headers read, of so many files.
    Scanned {
        /// Files read.
        done: usize,
        /// Files there are.
        files: usize,
    },
    /// Cases done, of so many.
    Cases {
        /// Cases done.
        done: usize,
        /// Cases there are.
        cases: usize,
    },
}

/// A progress bar on standard error; nothing where that is no terminal.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar.
    #[must_use]
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(12));
        let style = ProgressStyle::with_template("{msg:>8} {bar:30} {pos}/{len} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar }
    }

    /// Shows a step.
    pub fn show(&self, step: Step) {
        let (what, done, all) = match step {
            Step::Scanned { done, files } => ("scan", done, files),
            Step::Cases { done, cases } => ("cases", done, cases),
        };
        if self.bar.length() != Some(all as u64) {
            self.bar.set_message(what);
            self.bar.set_length(all as u64);
        }
        self.bar.set_position(done as u64);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

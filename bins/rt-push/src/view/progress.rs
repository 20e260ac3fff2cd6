//! What a run shows while it works: a bar with instances and megabytes per second.
//!
//! Units: instances, MB. Frame: none.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rt_cli::exit::chain;
use rt_deliver::{Event, Proof};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A progress bar on standard error; where that is no terminal only what is said.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    bytes: AtomicU64,
    start: std::sync::Mutex<Instant>,
}

impl Progress {
    /// A bar.
    #[must_use]
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(12));
        let style = ProgressStyle::with_template("{prefix:>8} {bar:30} {pos}/{len} {msg} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, bytes: AtomicU64::new(0), start: std::sync::Mutex::new(Instant::now()) }
    }

    /// Shows a step of a push.
    pub(crate) fn show(&self, event: &Event<'_>) {
        match event {
            Event::Sending { instances, bytes } => self.begin(*instances, *bytes),
            Event::Instance { bytes, .. } => self.advance(*bytes),
            Event::Waiting { pause, error } => {
                self.say(&format!("{}; the next try is in {:.0} s", chain(error), pause.as_secs_f64()));
            }
            Event::SendingEnded => self.finish(),
            Event::Proving(Proof::Commitment) => self.say("asking the node to commit to what was sent"),
            Event::Proving(Proof::Listing) => self.say("asking the node for what it lists"),
            _ => {}
        }
    }

    /// Sending of so many instances begins.
    fn begin(&self, instances: usize, bytes: u64) {
        self.bar.set_prefix("send");
        self.bar.set_length(instances as u64);
        self.bar.set_position(0);
        self.bar.set_message(format!("of {:.1} MB", bytes as f64 / 1e6));
        self.bar.reset_elapsed();
        self.bytes.store(0, Ordering::Relaxed);
        *self.start.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Instant::now();
    }

    /// An instance is done with.
    fn advance(&self, bytes: u64) {
        let all = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let start = *self.start.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.bar.inc(1);
        if !self.bar.is_hidden() {
            self.bar.set_message(rates(self.bar.position(), all, start.elapsed()));
        }
    }

    /// Says something, above the bar.
    fn say(&self, text: &str) {
        if self.bar.is_hidden() {
            eprintln!("rt-push: {text}");
        } else {
            self.bar.println(text);
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// How fast a step goes.
fn rates(instances: u64, bytes: u64, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64().max(1e-3);
    format!("{:.0} instances/s, {:.1} MB/s", instances as f64 / seconds, bytes as f64 / 1e6 / seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_of_the_whole_step() {
        assert_eq!(rates(50, 12_500_000, Duration::from_millis(500)), "100 instances/s, 25.0 MB/s");
        assert_eq!(rates(0, 0, Duration::ZERO), "0 instances/s, 0.0 MB/s");
    }
}

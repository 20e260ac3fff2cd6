//! Ctrl-C: the first asks the run to stop where nothing is half done, the second ends the program at once.
//!
//! Units: none. Frame: none.

use crate::exit::Exit;
use std::sync::Arc;
use tokio::sync::watch;

/// Set once the run is to stop.
#[derive(Debug, Clone)]
pub(super) struct Flag(Arc<watch::Sender<bool>>);

impl Flag {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    pub(super) fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the run is to stop.
    pub(super) async fn wait(&self) {
        // The sender lives as long as this flag: the wait can't fail.
        let _ = self.0.subscribe().wait_for(|set| *set).await;
    }
}

/// Waits for interrupts.
pub(super) async fn listen(flag: Flag) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    flag.0.send_replace(true);
    eprintln!("rt-import: interrupted; finishing what is being stored (again: end at once)");
    if tokio::signal::ctrl_c().await.is_ok() {
        // An open transaction ends with its connection and leaves nothing.
        std::process::exit(i32::from(Exit::Interrupted.number()));
    }
}

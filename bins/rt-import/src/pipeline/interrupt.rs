//! Ctrl-C, or the signal by which a service manager ends a program: the first asks the run to stop where nothing is half done, the second ends the program at once.
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
    if !signal().await {
        return;
    }
    flag.0.send_replace(true);
    eprintln!("rt-import: interrupted; finishing what is being stored (again: end at once)");
    if signal().await {
        // An open transaction ends with its connection and leaves nothing.
        std::process::exit(i32::from(Exit::Interrupted.number()));
    }
}

/// Waits for a signal that asks to end; `false` where none can come.
#[cfg(unix)]
async fn signal() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return tokio::signal::ctrl_c().await.is_ok();
    };
    tokio::select! {
        interrupt = tokio::signal::ctrl_c() => interrupt.is_ok(),
        terminate = terminate.recv() => terminate.is_some(),
    }
}

#[cfg(not(unix))]
async fn signal() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}

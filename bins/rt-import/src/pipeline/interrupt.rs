//! Ctrl-C: the first asks the run to stop where nothing is half done, the second ends the program at once.
//!
//! Units: none. Frame: none.

use crate::exit::Exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set once the run is to stop.
#[derive(Debug, Clone, Default)]
pub(super) struct Flag(Arc<AtomicBool>);

impl Flag {
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Waits for interrupts.
pub(super) async fn listen(flag: Flag) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    flag.0.store(true, Ordering::Relaxed);
    eprintln!("rt-import: interrupted; finishing what is being stored (again: end at once)");
    if tokio::signal::ctrl_c().await.is_ok() {
        // An open transaction ends with its connection and leaves nothing.
        std::process::exit(i32::from(Exit::Interrupted.number()));
    }
}

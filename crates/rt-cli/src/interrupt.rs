//! Ctrl-C, or the signal by which a service manager ends a program: the first asks the work to stop where
//! nothing is half done, the second ends the program at once.
//!
//! Units: none. Frame: none.

use crate::exit::Exit;

/// Waits for interrupts: prints `message` and calls `stop` at the first, ends the program at the second.
pub async fn listen(message: &str, stop: impl FnOnce()) {
    if !signal().await {
        return;
    }
    stop();
    eprintln!("{message}");
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

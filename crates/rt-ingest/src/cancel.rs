//! The wish to stop.
//!
//! Units: none. Frame: none.

use std::sync::Arc;
use tokio::sync::watch;

/// A wish to stop that clones share: work ends where nothing is half done.
///
/// ```
/// let cancel = rt_ingest::Cancel::new();
/// let other = cancel.clone();
/// other.set();
/// assert!(cancel.is_set());
/// ```
#[derive(Debug, Clone)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Cancel {
    /// No one has asked to stop yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Asks to stop.
    pub fn set(&self) {
        self.0.send_replace(true);
    }

    /// The user asked to stop.
    #[must_use]
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the user asked to stop.
    pub async fn wait(&self) {
        // The sender lives as long as this value: the wait cannot fail.
        let _ = self.0.subscribe().wait_for(|set| *set).await;
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

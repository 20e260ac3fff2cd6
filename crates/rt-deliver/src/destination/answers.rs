//! Answers to storage commitment, as they come in.
//!
//! Units: none. Frame: none.

use rt_net::CommitmentResult;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Answers that a destination gives to storage commitment; to drop them ends the listening.
#[derive(Debug)]
pub struct CommitmentAnswers {
    heard: mpsc::UnboundedReceiver<CommitmentResult>,
    listening: Option<JoinHandle<()>>,
}

impl CommitmentAnswers {
    /// Answers that come out of a channel: its sender's side belongs to the destination.
    #[must_use]
    pub const fn new(heard: mpsc::UnboundedReceiver<CommitmentResult>) -> Self {
        Self { heard, listening: None }
    }

    /// Answers that a task hears, which ends with them.
    pub(super) const fn of_task(heard: mpsc::UnboundedReceiver<CommitmentResult>, listening: JoinHandle<()>) -> Self {
        Self { heard, listening: Some(listening) }
    }

    /// The next answer; `None` where no more can come.
    pub async fn next(&mut self) -> Option<CommitmentResult> {
        self.heard.recv().await
    }
}

impl Drop for CommitmentAnswers {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

//! Commits states in groups: a commit waits for the disk, and thousands of instances a second would wait for
//! it thousands of times.
//!
//! Units: [`Duration`]. Frame: none.

use super::{Change, Queue};
use crate::error::{SqlError, SqlErrorKind};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// States of this long are one commit.
const GROUP: Duration = Duration::from_millis(100);

/// Takes states as they come and commits them every 100 ms.
#[derive(Debug)]
pub struct Recorder {
    changes: mpsc::UnboundedSender<Change>,
    task: JoinHandle<Result<(), SqlError>>,
}

impl Recorder {
    /// A recorder into this queue; runs on the current tokio runtime.
    #[must_use]
    pub fn new(queue: Queue) -> Self {
        let (changes, mut heard) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            while let Some(first) = heard.recv().await {
                let mut group = vec![first];
                let until = tokio::time::Instant::now() + GROUP;
                while let Ok(Some(change)) = tokio::time::timeout_at(until, heard.recv()).await {
                    group.push(change);
                }
                queue.record(group).await?;
            }
            Ok(())
        });
        Self { changes, task }
    }

    /// Takes a state; false where the queue can't be written any more and sending has to stop.
    #[must_use]
    pub fn note(&self, change: Change) -> bool {
        self.changes.send(change).is_ok()
    }

    /// Commits what is left.
    ///
    /// # Errors
    /// Where a commit failed; the instances of it and later ones are as they were before.
    pub async fn finish(self) -> Result<(), SqlError> {
        drop(self.changes);
        self.task.await.map_err(|error| SqlError::caused(SqlErrorKind::Lost, error))?
    }
}

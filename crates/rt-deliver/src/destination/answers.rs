//! Answers to storage commitment, as they come in.
//!
//! Units: none. Frame: none.

use rt_net::CommitmentResult;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Answers that a destination gives to storage commitment. Dropping them ends the listening.
#[derive(Debug)]
pub struct CommitmentAnswers {
    received: mpsc::UnboundedReceiver<CommitmentResult>,
    listening: Option<JoinHandle<()>>,
}

/// The destination's side of [`CommitmentAnswers`]; clones share them.
#[derive(Debug, Clone)]
pub struct AnswerSender {
    results: mpsc::UnboundedSender<CommitmentResult>,
}

impl CommitmentAnswers {
    /// No answers yet, and what adds them. They end when every sender is dropped.
    ///
    /// ```
    /// let (sender, answers) = rt_deliver::CommitmentAnswers::channel();
    /// drop(answers);
    /// # let transaction = rt_model::uid::Uid::new("2.25.1").expect("a UID");
    /// # let result = rt_net::CommitmentResult { transaction, committed: Vec::new(), failed: Vec::new() };
    /// assert!(!sender.send(result), "its receiver has gone");
    /// ```
    #[must_use]
    pub fn channel() -> (AnswerSender, Self) {
        let (results, received) = mpsc::unbounded_channel();
        (AnswerSender { results }, Self { received, listening: None })
    }

    /// The same answers, which end a task when they are dropped.
    pub(super) fn of_task(mut self, listening: JoinHandle<()>) -> Self {
        self.listening = Some(listening);
        self
    }

    /// The next answer; `None` where no more can come.
    pub async fn next(&mut self) -> Option<CommitmentResult> {
        self.received.recv().await
    }
}

impl AnswerSender {
    /// Adds an answer; false where its receiver has gone.
    #[must_use]
    pub fn send(&self, result: CommitmentResult) -> bool {
        self.results.send(result).is_ok()
    }
}

impl Drop for CommitmentAnswers {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

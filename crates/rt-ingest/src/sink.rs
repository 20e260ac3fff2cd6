//! Where finished cases go.
//!
//! Units: none. Frame: none.

use crate::cancel::Cancel;
use rt_model::chain::chain;
use rt_model::finding::Finding;
use rt_sql::record::{CaseRecord, PlanId};
use rt_sql::{Database, Outcome, SqlError, SqlErrorKind};
use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

/// What a case is known by: its MRN and the digest of its content as text ([`rt_sql::digest_text`]).
pub type Content = (String, String);

/// Where finished cases go, one by one in the order of the cases.
pub trait Sink {
    /// The contents that are stored already, if the sink can tell.
    fn stored_contents(&mut self) -> impl Future<Output = Result<HashSet<Content>, SinkError>>;

    /// Stores a case whole or not at all. Storing a case twice stores it once.
    fn store(&mut self, record: &CaseRecord) -> impl Future<Output = Result<StoredCase, SinkError>>;

    /// Adds the files of `record` to the stored case of the same content.
    fn add_files(&mut self, record: &CaseRecord) -> impl Future<Output = Result<StoredCase, SinkError>>;
}

/// A case that is in the sink.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StoredCase {
    /// The number of the plan under its MRN; `None` if nothing was written.
    pub plan: Option<PlanId>,
    /// The same content was there before.
    pub unchanged: bool,
    /// The older version of this plan whose place it took.
    pub supersedes: Option<PlanId>,
    /// What was noticed while it was stored.
    pub findings: Vec<Finding>,
}

/// Why a case is not in the sink.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct SinkError {
    kind: SinkErrorKind,
    text: String,
}

/// What that means for the import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SinkErrorKind {
    /// The case contradicts what is stored, or a value does not fit.
    Refused,
    /// This case failed; others may be stored.
    Failed,
    /// The sink is gone: nothing more can be stored.
    Lost,
}

impl SinkError {
    /// An error with its text.
    #[must_use]
    pub fn new(kind: SinkErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// What it means for the import.
    #[must_use]
    pub const fn kind(&self) -> SinkErrorKind {
        self.kind
    }
}

impl From<&SqlError> for SinkError {
    fn from(error: &SqlError) -> Self {
        let kind = match error.kind() {
            SqlErrorKind::Lost => SinkErrorKind::Lost,
            _ if error.refuses_case() => SinkErrorKind::Refused,
            _ => SinkErrorKind::Failed,
        };
        Self::new(kind, chain(error))
    }
}

/// Stores nothing; refuses what a database would refuse for its values.
#[derive(Debug, Clone, Copy, Default)]
pub struct DryRun;

impl Sink for DryRun {
    async fn stored_contents(&mut self) -> Result<HashSet<Content>, SinkError> {
        Ok(HashSet::new())
    }

    async fn store(&mut self, record: &CaseRecord) -> Result<StoredCase, SinkError> {
        record.check().map_err(|error| SinkError::from(&error))?;
        Ok(StoredCase { plan: None, unchanged: false, supersedes: None, findings: Vec::new() })
    }

    async fn add_files(&mut self, record: &CaseRecord) -> Result<StoredCase, SinkError> {
        self.store(record).await
    }
}

/// Pauses before a case is handed to a server once more that was gone: its restart takes a few seconds.
const PATIENCE: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// A database. A server that is gone is waited for, some fifteen seconds a case.
pub struct DatabaseSink {
    database: Database,
    patience: &'static [Duration],
    cancel: Cancel,
}

impl fmt::Debug for DatabaseSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseSink").field("patience", &self.patience).finish_non_exhaustive()
    }
}

impl DatabaseSink {
    /// A database that was opened; a file is never waited for.
    #[must_use]
    pub fn new(database: Database, is_file: bool, cancel: Cancel) -> Self {
        Self { database, patience: if is_file { &[] } else { &PATIENCE }, cancel }
    }

    async fn with_patience<T>(
        &self,
        operation: impl AsyncFn() -> Result<T, SqlError>,
    ) -> Result<T, SinkError> {
        let mut pauses = self.patience.iter();
        loop {
            let result = operation().await;
            let Err(error) = &result else { return result.map_err(|error| SinkError::from(&error)) };
            let lost = matches!(error.kind(), SqlErrorKind::Lost);
            let Some(pause) = pauses.next().filter(|_| lost && !self.cancel.is_set()) else {
                return Err(SinkError::from(error));
            };
            tokio::select! {
                () = tokio::time::sleep(*pause) => {}
                () = self.cancel.wait() => return Err(SinkError::from(error)),
            }
        }
    }
}

fn stored(stored: rt_sql::Stored) -> StoredCase {
    StoredCase {
        plan: Some(stored.plan_id),
        unchanged: matches!(stored.outcome, Outcome::Unchanged),
        supersedes: stored.supersedes,
        findings: stored.findings,
    }
}

impl Sink for DatabaseSink {
    async fn stored_contents(&mut self) -> Result<HashSet<Content>, SinkError> {
        self.database.stored_contents().await.map_err(|error| SinkError::from(&error))
    }

    async fn store(&mut self, record: &CaseRecord) -> Result<StoredCase, SinkError> {
        self.with_patience(async || self.database.store_case(record).await).await.map(stored)
    }

    async fn add_files(&mut self, record: &CaseRecord) -> Result<StoredCase, SinkError> {
        let added = self.with_patience(async || self.database.add_files(record).await).await?;
        let gone = "deleted from the database while it was read; import it once more";
        added.map(stored).ok_or_else(|| SinkError::new(SinkErrorKind::Failed, gone))
    }
}

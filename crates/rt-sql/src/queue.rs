//! The durable queue of a push: every instance with its state, in an SQLite file of its own.
//!
//! `synchronous = FULL`: what a commit returned from is on the disk. States are committed in groups
//! ([`Recorder`]); a group that a crash takes away leaves its instances as they were, and they are sent
//! again, which their identifiers make harmless.
//!
//! Units: bytes. Frame: none.

mod record;
mod recorder;
mod rows;

pub use record::{AuditEntry, Change, Job, NewInstance, NewJob, QueuedInstance, State};
pub use recorder::Recorder;

use crate::database::create_private;
use crate::error::{SqlError, SqlErrorKind};
use crate::schema::migrate;
use crate::session::SqliteSession;
use rt_model::uid::Uid;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::path::Path;

/// Now, as the queue writes it.
const NOW: &str = "strftime('%Y-%m-%d %H:%M:%f', 'now')";

/// An open queue; clones share it, and other programs may have it open too.
#[derive(Clone)]
pub struct Queue {
    session: SqliteSession,
}

impl Queue {
    /// Opens a queue, making its file (mode 0600) where there is none.
    ///
    /// # Errors
    /// [`SqlErrorKind::Unreachable`], [`SqlErrorKind::SchemaNewer`].
    pub async fn open(path: &Path) -> Result<Self, SqlError> {
        let at_start = |error: SqlError| error.at_start(&path.display().to_string());
        create_private(path).map_err(|error| at_start(SqlError::caused(SqlErrorKind::Lost, error)))?;
        let session = SqliteSession::connect(path).await.map_err(at_start)?;
        let prepared = session.with(|connection| {
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")
        });
        prepared.await.map_err(at_start)?;
        migrate::queue(&session).await.map_err(at_start)?;
        Ok(Self { session })
    }

    /// Adds a job, whole or not at all, and returns its number.
    ///
    /// # Errors
    /// Where an instance occurs twice or the file can't be written.
    pub async fn add(&self, job: NewJob) -> Result<i64, SqlError> {
        self.change(move |connection| {
            let insert = format!(
                "INSERT INTO Jobs (CreatedAt_UTC, Node, Title, Facts, HoldReason) VALUES ({NOW}, ?, ?, ?, ?)"
            );
            connection.execute(&insert, params![job.node, job.title, job.facts, job.hold])?;
            let id = connection.last_insert_rowid();
            let state = if job.hold.is_some() { State::Held } else { State::Pending };
            for (number, instance) in (1_i64..).zip(&job.instances) {
                rows::insert(connection, id, number, instance, state)?;
            }
            Ok(id)
        })
        .await
    }

    /// Every job, the oldest first.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub async fn jobs(&self) -> Result<Vec<Job>, SqlError> {
        self.session.with(|connection| rows::jobs(connection, None)).await
    }

    /// One job; `None` where there is none of this number.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub async fn job(&self, id: i64) -> Result<Option<Job>, SqlError> {
        let mut found = self.session.with(move |connection| rows::jobs(connection, Some(id))).await?;
        Ok(found.pop())
    }

    /// The instances of a job, in order.
    ///
    /// # Errors
    /// Where the file can't be read or a row is not what it has to be.
    pub async fn instances(&self, id: i64) -> Result<Vec<QueuedInstance>, SqlError> {
        let read = self.session.with(move |connection| rows::instances(connection, id)).await?;
        read.into_iter().collect()
    }

    /// Lets a held job be sent, on somebody's word. False where it was not held.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub async fn release(&self, id: i64, who: &str, reason: &str) -> Result<bool, SqlError> {
        let (who, reason) = (who.to_owned(), reason.to_owned());
        self.change(move |connection| {
            let update = format!(
                "UPDATE Jobs SET HoldReason = NULL, ReleasedBy = ?, ReleasedAt_UTC = {NOW} WHERE JobID = ? AND HoldReason IS NOT NULL"
            );
            if connection.execute(&update, params![who, id])? == 0 {
                return Ok(false);
            }
            let update = format!("UPDATE Instances SET State = 'pending', ChangedAt_UTC = {NOW} WHERE JobID = ? AND State = 'held'");
            connection.execute(&update, [id])?;
            audit(connection, &who, "release", id, &reason)?;
            Ok(true)
        })
        .await
    }

    /// Holds a job, or says anew why it is held; what is confirmed stays so.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub async fn hold(&self, id: i64, reason: &str) -> Result<(), SqlError> {
        let reason = reason.to_owned();
        self.change(move |connection| {
            connection.execute("UPDATE Jobs SET HoldReason = ? WHERE JobID = ?", params![reason, id])?;
            let update =
                format!("UPDATE Instances SET State = 'held', ChangedAt_UTC = {NOW} WHERE JobID = ? AND State = 'pending'");
            connection.execute(&update, [id])?;
            Ok(())
        })
        .await
    }

    /// Makes what failed pending again, and with `also_unverified` what was sent and not verified. Returns
    /// how many.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub async fn retry(&self, id: i64, also_unverified: bool) -> Result<usize, SqlError> {
        self.change(move |connection| {
            let states = if also_unverified { "'failed', 'sent', 'warned'" } else { "'failed'" };
            let update =
                format!("UPDATE Instances SET State = 'pending', ChangedAt_UTC = {NOW} WHERE JobID = ? AND State IN ({states})");
            connection.execute(&update, [id])
        })
        .await
    }

    /// Takes a job out of the queue; that it was there stays in the audit. False where there is none of this
    /// number.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub async fn remove(&self, id: i64, who: &str, reason: &str) -> Result<bool, SqlError> {
        let (who, reason) = (who.to_owned(), reason.to_owned());
        self.change(move |connection| {
            if connection.execute("DELETE FROM Jobs WHERE JobID = ?", [id])? == 0 {
                return Ok(false);
            }
            audit(connection, &who, "drop", id, &reason)?;
            Ok(true)
        })
        .await
    }

    /// Records what became of instances: all of it or none.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub async fn record(&self, changes: Vec<Change>) -> Result<(), SqlError> {
        self.change(move |connection| changes.iter().try_for_each(|change| rows::update(connection, change)))
            .await
    }

    /// Remembers that a peer was asked to commit to a job's instances.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub async fn asked(&self, id: i64, transaction: &Uid) -> Result<(), SqlError> {
        let transaction = transaction.to_string();
        self.change(move |connection| {
            let insert =
                format!("INSERT INTO Commitments (TransactionUID, JobID, AskedAt_UTC) VALUES (?, ?, {NOW})");
            connection.execute(&insert, params![transaction, id]).map(drop)
        })
        .await
    }

    /// The job that a peer's answer is about; `None` for a transaction that was never asked for or is
    /// answered already.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub async fn answered(&self, transaction: &Uid) -> Result<Option<i64>, SqlError> {
        let transaction = transaction.to_string();
        self.change(move |connection| {
            let update = format!(
                "UPDATE Commitments SET AnsweredAt_UTC = {NOW} WHERE TransactionUID = ? AND AnsweredAt_UTC IS NULL RETURNING JobID"
            );
            connection.query_row(&update, [transaction], |row| row.get(0)).optional()
        })
        .await
    }

    /// Everything that people decided, the oldest first.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub async fn audit(&self) -> Result<Vec<AuditEntry>, SqlError> {
        self.session.with(|connection| rows::audit(connection)).await
    }

    /// Runs `work` in a transaction that has the write lock from its start.
    async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, SqlError> {
        self.session
            .with(move |connection| {
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let result = work(&transaction)?;
                transaction.commit()?;
                Ok(result)
            })
            .await
    }
}

fn audit(connection: &Connection, who: &str, action: &str, id: i64, reason: &str) -> rusqlite::Result<()> {
    let insert =
        format!("INSERT INTO Audit (RecordedAt_UTC, Who, Action, JobID, Reason) VALUES ({NOW}, ?, ?, ?, ?)");
    connection.execute(&insert, params![who, action, id, reason]).map(drop)
}

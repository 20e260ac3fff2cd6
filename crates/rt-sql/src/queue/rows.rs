//! Rows of the queue, in and out.
//!
//! Units: bytes. Frame: none.

use super::NOW;
use super::record::{AuditEntry, Change, Job, NewInstance, QueuedInstance, State};
use crate::error::SqlError;
use rt_model::uid::Uid;
use rusqlite::{Connection, Row, params};
use std::path::PathBuf;

pub(super) fn insert(
    connection: &Connection,
    job: i64,
    number: i64,
    instance: &NewInstance,
    state: State,
) -> rusqlite::Result<()> {
    let sql = format!(
        "INSERT INTO Instances (JobID, Number, SOPClassUID, SOPInstanceUID, SeriesInstanceUID, StudyInstanceUID, TransferSyntaxUID, \
         Path, Offset, Length, SHA256, State, ChangedAt_UTC) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {NOW})"
    );
    let path = instance.path.to_str().ok_or_else(|| {
        let problem = format!("expected a path in UTF-8, found {}", instance.path.display());
        rusqlite::Error::ToSqlConversionFailure(problem.into())
    })?;
    connection.prepare_cached(&sql)?.execute(params![
        job,
        number,
        instance.sop_class.as_str(),
        instance.sop_instance.as_str(),
        instance.series.as_ref().map(Uid::as_str),
        instance.study.as_ref().map(Uid::as_str),
        instance.transfer_syntax.as_str(),
        path,
        instance.offset as i64,
        instance.len as i64,
        instance.sha256,
        state.as_str(),
    ])?;
    Ok(())
}

pub(super) fn update(connection: &Connection, change: &Change) -> rusqlite::Result<()> {
    let sql = format!(
        "UPDATE Instances SET State = ?, Attempts = Attempts + ?, LastStatus = COALESCE(?, LastStatus), \
         LastText = COALESCE(?, LastText), ChangedAt_UTC = {NOW} WHERE JobID = ? AND Number = ?"
    );
    let values = params![
        change.state.as_str(),
        change.is_attempt,
        change.status,
        change.text,
        change.job,
        change.number
    ];
    connection.prepare_cached(&sql)?.execute(values)?;
    Ok(())
}

/// Every job, or the one of this number.
pub(super) fn jobs(connection: &Connection, id: Option<i64>) -> rusqlite::Result<Vec<Job>> {
    let counts =
        State::ALL.map(|state| format!("COUNT(CASE State WHEN '{}' THEN 1 END)", state.as_str())).join(", ");
    let sql = format!(
        "SELECT Jobs.JobID, CreatedAt_UTC, Node, Title, Facts, HoldReason, ReleasedBy, ReleasedAt_UTC, {counts} \
         FROM Jobs LEFT JOIN Instances USING (JobID) WHERE Jobs.JobID = ?1 OR ?1 IS NULL GROUP BY Jobs.JobID ORDER BY Jobs.JobID"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([id], |row| {
        let mut counts = [0; 7];
        for (at, count) in counts.iter_mut().enumerate() {
            *count = row.get::<_, i64>(8 + at)? as u64;
        }
        Ok(Job {
            id: row.get(0)?,
            created: row.get(1)?,
            node: row.get(2)?,
            title: row.get(3)?,
            facts: row.get(4)?,
            hold: row.get(5)?,
            released_by: row.get(6)?,
            released_at: row.get(7)?,
            counts,
        })
    })?;
    rows.collect()
}

pub(super) fn instances(
    connection: &Connection,
    job: i64,
) -> rusqlite::Result<Vec<Result<QueuedInstance, SqlError>>> {
    let sql = "SELECT Number, SOPClassUID, SOPInstanceUID, SeriesInstanceUID, StudyInstanceUID, TransferSyntaxUID, Path, Offset, \
               Length, SHA256, State, Attempts, LastStatus, LastText FROM Instances WHERE JobID = ? ORDER BY Number";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([job], instance)?;
    rows.collect()
}

fn instance(row: &Row<'_>) -> rusqlite::Result<Result<QueuedInstance, SqlError>> {
    let number: i64 = row.get(0)?;
    let text = |at: usize| row.get::<_, Option<String>>(at);
    let uid = |at: usize| Ok::<_, rusqlite::Error>(text(at)?.as_deref().and_then(Uid::new));
    let state: String = row.get(10)?;
    let wrong = || {
        SqlError::stored(format!(
            "expected a sound row of Instances, found number {number} with state {state:?}"
        ))
    };
    let (Some(sop_class), Some(sop_instance), Some(transfer_syntax), Some(state)) =
        (uid(1)?, uid(2)?, uid(5)?, State::parse(&state))
    else {
        return Ok(Err(wrong()));
    };
    let instance = NewInstance {
        sop_class,
        sop_instance,
        series: uid(3)?,
        study: uid(4)?,
        transfer_syntax,
        path: PathBuf::from(row.get::<_, String>(6)?),
        offset: row.get::<_, i64>(7)? as u64,
        len: row.get::<_, i64>(8)? as u64,
        sha256: text(9)?,
    };
    let (attempts, last_status, last_text) = (row.get(11)?, row.get(12)?, row.get(13)?);
    Ok(Ok(QueuedInstance { number, instance, state, attempts, last_status, last_text }))
}

pub(super) fn audit(connection: &Connection) -> rusqlite::Result<Vec<AuditEntry>> {
    let mut statement = connection
        .prepare("SELECT RecordedAt_UTC, Who, Action, JobID, Reason FROM Audit ORDER BY AuditID")?;
    let rows = statement.query_map([], |row| {
        Ok(AuditEntry {
            at: row.get(0)?,
            who: row.get(1)?,
            action: row.get(2)?,
            job: row.get(3)?,
            reason: row.get(4)?,
        })
    })?;
    rows.collect()
}

//! SQLite: statements run on tokio's blocking threads.
//!
//! Units: none. Frame: none.

use super::LOCK_WAIT_S;
use crate::error::{SqlError, SqlErrorKind};
use crate::value::{Row, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A connection of its own to an SQLite file.
#[derive(Clone)]
pub(crate) struct SqliteSession {
    connection: Arc<Mutex<Connection>>,
}

impl SqliteSession {
    /// Connects to a file that exists.
    pub(crate) async fn connect(path: &Path) -> Result<Self, SqlError> {
        let path = path.to_owned();
        let connection = blocking(move || {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(Duration::from_secs(LOCK_WAIT_S.into()))?;
            connection.pragma_update(None, "foreign_keys", true)?;
            Ok(connection)
        })
        .await?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Runs `work` with the connection on a blocking thread.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, SqlError> {
        let connection = Arc::clone(&self.connection);
        blocking(move || work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))).await
    }

    pub(super) async fn begin(&self) -> Result<(), SqlError> {
        // The write lock at once: a transaction that reads first and writes later can find its reading
        // outdated.
        self.execute("BEGIN IMMEDIATE", Vec::new()).await
    }

    pub(super) async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<(), SqlError> {
        let sql = sql.to_owned();
        self.with(move |connection| {
            connection.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(values))?;
            Ok(())
        })
        .await
    }

    pub(super) async fn table(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<(Vec<String>, Vec<Vec<Value>>), SqlError> {
        let sql = sql.to_owned();
        self.with(move |connection| {
            let mut statement = connection.prepare(&sql)?;
            let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let rows = statement.query_map(rusqlite::params_from_iter(values), |row| {
                (0..columns.len())
                    .map(|column| Ok(value(row.get_ref(column)?)))
                    .collect::<rusqlite::Result<Vec<_>>>()
            })?;
            let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok((columns, rows))
        })
        .await
    }

    pub(super) async fn query(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, SqlError> {
        let sql = sql.to_owned();
        self.with(move |connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let columns = statement.column_count();
            let rows = statement.query_map(rusqlite::params_from_iter(values), |row| {
                (0..columns)
                    .map(|column| Ok(value(row.get_ref(column)?)))
                    .collect::<rusqlite::Result<_>>()
                    .map(Row::new)
            })?;
            rows.collect()
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, SqlError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(failed),
        // Only a runtime that is shutting down, or a panic, takes a blocking thread's result away.
        Err(error) => Err(SqlError::caused(SqlErrorKind::Lost, error)),
    }
}

fn failed(error: rusqlite::Error) -> SqlError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => SqlErrorKind::Busy,
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::DiskFull
            | ErrorCode::NotADatabase
            | ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure,
        ) => SqlErrorKind::Lost,
        _ => SqlErrorKind::Statement,
    };
    SqlError::caused(kind, error)
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn value(found: ValueRef<'_>) -> Value {
    match found {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Value::Text(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

//! One connection for one operation, on either database.
//!
//! A session owns its connection: an operation that is dropped half way takes its transaction with it and can
//! never meddle with the next one. Only a session whose transaction was committed serves another.
//!
//! Units: none. Frame: none.

mod mysql;
mod sqlite;

pub(crate) use mysql::MysqlSession;
pub(crate) use sqlite::SqliteSession;

use crate::error::SqlError;
use crate::value::{Row, Value};

/// How long a writer waits for another one, seconds.
pub(crate) const LOCK_WAIT_S: u32 = 60;

/// Rows of one INSERT statement at most: the fastest number measured on MariaDB.
const ROWS_PER_STATEMENT: usize = 100;

/// Values of one INSERT statement at most, bytes: half of the smallest packet that servers in use accept by
/// default (4 MiB).
const BYTES_PER_STATEMENT: usize = 2 << 20;

/// A connection. Statements are constant texts; values only ever travel as parameters.
pub(crate) enum Session {
    Sqlite(SqliteSession),
    Mysql(MysqlSession),
}

impl Session {
    /// Begins a transaction that alone may write under these MRNs until it ends.
    pub(crate) async fn begin(&mut self, mrns: &[&str]) -> Result<(), SqlError> {
        match self {
            Self::Sqlite(session) => session.begin().await,
            Self::Mysql(session) => session.begin(mrns).await,
        }
    }

    /// Lets keys be out of step until the end of the transaction, or no longer.
    pub(crate) async fn defer_foreign_keys(&mut self, defer: bool) -> Result<(), SqlError> {
        match (self, defer) {
            // Ends with the transaction, which then checks.
            (Self::Sqlite(session), true) => {
                session.execute("PRAGMA defer_foreign_keys = ON", Vec::new()).await
            }
            (Self::Sqlite(_), false) => Ok(()),
            (Self::Mysql(session), true) => {
                session.execute("SET SESSION foreign_key_checks = 0", Vec::new()).await
            }
            (Self::Mysql(session), false) => {
                session.execute("SET SESSION foreign_key_checks = 1", Vec::new()).await
            }
        }
    }

    /// Lets the rows of `Audit` be changed until [`Self::lock_audit`], in the same transaction. On a server
    /// the account's rights decide.
    pub(crate) async fn unlock_audit(&mut self) -> Result<(), SqlError> {
        let Self::Sqlite(session) = self else { return Ok(()) };
        session.execute("DROP TRIGGER Audit_no_update", Vec::new()).await
    }

    /// Makes `Audit` append-only again.
    pub(crate) async fn lock_audit(&mut self) -> Result<(), SqlError> {
        const TRIGGER: &str = "CREATE TRIGGER Audit_no_update BEFORE UPDATE ON Audit BEGIN \
             SELECT RAISE(ABORT, 'Audit is append-only'); END";
        let Self::Sqlite(session) = self else { return Ok(()) };
        session.execute(TRIGGER, Vec::new()).await
    }

    /// From now on what is deleted is overwritten in the file.
    pub(crate) async fn overwrite_deleted(&mut self) -> Result<(), SqlError> {
        let Self::Sqlite(session) = self else { return Ok(()) };
        session.with(|connection| connection.pragma_update(None, "secure_delete", true)).await
    }

    /// Rewrites the file and empties its log: nothing that was deleted is left in either.
    pub(crate) async fn rewrite(&mut self) -> Result<(), SqlError> {
        let Self::Sqlite(session) = self else { return Ok(()) };
        session.with(|connection| connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")).await
    }

    /// Ends the transaction as its work ended: all of it or nothing.
    pub(crate) async fn finish<T>(&mut self, outcome: Result<T, SqlError>) -> Result<T, SqlError> {
        match outcome {
            Ok(value) => self.commit().await.map(|()| value),
            Err(error) => {
                // Where this fails the connection is gone, and its transaction with it.
                let _ = self.rollback().await;
                Err(error)
            }
        }
    }

    /// Makes the transaction's changes permanent, all at once.
    pub(crate) async fn commit(&mut self) -> Result<(), SqlError> {
        match self {
            Self::Sqlite(session) => session.execute("COMMIT", Vec::new()).await,
            Self::Mysql(session) => session.end("COMMIT").await,
        }
    }

    /// Undoes the transaction.
    pub(crate) async fn rollback(&mut self) -> Result<(), SqlError> {
        match self {
            Self::Sqlite(session) => session.execute("ROLLBACK", Vec::new()).await,
            Self::Mysql(session) => session.end("ROLLBACK").await,
        }
    }

    pub(crate) async fn execute(&mut self, sql: &str, values: Vec<Value>) -> Result<(), SqlError> {
        match self {
            Self::Sqlite(session) => session.execute(sql, values).await,
            Self::Mysql(session) => session.execute(sql, values).await,
        }
    }

    pub(crate) async fn query(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, SqlError> {
        match self {
            Self::Sqlite(session) => session.query(sql, values).await,
            Self::Mysql(session) => session.query(sql, values).await,
        }
    }

    /// Every column of the rows that `sql` selects, with their names.
    pub(crate) async fn table(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<(Vec<String>, Vec<Vec<Value>>), SqlError> {
        match self {
            Self::Sqlite(session) => session.table(sql, values).await,
            Self::Mysql(session) => session.table(sql, values).await,
        }
    }

    /// The number that `sql` selects; 0 where it selects no row or NULL.
    pub(crate) async fn number(&mut self, sql: &str, values: Vec<Value>) -> Result<i64, SqlError> {
        let number: Option<i64> = self.query(sql, values).await?.first_mut().map_or(Ok(None), Row::next)?;
        Ok(number.unwrap_or_default())
    }

    /// Inserts rows, many per statement. Every row has a value per column.
    pub(crate) async fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: Vec<Vec<Value>>,
    ) -> Result<(), SqlError> {
        let mut batch = Vec::new();
        let (mut count, mut bytes) = (0, 0);
        for row in rows {
            let size: usize =
                row.iter().map(|value| if let Value::Text(text) = value { text.len() } else { 8 }).sum();
            if count == ROWS_PER_STATEMENT || (count > 0 && bytes + size > BYTES_PER_STATEMENT) {
                self.execute(&insert_text(table, columns, count), std::mem::take(&mut batch)).await?;
                (count, bytes) = (0, 0);
            }
            batch.extend(row);
            count += 1;
            bytes += size;
        }
        if count > 0 {
            self.execute(&insert_text(table, columns, count), batch).await?;
        }
        Ok(())
    }
}

fn insert_text(table: &str, columns: &[&str], rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    format!("INSERT INTO {table} ({}) VALUES {}", columns.join(", "), vec![row; rows].join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_has_a_place_for_every_value() {
        assert_eq!(insert_text("T", &["A", "B"], 2), "INSERT INTO T (A, B) VALUES (?, ?), (?, ?)");
    }
}

//! One connection for one operation, on either database.
//!
//! A session owns its connection: an operation that is dropped half way takes its transaction with it and can never meddle with
//! the next one.
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

/// Values of one INSERT statement at most, bytes: half of the smallest packet that servers in use accept by default (4 MiB).
const BYTES_PER_STATEMENT: usize = 2 << 20;

/// A connection. Statements are constant texts; values only ever travel as parameters.
pub(crate) enum Session {
    Sqlite(SqliteSession),
    Mysql(MysqlSession),
}

impl Session {
    /// Begins a transaction that alone may write under this MRN until it ends.
    pub(crate) async fn begin(&mut self, mrn: &str) -> Result<(), SqlError> {
        match self {
            Self::Sqlite(session) => session.begin().await,
            Self::Mysql(session) => session.begin(mrn).await,
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

    /// Inserts rows, many per statement. Every row has a value per column.
    pub(crate) async fn insert(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>) -> Result<(), SqlError> {
        let mut batch = Vec::new();
        let (mut count, mut bytes) = (0, 0);
        for row in rows {
            let size: usize = row.iter().map(|value| if let Value::Text(text) = value { text.len() } else { 8 }).sum();
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

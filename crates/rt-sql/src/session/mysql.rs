//! MySQL and MariaDB.
//!
//! Units: none. Frame: none.

use super::LOCK_WAIT_S;
use crate::error::{SqlError, SqlErrorKind};
use crate::value::{Row, Value};
use mysql_async::consts::ColumnType;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Pool, Value as Found};

/// A connection of a pool. Back in the pool it is reset: an open transaction is rolled back, locks are
/// released.
pub(crate) struct MysqlSession {
    connection: Conn,
}

/// Locks are named by a digest (their names hold 64 characters) and by the database (they are the server's).
const LOCK: &str =
    "SELECT GET_LOCK(CONCAT('dosebridge ', LEFT(SHA2(CONCAT(DATABASE(), ' ', ?), 256), 48)), ?)";

impl MysqlSession {
    pub(crate) async fn connect(pool: &Pool) -> Result<Self, SqlError> {
        Ok(Self { connection: pool.get_conn().await.map_err(failed)? })
    }

    /// Takes a lock of the server that ends with this session or with [`Self::end`].
    pub(crate) async fn lock(&mut self, name: &str) -> Result<(), SqlError> {
        let taken: Option<Option<i64>> =
            self.connection.exec_first(LOCK, (name, LOCK_WAIT_S)).await.map_err(failed)?;
        if taken.flatten() == Some(1) { Ok(()) } else { Err(SqlError::new(SqlErrorKind::Busy)) }
    }

    pub(super) async fn begin(&mut self, mrns: &[&str]) -> Result<(), SqlError> {
        // The locks first: what the transaction reads must be what a lock's last holder left. In one order
        // everywhere: two who need the same two locks never wait for each other.
        let mut mrns = mrns.to_vec();
        mrns.sort_unstable();
        mrns.dedup();
        for mrn in mrns {
            self.lock(&format!("mrn {mrn}")).await?;
        }
        self.connection.query_drop("START TRANSACTION").await.map_err(failed)
    }

    /// Ends the transaction by `COMMIT` or `ROLLBACK`, then gives the locks back.
    pub(super) async fn end(&mut self, how: &str) -> Result<(), SqlError> {
        self.connection.query_drop(how).await.map_err(failed)?;
        self.release().await
    }

    pub(crate) async fn release(&mut self) -> Result<(), SqlError> {
        self.connection.query_drop("DO RELEASE_ALL_LOCKS()").await.map_err(failed)
    }

    pub(crate) async fn execute(&mut self, sql: &str, values: Vec<Value>) -> Result<(), SqlError> {
        self.connection.exec_drop(sql, parameters(values)).await.map_err(failed)
    }

    pub(super) async fn table(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<(Vec<String>, Vec<Vec<Value>>), SqlError> {
        let mut result = self.connection.exec_iter(sql, parameters(values)).await.map_err(failed)?;
        let columns = result.columns().unwrap_or_default();
        let found: Vec<mysql_async::Row> = result.collect().await.map_err(failed)?;
        let is_date = |at: usize| columns[at].column_type() == ColumnType::MYSQL_TYPE_DATE;
        let cell = |(at, cell)| match value(cell)? {
            // The wire has a time for it; the column has none.
            Value::Text(text) if is_date(at) => Ok(Value::Text(text.chars().take(10).collect())),
            value => Ok(value),
        };
        let rows = found
            .into_iter()
            .map(|row| row.unwrap().into_iter().enumerate().map(cell).collect::<Result<_, SqlError>>());
        let rows = rows.collect::<Result<_, _>>()?;
        Ok((columns.iter().map(|column| column.name_str().into_owned()).collect(), rows))
    }

    pub(crate) async fn query(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, SqlError> {
        let rows: Vec<mysql_async::Row> =
            self.connection.exec(sql, parameters(values)).await.map_err(failed)?;
        rows.into_iter()
            .map(|row| row.unwrap().into_iter().map(value).collect::<Result<_, _>>().map(Row::new))
            .collect()
    }
}

pub(crate) fn failed(error: Error) -> SqlError {
    let kind = match &error {
        Error::Server(_) => SqlErrorKind::Statement,
        _ => SqlErrorKind::Lost,
    };
    SqlError::caused(kind, error)
}

fn parameters(values: Vec<Value>) -> mysql_async::Params {
    if values.is_empty() {
        return mysql_async::Params::Empty;
    }
    mysql_async::Params::Positional(
        values
            .into_iter()
            .map(|value| match value {
                Value::Null => Found::NULL,
                Value::Integer(number) => Found::Int(number),
                Value::Real(number) => Found::Double(number),
                Value::Text(text) => Found::Bytes(text.into_bytes()),
            })
            .collect(),
    )
}

fn value(found: Found) -> Result<Value, SqlError> {
    Ok(match found {
        Found::NULL => Value::Null,
        Found::Bytes(bytes) => Value::Text(
            String::from_utf8(bytes)
                .map_err(|_| SqlError::stored("expected text in UTF-8, found other bytes".into()))?,
        ),
        Found::Int(number) => Value::Integer(number),
        Found::UInt(number) => Value::Integer(
            i64::try_from(number)
                .map_err(|_| SqlError::stored(format!("expected a number below 2^63, found {number}")))?,
        ),
        // The shortest decimal that means this single-precision number: 70.2, not 70.19999694824219.
        Found::Float(number) => Value::Real(number.to_string().parse().unwrap_or_else(|_| number.into())),
        Found::Double(number) => Value::Real(number),
        // 0000-00-00: what a server without strict mode makes of a date it can't read.
        Found::Date(_, 0, ..) | Found::Date(_, _, 0, ..) => Value::Null,
        Found::Date(year, month, day, hour, minute, second, _) => {
            Value::Text(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
        }
        Found::Time(_, days, hours, minutes, seconds, _) => {
            Value::Text(format!("{:02}:{minutes:02}:{seconds:02}", days * 24 + u32::from(hours)))
        }
    })
}

//! What the tests of both databases share: a fresh database each, raw statements past the repository, made-up
//! cases.
#![expect(dead_code, unreachable_pub, reason = "each test binary uses a part")]

pub mod cases;

use mysql_async::prelude::Queryable;
use rt_sql::{Database, DatabaseUrl, OpenOptions, SqlError};
use rt_testkit::mariadb::{PASSWORD, Server};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// An empty place for a database, removed with this value.
pub struct Place {
    pub url: DatabaseUrl,
    pub options: OpenOptions,
    kind: Kind,
}

enum Kind {
    Sqlite(TempDir),
    Mariadb { server: Arc<Server>, name: String },
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let url = DatabaseUrl::sqlite(folder.path().join("dvh.sqlite"));
        Self { url, options: OpenOptions::default(), kind: Kind::Sqlite(folder) }
    }

    /// `None` where this computer has no MariaDB (and is no CI).
    pub async fn mariadb() -> Option<Self> {
        let server = Server::shared()?;
        let name = server.new_database().await;
        let url = server.url(&name).parse().unwrap();
        Some(Self { url, options: with_password(), kind: Kind::Mariadb { server, name } })
    }

    pub async fn open(&self) -> Result<Database, SqlError> {
        Database::open(&self.url, &self.options).await
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.kind, Kind::Sqlite(_))
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.url.sqlite_path().unwrap().to_owned()
    }

    /// Runs a statement past the repository.
    pub async fn execute(&self, sql: &str) -> Result<(), String> {
        match &self.kind {
            Kind::Sqlite(_) => rusqlite::Connection::open(self.file())
                .unwrap()
                .execute_batch(sql)
                .map_err(|error| error.to_string()),
            Kind::Mariadb { server, name } => {
                server.connect(name).await.query_drop(sql).await.map_err(|error| error.to_string())
            }
        }
    }

    /// The first column of every row, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        match &self.kind {
            Kind::Sqlite(_) => {
                let connection = rusqlite::Connection::open(self.file()).unwrap();
                let mut statement = connection.prepare(sql).unwrap();
                let rows = statement.query_map([], |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
                rows.map(|value| match value.unwrap() {
                    rusqlite::types::Value::Null => "NULL".into(),
                    rusqlite::types::Value::Integer(number) => number.to_string(),
                    rusqlite::types::Value::Real(number) => number.to_string(),
                    rusqlite::types::Value::Text(text) => text,
                    rusqlite::types::Value::Blob(_) => "blob".into(),
                })
                .collect()
            }
            Kind::Mariadb { server, name } => {
                let rows: Vec<mysql_async::Row> = server.connect(name).await.query(sql).await.unwrap();
                let first = |mut row: mysql_async::Row| row.take::<Option<String>, _>(0).flatten();
                rows.into_iter().map(|row| first(row).unwrap_or_else(|| "NULL".into())).collect()
            }
        }
    }

    /// Every column of every table, but for the history of migrations.
    pub async fn columns(&self) -> Vec<(String, String)> {
        let sql = if self.is_sqlite() {
            "SELECT m.name || '.' || c.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c \
             WHERE m.type = 'table' AND m.name NOT IN ('dosebridge_schema', 'sqlite_sequence')"
        } else {
            "SELECT CONCAT(c.TABLE_NAME, '.', c.COLUMN_NAME) FROM information_schema.COLUMNS AS c \
             JOIN information_schema.TABLES AS t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME \
             WHERE c.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' AND c.TABLE_NAME <> 'dosebridge_schema'"
        };
        let split =
            |name: String| name.split_once('.').map(|(table, column)| (table.to_owned(), column.to_owned()));
        self.texts(sql).await.into_iter().filter_map(split).collect()
    }

    pub async fn text(&self, sql: &str) -> String {
        self.texts(sql).await.into_iter().next().unwrap_or_else(|| "no row".into())
    }
}

/// Options with the password of the test's server.
pub fn with_password() -> OpenOptions {
    OpenOptions { password: Some(PASSWORD.into()), ..OpenOptions::default() }
}

/// Runs a test's future.
pub fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

//! Bringing a database to the schema this program knows.
//!
//! Migrations are only ever appended. On MySQL each is one statement, which commits by itself: a program that
//! ends before it has recorded the statement leaves it to the next. That one repeats it, or, where it added
//! columns, sees that they are there. On SQLite all migrations are one transaction.
//!
//! Units: none. Frame: none.

use super::Schema;
use crate::error::{SqlError, SqlErrorKind};
use crate::session::{MysqlSession, Session, SqliteSession};
use mysql_async::Pool;
use refinery::{Runner, Target};

mod sqlite {
    refinery::embed_migrations!("migrations/sqlite");
}

mod mysql {
    refinery::embed_migrations!("migrations/mysql");
}

mod queue {
    refinery::embed_migrations!("migrations/queue");
}

/// Our own name: another program may keep refinery's default table in the same database.
const HISTORY: &str = "dosebridge_schema";

const HISTORY_EXISTS_SQLITE: &str =
    "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'dosebridge_schema'";
const HISTORY_EXISTS_MYSQL: &str = "SELECT COUNT(*) FROM information_schema.TABLES \
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'dosebridge_schema'";
const VERSION: &str = "SELECT COALESCE(MAX(version), 0) FROM dosebridge_schema";

/// Migrates an SQLite file. Another program that does the same at the same time can make this fail: it has
/// then done the work.
pub(crate) async fn sqlite(session: &SqliteSession) -> Result<(), SqlError> {
    to_newest(session, sqlite::migrations::runner()).await
}

/// Migrates the file of a queue.
pub(crate) async fn queue(session: &SqliteSession) -> Result<(), SqlError> {
    to_newest(session, queue::migrations::runner()).await
}

async fn to_newest(session: &SqliteSession, runner: Runner) -> Result<(), SqlError> {
    let mut runner = runner.set_grouped(true);
    runner.set_migration_table_name(HISTORY);
    if needs_migration(&mut Session::Sqlite(session.clone()), HISTORY_EXISTS_SQLITE, &runner).await? {
        session
            .with(move |connection| Ok(runner.run(connection).map(drop)))
            .await?
            .map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Migrates a database of a server.
pub(crate) async fn mysql(pool: &Pool) -> Result<(), SqlError> {
    let mut runner = mysql::migrations::runner();
    runner.set_migration_table_name(HISTORY);
    let mut session = Session::Mysql(MysqlSession::connect(pool).await?);
    // A user who may only read opens a database that is up to date.
    if !needs_migration(&mut session, HISTORY_EXISTS_MYSQL, &runner).await? {
        return Ok(());
    }
    let mut lock = MysqlSession::connect(pool).await?;
    lock.lock("schema").await?;
    if let Some(done) = unrecorded(&mut session, &runner).await? {
        let mut record = mysql::migrations::runner().set_target(Target::FakeVersion(done));
        record.set_migration_table_name(HISTORY);
        record.run_async(&mut pool.clone()).await.map_err(|error| failed(&error))?;
    }
    runner.run_async(&mut pool.clone()).await.map_err(|error| failed(&error))?;
    lock.release().await
}

/// The version of the first migration that is not recorded, where the columns it adds are there: MySQL knows
/// no `ADD COLUMN IF NOT EXISTS`, so that it can't be repeated. A statement adds all of its columns or none.
async fn unrecorded(session: &mut Session, runner: &Runner) -> Result<Option<i32>, SqlError> {
    let recorded = version(session, HISTORY_EXISTS_MYSQL).await?;
    let later = runner.get_migrations().iter().filter(|migration| i64::from(migration.version()) > recorded);
    let Some(next) = later.min_by_key(|migration| migration.version()) else { return Ok(None) };
    let Some((table, columns)) = next.sql().and_then(added_columns) else { return Ok(None) };
    let schema = Schema::read(session).await?;
    Ok(columns.iter().all(|column| schema.column(table, column).is_some()).then(|| next.version()))
}

/// The table and the columns that a statement adds to it; `None` where it adds none.
fn added_columns(sql: &str) -> Option<(&str, Vec<&str>)> {
    const REPEATABLE_ON_MARIADB: &str = "/*M!100200 IF NOT EXISTS */ ";
    let (table, clauses) = sql.strip_prefix("ALTER TABLE ")?.split_once(char::is_whitespace)?;
    let clauses = clauses.split("ADD COLUMN ").skip(1);
    let named = clauses.map(|clause| clause.strip_prefix(REPEATABLE_ON_MARIADB).unwrap_or(clause));
    let columns: Vec<&str> = named.filter_map(|clause| clause.split_whitespace().next()).collect();
    (!columns.is_empty()).then_some((table, columns))
}

/// As text: the error itself also carries every statement that went before.
fn failed(error: &refinery::Error) -> SqlError {
    SqlError::caused(SqlErrorKind::Statement, error.to_string())
}

/// Refuses a database that a newer program has migrated.
async fn needs_migration(session: &mut Session, exists: &str, runner: &Runner) -> Result<bool, SqlError> {
    let (found, known) = (version(session, exists).await?, newest(runner));
    if found > known {
        return Err(SqlError::new(SqlErrorKind::SchemaNewer { found, known }));
    }
    Ok(found < known)
}

/// The version a database is at (0 where this program never opened it) and the newest that this program
/// knows.
pub(crate) async fn versions(session: &mut Session) -> Result<(i64, i64), SqlError> {
    let (exists, runner) = match session {
        Session::Sqlite(_) => (HISTORY_EXISTS_SQLITE, sqlite::migrations::runner()),
        Session::Mysql(_) => (HISTORY_EXISTS_MYSQL, mysql::migrations::runner()),
    };
    Ok((version(session, exists).await?, newest(&runner)))
}

fn newest(runner: &Runner) -> i64 {
    runner.get_migrations().iter().map(|migration| i64::from(migration.version())).max().unwrap_or(0)
}

async fn version(session: &mut Session, exists: &str) -> Result<i64, SqlError> {
    if session.number(exists, Vec::new()).await? == 0 {
        Ok(0)
    } else {
        session.number(VERSION, Vec::new()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a program that ended early leaves unrecorded on a server is done again, or seen to be done.
    #[test]
    fn every_statement_may_be_repeated_or_adds_columns() {
        let repeatable = ["CREATE TABLE IF NOT EXISTS ", "CREATE OR REPLACE SQL SECURITY INVOKER VIEW "];
        for migration in mysql::migrations::runner().get_migrations() {
            let sql = migration.sql().unwrap();
            let is_repeatable = repeatable.iter().any(|start| sql.starts_with(start));
            assert!(is_repeatable || added_columns(sql).is_some(), "{migration}: {sql}");
        }
    }

    #[test]
    fn added_columns_are_read_in_the_words_of_either_server() {
        let mariadb =
            "ALTER TABLE T\n    ADD COLUMN /*M!100200 IF NOT EXISTS */ A double,\n    ADD COLUMN B text;\n";
        assert_eq!(added_columns(mariadb), Some(("T", vec!["A", "B"])));
        assert_eq!(added_columns("ALTER TABLE T DROP COLUMN A"), None);
        assert_eq!(added_columns("CREATE TABLE T (A int)"), None);
    }
}

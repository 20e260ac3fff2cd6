//! Bringing a database to the schema this program knows.
//!
//! Migrations are only ever appended. On MySQL each is one statement that may be repeated, since every DDL statement there
//! commits by itself; on SQLite all of them are one transaction.
//!
//! Units: none. Frame: none.

use crate::error::{SqlError, SqlErrorKind};
use crate::session::{MysqlSession, Session, SqliteSession};
use mysql_async::Pool;
use refinery::Runner;

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

const HISTORY_EXISTS_SQLITE: &str = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'dosebridge_schema'";
const HISTORY_EXISTS_MYSQL: &str = "SELECT COUNT(*) FROM information_schema.TABLES \
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'dosebridge_schema'";
const VERSION: &str = "SELECT COALESCE(MAX(version), 0) FROM dosebridge_schema";

/// Migrates an SQLite file. Another program that does the same at the same time can make this fail: it has then done the work.
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
        session.with(move |connection| Ok(runner.run(connection).map(drop))).await?.map_err(|error| failed(&error))?;
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
    runner.run_async(&mut pool.clone()).await.map_err(|error| failed(&error))?;
    lock.release().await
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

/// The version a database is at (0 where this program never opened it) and the newest that this program knows.
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
    if session.number(exists, Vec::new()).await? == 0 { Ok(0) } else { session.number(VERSION, Vec::new()).await }
}

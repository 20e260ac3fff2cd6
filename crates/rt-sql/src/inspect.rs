//! Looking at a database without changing it: whether it can be used, and by this account for what.
//!
//! Units: bytes. Frame: none.

use crate::database::{OpenOptions, connect, server_options};
use crate::error::{SqlError, SqlErrorKind};
use crate::schema::{Schema, migrate};
use crate::session::{Session, SqliteSession};
use crate::url::{Address, DatabaseUrl};
use mysql_async::Pool;
use std::path::PathBuf;

/// What a look at a database shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Product and version of the server or library.
    pub server: String,
    /// The cipher of the connection; `None` where it is not encrypted.
    pub cipher: Option<String>,
    /// The schema's version; 0 where this program never opened the database.
    pub schema_found: i64,
    /// The newest version this program knows.
    pub schema_known: i64,
    /// Why the tables of the original importer, or ours, can't be used.
    pub unusable: Option<String>,
    /// What an account may need to do, and whether this one may.
    pub rights: Vec<(Right, bool)>,
    /// Plans, and how many of them the original importer stored.
    pub plans: Option<(u64, u64)>,
    /// What contradicts itself, in words.
    pub damage: Vec<String>,
    /// Size of the data.
    pub bytes: Option<u64>,
    /// Where a server on this computer keeps its data.
    pub data_folder: Option<PathBuf>,
}

/// What an account may need to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Right {
    /// Look at what is stored.
    Read,
    /// Store cases.
    Import,
    /// Delete, move, exclude and recompute plans.
    Change,
    /// Exclude plans from cohorts and include them again.
    Exclude,
    /// Remove a patient from the audit as well.
    Purge,
    /// Make the tables and bring them up to date.
    Migrate,
    /// All of these: an SQLite file has no accounts.
    Write,
}

impl Right {
    /// The right in words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Import => "import",
            Self::Change => "delete, move, exclude, recompute",
            Self::Exclude => "exclude",
            Self::Purge => "purge",
            Self::Migrate => "init and migrate",
            Self::Write => "write",
        }
    }

    /// Without it an account cannot import.
    #[must_use]
    pub const fn is_needed_to_import(self) -> bool {
        matches!(self, Self::Read | Self::Import | Self::Write)
    }

    /// Only a few accounts should have it, so that it is usual to be without it.
    #[must_use]
    pub const fn is_exceptional(self) -> bool {
        matches!(self, Self::Purge | Self::Migrate)
    }
}

/// Rights by statements that touch no row: a server checks them all the same.
const SERVER_RIGHTS: [(Right, &str); 6] = [
    (Right::Read, "SELECT COUNT(*) FROM Plans WHERE 1 = 0"),
    (Right::Import, "INSERT INTO Plans (MRN, PlanID) SELECT MRN, PlanID FROM Imports WHERE 1 = 0"),
    (Right::Change, "DELETE FROM DVHs WHERE 1 = 0"),
    (Right::Exclude, "DELETE FROM Exclusions WHERE 1 = 0"),
    (Right::Purge, "UPDATE Audit SET Who = Who WHERE 1 = 0"),
    // The table exists: nothing is made.
    (Right::Migrate, "CREATE TABLE IF NOT EXISTS Imports (MRN int)"),
];

const STORED: &str = "SELECT COUNT(*) FROM Plans";
const OURS: &str = "SELECT COUNT(*) FROM PlanStatus";
const STRAY_DVHS: &str = "SELECT COUNT(*) FROM DVHs AS d WHERE NOT EXISTS \
     (SELECT 1 FROM Plans AS p WHERE p.MRN = d.MRN AND p.PlanID = d.PlanID)";
const SERVER_BYTES: &str = "SELECT CAST(COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) AS SIGNED) \
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()";
const FILE_BYTES: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";

/// Looks at a database: nothing is made, migrated or changed.
///
/// # Errors
/// [`SqlErrorKind::Unreachable`]: no such file, no server, a wrong password, a certificate that does not
/// hold.
pub async fn inspect(url: &DatabaseUrl, options: &OpenOptions) -> Result<Inspection, SqlError> {
    let name = url.to_string();
    match &url.0 {
        Address::Sqlite { path } => {
            let session = SqliteSession::connect(path).await.map_err(|error| error.at_start(&name))?;
            look(&mut Session::Sqlite(session)).await.map_err(|error| error.at_start(&name))
        }
        Address::Mysql { user, host, port, database } => {
            let pool = Pool::new(server_options(user, host, *port, options).db_name(Some(database)));
            let outcome = match connect(&pool).await {
                Ok(mut session) => look_at_server(&mut session, host).await,
                Err(error) => Err(error),
            };
            // The server ends the connections anyway when they break.
            let _ = pool.disconnect().await;
            outcome.map_err(|error| error.at_start(&name))
        }
    }
}

async fn look_at_server(session: &mut Session, host: &str) -> Result<Inspection, SqlError> {
    let mut seen = look(session).await?;
    if ["localhost", "127.0.0.1", "::1", "[::1]"].contains(&host) {
        seen.data_folder = text(session, "SELECT @@datadir").await?.map(PathBuf::from);
    }
    Ok(seen)
}

async fn look(session: &mut Session) -> Result<Inspection, SqlError> {
    let on_server = matches!(session, Session::Mysql(_));
    let version = if on_server { "SELECT VERSION()" } else { "SELECT 'SQLite ' || sqlite_version()" };
    let server = text(session, version).await?.unwrap_or_default();
    let cipher = if on_server { cipher(session).await? } else { None };
    let (schema_found, schema_known) = migrate::versions(session).await?;
    let unusable = Schema::read(session).await.err().map(|error| error.to_string());
    let bytes = session.number(if on_server { SERVER_BYTES } else { FILE_BYTES }, Vec::new()).await?;
    let mut seen = Inspection {
        server,
        cipher,
        schema_found,
        schema_known,
        unusable,
        rights: Vec::new(),
        plans: None,
        damage: Vec::new(),
        bytes: u64::try_from(bytes).ok(),
        data_folder: None,
    };
    if !on_server {
        seen.rights.push((Right::Write, allowed(session, "BEGIN IMMEDIATE").await?));
        if seen.rights[0].1 {
            session.rollback().await?;
        }
        let reported = text(session, "PRAGMA quick_check(1)").await?.unwrap_or_default();
        seen.damage.extend((reported != "ok").then_some(reported));
    }
    // Without our tables there is nothing to have rights on.
    if schema_found == schema_known && seen.unusable.is_none() {
        if on_server {
            for (right, statement) in SERVER_RIGHTS {
                seen.rights.push((right, allowed(session, statement).await?));
            }
        }
        if seen.rights.iter().all(|(right, has)| *right != Right::Read || *has) {
            let (all, ours) =
                (session.number(STORED, Vec::new()).await?, session.number(OURS, Vec::new()).await?);
            seen.plans = Some((all.unsigned_abs(), (all - ours).unsigned_abs()));
            let stray = session.number(STRAY_DVHS, Vec::new()).await?;
            seen.damage
                .extend((stray > 0).then(|| format!("{stray} rows of DVHs belong to no row of Plans")));
        }
    }
    Ok(seen)
}

/// Whether the database lets this account run a statement.
async fn allowed(session: &mut Session, statement: &str) -> Result<bool, SqlError> {
    match session.execute(statement, Vec::new()).await {
        Ok(()) => Ok(true),
        // A file that can't be written is lost to a writer, not to this look.
        Err(error) if matches!(error.kind(), SqlErrorKind::Statement | SqlErrorKind::Busy) => Ok(false),
        Err(error) if matches!(session, Session::Sqlite(_)) && *error.kind() == SqlErrorKind::Lost => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

async fn cipher(session: &mut Session) -> Result<Option<String>, SqlError> {
    let mut rows = session.query("SHOW STATUS LIKE 'Ssl_cipher'", Vec::new()).await?;
    let Some(row) = rows.first_mut() else { return Ok(None) };
    let _name: String = row.next()?;
    Ok(Some(row.next::<String>()?).filter(|cipher| !cipher.is_empty()))
}

async fn text(session: &mut Session, sql: &str) -> Result<Option<String>, SqlError> {
    session.query(sql, Vec::new()).await?.first_mut().map_or(Ok(None), crate::value::Row::next)
}

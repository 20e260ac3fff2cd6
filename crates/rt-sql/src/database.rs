//! An open database.
//!
//! Units: none. Frame: none.

use crate::error::{SqlError, SqlErrorKind};
use crate::schema::{Schema, migrate};
use crate::session::{MysqlSession, Session, SqliteSession};
use crate::url::{Address, DatabaseUrl};
use mysql_async::{Opts, OptsBuilder, Pool, SslOpts};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How to open a database, beside its URL.
#[derive(Clone, Default)]
pub struct OpenOptions {
    /// An SQLite file that does not exist is an error; else it is made.
    pub must_exist: bool,
    /// Password of the URL's user; `None` for an SQLite file or a user without one.
    pub password: Option<String>,
    /// Whether the connection to a server is encrypted.
    pub tls: Tls,
}

impl fmt::Debug for OpenOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let password = self.password.as_ref().map(|_| "(secret)");
        f.debug_struct("OpenOptions")
            .field("must_exist", &self.must_exist)
            .field("password", &password)
            .field("tls", &self.tls)
            .finish()
    }
}

/// Whether the connection to a server is encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Tls {
    /// Not encrypted: for a server on the same computer.
    #[default]
    Off,
    /// Encrypted, with the server's certificate and name verified; refused where the server offers no TLS.
    /// The program must have installed a process-wide `rustls` crypto provider.
    Required {
        /// PEM file of the authority that signed the server's certificate; `None` for the public ones.
        authority: Option<PathBuf>,
    },
}

/// An open database; clones share it. Operations may run at the same time, from this process and others.
#[derive(Clone)]
pub struct Database {
    backend: Backend,
    schema: Arc<Schema>,
    /// Sessions whose last transaction was committed: they need not be made again, and their statements are
    /// prepared.
    idle: Arc<Mutex<Vec<Session>>>,
}

#[derive(Clone)]
enum Backend {
    /// The session is kept so that the write-ahead log stays open between operations.
    Sqlite {
        path: PathBuf,
        _keeper: SqliteSession,
    },
    Mysql {
        pool: Pool,
    },
}

impl Database {
    /// Opens a database, making the SQLite file (mode 0600) and missing tables.
    ///
    /// The tables of the original importer are used as they are; companion tables and views are added beside
    /// them.
    ///
    /// # Errors
    /// [`SqlErrorKind::Unreachable`], [`SqlErrorKind::SchemaNewer`], [`SqlErrorKind::Engine`],
    /// [`SqlErrorKind::Schema`].
    pub async fn open(url: &DatabaseUrl, options: &OpenOptions) -> Result<Self, SqlError> {
        let backend = match &url.0 {
            Address::Sqlite { path } => open_sqlite(path, options.must_exist).await,
            Address::Mysql { user, host, port, database } => {
                let server = server_options(user, host, *port, options).db_name(Some(database));
                open_mysql(server.into()).await
            }
        };
        let database = url.to_string();
        let backend = backend.map_err(|error| error.at_start(&database))?;
        let schema =
            Schema::read(&mut backend.session().await?).await.map_err(|error| error.at_start(&database))?;
        Ok(Self { backend, schema: Arc::new(schema), idle: Arc::default() })
    }

    /// Ends the connections; an SQLite file's log is folded into it. A database that is only dropped loses
    /// nothing.
    pub async fn close(self) {
        self.idle().clear();
        if let Backend::Mysql { pool } = self.backend {
            // The server ends the connections anyway when they break.
            let _ = pool.disconnect().await;
        }
    }

    pub(crate) async fn session(&self) -> Result<Session, SqlError> {
        self.backend.session().await
    }

    /// A session for one transaction of many: [`Self::keep`] hands it on to the next.
    pub(crate) async fn writing_session(&self) -> Result<Session, SqlError> {
        let kept = self.idle().pop();
        match kept {
            Some(session) => Ok(session),
            None => self.session().await,
        }
    }

    /// Takes back a session whose transaction was committed. Any other is dropped, and its transaction with
    /// it.
    pub(crate) fn keep(&self, session: Session) {
        self.idle().push(session);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }
}

impl Backend {
    async fn session(&self) -> Result<Session, SqlError> {
        Ok(match self {
            Self::Sqlite { path, .. } => Session::Sqlite(SqliteSession::connect(path).await?),
            Self::Mysql { pool } => Session::Mysql(MysqlSession::connect(pool).await?),
        })
    }
}

/// How to reach a server; no database is chosen.
pub(crate) fn server_options(user: &str, host: &str, port: u16, options: &OpenOptions) -> OptsBuilder {
    OptsBuilder::default()
        .user(Some(user))
        .ip_or_hostname(host)
        .tcp_port(port)
        .pass(options.password.as_ref())
        .prefer_socket(false)
        .ssl_opts(ssl(&options.tls))
        .setup(SESSION_SETTINGS.to_vec())
        .stmt_cache_size(PREPARED)
}

/// A session on a server that may not answer.
pub(crate) async fn connect(pool: &Pool) -> Result<Session, SqlError> {
    // A host that swallows packets would otherwise be waited for until the network gives up, minutes later.
    let connecting = tokio::time::timeout(CONNECT_WAIT, MysqlSession::connect(pool)).await;
    connecting.map_err(|error| SqlError::caused(SqlErrorKind::Lost, error))?.map(Session::Mysql)
}

/// Statements that a session keeps prepared: those that insert differ by their number of rows.
const PREPARED: usize = 256;

/// Without strict mode a server cuts what does not fit.
const SESSION_SETTINGS: [&str; 2] =
    ["SET NAMES utf8mb4", "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"];

fn ssl(tls: &Tls) -> Option<SslOpts> {
    match tls {
        Tls::Off => None,
        Tls::Required { authority: None } => Some(SslOpts::default()),
        Tls::Required { authority: Some(file) } => Some(
            SslOpts::default().with_disable_built_in_roots(true).with_root_certs(vec![file.clone().into()]),
        ),
    }
}

/// Tries of opening a file that another program opens for the first time, and the pause between them: SQLite
/// does not wait for a lock while the journal's mode changes, and of two programs that make the same tables
/// one fails.
const OPEN_TRIES: u32 = 100;
const OPEN_PAUSE: Duration = Duration::from_millis(50);

async fn open_sqlite(path: &Path, must_exist: bool) -> Result<Backend, SqlError> {
    let there = if must_exist { std::fs::metadata(path).map(drop) } else { create_private(path) };
    there.map_err(|error| SqlError::caused(SqlErrorKind::Lost, error))?;
    let mut left = OPEN_TRIES;
    loop {
        match prepare_sqlite(path).await {
            Err(error)
                if left > 0 && matches!(error.kind(), SqlErrorKind::Busy | SqlErrorKind::Statement) =>
            {
                left -= 1
            }
            outcome => {
                return outcome.map(|keeper| Backend::Sqlite { path: path.to_owned(), _keeper: keeper });
            }
        }
        tokio::time::sleep(OPEN_PAUSE).await;
    }
}

async fn prepare_sqlite(path: &Path) -> Result<SqliteSession, SqlError> {
    let session = SqliteSession::connect(path).await?;
    // Readers beside a writer; the mode stays with the file.
    session.with(|connection| connection.pragma_update(None, "journal_mode", "WAL")).await?;
    migrate::sqlite(&session).await?;
    Ok(session)
}

/// Makes the file readable by its owner alone, as it is to hold patient data; SQLite gives its log the same
/// mode. A file that exists is left as it is.
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

const CONNECT_WAIT: Duration = Duration::from_secs(30);

async fn open_mysql(server: Opts) -> Result<Backend, SqlError> {
    let pool = Pool::new(server);
    let mut session = connect(&pool).await?;
    // Before anything is added beside tables that can't be used.
    Schema::read(&mut session).await?;
    migrate::mysql(&pool).await?;
    Ok(Backend::Mysql { pool })
}

//! A database for commands that talk to it one question at a time.
//!
//! Units: none. Frame: none.

use super::failure;
use crate::config::{DatabaseSettings, password};
use rt_cli::exit::Failure;
use rt_sql::{Database, OpenOptions, SqlError};

/// An open database and what runs its operations.
pub(crate) struct Connection {
    runtime: tokio::runtime::Runtime,
    database: Database,
}

impl Connection {
    /// Opens the configured database, which has to exist.
    ///
    /// # Errors
    /// Where it can't be reached.
    pub(crate) fn open(settings: &DatabaseSettings) -> Result<Self, Failure> {
        Self::open_with(settings, true)
    }

    /// Opens the configured database, making an SQLite file where there is none.
    ///
    /// # Errors
    /// Where it can't be reached.
    pub(crate) fn make(settings: &DatabaseSettings) -> Result<Self, Failure> {
        Self::open_with(settings, false)
    }

    fn open_with(settings: &DatabaseSettings, must_exist: bool) -> Result<Self, Failure> {
        let options = OpenOptions { must_exist, ..open_options(settings)? };
        let runtime = runtime()?;
        let database = runtime
            .block_on(Database::open(&settings.url, &options))
            .map_err(|error| failure::database(&error))?;
        Ok(Self { runtime, database })
    }

    /// Runs an operation to its end.
    ///
    /// # Errors
    /// Those of the operation.
    pub(crate) fn ask<T, F: Future<Output = Result<T, SqlError>>>(
        &self,
        operation: impl FnOnce(Database) -> F,
    ) -> Result<T, Failure> {
        self.runtime.block_on(operation(self.database.clone())).map_err(|error| failure::database(&error))
    }

    /// Ends the connections.
    pub(crate) fn close(self) {
        self.runtime.block_on(self.database.close());
    }
}

/// How to open the configured database; asks for its password where nothing tells it.
///
/// # Errors
/// Where the password can't be had.
pub(crate) fn open_options(settings: &DatabaseSettings) -> Result<OpenOptions, Failure> {
    Ok(OpenOptions { password: password(settings)?, tls: settings.tls.clone(), ..OpenOptions::default() })
}

/// One thread that talks to the database.
///
/// # Errors
/// Where threads can't be had.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::stopped(format!("threads: {error}")))
}

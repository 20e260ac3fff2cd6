//! Which database: `sqlite:<path>` or `mysql://user@host:port/database`.
//!
//! Units: none. Frame: none.

use crate::error::{SqlError, SqlErrorKind};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Address of a database, without any secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub(crate) Address);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    Sqlite { path: PathBuf },
    Mysql { user: String, host: String, port: u16, database: String },
}

const MYSQL_PORT: u16 = 3306;

impl DatabaseUrl {
    /// An SQLite file, made on opening where it does not exist.
    #[must_use]
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self(Address::Sqlite { path: path.into() })
    }

    /// The file of an SQLite database.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.0 {
            Address::Sqlite { path } => Some(path),
            Address::Mysql { .. } => None,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = SqlError;

    /// Reads `sqlite:<path>` or `mysql://user@host[:port]/database`. A password is refused: it would end up
    /// in shell histories and process lists.
    fn from_str(text: &str) -> Result<Self, SqlError> {
        let wrong = |problem: &str| SqlError::new(SqlErrorKind::Url { problem: problem.to_owned() });
        if let Some(path) = text.strip_prefix("sqlite:") {
            return match path {
                "" => Err(wrong("expected sqlite:<path>, found no path")),
                // Each connection would see its own: nothing could be read back.
                ":memory:" => Err(wrong("expected a file for sqlite:<path>, found :memory:")),
                _ => Ok(Self::sqlite(path)),
            };
        }
        let rest = text.strip_prefix("mysql://").ok_or_else(|| {
            wrong("expected sqlite:<path> or mysql://user@host:port/database, found another scheme")
        })?;
        let (user, place) = rest
            .rsplit_once('@')
            .ok_or_else(|| wrong("expected mysql://user@host:port/database, found no user"))?;
        if user.contains(':') {
            return Err(wrong(
                "expected no password in the database's URL, found one: give it by the environment variable \
                 DOSEBRIDGE_DATABASE_PASSWORD or a file",
            ));
        }
        let (server, database) = place
            .split_once('/')
            .ok_or_else(|| wrong("expected mysql://user@host:port/database, found no database"))?;
        if user.is_empty() || server.is_empty() || database.is_empty() || database.contains(['/', '?', '#']) {
            return Err(wrong("expected mysql://user@host:port/database, found an empty or odd part"));
        }
        let (host, port) = match server.rsplit_once(':') {
            // The colons of a bare IPv6 address in brackets are none of a port.
            Some((host, port)) if !port.ends_with(']') => (
                host,
                port.parse().map_err(|_| wrong("expected a port from 1 to 65535 in the database's URL"))?,
            ),
            _ => (server, MYSQL_PORT),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Ok(Self(Address::Mysql { user: user.into(), host: host.into(), port, database: database.into() }))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Address::Sqlite { path } => write!(f, "sqlite:{}", path.display()),
            Address::Mysql { user, host, port, database } if host.contains(':') => {
                write!(f, "mysql://{user}@[{host}]:{port}/{database}")
            }
            Address::Mysql { user, host, port, database } => {
                write!(f, "mysql://{user}@{host}:{port}/{database}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_round_trip() {
        for text in [
            "sqlite:dvh.sqlite",
            "sqlite:/data/a b.sqlite",
            "mysql://rt@db.example:3307/DVH",
            "mysql://rt@[::1]:3306/DVH",
        ] {
            assert_eq!(text.parse::<DatabaseUrl>().unwrap().to_string(), text);
        }
        assert_eq!("mysql://rt@db/DVH".parse::<DatabaseUrl>().unwrap().to_string(), "mysql://rt@db:3306/DVH");
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        let error = "mysql://rt:s3cr@t@db/DVH".parse::<DatabaseUrl>().unwrap_err();
        assert!(error.to_string().contains("DOSEBRIDGE_DATABASE_PASSWORD"), "{error}");
        assert!(!error.to_string().contains("s3cr"), "{error}");
    }

    #[test]
    fn odd_urls_are_refused() {
        for text in [
            "",
            "dvh.sqlite",
            "sqlite:",
            "sqlite::memory:",
            "postgres://a@b/c",
            "mysql://db/DVH",
            "mysql://rt@db",
            "mysql://rt@db:x/D",
        ] {
            assert!(text.parse::<DatabaseUrl>().is_err(), "{text}");
        }
    }
}

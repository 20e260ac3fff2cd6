//! The database's password: from the environment or the configuration, a file, or a prompt.
//!
//! Units: none. Frame: none.

use super::settings::DatabaseSettings;
use rt_cli::exit::Failure;
use rt_cli::expected::Unexpected;
use rt_cli::section::FromVariable;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::io::IsTerminal;

/// A text that is never shown.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(secret)")
    }
}

impl FromVariable for Secret {
    fn from_variable(text: &str) -> Result<Self, Unexpected> {
        Ok(Self(text.to_owned()))
    }
}

/// The password for `settings`, asked for where the database has users, none is configured and somebody can
/// answer.
///
/// # Errors
/// Where the password's file can't be read or the prompt breaks.
pub(crate) fn password(settings: &DatabaseSettings) -> Result<Option<String>, Failure> {
    if settings.url.sqlite_path().is_some() {
        return Ok(None);
    }
    if let Some(secret) = &settings.password {
        return Ok(Some(secret.0.clone()));
    }
    if let Some(path) = &settings.password_file {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        return Ok(Some(text.lines().next().unwrap_or_default().to_owned()));
    }
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        let prompt = format!("Password for {}: ", settings.url);
        return rpassword::prompt_password(prompt)
            .map(Some)
            .map_err(|error| Failure::usage(format!("password: {error}")));
    }
    Ok(None)
}

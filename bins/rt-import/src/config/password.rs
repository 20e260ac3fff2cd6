//! The database's password: from the environment or the configuration, a file, or a prompt.
//!
//! Units: none. Frame: none.

use super::settings::DatabaseSettings;
use rt_cli::exit::Failure;
use std::io::IsTerminal;

/// The password for `settings`, asked for where the database has users, none is configured and a user can
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

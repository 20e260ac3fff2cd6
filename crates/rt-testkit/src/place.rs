//! A program of this workspace in a folder of its own.
//!
//! Units: none. Frame: none.

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder in which a program runs with nothing of the user's configuration.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    program: &'static str,
}

impl Place {
    /// For a program by its path: `env!("CARGO_BIN_EXE_rt-import")`.
    ///
    /// # Panics
    /// Where no folder can be made.
    #[must_use]
    pub fn of(program: &'static str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), program }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The program with these arguments, in the folder, which is its home too.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command
            .args(arguments)
            .current_dir(self.path())
            .env("HOME", self.path())
            .env_remove("XDG_CONFIG_HOME");
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("DOSEBRIDGE_"))
        {
            command.env_remove(name);
        }
        command
    }

    /// Runs the program to its end.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

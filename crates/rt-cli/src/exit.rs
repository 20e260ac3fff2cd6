//! How the program ends.
//!
//! Units: none. Frame: none.

pub use rt_model::chain::chain;

use std::fmt;
use std::process::ExitCode;

/// The exit codes, a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: nothing was refused and nothing failed.
    Done,
    /// 1: something was refused or failed (with `--strict` also: was incomplete or unmatched).
    SomeRefused,
    /// 2: usage, configuration, or the database could not be reached at the start.
    Usage,
    /// 3: the run itself stopped.
    Stopped,
    /// 130: interrupted.
    Interrupted,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeRefused => 1,
            Self::Usage => 2,
            Self::Stopped => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

/// The program can't go on: what to print, and how to end.
#[derive(Debug)]
pub struct Failure {
    /// How to end.
    pub exit: Exit,
    /// What to print, causes included.
    pub text: String,
}

impl Failure {
    /// Wrong usage or configuration, or a database that can't be reached at the start.
    #[must_use]
    pub fn usage(text: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, text: text.into() }
    }

    /// The run stopped.
    #[must_use]
    pub fn stopped(text: impl Into<String>) -> Self {
        Self { exit: Exit::Stopped, text: text.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

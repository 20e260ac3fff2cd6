//! Who changes what is stored, and why.
//!
//! Units: none. Frame: none.

use rt_model::date::DateTime;

/// A decision to change something, for `Audit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When, UTC.
    pub at: DateTime,
    /// Who: the account's name.
    pub who: String,
    /// On which computer.
    pub host: String,
    /// Version of the program.
    pub version: String,
    /// Why, in the user's words; may be empty.
    pub reason: String,
}

//! What the programs have in common: how they end, where their configuration is, and how they write reports. For binaries only; no library depends on it.
//!
//! Units: none. Frame: none.

pub mod config_file;
pub mod exit;
pub mod output;

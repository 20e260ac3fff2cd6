//! What the programs have in common: how they end, and where their configuration is. For binaries only; no library depends on it.
//!
//! Units: none. Frame: none.

pub mod config_file;
pub mod exit;

//! What the programs have in common: how they end, where their configuration is, and how they write reports. For binaries only; no library depends on it.
//!
//! Units: Gy for prescriptions. Frame: none.

pub mod config_file;
pub mod exit;
pub mod output;
pub mod prescription;

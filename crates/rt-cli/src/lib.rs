//! What the programs have in common: how they end, where their configuration is and how its layers are read,
//! what users state in options, and how reports are written. For binaries only; no library depends on it.
//!
//! Units: Gy for prescriptions. Frame: none.

// The macro `section` names this crate from outside, and in its own tests.
#[cfg(test)]
extern crate self as rt_cli;

pub mod config_file;
pub mod dose_scope;
pub mod exit;
pub mod expected;
pub mod interrupt;
pub mod output;
pub mod prescription;
pub mod section;

// For what the macro `section` derives.
#[doc(hidden)]
pub use serde;

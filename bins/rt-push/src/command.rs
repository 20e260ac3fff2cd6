//! The subcommands.
//!
//! Units: none. Frame: none.

pub mod export;

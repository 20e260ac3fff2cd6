//! The subcommands: each turns its arguments into work and its results into reports.
//!
//! Units: none. Frame: none.

pub mod demo;
pub mod dvh;
pub mod run;

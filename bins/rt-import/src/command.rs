//! The subcommands: each turns its arguments into work and its results into reports.
//!
//! Units: none. Frame: none.

pub mod compare;
pub mod demo;
pub mod dvh;
pub mod run;
pub mod selftest;

//! The subcommands: each turns its arguments into work and its results into reports.
//!
//! Units: none. Frame: none.

pub mod change;
pub mod check;
pub mod compare;
pub mod delete;
pub mod demo;
pub mod doctor;
pub mod dvh;
pub mod exclude;
pub mod export;
pub mod init;
pub mod list;
pub mod purge;
pub mod recompute;
pub mod relocate;
pub mod run;
pub mod selftest;
pub mod show;
pub mod watch;

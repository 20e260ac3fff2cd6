//! The subcommands: each turns its arguments into work and its results into reports.
//!
//! Units: none. Frame: none.

mod change;
pub(crate) mod check;
pub(crate) mod compare;
mod confirm;
mod connection;
pub(crate) mod delete;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod dvh;
pub(crate) mod exclude;
pub(crate) mod export;
mod failure;
mod import;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod purge;
pub(crate) mod recompute;
pub(crate) mod relocate;
pub(crate) mod run;
mod runner;
pub(crate) mod selftest;
pub(crate) mod show;
pub(crate) mod watch;

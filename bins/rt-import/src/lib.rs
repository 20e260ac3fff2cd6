//! A folder of DICOM-RT becomes DVH rows in a database: the pipeline, its reports and its configuration. `main.rs` only calls
//! [`cli::main`].
//!
//! Units: as the reports' field names say. Frame: none of its own.

pub mod case;
pub mod cli;
pub mod columns;
pub mod command;
pub mod compare;
pub mod config;
pub mod confirm;
pub mod connection;
pub mod csv;
pub mod decisions;
pub mod folder;
pub mod metric;
pub mod pipeline;
pub mod progress;
pub mod record;
pub mod report;
pub mod roi;
pub mod selftest;
pub mod sources;
pub mod table;
pub mod targets;
pub mod tps;

pub use rt_cli::{exit, output};

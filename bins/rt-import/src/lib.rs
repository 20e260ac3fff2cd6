//! A folder of DICOM-RT becomes DVH rows in a database: the pipeline, its reports and its configuration. `main.rs` only calls
//! [`cli::main`].
//!
//! Units: as the reports' field names say. Frame: none of its own.

pub mod case;
pub mod cli;
pub mod command;
pub mod config;
pub mod csv;
pub mod pipeline;
pub mod progress;
pub mod record;
pub mod report;
pub mod roi;
pub mod table;

pub use rt_cli::{exit, output};

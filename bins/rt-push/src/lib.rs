//! A plan's dose becomes objects that a PACS can show: the command line, its configuration and its commands. `main.rs` only calls
//! [`cli::main`].
//!
//! Units: Gy and mm as the help says. Frame: none of its own.

pub mod cli;
pub mod command;
pub mod config;
pub mod product;
pub mod source;

pub use rt_cli::exit;

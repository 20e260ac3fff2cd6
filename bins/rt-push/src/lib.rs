//! A plan's dose becomes objects that a PACS can show: the command line, its configuration and its commands. `main.rs` only calls
//! [`cli::main`].
//!
//! Units: Gy and mm as the help says. Frame: none of its own.

pub mod before;
pub mod cli;
pub mod command;
pub mod config;
pub mod conformance;
pub mod deliver;
pub mod facts;
pub mod it_sheet;
pub mod prepare;
pub mod product;
pub mod progress;
pub mod push;
pub mod report;
pub mod source;
pub mod spool;
pub mod supply;
pub mod table;
pub mod verify;

pub use rt_cli::exit;

//! What the tests of several crates need: servers, programs of others, shared data, folders and terminals of
//! their own.
//!
//! A test that lacks its data or its server prints a line `skipped: ...` and returns. With `CI=true` it fails
//! instead. Every server listens on the loopback address and a free port, keeps its files in a temporary
//! folder, and is stopped by its process when the value that stands for it is dropped. No crate of this
//! workspace is used here.
//!
//! Units: none. Frame: none.

#[cfg(feature = "certificates")]
pub mod certificates;
pub mod conformance;
pub mod corpus;
pub mod files;
#[cfg(feature = "mariadb")]
pub mod mariadb;
pub mod memory;
pub mod namespace;
pub mod original_importer;
pub mod orthanc;
pub mod place;
pub mod port;
pub mod program;
#[cfg(feature = "schema")]
pub mod schema;
pub mod shared;
pub mod skip;
pub mod storescp;
pub mod terminal;

//! What people read: tables, columns, CSV, the progress bar.
//!
//! Units: Gy, cm3, percent. Frame: none.

pub(crate) mod check;
pub(crate) mod columns;
pub(crate) mod comparison;
pub(crate) mod csv;
pub(crate) mod progress;
pub(crate) mod recompute;
pub(crate) mod selftest;
pub(crate) mod table;

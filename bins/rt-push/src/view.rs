//! What people read: tables, pages, a progress bar.
//!
//! Units: as each page says. Frame: none.

#[cfg(test)]
mod conformance;
pub(crate) mod it_sheet;
pub(crate) mod progress;
pub(crate) mod table;

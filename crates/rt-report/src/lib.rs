//! The versioned JSON of results: contracts with whoever reads them. A report is made from a result; no
//! result is made from a report. Within a version fields are only ever added; what has no value is null, with
//! a reason beside it.
//!
//! Fields stand in the order in which they are written.
//!
//! Units: in the field names (gy, cm3, percent). Frame: none.

#[cfg(feature = "ingest")]
pub mod change;
#[cfg(feature = "ingest")]
pub mod check;
#[cfg(feature = "ingest")]
pub mod compare;
#[cfg(feature = "deliver")]
pub mod deliver;
#[cfg(feature = "ingest")]
pub mod dvh;
pub mod engine;
pub mod finding;
#[cfg(feature = "ingest")]
pub mod import;
#[cfg(feature = "ingest")]
pub mod options;
#[cfg(feature = "ingest")]
pub mod recompute;
#[cfg(feature = "ingest")]
pub mod roi;
#[cfg(feature = "ingest")]
pub mod selftest;
#[cfg(feature = "ingest")]
pub mod stored;

pub use finding::{FindingReport, PlaceReport};

use std::path::Path;

/// A path as text; what is no Unicode is shown by a replacement character.
#[must_use]
pub fn path_text(path: &Path) -> String {
    path.display().to_string()
}

/// A finite number, else null: JSON has neither NaN nor infinity.
#[must_use]
pub fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// Writes a value by its text.
fn as_text<T: std::fmt::Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

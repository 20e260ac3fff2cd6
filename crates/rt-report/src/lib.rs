//! The versioned JSON and TOML of results, with their schemas in `docs/`: contracts with whoever reads them. A report is made from a
//! result; no result is made from a report. Within a version fields are only ever added.
//!
//! Units: in the field names. Frame: none.

pub mod deliver;

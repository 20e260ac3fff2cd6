//! A case's dose as valid DICOM objects that a PACS can show: colour-wash pictures, the dose itself on the
//! image grid, a report, isodose volumes; and the same as plain files.
//!
//! Nothing here knows of the network or of SQL.
//!
//! Units: gray, or percent of an unknown reference for relative doses ([`rt_draw::style::DoseUnit`]). Frame:
//! DICOM patient coordinates (LPS); pixel coordinates in [`rt_draw::scene`].

mod attributes;
pub mod case;
pub mod case_report;
mod content;
mod encapsulated;
pub mod error;
pub mod gate;
mod header;
pub mod isodose_set;
mod loops;
pub mod part10;
pub mod quant;
pub mod series;
mod shown;
mod slices;
pub mod uid;
pub mod wash;

//! A case's dose as valid DICOM objects that a PACS can show: colour-wash pictures, the dose itself on the image grid, a report,
//! isodose volumes; and the same as plain files.
//!
//! Nothing here knows of the network or of SQL.
//!
//! Units: gray, or percent of an unknown reference for relative doses ([`style::DoseUnit`]). Frame: DICOM patient coordinates
//! (LPS); pixel coordinates in [`scene`].

mod anatomy;
pub mod canvas;
pub mod case;
pub mod case_report;
mod content;
pub mod draw;
mod encapsulated;
pub mod error;
pub mod gate;
mod header;
pub mod isodose_set;
pub mod labels;
mod loops;
pub mod outlines;
pub mod part10;
pub mod quant;
pub mod report;
pub mod scene;
pub mod series;
mod shown;
mod slices;
pub mod style;
pub mod uid;
pub mod wash;

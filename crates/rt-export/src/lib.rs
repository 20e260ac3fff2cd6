//! A case's dose as valid DICOM objects that a PACS can show: colour-wash pictures, the dose itself on the image grid, a report,
//! isodose volumes; and the same as plain files.
//!
//! Nothing here knows of the network or of SQL.
//!
//! Units: gray, or percent of an unknown reference for relative doses ([`style::DoseUnit`]). Frame: DICOM patient coordinates
//! (LPS); pixel coordinates in [`scene`].

pub mod canvas;
pub mod draw;
pub mod labels;
pub mod report;
pub mod scene;
pub mod style;

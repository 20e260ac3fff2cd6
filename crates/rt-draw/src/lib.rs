//! Pictures, plots and pages of a dose, without DICOM.
//!
//! Slices become pictures ([`draw`]): anatomy, colour wash, isodose lines, outlines and the words that safety asks for. DVHs and facts
//! become plots, tables and pages ([`report`]): SVG, PNG, PDF, HTML, CSV. The same input gives the same bytes.
//!
//! Nothing here reads or writes DICOM, opens a file or reads the clock. Every text is set in a font that comes with the crate.
//!
//! Units: gray, or percent of an unknown reference for relative doses ([`style::DoseUnit`]). Frame: DICOM patient coordinates
//! (LPS); pixel coordinates in [`scene`].

pub mod anatomy;
pub mod canvas;
pub mod draw;
pub mod labels;
pub mod outlines;
pub mod report;
pub mod scene;
pub mod style;

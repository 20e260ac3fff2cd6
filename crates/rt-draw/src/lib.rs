//! Pictures, plots and pages of a dose, without DICOM.
//!
//! Slices become pictures ([`draw`]): anatomy, colour wash, isodose lines, outlines and the words that safety
//! asks for. DVHs and facts become plots, tables and pages ([`report`]): SVG, PNG, PDF, HTML, CSV. The same
//! input gives the same bytes.
//!
//! ```
//! use rt_draw::draw::{Painter, png};
//! use rt_draw::example;
//! use rt_draw::report::{self, Paper, ReportKind};
//!
//! let scene = example::scene();
//! let painter = Painter::new(&example::labels(), &example::style(), scene.size);
//! let picture = png::encode(&painter.paint(&scene));
//! assert!(picture.starts_with(b"\x89PNG"));
//!
//! let report = example::report();
//! let page = report::pdf(&report, ReportKind::Pacs, Paper::A4)?;
//! assert!(page.starts_with(b"%PDF"));
//! # Ok::<(), report::PdfError>(())
//! ```
//!
//! Nothing here reads or writes DICOM, opens a file or reads the clock. Every text is set in a font that
//! comes with the crate.
//!
//! Units: gray, or percent of an unknown reference for relative doses ([`style::DoseUnit`]). Frame: DICOM
//! patient coordinates (LPS); pixel coordinates in [`scene`].

pub mod anatomy;
pub mod canvas;
pub mod draw;
pub mod example;
pub mod labels;
pub mod outlines;
pub mod report;
pub mod scene;
pub mod style;

//! DoseBridge as one library: each crate of the workspace under a short name, those that bring more behind a
//! feature.
//!
//! | module | feature | what it knows |
//! |---|---|---|
//! | [`model`] | `dicom` reads files | what a matched radiotherapy case is |
//! | [`geometry`] | | ROIs and dose grids: regions, stacks, isodoses |
//! | [`dvh`] | | dose-volume histograms, metrics, uncertainty intervals |
//! | [`case`] | `dicom` prepares files | from a matched case to everything that is known of it |
//! | `dicom` | `write` | data sets, files and UIDs, written |
//! | `draw` | `draw` | pictures, plots and pages |
//! | `export` | `export` | DICOM objects of a case's dose |
//! | `sql` | `sql` | rows of SQLite, MySQL and MariaDB |
//! | `ingest` | `ingest` | folders become rows |
//! | `net` | `net` | instances to and from DICOM nodes |
//! | `deliver` | `deliver` | products to a destination: held, released, sent, proved |
//! | `report` | `report` | the versioned JSON of imports and deliveries |
//!
//! ```
//! use dosebridge::case::{EvaluateOptions, PreparedCase, evaluate};
//! use dosebridge::dvh::{DvhOptions, example};
//! use std::ops::ControlFlow;
//!
//! let case = PreparedCase::from_parts(vec![example::roi()], example::dose());
//! let mut options = EvaluateOptions::new(DvhOptions::preset("dosebridge-2").unwrap());
//! options.metrics = vec!["D95%".parse().unwrap(), "V20Gy[cc]".parse().unwrap()];
//! let result = evaluate(&case, &options, &mut |_| ControlFlow::Continue(())).unwrap();
//! for metric in &result.rois[0].metrics {
//!     println!("{} {:?} {}", metric.asked.text, metric.value, metric.unit);
//! }
//! ```
//!
//! Units: newtypes in [`model::units`]. Frame: named by the types of [`model::frame`].

pub use rt_case as case;
#[cfg(feature = "deliver")]
pub use rt_deliver as deliver;
#[cfg(feature = "write")]
pub use rt_dicom as dicom;
#[cfg(feature = "draw")]
pub use rt_draw as draw;
pub use rt_dvh as dvh;
#[cfg(feature = "export")]
pub use rt_export as export;
pub use rt_geometry as geometry;
#[cfg(feature = "ingest")]
pub use rt_ingest as ingest;
pub use rt_model as model;
#[cfg(feature = "net")]
pub use rt_net as net;
#[cfg(feature = "report")]
pub use rt_report as report;
#[cfg(feature = "sql")]
pub use rt_sql as sql;

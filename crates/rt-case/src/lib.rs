//! A matched radiotherapy case becomes everything that is known of it.
//!
//! [`prepare()`] reads the files of a match, sums the doses, checks the total dose against the plan and
//! derives the plan's columns; [`PreparedCase::from_parts`] takes contours and a dose that are not files.
//! [`evaluate()`] computes the DVH, the metrics and the distances of every ROI. Import, export, comparison,
//! viewer and bindings show what this one function computed, so that two engines never stand for one number.
//!
//! ```
//! use rt_case::{EvaluateOptions, PreparedCase, evaluate};
//! use rt_dvh::{DvhOptions, example};
//! use rt_model::{frame::PatientPoint, structure_set::{Contour, ContourKind, Roi}};
//! use std::ops::ControlFlow;
//!
//! let square = |z: f64| Contour {
//!     index: 0,
//!     kind: ContourKind::ClosedPlanar,
//!     slab_thickness: None,
//!     points: [(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)].map(|(x, y)| PatientPoint::new(x, y, z)).to_vec(),
//! };
//! let contours = [1.0, 3.0, 5.0, 7.0, 9.0].map(square).to_vec();
//! let roi = Roi { number: 1, name: "box".into(), contours, ..Roi::default() };
//! let case = PreparedCase::from_parts(vec![roi], example::dose());
//!
//! let options = EvaluateOptions::new(DvhOptions::preset("dosebridge-2").unwrap());
//! let result = evaluate(&case, &options, &mut |_| ControlFlow::Continue(())).unwrap();
//! let dvh = result.rois[0].dvh.as_ref().unwrap();
//! assert!((dvh.volume().0 - 4.0).abs() < 1e-9);
//! ```
//!
//! Units: Gy, cm3, mm. Frame: DICOM patient coordinates (LPS), shared by contours and dose.

#![warn(missing_debug_implementations)]

mod alpha_beta;
mod basis;
#[cfg(feature = "dicom")]
pub mod compare;
#[cfg(feature = "dicom")]
mod decision;
mod error;
mod evaluate;
mod evaluate_options;
mod facts;
#[cfg(feature = "dicom")]
mod files;
mod isodose;
mod metric;
mod metric_source;
#[cfg(feature = "dicom")]
mod options;
#[cfg(feature = "dicom")]
mod prepare;
mod prepared;
mod roi;
#[cfg(feature = "selftest")]
pub mod selftest;
#[cfg(feature = "dicom")]
pub mod tables;
pub mod targets;

pub use alpha_beta::{AlphaBeta, AlphaBetaError};
pub use basis::Basis;
#[cfg(feature = "dicom")]
pub use decision::{Decision, DecisionError, Scope};
pub use error::{CaseError, CaseErrorKind};
pub use evaluate::{CaseResult, Event, evaluate};
pub use evaluate_options::EvaluateOptions;
pub use facts::CaseFacts;
#[cfg(feature = "dicom")]
pub use files::{FileFacts, FileOptions, prepare_files};
pub use metric::{AskedMetric, MetricReason, MetricResult};
#[cfg(feature = "dicom")]
pub use options::CaseOptions;
#[cfg(feature = "dicom")]
pub use prepare::{PrepareOptions, prepare};
pub use prepared::{NoLevel, PreparedCase};
pub use roi::RoiResult;

// What callers name beside a case: the engine's options and criteria.
pub use rt_dvh::metric::ParseMetricError;
pub use rt_dvh::{Criteria, DvhOptions, Engine, preset};

//! Shapes with closed-form dose-volume histograms, and the matched DICOM-RT sets that carry them.
//!
//! A [`shape`] knows its volume and how much of it lies above a plane; with a [`dose`] that is linear or a
//! concentric Gaussian its cumulative DVH is a formula ([`ExactDvh`]). [`Contouring`] draws the shape as a
//! planning system would, [`prism`] integrates the drawn polygons exactly, and [`case`] writes plan,
//! structure set, dose and CT as DICOM files in any patient position and encoding. Everything depends on its
//! description alone: the same description gives the same bytes.
//!
//! Units: newtypes of [`rt_model::units`], millimetres elsewhere. Frame: DICOM patient coordinates (LPS).

pub mod case;
pub mod contouring;
pub mod demo;
pub mod dose;
pub mod fixtures;
pub mod prism;
pub mod shape;
pub mod techniques;

mod encode;
mod error;
mod exact_dvh;
mod grid;
mod position;
mod rounding;
mod uid;

pub use contouring::{Contouring, HoleStyle};
pub use dose::{ConstantDose, DoseField, GaussianDose, LinearDose};
pub use encode::{Encoding, Wrapping};
pub use error::{PhantomError, PhantomErrorKind};
pub use exact_dvh::ExactDvh;
pub use grid::{GridSpec, OffsetStyle};
pub use position::Position;
pub use rt_dicom::{DataSet, TransferSyntax, Value};
pub use shape::{Compound, Cone, Cuboid, Cylinder, Fit, Shape, Sphere, Tube};
pub use uid::derived_uid;

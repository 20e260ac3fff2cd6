//! Dose-volume histograms and the numbers clinicians read from them.
//!
//! [`compute()`] integrates the dose over a ROI's volume model and gives a [`Dvh`]; a
//! [`Metric`] such as `D95%` or `V20Gy[cc]` is read from it by [`Dvh::evaluate`].
//! Nothing here knows of DICOM, SQL, or threads it did not ask for. [`bands`] computes how certain a metric
//! is, [`agreement`](agreement()) how a DVH compares with another system's table, [`comparison`] how this
//! engine compares with others; [`example`] is a whole case of forty lines.
//!
//! # How the integral is taken
//! Dose is trilinear between voxel centres and unknown beyond them. Every slab of the ROI is cut at the dose
//! planes and at the dose cells. A cell inside as a whole, or the exact part of a cell that the boundary
//! leaves, is deposited as the sum of two independent uniform distributions with the mean of the trilinear
//! dose over the piece (exactly) and its variance; where dose is steep, pieces of the boundary's cells are
//! smaller. Volume, mean, minimum and maximum do not come from the histogram: they are exact for the volume
//! model.
//!
//! Units: gray, cm³. Frame: none of its own; grid and contours share the patient's.

#![warn(missing_debug_implementations)]

mod accumulate;
mod accumulator;
pub mod agreement;
pub mod band;
#[doc = include_str!("../COMPARE.md")]
pub mod comparison {}
pub mod compute;
pub mod dvh;
mod engine;
pub mod example;
mod extrema;
mod histogram;
pub mod isodose;
mod layer;
pub mod metric;
mod no_dvh;
mod oblique;
pub mod options;
mod partial;
pub mod preset;
mod runs;
pub mod table;
mod whole;

pub use agreement::{Agreement, Criteria, agreement};
pub use band::{Band, bands};
pub use compute::{DvhError, compute};
pub use dvh::Dvh;
pub use engine::Engine;
pub use isodose::Isodose;
pub use metric::{Metric, MetricContext, MetricUnit, MetricValue, Reason};
pub use no_dvh::NoDvh;
pub use options::DvhOptions;
pub use table::DvhTable;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_go_from_thread_to_thread() {
        const fn sent<T: Send + Sync + 'static>() {}
        sent::<(Dvh, Band, Metric, MetricValue, Isodose, DvhOptions, DvhTable, Agreement)>();
        sent::<(DvhError, rt_geometry::stack::RoiStack, rt_geometry::stack::StackError)>();
    }
}

//! What a part of a ROI sums up to: its histogram, its covered volume with the dose in it, and its extrema.
//!
//! Whole cells, cut cells and the boxes of an oblique ROI are all added to an [`Accumulator`]; it does not
//! know of them.
//!
//! Units: Gy, cm³. Frame: none.

use crate::extrema::Extrema;
use crate::histogram::Histogram;

/// What a part of a ROI sums up to. Parts of one ROI are added in a fixed order, whoever computed them.
#[derive(Debug, Clone)]
pub(crate) struct Accumulator {
    pub(crate) histogram: Histogram,
    /// Volume inside the dose grid, cm³.
    pub(crate) covered: f64,
    /// Dose times covered volume, Gy cm³.
    pub(crate) dose_volume: f64,
    pub(crate) extrema: Extrema,
}

impl Accumulator {
    pub(crate) const fn new(histogram: Histogram) -> Self {
        Self { histogram, covered: 0.0, dose_volume: 0.0, extrema: Extrema::NONE }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.histogram.add(&other.histogram);
        self.covered += other.covered;
        self.dose_volume += other.dose_volume;
        self.extrema.join(other.extrema);
    }
}

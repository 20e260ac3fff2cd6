//! `Min`, `Mean`, `Max`, `Median`.
//!
//! Min and Max are the exact extrema of the trilinear dose over the volume model, Mean is its exact integral
//! over the volume, none is read from bins. Median is `D50%`. Gy, or percent of the prescription; in EQD2 and
//! BED the Mean is the mean of what each point has, not what the mean dose would have. ICRU Report 83 (2010),
//! 3.4 (which reports D98% and D2% in place of the extrema).
//!
//! ```
//! // 4 cm³ whose dose rises evenly from 10 to 30 Gy.
//! let dvh = rt_dvh::example::wedge();
//! for (metric, expected) in [("Min", 10.0), ("Mean", 20.0), ("Max", 30.0), ("Median", 20.0)] {
//!     let found = dvh.evaluate(&metric.parse().unwrap(), &Default::default()).value.unwrap();
//!     assert!((found - expected).abs() < 0.01);
//! }
//! ```
//!
//! Units: Gy inside. Frame: none.

use super::fractionation::DoseScale;
use super::known::Known;
use super::value::Reported;

impl Known<'_> {
    pub(super) fn min(&self) -> Reported {
        let min = self.doses.min.0;
        Reported { value: min, low: min.min(0.0), high: min.min(self.doses.border.0) }
    }

    pub(super) fn max(&self) -> Reported {
        let max = self.doses.max.0;
        Reported { value: max, low: max, high: max.max(self.doses.border.0) }
    }

    pub(super) fn mean(&self, scale: DoseScale) -> Reported {
        let covered = self.doses.covered.0;
        let value = scale.mean(self.doses.mean.0, || self.mean_square());
        let whole = self.dvh.volume().0;
        let rest = scale.at(self.doses.border.0) * self.uncovered();
        Reported { value, low: value * covered / whole, high: (value * covered + rest) / whole }
    }

    /// The mean of the squared dose, Gy².
    fn mean_square(&self) -> f64 {
        let sum: f64 = self
            .dvh
            .pieces()
            .map(|piece| {
                piece.volume * (piece.low * piece.low + piece.low * piece.high + piece.high * piece.high)
            })
            .sum();
        sum / (3.0 * self.doses.covered.0)
    }
}

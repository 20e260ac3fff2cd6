//! `[EQD2]` and `[BED]`: doses in the linear-quadratic model.
//!
//! For a dose D in n equal fractions, d = D / n each:
//!
//! - BED = D (1 + d / (α/β)),
//! - EQD2 = D (d + α/β) / (2 Gy + α/β),
//!
//! Fowler, Br J Radiol 1989; 62: 679; Bentzen et al., Radiother Oncol 2012; 105: 266. They hold where the
//! whole dose is one fraction group's (n is its number of fractions; a caller with several says
//! [`Reason::SeveralFractionGroups`](super::Reason)), and α/β is the user's: nothing is built in. Neither
//! time nor incomplete repair is in them. A point's value depends on its own dose per fraction: so
//! `Mean[EQD2]` is the mean of EQD2, while `D95%[EQD2]` is the EQD2 of D95%, since neither formula ever
//! falls.
//!
//! ```
//! use rt_dvh::{MetricContext, example};
//! use rt_model::units::Gy;
//!
//! // The hottest point has 30 Gy, here in 10 fractions with an α/β of 3 Gy.
//! let context = MetricContext { fractions: Ok(10), alpha_beta: Ok(Gy(3.0)), ..Default::default() };
//! let reported = |metric: &str| example::wedge().evaluate(&metric.parse().unwrap(), &context).value.unwrap();
//! assert!((reported("Max[BED]") - 30.0 * (1.0 + 3.0 / 3.0)).abs() < 0.01);
//! assert!((reported("Max[EQD2]") - 30.0 * (3.0 + 3.0) / (2.0 + 3.0)).abs() < 0.01);
//! ```
//!
//! Units: Gy. Frame: none.

use super::value::Reported;
use super::{DoseUnit, MetricContext, Reason};
use crate::dvh::Doses;

/// How a dose becomes the unit asked for: linear · D + square · D². It never falls, since doses below 0 Gy
/// are refused where it is not linear.
#[derive(Clone, Copy)]
pub(super) struct DoseScale {
    linear: f64,
    square: f64,
}

impl DoseScale {
    pub(super) fn new(unit: DoseUnit, context: &MetricContext<'_>, doses: &Doses) -> Result<Self, Reason> {
        let model = || {
            let (count, ratio) = (f64::from(context.settled_fractions()?), context.settled_alpha_beta()?.0);
            if doses.min.0 < 0.0 { Err(Reason::DoseNotPositive) } else { Ok((count, ratio)) }
        };
        match unit {
            DoseUnit::Gy => Ok(Self { linear: 1.0, square: 0.0 }),
            DoseUnit::Percent => Ok(Self { linear: 100.0 / context.settled_prescription()?.0, square: 0.0 }),
            DoseUnit::Bed => {
                model().map(|(count, ratio)| Self { linear: 1.0, square: 1.0 / (count * ratio) })
            }
            DoseUnit::Eqd2 => model().map(|(count, ratio)| Self {
                linear: ratio / (2.0 + ratio),
                square: 1.0 / (count * (2.0 + ratio)),
            }),
        }
    }

    /// A dose of so many Gy in the unit.
    pub(super) fn at(self, gy: f64) -> f64 {
        gy * (self.linear + self.square * gy)
    }

    pub(super) fn of(self, reported: Reported) -> Reported {
        reported.map(|gy| self.at(gy))
    }

    /// The mean in the unit, from the means of the dose and of its square.
    pub(super) fn mean(self, mean: f64, mean_square: impl FnOnce() -> f64) -> f64 {
        if self.square == 0.0 { self.linear * mean } else { self.linear * mean + self.square * mean_square() }
    }
}

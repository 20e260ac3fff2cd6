//! Reading a metric's value from a DVH. What can't be told is no value, with the reason.
//!
//! Units: as the metric says. Frame: none.

use super::{DoseLevel, DoseUnit, Metric, MetricUnit, VolumeLevel, VolumeUnit};
use crate::dvh::{Doses, Dvh};
use rt_model::units::{Cm3, Gy};
use std::fmt;

/// Below this coverage a metric carries an interval.
const INTERVAL_BELOW_PERCENT: f64 = 99.9;

/// What a metric needs to know beside the DVH.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MetricContext {
    /// The dose that percents of dose are of. Leave it out where the prescription is not settled.
    pub prescription: Option<Gy>,
}

/// A metric's value with the interval of what the whole ROI may have.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricValue {
    /// The value; `None` where it can't be told.
    pub value: Option<f64>,
    /// Unit of value, low and high.
    pub unit: MetricUnit,
    /// Lower end of the interval, where part of the ROI lies outside the dose grid.
    pub low: Option<f64>,
    /// Upper end of the interval, where part of the ROI lies outside the dose grid.
    pub high: Option<f64>,
    /// Why there is no value, or that the value is of a part.
    pub reason: Option<Reason>,
}

/// Why a metric has no value, or what to mind about it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The whole ROI lies outside the dose grid.
    OutsideGrid,
    /// The ROI has less volume than asked for.
    TooSmall {
        /// The volume there is, inside the dose grid.
        covered: Cm3,
    },
    /// A percent of dose needs a settled prescription.
    NeedsPrescription,
    /// The value is of the part inside the dose grid.
    Partial {
        /// Coverage in percent.
        percent: f64,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutsideGrid => f.write_str("the ROI lies outside the dose grid"),
            Self::TooSmall { covered } => write!(f, "the ROI has {:.4} cm3 inside the dose grid, less than asked for", covered.0),
            Self::NeedsPrescription => f.write_str("a percent of dose needs a settled prescription"),
            Self::Partial { percent } => write!(f, "of the {percent:.2} % of the volume inside the dose grid"),
        }
    }
}

/// Value, low and high in the DVH's own units, before a percent is taken.
struct Told {
    value: f64,
    low: f64,
    high: f64,
}

impl Dvh {
    /// The value of `metric`, never a silent 0.
    #[must_use]
    pub fn evaluate(&self, metric: &Metric, context: &MetricContext) -> MetricValue {
        let unknown = |reason| MetricValue { value: None, unit: metric.unit(), low: None, high: None, reason: Some(reason) };
        let Some(doses) = self.doses() else { return unknown(Reason::OutsideGrid) };
        let prescription = || context.prescription.filter(|gy| gy.is_finite() && gy.0 > 0.0).ok_or(Reason::NeedsPrescription);
        let told = match *metric {
            Metric::Min(unit) => self.dose(
                Told { value: doses.min.0, low: doses.min.0.min(0.0), high: doses.min.0.min(doses.border.0) },
                unit,
                prescription(),
            ),
            Metric::Max(unit) => self.dose(
                Told { value: doses.max.0, low: doses.max.0, high: doses.max.0.max(doses.border.0) },
                unit,
                prescription(),
            ),
            Metric::Mean(unit) => self.dose(self.mean(doses), unit, prescription()),
            Metric::Median(unit) => {
                self.dose_at(VolumeLevel::Percent(50.0), doses).and_then(|told| self.dose(told, unit, prescription()))
            }
            Metric::DoseAtVolume { volume, unit } => {
                self.dose_at(volume, doses).and_then(|told| self.dose(told, unit, prescription()))
            }
            Metric::VolumeAtDose { dose, unit } => {
                let dose = match dose {
                    DoseLevel::Gy(gy) => Ok(Gy(gy)),
                    DoseLevel::Percent(percent) => prescription().map(|rx| rx * (percent / 100.0)),
                };
                dose.map(|dose| self.volume_at(dose, unit, doses))
            }
        };
        let told = match told {
            Ok(told) => told,
            Err(reason) => return unknown(reason),
        };
        let percent = self.coverage().0;
        let partial = percent < INTERVAL_BELOW_PERCENT;
        MetricValue {
            value: Some(told.value),
            unit: metric.unit(),
            low: partial.then_some(told.low),
            high: partial.then_some(told.high),
            reason: partial.then_some(Reason::Partial { percent }),
        }
    }

    /// Doses in the unit asked for.
    fn dose(&self, told: Told, unit: DoseUnit, prescription: Result<Gy, Reason>) -> Result<Told, Reason> {
        let factor = match unit {
            DoseUnit::Gy => 1.0,
            DoseUnit::Percent => 100.0 / prescription?.0,
        };
        Ok(Told { value: told.value * factor, low: told.low * factor, high: told.high * factor })
    }

    fn uncovered(&self, doses: &Doses) -> Cm3 {
        self.volume() - doses.covered
    }

    fn mean(&self, doses: &Doses) -> Told {
        let known = doses.mean.0 * doses.covered.0;
        let whole = self.volume().0;
        let rest = doses.border.0 * self.uncovered(doses).0;
        Told { value: doses.mean.0, low: known / whole, high: (known + rest) / whole }
    }

    fn dose_at(&self, volume: VolumeLevel, doses: &Doses) -> Result<Told, Reason> {
        let too_small = Reason::TooSmall { covered: doses.covered };
        let (asked, of_whole) = match volume {
            VolumeLevel::Percent(percent) => (doses.covered * (percent / 100.0), self.volume() * (percent / 100.0)),
            VolumeLevel::Cm3(cm3) => (Cm3(cm3), Cm3(cm3)),
        };
        let value = self.dose_at_volume(asked).ok_or(too_small)?.0;
        // The rest at 0 Gy comes after all covered volume; at the border's dose it comes in between.
        let low = self.dose_at_volume(of_whole).map_or(0.0, |gy| gy.0);
        let hotter = self.volume_at_dose(doses.border).map_or(0.0, |volume| volume.0);
        let with_rest = hotter + self.uncovered(doses).0;
        let high = if of_whole.0 <= hotter {
            low
        } else if of_whole.0 <= with_rest {
            doses.border.0
        } else {
            self.dose_at_volume(of_whole - self.uncovered(doses)).unwrap_or(doses.min).0
        };
        Ok(Told { value, low: low.min(high), high })
    }

    fn volume_at(&self, dose: Gy, unit: VolumeUnit, doses: &Doses) -> Told {
        let known = self.volume_at_dose(dose).unwrap_or_default().0;
        let low = if dose.0 <= 0.0 { self.volume().0 } else { known };
        let high = if dose <= doses.border || dose.0 <= 0.0 { known + self.uncovered(doses).0 } else { known };
        match unit {
            VolumeUnit::Cm3 => Told { value: known, low, high },
            VolumeUnit::Percent => Told {
                value: 100.0 * known / doses.covered.0,
                low: 100.0 * low / self.volume().0,
                high: 100.0 * high / self.volume().0,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::DvhOptions;

    /// `covered` of 4 cm³, spread evenly from 1 to 3 Gy, with 2 Gy on the grid's border.
    fn dvh(covered: f64) -> Dvh {
        let doses = Doses { covered: Cm3(covered), min: Gy(1.0), mean: Gy(2.0), max: Gy(3.0), border: Gy(2.0) };
        let quarter = covered / 4.0;
        Dvh::new(
            DvhOptions::preset("dosebridge-1").unwrap(),
            Cm3(4.0),
            Gy(0.5),
            0,
            vec![0.0, 0.0, quarter, quarter, quarter, quarter],
            (covered > 0.0).then_some(doses),
        )
    }

    fn told(dvh: &Dvh, metric: &str, prescription: Option<f64>) -> (Option<f64>, Option<f64>, Option<f64>) {
        let context = MetricContext { prescription: prescription.map(Gy) };
        let value = dvh.evaluate(&metric.parse().unwrap(), &context);
        (value.value, value.low, value.high)
    }

    #[test]
    fn inside_the_grid_a_metric_is_one_number() {
        for (metric, expected) in [
            ("D95%", 1.1),
            ("D1cc", 2.5),
            ("Median", 2.0),
            ("V2.5Gy", 25.0),
            ("V2.5Gy[cc]", 1.0),
            ("Min", 1.0),
            ("Mean", 2.0),
            ("Max", 3.0),
            ("V0Gy", 100.0),
            ("V9Gy", 0.0),
            ("D100%", 1.0),
            ("D0%", 3.0),
        ] {
            let (value, low, high) = told(&dvh(4.0), metric, None);
            assert!((value.unwrap() - expected).abs() < 1e-12, "{metric}: {value:?}");
            assert_eq!((low, high), (None, None));
        }
    }

    #[test]
    fn percent_of_dose_needs_a_prescription() {
        for metric in ["D95%[%]", "V100%", "Mean[%]"] {
            let value = dvh(4.0).evaluate(&metric.parse().unwrap(), &MetricContext::default());
            assert_eq!((value.value, value.reason), (None, Some(Reason::NeedsPrescription)));
        }
        assert_eq!(told(&dvh(4.0), "Mean[%]", Some(4.0)).0, Some(50.0));
        assert_eq!(told(&dvh(4.0), "V50%", Some(4.0)).0, Some(50.0));
    }

    #[test]
    fn what_is_too_small_or_outside_has_no_value() {
        let value = dvh(4.0).evaluate(&"D5cc".parse().unwrap(), &MetricContext::default());
        assert_eq!((value.value, value.reason), (None, Some(Reason::TooSmall { covered: Cm3(4.0) })));
        let value = dvh(0.0).evaluate(&"Mean".parse().unwrap(), &MetricContext::default());
        assert_eq!((value.value, value.reason), (None, Some(Reason::OutsideGrid)));
    }

    /// Half of the ROI is outside. Low takes it as 0 Gy, high as the border's 2 Gy.
    #[test]
    fn part_outside_makes_intervals() {
        let half = dvh(2.0);
        for (metric, expected) in [
            ("Mean", (2.0, 1.0, 2.0)),
            ("Min", (1.0, 0.0, 1.0)),
            ("Max", (3.0, 3.0, 3.0)),
            ("D95%", (1.1, 0.0, 1.2)),
            ("D50%", (2.0, 1.0, 2.0)),
            ("D10%", (2.8, 2.6, 2.6)),
            ("D0.5cc", (2.5, 2.5, 2.5)),
            ("V1.5Gy", (75.0, 37.5, 87.5)),
            ("V2.5Gy[cc]", (0.5, 0.5, 0.5)),
        ] {
            let (value, low, high) = told(&half, metric, None);
            for (found, expected) in [(value, expected.0), (low, expected.1), (high, expected.2)] {
                assert!((found.unwrap() - expected).abs() < 1e-12, "{metric}: {value:?} {low:?} {high:?}");
            }
        }
        let value = half.evaluate(&"Mean".parse().unwrap(), &MetricContext::default());
        assert_eq!(value.reason, Some(Reason::Partial { percent: 50.0 }));
    }
}

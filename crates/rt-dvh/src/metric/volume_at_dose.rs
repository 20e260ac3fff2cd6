//! `V20Gy`, `V95%`: the volume that receives a dose; `CV20Gy`: the volume that does not.
//!
//! # `V`
//! V(d) = the volume that receives **at least** d, in percent of the covered volume or in cm³. The level is
//! in Gy, cGy or percent of the prescription. Emami et al. 1991 as written by AAPM TG-263 (2018).
//!
//! ```
//! // 4 cm³ whose dose rises evenly from 10 to 30 Gy.
//! let dvh = rt_dvh::example::wedge();
//! let reported = |metric: &str| dvh.evaluate(&metric.parse().unwrap(), &Default::default()).value.unwrap();
//! assert!((reported("V20Gy") - 50.0).abs() < 0.1);
//! assert!((reported("V25Gy[cc]") - 1.0).abs() < 0.01);
//! ```
//!
//! # `CV`
//! CV(d) = the covered volume less V(d): what receives **less than** d ("complementary volume"). cm³ or
//! percent. Mayo et al., Pract Radiat Oncol 2016; 6: 117; the liver's "critical volume" of Schefter et al.
//! 2005 is of this form.
//!
//! ```
//! let dvh = rt_dvh::example::wedge();
//! let cold = dvh.evaluate(&"CV25Gy".parse().unwrap(), &Default::default()).value.unwrap();
//! assert!((cold - 3.0).abs() < 0.01); // cm³
//! ```
//!
//! Units: Gy, cm³, percent. Frame: none.

use super::known::Known;
use super::value::Reported;
use super::{DoseLevel, MetricContext, Reason, VolumeUnit};
use rt_model::units::Gy;

impl DoseLevel {
    /// The level in Gy.
    pub(super) fn gy(self, context: &MetricContext<'_>) -> Result<Gy, Reason> {
        match self {
            Self::Gy(gy) => Ok(Gy(gy)),
            Self::Percent(percent) => context.settled_prescription().map(|rx| rx * (percent / 100.0)),
        }
    }
}

impl Known<'_> {
    pub(super) fn volume_at(&self, dose: Gy, unit: VolumeUnit) -> Reported {
        self.in_unit(self.volume_at_cm3(dose), unit)
    }

    pub(super) fn cold_volume(&self, dose: Gy, unit: VolumeUnit) -> Reported {
        let warm = self.volume_at_cm3(dose);
        let whole = self.dvh.volume().0;
        self.in_unit(
            Reported {
                value: self.doses.covered.0 - warm.value,
                low: whole - warm.high,
                high: whole - warm.low,
            },
            unit,
        )
    }

    /// The volume that receives at least `dose`, cm³.
    pub(super) fn volume_at_cm3(&self, dose: Gy) -> Reported {
        let value = self.dvh.volume_at_dose(dose).unwrap_or_default().0;
        let low = if dose.0 <= 0.0 { self.dvh.volume().0 } else { value };
        let high = if dose <= self.doses.border || dose.0 <= 0.0 { value + self.uncovered() } else { value };
        Reported { value, low, high }
    }

    fn in_unit(&self, cm3: Reported, unit: VolumeUnit) -> Reported {
        match unit {
            VolumeUnit::Cm3 => cm3,
            VolumeUnit::Percent => {
                let whole = self.dvh.volume().0;
                Reported {
                    value: 100.0 * cm3.value / self.doses.covered.0,
                    low: 100.0 * cm3.low / whole,
                    high: 100.0 * cm3.high / whole,
                }
            }
        }
    }
}

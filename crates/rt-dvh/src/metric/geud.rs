//! `gEUD(a=8)`: the generalised equivalent uniform dose.
//!
//! gEUD = (1/V ∫ D^a dV)^(1/a), Niemierko, Med Phys 1999; 26: 1100 (abstract); AAPM TG-166 (2012). a = 1 is
//! the mean; large a weighs hot spots, negative a cold ones. Dose is spread evenly within each bin of the
//! curve, and the integral over a bin is taken exactly. Gy, or percent of the prescription; in EQD2 and BED
//! it is of what each point has. Which a belongs to which organ is the user's to say.
//!
//! ```
//! // 4 cm³ whose dose rises evenly from 10 to 30 Gy: the mean of D² is (30³ - 10³) / (3 · 20).
//! let dvh = rt_dvh::example::wedge();
//! let found = dvh.evaluate(&"gEUD(a=2)".parse().unwrap(), &Default::default()).value.unwrap();
//! assert!((found - (26_000.0f64 / 60.0).sqrt()).abs() < 0.01);
//! ```
//!
//! Doses below 0 Gy have no power, and with a negative a neither has 0 Gy ([`Reason::DoseNotPositive`]).
//!
//! Units: Gy inside. Frame: none.

use super::Reason;
use super::fractionation::DoseScale;
use super::known::Known;
use super::value::Reported;

/// Bins narrower than this part of their dose count as one dose: their ends differ too little to be
/// subtracted.
const NARROW: f64 = 1e-7;

impl Known<'_> {
    pub(super) fn geud(&self, a: f64, scale: DoseScale) -> Result<Reported, Reason> {
        let (min, max) = (self.doses.min.0, self.doses.max.0);
        if min < 0.0 || (a < 0.0 && min == 0.0) {
            return Err(Reason::DoseNotPositive);
        }
        let (covered, whole) = (self.doses.covered.0, self.dvh.volume().0);
        // Powers are of the dose as a part of the one that weighs most, so that none overflows.
        let unit = scale.at(if a > 0.0 { max } else { min });
        if unit <= 0.0 {
            return Ok(Reported::certain(0.0));
        }
        let sum: f64 = self
            .dvh
            .pieces()
            .map(|piece| {
                piece.volume * mean_power(scale.at(piece.low) / unit, scale.at(piece.high) / unit, a)
            })
            .sum();
        let of = |sum: f64, volume: f64| unit * (sum / volume).powf(1.0 / a);
        let rest = |dose: f64| (scale.at(dose.max(0.0)) / unit).powf(a) * self.uncovered();
        // Zero to a negative power is infinite, and its root is 0 Gy.
        let with_rest =
            |dose: f64| if self.uncovered() > 0.0 { of(sum + rest(dose), whole) } else { of(sum, covered) };
        Ok(Reported { value: of(sum, covered), low: with_rest(0.0), high: with_rest(self.doses.border.0) })
    }
}

/// The mean of x^a over an even spread from `low` to `high`.
fn mean_power(low: f64, high: f64, a: f64) -> f64 {
    if high - low <= NARROW * high {
        return (0.5 * (low + high)).powf(a);
    }
    if (a + 1.0).abs() < NARROW {
        return (high / low).ln() / (high - low);
    }
    (high.powf(a + 1.0) - low.powf(a + 1.0)) / ((a + 1.0) * (high - low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_over_a_spread_agree_with_a_sum() {
        for a in [-20.0, -1.0, -0.5, 0.3, 1.0, 8.0, 40.0] {
            for (low, high) in [(0.2, 0.9), (0.999, 1.0), (0.7, 0.7 + 1e-9)] {
                let steps = 200_000;
                let step = (high - low) / f64::from(steps);
                let sum: f64 = (0..steps).map(|n| (low + (f64::from(n) + 0.5) * step).powf(a)).sum();
                let found = mean_power(low, high, a);
                assert!(
                    (found * f64::from(steps) / sum - 1.0).abs() < 1e-6,
                    "a {a}, {low} to {high}: {found}"
                );
            }
        }
    }
}

//! Reading a metric's value from a DVH. What cannot be computed has no value, with the reason.
//!
//! Units: as the metric says. Frame: none.

use super::conformity::Index;
use super::fractionation::DoseScale;
use super::known::Known;
use super::value::Reported;
use super::{Metric, MetricContext, MetricValue, Reason, VolumeLevel};
use crate::dvh::Dvh;

/// Below this coverage a metric carries an interval.
const INTERVAL_BELOW_PERCENT: f64 = 99.9;

impl Dvh {
    /// The value of `metric`, never a silent 0.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::{MetricContext, Reason, example};
    ///
    /// let dvh = example::wedge();
    /// let d50 = dvh.evaluate(&"D50%".parse().unwrap(), &MetricContext::default());
    /// assert!((d50.value.unwrap() - 20.0).abs() < 0.01);
    /// let v95 = dvh.evaluate(&"V95%".parse().unwrap(), &MetricContext::default());
    /// assert_eq!((v95.value, v95.reason), (None, Some(Reason::NeedsPrescription)));
    /// ```
    #[must_use]
    pub fn evaluate(&self, metric: &Metric, context: &MetricContext<'_>) -> MetricValue {
        let unknown = |reason| MetricValue {
            value: None,
            unit: metric.unit(),
            low: None,
            high: None,
            reason: Some(reason),
        };
        let Some(doses) = self.doses() else { return unknown(Reason::OutsideGrid) };
        let reported = match (Known { dvh: self, doses }).reported(metric, context) {
            Ok(reported) => reported,
            Err(reason) => return unknown(reason),
        };
        let percent = self.coverage().0;
        let partial = percent < INTERVAL_BELOW_PERCENT;
        MetricValue {
            value: Some(reported.value),
            unit: metric.unit(),
            low: partial.then_some(reported.low),
            high: (partial && reported.high.is_finite()).then_some(reported.high),
            reason: partial.then_some(Reason::Partial { percent }),
        }
    }
}

impl Known<'_> {
    fn reported(&self, metric: &Metric, context: &MetricContext<'_>) -> Result<Reported, Reason> {
        let scale = |unit| DoseScale::new(unit, context, self.doses);
        match *metric {
            Metric::DoseAtVolume { volume, unit } => Ok(scale(unit)?.of(self.dose_at(volume)?)),
            Metric::ColdDose { volume, unit } => Ok(scale(unit)?.of(self.cold_dose(volume)?)),
            Metric::VolumeAtDose { dose, unit } => Ok(self.volume_at(dose.gy(context)?, unit)),
            Metric::ColdVolume { dose, unit } => Ok(self.cold_volume(dose.gy(context)?, unit)),
            Metric::Min(unit) => Ok(scale(unit)?.of(self.min())),
            Metric::Max(unit) => Ok(scale(unit)?.of(self.max())),
            Metric::Median(unit) => Ok(scale(unit)?.of(self.dose_at(VolumeLevel::Percent(50.0))?)),
            Metric::Mean(unit) => Ok(self.mean(scale(unit)?)),
            Metric::Geud { a, unit } => self.geud(a, scale(unit)?),
            Metric::Homogeneity => self.homogeneity(),
            Metric::Conformity => self.index(Index::Rtog, context),
            Metric::PaddickConformity => self.index(Index::Paddick, context),
            Metric::Gradient => self.index(Index::Gradient, context),
            Metric::R50 => self.index(Index::R50, context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dvh::Doses;
    use crate::options::DvhOptions;
    use rt_model::units::{Cm3, Gy};

    /// `covered` of 4 cm³, spread evenly from 1 to 3 Gy, with 2 Gy on the grid's border.
    fn dvh(covered: f64) -> Dvh {
        let doses = Doses::anywhere(Cm3(covered), [1.0, 2.0, 3.0], Gy(2.0));
        let quarter = covered / 4.0;
        Dvh::new(
            DvhOptions::preset("dosebridge-2").unwrap(),
            Cm3(4.0),
            Gy(0.5),
            0,
            vec![0.0, 0.0, quarter, quarter, quarter, quarter],
            (covered > 0.0).then_some(doses),
        )
    }

    fn context(prescription: Option<f64>) -> MetricContext<'static> {
        MetricContext {
            prescription: prescription.map(Gy).ok_or(Reason::NeedsPrescription),
            fractions: Ok(2),
            alpha_beta: Ok(Gy(3.0)),
            ..MetricContext::default()
        }
    }

    fn reported(
        dvh: &Dvh,
        metric: &str,
        prescription: Option<f64>,
    ) -> (Option<f64>, Option<f64>, Option<f64>) {
        let value = dvh.evaluate(&metric.parse().unwrap(), &context(prescription));
        (value.value, value.low, value.high)
    }

    #[test]
    fn inside_the_grid_a_metric_is_one_number() {
        let second_moment: f64 = (27.0 - 1.0) / 6.0;
        for (metric, expected) in [
            ("D95%", 1.1),
            ("D1cc", 2.5),
            ("DC1cc", 1.5),
            ("DC25%", 1.5),
            ("DC0cc", 1.0),
            ("DC4cc", 3.0),
            ("Median", 2.0),
            ("V2.5Gy", 25.0),
            ("V2.5Gy[cc]", 1.0),
            ("CV2.5Gy", 3.0),
            ("CV2.5Gy[%]", 75.0),
            ("CV9Gy", 4.0),
            ("Min", 1.0),
            ("Mean", 2.0),
            ("Max", 3.0),
            ("V0Gy", 100.0),
            ("V9Gy", 0.0),
            ("D100%", 1.0),
            ("D0%", 3.0),
            ("gEUD(a=1)", 2.0),
            ("gEUD(a=2)", second_moment.sqrt()),
            ("gEUD(a=-1)", 2.0 / 3f64.ln()),
            ("HI", (2.96 - 1.04) / 2.0),
            // EQD2 = D (D/2 + 3) / 5, BED = D (1 + D/2 / 3), in 2 fractions with an alpha/beta of 3 Gy.
            ("D1cc[EQD2]", 2.5 * (1.25 + 3.0) / 5.0),
            ("Max[BED]", 4.5),
            ("Mean[EQD2]", (second_moment / 2.0 + 6.0) / 5.0),
            ("Mean[BED]", 2.0 + second_moment / 6.0),
            ("gEUD(a=1)[BED]", 2.0 + second_moment / 6.0),
        ] {
            let (value, low, high) = reported(&dvh(4.0), metric, None);
            let limit = if metric == "gEUD(a=1)[BED]" { 0.01 } else { 1e-12 };
            assert!((value.unwrap() - expected).abs() < limit, "{metric}: {value:?} {expected}");
            assert_eq!((low, high), (None, None));
        }
    }

    #[test]
    fn percent_of_dose_needs_a_prescription() {
        for metric in
            ["D95%[%]", "V100%", "Mean[%]", "CV95%", "DC1cc[%]", "gEUD(a=2)[%]", "CI", "PCI", "GI", "R50"]
        {
            let value = dvh(4.0).evaluate(&metric.parse().unwrap(), &MetricContext::default());
            assert_eq!((value.value, value.reason), (None, Some(Reason::NeedsPrescription)), "{metric}");
        }
        assert_eq!(reported(&dvh(4.0), "Mean[%]", Some(4.0)).0, Some(50.0));
        assert_eq!(reported(&dvh(4.0), "V50%", Some(4.0)).0, Some(50.0));
        assert_eq!(reported(&dvh(4.0), "CV50%[%]", Some(4.0)).0, Some(50.0));
    }

    /// A caller's reason is the metric's; zero and what is no number settle nothing.
    #[test]
    fn what_the_caller_could_not_settle_is_the_reason() {
        let reason = |metric: &str, context: &MetricContext<'_>| {
            let reported = dvh(4.0).evaluate(&metric.parse().unwrap(), context);
            assert_eq!(reported.value, None);
            reported.reason.unwrap()
        };
        let implausible =
            MetricContext { prescription: Err(Reason::ImplausiblePrescription), ..context(None) };
        assert_eq!(reason("V100%", &implausible), Reason::ImplausiblePrescription);
        let groups = MetricContext { fractions: Err(Reason::SeveralFractionGroups), ..context(None) };
        assert_eq!(reason("Mean[EQD2]", &groups), Reason::SeveralFractionGroups);
        assert_eq!(
            reason("Mean[BED]", &MetricContext { fractions: Ok(0), ..context(None) }),
            Reason::NeedsFractions
        );
        let shared = MetricContext { isodose: Err(Reason::SharedIsodose), ..context(Some(2.0)) };
        assert_eq!(reason("CI", &shared), Reason::SharedIsodose);
        for bad in [0.0, -3.0, f64::NAN, f64::INFINITY] {
            let bad = Ok(Gy(bad));
            let context = MetricContext { prescription: bad, alpha_beta: bad, ..context(None) };
            assert_eq!(reason("V100%", &context), Reason::NeedsPrescription);
            assert_eq!(reason("Max[EQD2]", &context), Reason::NeedsAlphaBeta);
        }
    }

    #[test]
    fn what_is_too_small_or_outside_has_no_value() {
        for metric in ["D5cc", "DC5cc"] {
            let value = dvh(4.0).evaluate(&metric.parse().unwrap(), &MetricContext::default());
            assert_eq!((value.value, value.reason), (None, Some(Reason::TooSmall { covered: Cm3(4.0) })));
        }
        for metric in ["Mean", "HI", "gEUD(a=2)", "CV1Gy", "DC1cc"] {
            let value = dvh(0.0).evaluate(&metric.parse().unwrap(), &MetricContext::default());
            assert_eq!((value.value, value.reason), (None, Some(Reason::OutsideGrid)));
        }
    }

    #[test]
    fn what_lies_outside_makes_an_interval_from_a_thousandth_on() {
        for (percent, interval) in [(99.95, false), (99.89, true), (99.5, true), (99.0, true)] {
            let (value, low, high) = reported(&dvh(4.0 * percent / 100.0), "Mean", None);
            assert!(value.is_some());
            assert_eq!((low.is_some(), high.is_some()), (interval, interval), "{percent} %");
        }
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
            ("DC1cc", (2.0, 0.0, 2.0)),
            ("V1.5Gy", (75.0, 37.5, 87.5)),
            ("V2.5Gy[cc]", (0.5, 0.5, 0.5)),
            ("CV1.5Gy", (0.5, 0.5, 2.5)),
            ("CV2.5Gy", (1.5, 3.5, 3.5)),
            ("gEUD(a=1)", (2.0, 1.0, 2.0)),
            ("Max[BED]", (4.5, 4.5, 4.5)),
        ] {
            let (value, low, high) = reported(&half, metric, None);
            for (found, expected) in [(value, expected.0), (low, expected.1), (high, expected.2)] {
                assert!((found.unwrap() - expected).abs() < 1e-12, "{metric}: {value:?} {low:?} {high:?}");
            }
        }
        let value = half.evaluate(&"Mean".parse().unwrap(), &MetricContext::default());
        assert_eq!(value.reason, Some(Reason::Partial { percent: 50.0 }));
    }
}

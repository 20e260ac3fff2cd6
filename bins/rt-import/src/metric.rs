//! From DVHs to the metrics that were asked for, with their bands.
//!
//! Units: as each metric says; α/β in Gy. Frame: DICOM patient coordinates (LPS) for ROIs and dose.

use crate::report::{BandReport, MetricReport, finite};
use crate::roi::{RoiContext, RoiResult};
use rt_dvh::{Band, Isodose, Metric, MetricContext, MetricUnit, Reason, bands};
use rt_geometry::stack::RoiStack;
use rt_model::plan::Plan;
use rt_model::structure_set::{Roi, StructureSet};
use rt_model::units::{Gy, Mm};
use std::str::FromStr;

/// A metric that was asked for, with the string that asked.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedMetric {
    /// As the user wrote it.
    pub text: String,
    /// As it was understood.
    pub metric: Metric,
}

/// The user's α/β, for ROIs by name or for all others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlphaBeta {
    all: Option<Gy>,
    of: Vec<(String, Gy)>,
}

impl AlphaBeta {
    /// Reads `3` or `ROI=3`, in Gy.
    ///
    /// # Errors
    /// Where a text is neither.
    pub fn read(texts: &[String]) -> Result<Self, String> {
        let mut read = Self::default();
        for text in texts {
            let (name, number) = text.rsplit_once('=').map_or((None, text.as_str()), |(name, number)| (Some(name), number));
            let gy = f64::from_str(number.trim()).ok().filter(|gy| gy.is_finite() && *gy > 0.0).map(Gy);
            let gy = gy.ok_or_else(|| format!("expected GY or ROI=GY with a number above 0, found {text:?}"))?;
            match name {
                None => read.all = Some(gy),
                Some(name) => read.of.push((name.trim().to_owned(), gy)),
            }
        }
        Ok(read)
    }

    fn of(&self, roi: &str) -> Result<Gy, Reason> {
        let own = self.of.iter().rev().find(|(name, _)| name == roi).map(|(_, gy)| *gy);
        own.or(self.all).ok_or(Reason::NeedsAlphaBeta)
    }

    /// As it was written, for reports.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let all = self.all.map(|gy| gy.0.to_string());
        all.into_iter().chain(self.of.iter().map(|(name, gy)| format!("{name}={}", gy.0))).collect()
    }
}

/// The fractions of the whole dose, where one fraction group gives it.
///
/// # Errors
/// Why they are not settled.
pub fn fractions(plan: &Plan) -> Result<u32, Reason> {
    match &plan.fraction_groups[..] {
        [only] => only.fractions_planned.ok_or(Reason::NeedsFractions),
        [] => Err(Reason::NeedsFractions),
        _ => Err(Reason::SeveralFractionGroups),
    }
}

/// Whether the metric needs the volumes that isodoses enclose.
const fn needs_isodose(metric: &Metric) -> bool {
    matches!(metric, Metric::Conformity | Metric::PaddickConformity | Metric::Gradient | Metric::R50)
}

/// The isodose volumes of a case, where a metric asks for them: inside the patient where one ROI is EXTERNAL, else of the whole grid.
pub fn isodose(set: &StructureSet, results: &[RoiResult], spacing: Option<Mm>, context: &RoiContext<'_>) -> Option<Isodose> {
    if !context.metrics.iter().any(|asked| needs_isodose(&asked.metric)) {
        return None;
    }
    let mut externals =
        set.rois.iter().filter(|roi| roi.interpreted_type.as_deref() == Some("EXTERNAL") && !roi.contours.is_empty());
    let external = externals.next().filter(|_| externals.next().is_none());
    let Some(external) = external else { return Isodose::of_grid(context.dose, context.options).ok() };
    let computed = results.iter().find(|result| result.number == external.number).and_then(|result| result.dvh.clone());
    let dvh = computed.or_else(|| {
        let stack = RoiStack::build(external, &context.options.stack(spacing)).ok()?.value;
        Some(rt_dvh::compute(&stack, context.dose, context.options).ok()?.value)
    });
    dvh.map(Isodose::inside)
}

/// Another target is in the same isodose: what it encloses is not this ROI's alone.
fn shared(set: &StructureSet, roi: &RoiResult) -> bool {
    set.rois
        .iter()
        .any(|other| other.number != roi.number && other.interpreted_type.as_deref() == Some("PTV") && !other.contours.is_empty())
}

/// The metrics of a ROI.
pub fn metrics(
    set: &StructureSet,
    roi: &Roi,
    result: &RoiResult,
    spacing: Option<Mm>,
    isodose: Option<&Isodose>,
    context: &RoiContext<'_>,
) -> Vec<(String, MetricReport)> {
    let Some(dvh) = &result.dvh else {
        let blank = |asked: &AskedMetric| {
            let unit = asked.metric.unit().to_string();
            let report = MetricReport { value: None, unit, low: None, high: None, reason: result.reason.clone(), band: None };
            (asked.text.clone(), report)
        };
        return context.metrics.iter().map(blank).collect();
    };
    let prescription = (context.prescription)(result.number);
    let given = MetricContext {
        prescription: prescription.as_ref().copied().map_err(|_| Reason::NeedsPrescription),
        fractions: context.fractions,
        alpha_beta: context.alpha_beta.of(&result.name),
        isodose: if shared(set, result) { Err(Reason::SharedIsodose) } else { isodose.ok_or(Reason::NeedsIsodose) },
    };
    let asked: Vec<Metric> = context.metrics.iter().map(|asked| asked.metric).collect();
    let in_words = |reason: Reason| match (reason, &prescription) {
        (Reason::NeedsPrescription, Err(why)) => format!("{reason}: {why}"),
        _ => reason.to_string(),
    };
    let reports: Vec<MetricReport> = if context.bands {
        bands(dvh, roi, spacing, context.dose, &asked, &given).iter().map(|band| banded(band, &in_words)).collect()
    } else {
        let plain = |metric| {
            let told = dvh.evaluate(metric, &given);
            MetricReport {
                value: told.value.and_then(finite),
                unit: told.unit.to_string(),
                low: told.low.and_then(finite),
                high: told.high.and_then(finite),
                reason: told.reason.map(&in_words),
                band: None,
            }
        };
        asked.iter().map(plain).collect()
    };
    context.metrics.iter().map(|asked| asked.text.clone()).zip(reports).collect()
}

/// The report of a metric with its band: low and high are then the band's.
fn banded(band: &Band, in_words: &impl Fn(Reason) -> String) -> MetricReport {
    let told = &band.value;
    let causes = BandReport::new(band);
    let reason = told.reason.map(in_words);
    let no_band = band.reason.filter(|_| told.value.is_some()).map(|why| format!("no band: {why}"));
    MetricReport {
        value: told.value.and_then(finite),
        unit: MetricUnit::to_string(&told.unit),
        low: band.low.or(told.low).and_then(finite),
        high: band.high.or(told.high).and_then(finite),
        reason: match (reason, no_band) {
            (Some(reason), Some(no_band)) => Some(format!("{reason}; {no_band}")),
            (reason, no_band) => reason.or(no_band),
        },
        band: causes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_beta_is_the_users_by_roi_or_for_all() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let read = AlphaBeta::read(&texts(&["10", "Cord=2", "a=b=4"])).unwrap();
        assert_eq!([read.of("PTV"), read.of("Cord"), read.of("a=b")], [Ok(Gy(10.0)), Ok(Gy(2.0)), Ok(Gy(4.0))]);
        assert_eq!(AlphaBeta::default().of("PTV"), Err(Reason::NeedsAlphaBeta));
        assert_eq!(read.texts(), ["10", "Cord=2", "a=b=4"]);
        for wrong in ["0", "-3", "Cord=", "x", "NaN"] {
            assert!(AlphaBeta::read(&texts(&[wrong])).is_err(), "{wrong}");
        }
    }
}

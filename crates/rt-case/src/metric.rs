//! The metrics of a ROI with their units, intervals and reasons.
//!
//! Units: as each metric says. Frame: DICOM patient coordinates (LPS) for ROIs and dose.

use crate::evaluate::EvaluateOptions;
use crate::isodose::is_shared;
use crate::prepared::{NoLevel, PreparedCase};
use crate::roi::RoiResult;
use rt_dvh::band::BandReason;
use rt_dvh::metric::ParseMetricError;
use rt_dvh::{Band, Dvh, Isodose, Metric, MetricContext, MetricUnit, MetricValue, Reason, bands};
use rt_model::structure_set::Roi;
use rt_model::units::Mm;
use std::fmt;
use std::str::FromStr;

/// A metric that was asked for, with the text that asked.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedMetric {
    /// As the user wrote it.
    pub text: String,
    /// As it was understood.
    pub metric: Metric,
}

impl FromStr for AskedMetric {
    type Err = ParseMetricError;

    /// Reads a metric by its name.
    ///
    /// ```
    /// let asked: rt_case::AskedMetric = "D95%".parse().unwrap();
    /// assert_eq!((asked.text.as_str(), asked.metric.to_string()), ("D95%", "D95%[Gy]".to_owned()));
    /// ```
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { text: text.to_owned(), metric: text.parse()? })
    }
}

/// A metric's value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MetricResult {
    /// What was asked.
    pub asked: AskedMetric,
    /// The value, of the part inside the dose grid; always finite.
    pub value: Option<f64>,
    /// Unit of value, low and high.
    pub unit: MetricUnit,
    /// The least it can be.
    pub low: Option<f64>,
    /// The most it can be.
    pub high: Option<f64>,
    /// Why there is no value, or what to mind.
    pub reason: Option<MetricReason>,
    /// The uncertainty interval by cause, if it was asked for.
    pub band: Option<Band>,
}

/// Why a metric has no value, or what to mind about it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MetricReason {
    /// The ROI has no DVH; why.
    NoDvh(String),
    /// The metric needs a prescription and the case settles none for the ROI.
    NoLevel(NoLevel),
    /// What the engine says.
    Engine(Reason),
    /// There is a value, but no uncertainty interval.
    NoBand {
        /// What to mind about the value itself.
        value: Option<Box<MetricReason>>,
        /// Why there is no interval.
        band: BandReason,
    },
}

impl fmt::Display for MetricReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDvh(why) => f.write_str(why),
            Self::NoLevel(why) => write!(f, "{}: {why}", Reason::NeedsPrescription),
            Self::Engine(reason) => reason.fmt(f),
            Self::NoBand { value: Some(value), band } => write!(f, "{value}; no band: {band}"),
            Self::NoBand { value: None, band } => write!(f, "no band: {band}"),
        }
    }
}

/// What the metrics of all ROIs of a case are read with.
pub(crate) struct MetricSource<'a, F> {
    pub(crate) case: &'a PreparedCase<F>,
    pub(crate) options: &'a EvaluateOptions,
    pub(crate) spacing: Option<Mm>,
    pub(crate) isodose: Option<&'a Isodose>,
}

impl<F> MetricSource<'_, F> {
    /// The metrics of a ROI.
    pub(crate) fn metrics(&self, roi: &Roi, result: &RoiResult) -> Vec<MetricResult> {
        let asked = &self.options.metrics;
        let dvh = match &result.dvh {
            Ok(dvh) => dvh,
            Err(finding) => return asked.iter().map(|asked| without_dvh(asked, &finding.text)).collect(),
        };
        let level = self.case.level_of(roi.number);
        let isodose = match is_shared(&self.case.rois, roi.number) {
            true => Err(Reason::SharedIsodose),
            false => self.isodose.ok_or(Reason::NeedsIsodose),
        };
        let context = MetricContext {
            prescription: level.as_ref().copied().map_err(|_| Reason::NeedsPrescription),
            fractions: self.case.fractions,
            alpha_beta: self.options.alpha_beta.of(&roi.name),
            isodose,
        };
        let reason = |reason: Reason| match (&level, reason) {
            (Err(why), Reason::NeedsPrescription) => MetricReason::NoLevel(why.clone()),
            _ => MetricReason::Engine(reason),
        };
        if self.options.bands {
            return self.banded(roi, dvh, &context, &reason);
        }
        asked.iter().map(|asked| plain(asked, dvh.evaluate(&asked.metric, &context), &reason)).collect()
    }

    /// Metrics with their uncertainty intervals: low and high are then the interval's.
    fn banded(
        &self,
        roi: &Roi,
        dvh: &Dvh,
        context: &MetricContext<'_>,
        reason: &impl Fn(Reason) -> MetricReason,
    ) -> Vec<MetricResult> {
        let asked = &self.options.metrics;
        let metrics: Vec<Metric> = asked.iter().map(|asked| asked.metric).collect();
        let bands = bands(dvh, roi, self.spacing, &self.case.dose, &metrics, context);
        let one = |(asked, band): (&AskedMetric, Band)| {
            let plain = plain(asked, band.value, reason);
            let no_band = band.reason.filter(|_| band.value.value.is_some());
            MetricResult {
                low: band.low.or(band.value.low).and_then(finite),
                high: band.high.or(band.value.high).and_then(finite),
                reason: match no_band {
                    Some(band) => Some(MetricReason::NoBand { value: plain.reason.map(Box::new), band }),
                    None => plain.reason,
                },
                band: Some(band),
                ..plain
            }
        };
        asked.iter().zip(bands).map(one).collect()
    }
}

fn without_dvh(asked: &AskedMetric, why: &str) -> MetricResult {
    MetricResult {
        asked: asked.clone(),
        value: None,
        unit: asked.metric.unit(),
        low: None,
        high: None,
        reason: Some(MetricReason::NoDvh(why.to_owned())),
        band: None,
    }
}

fn plain(asked: &AskedMetric, value: MetricValue, reason: &impl Fn(Reason) -> MetricReason) -> MetricResult {
    MetricResult {
        asked: asked.clone(),
        value: value.value.and_then(finite),
        unit: value.unit,
        low: value.low.and_then(finite),
        high: value.high.and_then(finite),
        reason: value.reason.map(reason),
        band: None,
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

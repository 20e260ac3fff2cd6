//! The metrics of a ROI, read from its DVH.
//!
//! Units: as each metric says. Frame: DICOM patient coordinates (LPS) for ROIs and dose.

use crate::evaluate_options::EvaluateOptions;
use crate::isodose::is_shared;
use crate::metric::{AskedMetric, MetricReason, MetricResult};
use crate::prepared::PreparedCase;
use crate::roi::RoiResult;
use rt_dvh::{Band, Dvh, Isodose, Metric, MetricContext, MetricValue, NoDvh, Reason, bands};
use rt_geometry::stack::StructurePlanes;
use rt_model::structure_set::Roi;

/// What the metrics of all ROIs of a case are read with.
pub(crate) struct MetricSource<'a, F> {
    pub(crate) case: &'a PreparedCase<F>,
    pub(crate) options: &'a EvaluateOptions,
    pub(crate) planes: &'a StructurePlanes<'a>,
    pub(crate) isodose: Option<&'a Isodose>,
}

impl<F> MetricSource<'_, F> {
    /// The metrics of a ROI.
    pub(crate) fn metrics(&self, roi: &Roi, result: &RoiResult) -> Vec<MetricResult> {
        let asked = &self.options.metrics;
        let dvh = match &result.dvh {
            Ok(dvh) => dvh,
            Err(why) => return asked.iter().map(|asked| without_dvh(asked, why)).collect(),
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
        let bands = bands(dvh, roi, self.planes.neighbours_of(roi), &self.case.dose, &metrics, context);
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

fn without_dvh(asked: &AskedMetric, why: &NoDvh) -> MetricResult {
    MetricResult {
        asked: asked.clone(),
        value: None,
        unit: asked.metric.unit(),
        low: None,
        high: None,
        reason: Some(MetricReason::NoDvh(why.clone())),
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

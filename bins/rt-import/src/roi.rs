//! From a drawn ROI and a dose to a DVH, its metrics, and why either is missing.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS), shared by ROI and dose.

use crate::report::{MetricReport, finite};
use crate::targets::{TargetRelation, Targets};
use rayon::prelude::*;
use rt_dvh::metric::{MetricValue, Reason};
use rt_dvh::{Dvh, DvhOptions, Metric, MetricContext};
use rt_geometry::stack::{RoiStack, nominal_spacing};
use rt_model::dose::DoseGrid;
use rt_model::finding::{Finding, structures};
use rt_model::frame::PatientPoint;
use rt_model::provenance::Provenance;
use rt_model::structure_set::{Roi, StructureSet};
use rt_model::units::{Cm3, Gy, Mm};

/// A metric that was asked for, with the string that asked.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedMetric {
    /// As the user wrote it.
    pub text: String,
    /// As it was understood.
    pub metric: Metric,
}

/// A ROI with its DVH, or the reason why it has none.
#[derive(Debug, Clone)]
pub struct RoiResult {
    /// ROI Number.
    pub number: i32,
    /// ROI Name.
    pub name: String,
    /// RT ROI Interpreted Type.
    pub interpreted_type: Option<String>,
    /// ROI Display Color.
    pub colour: Option<[u8; 3]>,
    /// Volume of the whole ROI.
    pub volume: Option<Cm3>,
    /// Centre of the volume.
    pub centroid: Option<PatientPoint>,
    /// The histogram.
    pub dvh: Option<Dvh>,
    /// The metrics by the strings that asked for them, in their order.
    pub metrics: Vec<(String, MetricReport)>,
    /// D95%, which the table shows.
    pub d95: Option<f64>,
    /// Where it lies from the targets, where there are any.
    pub targets: Option<TargetRelation>,
    /// Why there is no DVH.
    pub reason: Option<String>,
    /// What was noticed about it.
    pub findings: Vec<Finding>,
}

/// What all ROIs of a case are computed with.
pub struct RoiContext<'a> {
    /// The plan's whole dose.
    pub dose: &'a DoseGrid,
    /// How.
    pub options: &'a DvhOptions,
    /// What is asked.
    pub metrics: &'a [AskedMetric],
    /// Ask how sure each metric is by every cause, not by what of the ROI the dose covers alone: costs several DVHs.
    pub bands: bool,
    /// The dose that is 100 % for a ROI, or why none is.
    pub prescription: &'a (dyn Fn(i32) -> Result<Gy, String> + Sync),
    /// Asked between ROIs: stop.
    pub cancelled: &'a (dyn Fn() -> bool + Sync),
}

/// The DVHs of all `rois`, in their order, in parallel. Fewer come back where the work was cancelled.
#[must_use]
pub fn compute_all(set: &StructureSet, rois: &[&Roi], context: &RoiContext<'_>) -> Vec<RoiResult> {
    let spacing = nominal_spacing(&set.rois);
    let targets = Targets::of(set, context.options, spacing);
    let compute = |roi| compute(set, roi, &Around { spacing, targets: targets.as_ref() }, context);
    rois.par_iter().filter_map(|roi| (!(context.cancelled)()).then(|| compute(roi))).collect()
}

/// What the other ROIs lend to one.
struct Around<'a> {
    /// The structure set's nominal spacing.
    spacing: Option<Mm>,
    targets: Option<&'a Targets>,
}

fn compute(set: &StructureSet, roi: &Roi, around: &Around<'_>, context: &RoiContext<'_>) -> RoiResult {
    let mut result = RoiResult {
        number: roi.number,
        name: roi.name.clone(),
        interpreted_type: roi.interpreted_type.clone(),
        colour: roi.colour,
        volume: None,
        centroid: None,
        dvh: None,
        metrics: Vec::new(),
        d95: None,
        targets: None,
        reason: None,
        findings: Vec::new(),
    };
    if let Err(finding) = fill(&mut result, roi, around, context) {
        result.reason = Some(finding.text.clone());
        result.findings.push(finding);
    }
    let place = Provenance { path: Some(format!("ROI {}", roi.number)), ..set.info.provenance() };
    for finding in result.findings.iter_mut().filter(|finding| finding.at == Provenance::unknown()) {
        finding.at = place.clone();
    }
    result.metrics = evaluate(&result, roi, around, context);
    result
}

/// Builds the volume and its DVH; the error is why there is none.
fn fill(result: &mut RoiResult, roi: &Roi, around: &Around<'_>, context: &RoiContext<'_>) -> Result<(), Finding> {
    if roi.unusable_contours > 0 {
        let text = format!("{} contours can't be used; a DVH of the others would be of another volume", roi.unusable_contours);
        return Err(Finding::error(structures::ROI_LEFT_OUT, Provenance::unknown(), text));
    }
    let stack = RoiStack::build(roi, &context.options.stack(around.spacing)).map_err(|error| error.finding())?;
    result.findings.extend(stack.findings);
    let stack = stack.value;
    result.volume = Some(stack.volume());
    result.centroid = stack.centroid();
    result.targets = around.targets.map(|targets| targets.relation(&stack));
    let dvh = rt_dvh::compute(&stack, context.dose, context.options).map_err(|error| error.finding())?;
    result.findings.extend(dvh.findings);
    result.d95 = dvh.value.dose_at_volume(dvh.value.doses().map_or(Cm3(0.0), |doses| doses.covered) * 0.95).map(|dose| dose.0);
    result.dvh = Some(dvh.value);
    Ok(())
}

/// What was asked for, each with the interval it may lie in.
fn evaluate(result: &RoiResult, roi: &Roi, around: &Around<'_>, context: &RoiContext<'_>) -> Vec<(String, MetricReport)> {
    let Some(dvh) = &result.dvh else {
        let untold = |metric: &Metric| MetricReport {
            value: None,
            unit: metric.unit().to_string(),
            low: None,
            high: None,
            reason: result.reason.clone(),
        };
        return context.metrics.iter().map(|asked| (asked.text.clone(), untold(&asked.metric))).collect();
    };
    let prescription = (context.prescription)(result.number);
    let metric_context = MetricContext {
        prescription: prescription.as_ref().copied().map_err(|_| Reason::NeedsPrescription),
        ..MetricContext::default()
    };
    let metrics: Vec<Metric> = context.metrics.iter().map(|asked| asked.metric).collect();
    let told: Vec<(MetricValue, Option<f64>, Option<f64>)> = if context.bands {
        let bands = rt_dvh::bands(dvh, roi, around.spacing, context.dose, &metrics, &metric_context);
        bands.into_iter().map(|band| (band.value, band.low, band.high)).collect()
    } else {
        let evaluate = |metric| dvh.evaluate(metric, &metric_context);
        metrics.iter().map(evaluate).map(|value| (value, value.low, value.high)).collect()
    };
    let report = |(asked, (value, low, high)): (&AskedMetric, (MetricValue, Option<f64>, Option<f64>))| {
        let reason = value.reason.map(|reason| match (reason, &prescription) {
            (Reason::NeedsPrescription, Err(why)) => format!("{reason}: {why}"),
            _ => reason.to_string(),
        });
        let report = MetricReport {
            value: value.value.and_then(finite),
            unit: value.unit.to_string(),
            low: low.and_then(finite),
            high: high.and_then(finite),
            reason,
        };
        (asked.text.clone(), report)
    };
    context.metrics.iter().zip(told).map(report).collect()
}

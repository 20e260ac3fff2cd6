//! From a drawn ROI and a dose to a DVH, its metrics, and why either is missing.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS), shared by ROI and dose.

use crate::metric::{self, AlphaBeta, AskedMetric};
use crate::report::MetricReport;
use crate::targets::{TargetRelation, Targets};
use rayon::prelude::*;
use rt_dvh::{Dvh, DvhOptions, Reason};
use rt_geometry::stack::{RoiStack, nominal_spacing};
use rt_model::dose::DoseGrid;
use rt_model::finding::{Finding, structures};
use rt_model::frame::PatientPoint;
use rt_model::provenance::Provenance;
use rt_model::structure_set::{Roi, StructureSet};
use rt_model::units::{Cm3, Gy, Mm};

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
    /// The dose that is 100 % for a ROI, or why none is.
    pub prescription: &'a (dyn Fn(i32) -> Result<Gy, String> + Sync),
    /// In how many fractions the whole dose is given, or why that is not settled.
    pub fractions: Result<u32, Reason>,
    /// The user's α/β.
    pub alpha_beta: &'a AlphaBeta,
    /// Metrics carry bands.
    pub bands: bool,
    /// Where each ROI lies from the targets is asked: most of the time of a large case.
    pub relate_to_targets: bool,
    /// Asked between ROIs: stop.
    pub cancelled: &'a (dyn Fn() -> bool + Sync),
}

/// The DVHs of all `rois`, in their order, in parallel. Fewer come back where the work was cancelled.
#[must_use]
pub fn compute_all(set: &StructureSet, rois: &[&Roi], context: &RoiContext<'_>) -> Vec<RoiResult> {
    let spacing = nominal_spacing(&set.rois);
    let targets = context.relate_to_targets.then(|| Targets::of(set, context.options, spacing)).flatten();
    let around = Around { spacing, targets: targets.as_ref() };
    let mut results: Vec<RoiResult> =
        rois.par_iter().filter_map(|roi| (!(context.cancelled)()).then(|| compute(set, roi, &around, context))).collect();
    let isodose = metric::isodose(set, &results, spacing, context);
    let metrics = |result: &RoiResult| {
        let roi = rois.iter().find(|roi| roi.number == result.number && !(context.cancelled)())?;
        Some(metric::metrics(set, roi, result, spacing, isodose.as_ref(), context))
    };
    results.par_iter_mut().for_each(|result| result.metrics = metrics(result).unwrap_or_default());
    results
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

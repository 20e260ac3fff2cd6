//! From a prepared case to the DVH, the metrics and the distances of every ROI.
//!
//! ROIs are computed in parallel on rayon's current pool; the numbers do not depend on the number of threads.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS).

use crate::error::{CaseError, CaseErrorKind, Known};
use crate::evaluate_options::EvaluateOptions;
use crate::isodose::isodose;
use crate::metric_source::MetricSource;
use crate::prepared::PreparedCase;
use crate::roi::{RoiResult, Shared, compute};
use crate::targets::Targets;
use rayon::prelude::*;
use rt_model::finding::{Finding, matching as code};
use rt_model::structure_set::Roi;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// How far an evaluation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A further ROI is begun.
    Roi {
        /// ROIs that were begun before it.
        begun: usize,
        /// ROIs there are.
        count: usize,
    },
}

/// What was computed of a case.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CaseResult {
    /// The ROIs in the order of the structure set.
    pub rois: Vec<RoiResult>,
}

/// Computes the ROIs of a prepared case. `on_event` is called before each ROI, on any thread but never twice
/// at once; its
/// `Break` stops the evaluation before the next ROI.
///
/// # Errors
/// [`CaseErrorKind::Cancelled`] if `on_event` asked to stop; [`CaseErrorKind::NoOverlap`] if the dose grid of
/// a matched case meets none of its ROIs. A ROI that has no DVH is no error: its result says why.
pub fn evaluate<F: Sync>(
    case: &PreparedCase<F>,
    options: &EvaluateOptions,
    on_event: &mut (impl FnMut(Event) -> ControlFlow<()> + Send),
) -> Result<CaseResult, CaseError> {
    let wanted = |roi: &&Roi| options.rois.as_ref().is_none_or(|numbers| numbers.contains(&roi.number));
    let rois: Vec<&Roi> = case.rois.iter().filter(wanted).collect();
    let pace = Pace::new(rois.len(), on_event);
    let spacing = case.nominal_spacing();
    let targets = options.relate_to_targets.then(|| Targets::of(&case.rois, &options.dvh, spacing)).flatten();
    let shared = Shared {
        structure_set: &case.structure_set,
        dose: &case.dose,
        options: &options.dvh,
        spacing,
        targets: targets.as_ref(),
    };
    let mut results: Vec<RoiResult> =
        rois.par_iter().filter_map(|roi| pace.goes_on().then(|| compute(roi, &shared))).collect();
    if case.must_overlap {
        overlaps(case, &results)?;
    }
    let isodose = isodose(case, &results, options, spacing);
    let source = MetricSource { case, options, spacing, isodose: isodose.as_ref() };
    results.par_iter_mut().zip(&rois).for_each(|(result, roi)| {
        if !pace.is_stopped() {
            result.metrics = source.metrics(roi, result);
        }
    });
    if pace.is_stopped() {
        return Err(CaseError::new(CaseErrorKind::Cancelled, "interrupted"));
    }
    Ok(CaseResult { rois: results })
}

/// Counts the ROIs that are begun, reports them and hears of a stop.
struct Pace<'a, E> {
    count: usize,
    state: Mutex<(usize, &'a mut E)>,
    stopped: AtomicBool,
}

impl<'a, E: FnMut(Event) -> ControlFlow<()> + Send> Pace<'a, E> {
    const fn new(count: usize, on_event: &'a mut E) -> Self {
        Self { count, state: Mutex::new((0, on_event)), stopped: AtomicBool::new(false) }
    }

    fn goes_on(&self) -> bool {
        if self.is_stopped() {
            return false;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let event = Event::Roi { begun: state.0, count: self.count };
        state.0 += 1;
        if (state.1)(event).is_break() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        !self.is_stopped()
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

/// A dose grid that meets no ROI belongs to another patient or another frame. One plane of voxels encloses
/// nothing and settles nothing.
fn overlaps<F>(case: &PreparedCase<F>, results: &[RoiResult]) -> Result<(), CaseError> {
    let mut dvhs = results.iter().filter_map(|roi| roi.dvh.as_ref().ok()).peekable();
    let flat = case.dose.geometry().size().contains(&1);
    if flat || dvhs.peek().is_none() || !dvhs.all(|dvh| dvh.coverage().0 == 0.0) {
        return Ok(());
    }
    let text = "the dose grid and the structures have no place in common";
    let finding = Finding::error(code::DOSE_ELSEWHERE, case.dose_place.clone(), text);
    Err(CaseError::new(CaseErrorKind::NoOverlap, text)
        .knowing(Known { findings: vec![finding], ..Known::default() }))
}

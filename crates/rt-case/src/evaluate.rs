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
use rt_geometry::stack::StructurePlanes;
use rt_model::finding::{Finding, matching as code};
use rt_model::structure_set::Roi;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// How far an evaluation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The DVH of a further ROI is begun.
    Roi {
        /// ROIs that were begun before it.
        begun: usize,
        /// ROIs there are.
        count: usize,
    },
    /// The metrics of a further ROI are begun: most of the time where they carry uncertainty intervals.
    Metrics {
        /// ROIs whose metrics were begun before it.
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

/// Computes the ROIs of a prepared case.
///
/// `on_event` is called before the DVH and before the metrics of each ROI, on any thread but never twice at
/// once. If it answers `Break`, nothing further is begun.
///
/// ```
/// use rt_case::{DvhOptions, EvaluateOptions, PreparedCase, evaluate};
/// use rt_dvh::example;
/// use std::ops::ControlFlow;
///
/// let case = PreparedCase::from_parts(vec![example::roi()], example::dose());
/// let mut options = EvaluateOptions::new(DvhOptions::preset("dosebridge-2").unwrap());
/// options.metrics = vec!["Mean".parse().unwrap()];
/// let result = evaluate(&case, &options, &mut |_| ControlFlow::Continue(())).unwrap();
/// assert!((result.rois[0].metrics[0].value.unwrap() - 20.0).abs() < 1e-9);
/// ```
///
/// # Errors
/// [`CaseErrorKind::Cancelled`] if `on_event` asked to stop; [`CaseErrorKind::Incomplete`] if no ROI of a
/// matched case has a contour; [`CaseErrorKind::NoOverlap`] if all ROIs of a
/// matched case were asked for and its dose grid meets none of them. A ROI that has no DVH is not an error:
/// its result holds the reason.
pub fn evaluate<F: Sync>(
    case: &PreparedCase<F>,
    options: &EvaluateOptions,
    on_event: &mut (impl FnMut(Event) -> ControlFlow<()> + Send),
) -> Result<CaseResult, CaseError> {
    let wanted = |roi: &&Roi| options.rois.as_ref().is_none_or(|numbers| numbers.contains(&roi.number));
    let rois: Vec<&Roi> = case.rois.iter().filter(wanted).collect();
    let all_of_a_case = case.must_overlap && options.rois.is_none();
    if all_of_a_case {
        has_contours(case)?;
    }
    let planes = StructurePlanes::of(&case.rois);
    let targets = options.relate_to_targets.then(|| Targets::of(&case.rois, &options.dvh, &planes)).flatten();
    let shared = Shared {
        structure_set: &case.structure_set,
        dose: &case.dose,
        options: &options.dvh,
        planes: &planes,
        targets: targets.as_ref(),
    };
    let pace = Pace::new(rois.len(), on_event, |begun, count| Event::Roi { begun, count });
    let mut results: Vec<RoiResult> =
        rois.par_iter().filter_map(|roi| pace.goes_on().then(|| compute(roi, &shared))).collect();
    pace.finished()?;
    if all_of_a_case {
        overlaps(case, &results)?;
    }
    let isodose = isodose(case, &results, options, &planes);
    let source = MetricSource { case, options, planes: &planes, isodose: isodose.as_ref() };
    let pace = Pace::new(rois.len(), on_event, |begun, count| Event::Metrics { begun, count });
    results.par_iter_mut().zip(&rois).for_each(|(result, roi)| {
        if pace.goes_on() {
            result.metrics = source.metrics(roi, result);
        }
    });
    pace.finished()?;
    Ok(CaseResult { rois: results })
}

/// Counts the ROIs that are begun, reports them and hears of a stop.
struct Pace<'a, E> {
    count: usize,
    event: fn(usize, usize) -> Event,
    state: Mutex<(usize, &'a mut E)>,
    stopped: AtomicBool,
}

impl<'a, E: FnMut(Event) -> ControlFlow<()> + Send> Pace<'a, E> {
    const fn new(count: usize, on_event: &'a mut E, event: fn(usize, usize) -> Event) -> Self {
        Self { count, event, state: Mutex::new((0, on_event)), stopped: AtomicBool::new(false) }
    }

    /// Reports that a further ROI is begun; `false` if it must not be.
    fn goes_on(&self) -> bool {
        let is_stopped = || self.stopped.load(Ordering::Relaxed);
        if is_stopped() {
            return false;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let event = (self.event)(state.0, self.count);
        state.0 += 1;
        if (state.1)(event).is_break() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        !is_stopped()
    }

    /// All ROIs were begun, or the user asked to stop.
    fn finished(self) -> Result<(), CaseError> {
        match self.stopped.into_inner() {
            true => Err(CaseError::new(CaseErrorKind::Cancelled, "interrupted")),
            false => Ok(()),
        }
    }
}

/// A structure set without any contour has nothing to evaluate.
fn has_contours<F>(case: &PreparedCase<F>) -> Result<(), CaseError> {
    if case.rois.iter().any(|roi| !roi.contours.is_empty() || roi.unusable_contours > 0) {
        return Ok(());
    }
    let text = match case.rois.len() {
        0 => "the structure set has no ROI".to_owned(),
        count => format!("none of the structure set's {count} ROIs has a contour"),
    };
    Err(CaseError::new(CaseErrorKind::Incomplete, text).at_place(&case.structure_set))
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
        .at_place(&case.dose_place)
        .knowing(Known { findings: vec![finding], ..Known::default() }))
}

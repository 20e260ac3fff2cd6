//! The volumes that isodoses enclose in a case, for the conformity and gradient indices.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS).

use crate::evaluate_options::EvaluateOptions;
use crate::prepared::PreparedCase;
use crate::roi::RoiResult;
use rt_dvh::{Isodose, Metric};
use rt_geometry::stack::{RoiStack, StructurePlanes};
use rt_model::structure_set::{Roi, TargetKind};

/// The isodose volumes of a case, if a metric asks for them: inside the patient where one ROI is EXTERNAL,
/// else of the whole grid. An EXTERNAL that has no volume leaves the indices without a value: the whole grid
/// does not replace it.
pub(crate) fn isodose<F>(
    case: &PreparedCase<F>,
    results: &[RoiResult],
    options: &EvaluateOptions,
    planes: &StructurePlanes<'_>,
) -> Option<Isodose> {
    if !options.metrics.iter().any(|asked| needs_isodose(&asked.metric)) {
        return None;
    }
    let mut externals = case.rois.iter().filter(|roi| roi.is_external() && is_drawn(roi));
    let external = externals.next().filter(|_| externals.next().is_none());
    let Some(external) = external else { return Isodose::of_grid(&case.dose, &options.dvh).ok() };
    let dvh = match results.iter().find(|result| result.number == external.number) {
        Some(computed) => computed.dvh.as_ref().ok().cloned(),
        None => {
            let stack =
                RoiStack::build(external, &options.dvh.stack(planes.neighbours_of(external))).ok()?.value;
            rt_dvh::compute(&stack, &case.dose, &options.dvh).ok().map(|dvh| dvh.value)
        }
    };
    dvh.map(Isodose::inside)
}

/// Whether the metric needs the volumes that isodoses enclose.
const fn needs_isodose(metric: &Metric) -> bool {
    matches!(metric, Metric::Conformity | Metric::PaddickConformity | Metric::Gradient | Metric::R50)
}

/// Another PTV shares the isodose: what it encloses is not this ROI's alone.
pub(crate) fn is_shared(rois: &[Roi], number: i32) -> bool {
    let is_target = |other: &Roi| other.target_kind() == Some(TargetKind::Ptv) && is_drawn(other);
    rois.iter().any(|other| other.number != number && is_target(other))
}

/// The ROI has contours in its file, usable or not.
const fn is_drawn(roi: &Roi) -> bool {
    !roi.contours.is_empty() || roi.unusable_contours > 0
}

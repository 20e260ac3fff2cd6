//! Planes by version 1 of the rules: contours within 0.01 mm, gaps and caps by the median gap.
//!
//! Units: millimetres. Frame: the [`StackFrame`](crate::plane::StackFrame) of the largest contour.

use super::cap::Cap;
use super::drawn::median;
use super::gaps::{self, Gap};
use super::options::{Between, Caps, StackOptions};
use super::planes::{self, Plane};
use super::usable::UsableContours;
use super::{Built, Slab, StackError, StackErrorKind, interpolated, prism};
use rt_model::finding::{Finding, dvh as codes};
use rt_model::provenance::Provenance;
use rt_model::structure_set::{Roi, SourcePlanes};
use rt_model::units::Mm;

/// The slabs of a ROI.
///
/// # Errors
/// Where nothing encloses an area, planes are not parallel, contours are entangled beyond measure, or a
/// single plane has no thickness.
pub(super) fn build(
    roi: &Roi,
    usable: &UsableContours<'_>,
    options: &StackOptions<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Built, StackError> {
    let frame = planes::common_frame(usable.contours())?;
    let planes = planes::planes(usable.contours(), &frame, findings)?;
    let (nominal, slabs) = match planes.len() {
        0 => return Err(StackError::new(StackErrorKind::NoClosedContour, "no contour encloses an area")),
        1 => single(planes, options, findings)?,
        _ => several(planes, options, roi.source_planes.as_ref(), findings),
    };
    Ok(Built { frame, nominal, slabs })
}

/// The slabs of a ROI with one plane.
fn single(
    planes: Vec<Plane>,
    options: &StackOptions<'_>,
    findings: &mut Vec<Finding>,
) -> Result<(Mm, Vec<Slab>), StackError> {
    let known = |thickness: Option<Mm>| thickness.filter(|mm| mm.is_finite() && mm.0 > 0.0);
    let own = planes.iter().find_map(|plane| known(plane.thickness));
    let (thickness, source) =
        match (options.caps, own, known(options.neighbours.and_then(|neighbours| neighbours.nominal()))) {
            (Caps::None, _, _) => {
                return Err(StackError::new(
                    StackErrorKind::NoThickness,
                    "a single plane has no volume without end caps",
                ));
            }
            (_, Some(own), _) => (own, "Contour Slab Thickness"),
            (_, None, Some(nominal)) => (nominal, "the nominal spacing of the structure set's other ROIs"),
            (_, None, None) => {
                let text =
                    "a single plane, and neither Contour Slab Thickness nor another ROI gives a thickness";
                return Err(StackError::new(StackErrorKind::NoThickness, text));
            }
        };
    let text = format!("a single plane; its thickness of {:.3} mm is {source}", thickness.0);
    findings.push(Finding::info(codes::SINGLE_PLANE, Provenance::unknown(), text));
    Ok((thickness, prism::slabs(planes, &[], &[[Cap::new(options.caps, thickness.0); 2]])))
}

/// The slabs of two or more planes.
fn several(
    planes: Vec<Plane>,
    options: &StackOptions<'_>,
    source: Option<&SourcePlanes>,
    findings: &mut Vec<Finding>,
) -> (Mm, Vec<Slab>) {
    let nominal = median(planes.windows(2).map(|pair| pair[1].w - pair[0].w).collect()).unwrap_or_default();
    let cap = Cap::new(options.caps, nominal);
    let gaps: Vec<Gap> =
        planes.windows(2).map(|pair| Gap::between(&pair[0], &pair[1], nominal, source, findings)).collect();
    let joined: Vec<bool> = gaps.iter().map(|gap| *gap != Gap::Kept).collect();
    for (pair, _) in planes.windows(2).zip(&gaps).filter(|(_, gap)| **gap == Gap::Bridged) {
        let added = (pair[0].region.area().0 + pair[1].region.area().0)
            * ((pair[1].w - pair[0].w) / 2.0 - cap.height);
        findings.push(gaps::bridged(&pair[0], &pair[1], nominal, added));
    }
    let caps = vec![[cap; 2]; planes.len()];
    let slabs = match options.between {
        Between::Prism => prism::slabs(planes, &joined, &caps),
        Between::Interpolated => interpolated::slabs(&planes, &joined, &caps, &vec![cap; joined.len()]),
    };
    (Mm(nominal), slabs)
}

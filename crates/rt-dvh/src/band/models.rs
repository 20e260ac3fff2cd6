//! Other readings of the same contours as a volume.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS); plane coordinates of the stack's frame.

use super::smooth::smoothed;
use super::solid::{End, smooth_solid};
use rt_geometry::stack::{Between, Caps, RoiStack, Slab, StackOptions};
use rt_geometry::tolerance::GAP_NOTICED;
use rt_model::structure_set::{Roi, SourcePlanes};
use rt_model::units::Mm;

/// The stacks of the other readings of `roi`, of which `stack` is the one in use; none where there is a single plane.
pub(super) fn others(roi: &Roi, stack: &RoiStack, options: StackOptions) -> Vec<RoiStack> {
    if stack.slabs().len() < 2 {
        return Vec::new();
    }
    let built = |roi: &Roi, options: &StackOptions| RoiStack::build(roi, options).ok().map(|parsed| parsed.value);
    let mut others = Vec::new();
    if options.caps != Caps::None {
        others.extend(built(roi, &StackOptions { caps: Caps::None, ..options }));
    }
    let ends: &[End] =
        if stack.slabs().len() <= FEW_PLANES { &[End::Continued, End::Closed, End::Rounded] } else { &[End::Continued] };
    for end in ends {
        others.extend(built(&smooth_solid(roi, stack, *end), &StackOptions { caps: Caps::None, ..options }));
    }
    for between in BETWEEN {
        if between != options.between {
            others.extend(built(roi, &StackOptions { between, ..options }));
        }
    }
    if let Some(smooth) = smoothed(roi) {
        others.extend(built(&smooth, &options));
    }
    if let Some(open) = with_open_gaps(roi, stack) {
        others.extend(built(&open, &options));
    }
    others
}

/// So few planes tell little of how a ROI ends: it may as well close to a point.
const FEW_PLANES: usize = 6;

/// The ways to fill the space between planes.
const BETWEEN: [Between; 1] = [Between::Prism];

/// The ROI as if its images were known to have a plane in every gap: no gap is bridged. `None` where none was, or where the images are
/// known.
fn with_open_gaps(roi: &Roi, stack: &RoiStack) -> Option<Roi> {
    let spacing = stack.nominal_spacing().0;
    let bridged = |pair: &[Slab]| pair[0].upper == pair[1].lower && pair[1].plane - pair[0].plane > GAP_NOTICED * spacing;
    if roi.source_planes.is_some() || !stack.slabs().windows(2).any(bridged) {
        return None;
    }
    let (first, last) = (stack.slabs().first()?, stack.slabs().last()?);
    // Planes of half the spacing, one on every drawn plane of an even stack: each wide gap holds one, no nominal gap that is checked does.
    let count = ((last.plane - first.plane) / spacing).round() as usize + 1;
    let origin = stack.frame().patient_from_plane([0.0, 0.0], first.plane);
    let source = SourcePlanes { origin, normal: stack.frame().normal, spacing: Mm(spacing), count };
    Some(Roi { source_planes: Some(source), ..roi.clone() })
}

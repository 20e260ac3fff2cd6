//! Other readings of the same contours as a volume.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS); plane coordinates of the stack's frame.

use super::smooth::smoothed;
use super::solid::{End, is_apex, smooth_solid};
use rt_geometry::stack::{Between, Caps, PlaneRules, Reading, RoiStack, StackOptions};
use rt_geometry::tolerance::{GAP_NOTICED, SAME_PLANE_MM};
use rt_model::structure_set::{Roi, SourcePlanes};
use rt_model::units::Mm;

/// The stacks of the other readings of `roi`; `options` are those in use. None where there is a single plane.
pub(super) fn others(roi: &Roi, options: StackOptions<'_>) -> Vec<RoiStack> {
    let built =
        |roi: &Roi, options: &StackOptions<'_>| RoiStack::build(roi, options).ok().map(|parsed| parsed.value);
    let prism = options.with_between(Between::Prism).with_caps(Caps::HalfSlice);
    let Some(drawn) = built(roi, &prism).filter(|drawn| drawn.slabs().len() > 1) else { return Vec::new() };
    let mut others = Vec::new();
    if options.caps != Caps::None {
        others.extend(built(roi, &options.with_caps(Caps::None)));
    }
    let ends: &[End] = if drawn.slabs().len() <= FEW_PLANES {
        &[End::Continued, End::Closed, End::Rounded]
    } else if ends_in_an_apex(&drawn) {
        &[End::Continued, End::Closed]
    } else {
        &[End::Continued]
    };
    // Its planes are close and even: nobody else has to tell which are neighbours.
    let solid = StackOptions::new(Between::Prism, Caps::None).with_planes(options.planes);
    for end in ends {
        others.extend(built(&smooth_solid(roi, &drawn, *end), &solid));
    }
    // The smooth solid stands for the ways to fill the space between planes, at a tenth of the cost of
    // interpolating all of them.
    if options.between != Between::Prism {
        others.extend(built(roi, &options.with_between(Between::Prism)));
    }
    if let Some(smooth) = smoothed(roi) {
        others.extend(built(&smooth, &options));
    }
    match options.planes {
        PlaneRules::Version1 => {
            others.extend(with_open_gaps(roi, &drawn).and_then(|open| built(&open, &options)));
        }
        _ => {
            let sparse = built(roi, &prism.with_reading(Reading::Sparse)).filter(|sparse| *sparse != drawn);
            others.extend(sparse.and_then(|_| built(roi, &options.with_reading(Reading::Sparse))));
        }
    }
    others
}

/// So few planes tell little of how a ROI ends: it may as well close to a point.
const FEW_PLANES: usize = 6;

/// The first or the last plane is all but a point or a line.
fn ends_in_an_apex(drawn: &RoiStack) -> bool {
    match drawn.slabs() {
        [first, second, .., before, last] => is_apex(first, second) || is_apex(last, before),
        _ => false,
    }
}

/// The ROI as if its images were known to have a plane without contour in every wide gap: no gap is bridged.
/// `None` where none was, where the images are known, or where no even stack of planes opens the wide gaps
/// alone.
fn with_open_gaps(roi: &Roi, drawn: &RoiStack) -> Option<Roi> {
    let spacing = drawn.nominal_spacing().0;
    let gaps = || {
        drawn.slabs().windows(2).map(|pair| (pair[0].plane, pair[1].plane, pair[0].upper == pair[1].lower))
    };
    let wide = |(low, high, _): &(f64, f64, bool)| high - low > GAP_NOTICED * spacing;
    if roi.source_planes.is_some() || !gaps().any(|gap| gap.2 && wide(&gap)) {
        return None;
    }
    let middles: Vec<f64> = gaps().filter(wide).map(|(low, high, _)| (low + high) / 2.0).collect();
    let first = drawn.slabs().first()?.plane;
    // One or two gaps have planes of their own; more share the stack's.
    let (start, step, count) = match middles[..] {
        [only] => (only, spacing, 1),
        [one, other] => (one, other - one, 2),
        _ => (first, spacing, ((drawn.slabs().last()?.plane - first) / spacing).round() as usize + 1),
    };
    let holds = |low: f64, high: f64| {
        (0..count)
            .map(|at| start + at as f64 * step)
            .any(|w| w > low + SAME_PLANE_MM && w < high - SAME_PLANE_MM)
    };
    if gaps().any(|gap| holds(gap.0, gap.1) != wide(&gap)) {
        return None;
    }
    let frame = drawn.frame();
    let source = SourcePlanes {
        origin: frame.patient_from_plane([0.0, 0.0], start),
        normal: frame.normal,
        spacing: Mm(step),
        count,
    };
    Some(Roi { source_planes: Some(source), ..roi.clone() })
}

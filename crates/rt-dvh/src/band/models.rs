//! Other readings of the same contours as a volume.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS); plane coordinates of the stack's frame.

use super::smooth::smoothed;
use rt_geometry::plane::StackFrame;
use rt_geometry::region::Ring;
use rt_geometry::stack::{Between, Caps, RoiStack, Slab, StackOptions};
use rt_geometry::tolerance::GAP_NOTICED;
use rt_model::structure_set::{Contour, ContourKind, Roi, SourcePlanes};
use rt_model::units::Mm;

/// An end shrinks at most to this part of the last plane: an apex.
const SMALLEST: f64 = 0.05;

/// ... and grows at most to this.
const LARGEST: f64 = 1.5;

/// Two runs keep their own ends where they are farther apart than this many spacings; nearer ones would meet.
const APART: f64 = 3.5;

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
    others.extend(built(&continued(roi, stack), &StackOptions { caps: Caps::None, ..options }));
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

/// The ways to fill the space between planes.
const BETWEEN: [Between; 1] = [Between::Prism];

/// The ROI with one plane more at each end, one spacing on: its rings grow or shrink as they did from the plane before.
fn continued(roi: &Roi, stack: &RoiStack) -> Roi {
    let (slabs, spacing) = (stack.slabs(), stack.nominal_spacing().0);
    let mut contours: Vec<Contour> =
        slabs.iter().flat_map(|slab| drawn(stack.frame(), slab.region.rings(), slab.plane)).collect();
    for (at, slab) in slabs.iter().enumerate() {
        let below = at.checked_sub(1).map(|below| &slabs[below]);
        let above = slabs.get(at + 1);
        for (inner, outer, step) in [(above, below, -spacing), (below, above, spacing)] {
            let joined = |other: &&Slab| other.lower == slab.upper || other.upper == slab.lower;
            if outer.is_some_and(|outer| joined(&outer) || (outer.plane - slab.plane).abs() < APART * spacing) {
                continue;
            }
            let rings = slab.region.rings();
            let inner = inner.filter(joined).filter(|inner| inner.region.rings().len() == rings.len());
            let part = inner.map_or(0.0, |inner| spacing / (slab.plane - inner.plane).abs());
            let grown: Vec<Vec<[f64; 2]>> = rings
                .iter()
                .map(|ring| {
                    let before = inner.and_then(|inner| nearest(ring, inner.region.rings()));
                    let growth = before.map_or(0.0, |before| 1.0 - radius(before) / radius(ring));
                    scaled(ring, (1.0 + growth * part).clamp(SMALLEST, LARGEST))
                })
                .collect();
            contours.extend(grown.into_iter().map(|ring| contour(stack.frame(), &ring, slab.plane + step)));
        }
    }
    for (index, contour) in contours.iter_mut().enumerate() {
        contour.index = index;
    }
    Roi { contours, ..roi.clone() }
}

fn drawn(frame: &StackFrame, rings: &[Ring], w: f64) -> Vec<Contour> {
    rings.iter().map(|ring| contour(frame, ring.points(), w)).collect()
}

/// Rings of a region nest: exclusive-or is what they mean.
fn contour(frame: &StackFrame, ring: &[[f64; 2]], w: f64) -> Contour {
    let points = ring.iter().map(|uv| frame.patient_from_plane(*uv, w)).collect();
    Contour { index: 0, kind: ContourKind::ClosedPlanarXor, points, slab_thickness: None }
}

/// The ring of the same turn whose centre is nearest.
fn nearest<'r>(ring: &Ring, others: &'r [Ring]) -> Option<&'r Ring> {
    let centre = middle(ring);
    let distance = |other: &Ring| {
        let other = middle(other);
        (other[0] - centre[0]).hypot(other[1] - centre[1])
    };
    others.iter().filter(|other| other.sign() == ring.sign()).min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// Mean of the points.
fn middle(ring: &Ring) -> [f64; 2] {
    let count = ring.points().len() as f64;
    [0, 1].map(|axis| ring.points().iter().map(|point| point[axis]).sum::<f64>() / count)
}

/// Root of the area: what a similar ring scales with.
fn radius(ring: &Ring) -> f64 {
    let twice: f64 = ring.edges().map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum();
    (twice.abs() / 2.0).sqrt().max(f64::MIN_POSITIVE)
}

fn scaled(ring: &Ring, factor: f64) -> Vec<[f64; 2]> {
    let centre = middle(ring);
    ring.points().iter().map(|point| [0, 1].map(|axis| centre[axis] + factor * (point[axis] - centre[axis]))).collect()
}

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

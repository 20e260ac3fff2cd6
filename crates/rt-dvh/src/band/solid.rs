//! A smooth solid through the drawn planes: what a curved surface may do between planes and beyond the last
//! one.
//!
//! Each ring is followed from plane to plane by its extent. Between two planes it is drawn anew, with the
//! extent of a cubic through four planes; where rings part, meet, begin or end, the planes between are drawn
//! by the shapes of both. Beyond an end a ring goes on for one spacing as it went before, and ends there.
//!
//! # Derivation
//! A ring's extent is E = (u₀, u₁, v₀, v₁). Of planes p_i, in steps from the lower one (0) to the upper one
//! (1) with those before and after them, the extent at t is Lagrange's polynomial through all of them,
//!
//! ```text
//! E(t) = Σ_i λ_i(t) E_i,    λ_i(t) = Π_(j ≠ i) (t - p_j) / (p_i - p_j)
//! ```
//!
//! a cubic with four planes, a parabola with three, a line with two: its weights add up to 1 and reproduce
//! any outline of that degree. A straight line between planes h apart loses up to h² |E''| / 8 of a curved
//! outline, the cubic at most 3 h⁴ |E''''| / 128. Where the solid is known to close, a plane beyond the last
//! stands for the point at which it does. The nearer ring, with the extent E' = (u₀', u₁', ...), is then
//! stretched to E along each axis,
//!
//! ```text
//! u ↦ m + f (u - m'),    m = (u₀ + u₁) / 2,    f = (u₁ - u₀) / (u₁' - u₀')
//! ```
//!
//! with f kept between [`SMALLEST`] and [`LARGEST`]. Beyond the last plane, at a part t of the way to where
//! the next would be:
//!
//! - [`End::Continued`]: E(t) = E₀ + t (E₀ - E₋₁) · step / (w₀ - w₋₁), the line through the last two planes;
//! - [`End::Closed`], [`End::Rounded`]: an ellipsoid over the last ring. Its cross-section at t of its height
//!   is the ring shrunk by √(1 - t²) towards its middle.
//!
//! Units: millimetres. Frame: plane coordinates of the stack.

use rt_geometry::plane::StackFrame;
use rt_geometry::region::{Region, Ring};
use rt_geometry::stack::{RoiStack, Slab};
use rt_model::structure_set::{Contour, ContourKind, Roi};

/// Planes are drawn at these parts of the way from one to the next.
const BETWEEN: [f64; 3] = [0.25, 0.5, 0.75];

/// A ring shrinks at most to this part of the one it is drawn from: an apex.
const SMALLEST: f64 = 0.05;

/// ... and grows at most to this.
const LARGEST: f64 = 1.5;

/// Two runs keep their own ends where they are farther apart than this many spacings; nearer ones would meet.
const APART: f64 = 3.5;

/// Where a ring begins and ends along u and v.
type Extent = [f64; 4];

/// How a solid ends between its last plane and where the next one would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It grows or shrinks as it did, up to there.
    Continued,
    /// It closes there to a point; one that ends in a plane where it is all but a point or a line closes
    /// there, rounded.
    Closed,
    /// It closes half-way there to a point.
    Rounded,
}

impl End {
    /// Where it closes, in steps from the last plane.
    const fn reach(self) -> Option<f64> {
        match self {
            Self::Continued => None,
            Self::Closed => Some(1.0),
            Self::Rounded => Some(0.5),
        }
    }
}

/// The ROI with planes between its planes and one spacing beyond its ends, to be built without caps.
pub(super) fn smooth_solid(roi: &Roi, stack: &RoiStack, end: End) -> Roi {
    let (slabs, spacing) = (stack.slabs(), stack.nominal_spacing().0);
    let mut contours = Vec::new();
    let mut draw = |rings: &[Vec<[f64; 2]>], w: f64| {
        for ring in rings {
            contours.push(contour(stack.frame(), ring, w, contours.len()));
        }
    };
    for (at, slab) in slabs.iter().enumerate() {
        let below = at.checked_sub(1).map(|below| &slabs[below]);
        let above = slabs.get(at + 1);
        draw(&drawn(&slab.region), slab.plane);
        if let Some(above) = above.filter(|above| joined(slab, above)) {
            let before = below.filter(|below| joined(below, slab));
            let after = slabs.get(at + 2).filter(|after| joined(above, after));
            let height = |t: f64| slab.plane + t * (above.plane - slab.plane);
            if slab.region.rings().len() == above.region.rings().len() {
                BETWEEN
                    .into_iter()
                    .for_each(|t| draw(&between([slab, above], [before, after], t, end), height(t)));
            } else {
                let regions = slab.region.towards(&above.region, &BETWEEN);
                BETWEEN.into_iter().zip(&regions).for_each(|(t, region)| draw(&drawn(region), height(t)));
            }
        }
        for (inner, outer, step) in [(above, below, -spacing), (below, above, spacing)] {
            let open = outer.is_none_or(|outer| {
                !joined(slab, outer) && (outer.plane - slab.plane).abs() >= APART * spacing
            });
            if open {
                let inner = inner.filter(|inner| joined(slab, inner));
                let reach = end.reach().unwrap_or(1.0);
                for part in BETWEEN.into_iter().chain([1.0]) {
                    draw(&beyond(slab, inner, part, reach * step, end), slab.plane + part * reach * step);
                }
            }
        }
    }
    Roi { contours, ..roi.clone() }
}

/// Two slabs touch.
fn joined(one: &Slab, other: &Slab) -> bool {
    one.upper == other.lower || other.upper == one.lower
}

/// The rings of a region.
fn drawn(region: &Region) -> Vec<Vec<[f64; 2]>> {
    region.rings().iter().map(|ring| ring.points().to_vec()).collect()
}

/// The rings a part `t` of the way from one plane to the next, which has as many, between those before and
/// after them.
fn between(
    [from, to]: [&Slab; 2],
    [before, after]: [Option<&Slab>; 2],
    t: f64,
    end: End,
) -> Vec<Vec<[f64; 2]>> {
    let (nearer, other) = if t <= 0.5 { (from, to) } else { (to, from) };
    let rings = nearer.region.rings();
    // Where nothing follows, a closed end has a point.
    let distance = |plane: Option<&Slab>| match plane {
        None => end.reach(),
        Some(plane) => (plane.region.rings().len() == rings.len()).then_some(1.0),
    };
    let weights = weights(distance(before), distance(after), t);
    // Where an end is all but a point or a line, the plane before it and the part of the way from there.
    let closed = [(after, from, to, t), (before, to, from, 1.0 - t)]
        .into_iter()
        .find(|(beyond, inner, last, _)| end == End::Closed && beyond.is_none() && is_apex(last, inner));
    let drawn = |ring: &Ring| {
        let own = extent(ring);
        if let Some((_, inner, _, part)) = closed {
            return rounded(nearest(ring, inner.region.rings()).unwrap_or(ring), part);
        }
        let mut wanted = [0.0; 4];
        for (plane, weight) in [before, Some(from), Some(to), after].into_iter().zip(weights) {
            let there = plane
                .and_then(|plane| nearest(ring, plane.region.rings()))
                .map_or_else(|| point(own), extent);
            for (sum, value) in wanted.iter_mut().zip(there) {
                *sum += weight * value;
            }
        }
        // A ring that is all but a point or a line can't be stretched to what lies before it.
        match nearest(ring, other.region.rings()) {
            Some(model) if !is_in_reach(own, wanted) => fitted(model, extent(model), wanted),
            _ => fitted(ring, own, wanted),
        }
    };
    rings.iter().map(drawn).collect()
}

/// A slab where a solid is all but a point or a line, seen from the one before it.
pub(super) fn is_apex(last: &Slab, inner: &Slab) -> bool {
    last.region.area().0 < SMALLEST * inner.region.area().0
}

/// A round end over a ring: the cross-section of an ellipsoid, `part` of the way to its point.
fn rounded(ring: &Ring, part: f64) -> Vec<[f64; 2]> {
    let own = extent(ring);
    let (point, left) = (point(own), (1.0 - part * part).sqrt());
    fitted(ring, own, std::array::from_fn(|side| point[side] + left * (own[side] - point[side])))
}

/// A ring can be stretched from one extent to another.
fn is_in_reach(own: Extent, wanted: Extent) -> bool {
    [0, 2].iter().all(|axis| wanted[axis + 1] - wanted[*axis] <= LARGEST * (own[axis + 1] - own[*axis]))
}

/// The middle of an extent, as an extent.
const fn point([u0, u1, v0, v1]: Extent) -> Extent {
    let (u, v) = ((u0 + u1) / 2.0, (v0 + v1) / 2.0);
    [u, u, v, v]
}

/// Lagrange's weights, at `t`, of planes at 0 and 1 and of those at these distances before and after them,
/// where there are such.
fn weights(before: Option<f64>, after: Option<f64>, t: f64) -> [f64; 4] {
    let places =
        [before.map(|distance| -distance), Some(0.0), Some(1.0), after.map(|distance| 1.0 + distance)];
    std::array::from_fn(|at| {
        let Some(place) = places[at] else { return 0.0 };
        let others =
            places.iter().enumerate().filter(|(other, _)| *other != at).filter_map(|(_, place)| *place);
        others.map(|other| (t - other) / (place - other)).product()
    })
}

/// The rings of an end plane, `part` of a `step` beyond it.
fn beyond(slab: &Slab, inner: Option<&Slab>, part: f64, step: f64, end: End) -> Vec<Vec<[f64; 2]>> {
    let rings = slab.region.rings();
    let inner = inner.filter(|inner| inner.region.rings().len() == rings.len());
    let drawn = |ring: &Ring| {
        let own = extent(ring);
        let before = inner.and_then(|inner| Some((inner, extent(nearest(ring, inner.region.rings())?))));
        let wanted = match (end, before) {
            (End::Closed | End::Rounded, _) => return rounded(ring, part),
            (End::Continued, None) => own,
            (End::Continued, Some((inner, there))) => {
                let steps = part * step / (slab.plane - inner.plane);
                std::array::from_fn(|side| own[side] + steps * (own[side] - there[side]))
            }
        };
        fitted(ring, own, wanted)
    };
    rings.iter().map(drawn).collect()
}

/// The ring of the same turn whose sides are nearest.
fn nearest<'r>(ring: &Ring, others: &'r [Ring]) -> Option<&'r Ring> {
    let here = extent(ring);
    let distance =
        |other: &Ring| here.iter().zip(extent(other)).map(|(here, there)| (there - here).abs()).sum::<f64>();
    others
        .iter()
        .filter(|other| other.sign() == ring.sign())
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

fn extent(ring: &Ring) -> Extent {
    let start = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
    ring.points()
        .iter()
        .fold(start, |[u0, u1, v0, v1], [u, v]| [u0.min(*u), u1.max(*u), v0.min(*v), v1.max(*v)])
}

/// The ring stretched from its own extent to the one wanted, within limits.
fn fitted(ring: &Ring, own: Extent, wanted: Extent) -> Vec<[f64; 2]> {
    let stretch = |axis: usize| {
        let [low, high] = [own[2 * axis], own[2 * axis + 1]];
        let [to_low, to_high] = [wanted[2 * axis], wanted[2 * axis + 1]];
        let factor = ((to_high - to_low) / (high - low)).clamp(SMALLEST, LARGEST);
        let (middle, to_middle) = ((low + high) / 2.0, (to_low + to_high) / 2.0);
        (middle, factor, to_middle)
    };
    let stretches = [stretch(0), stretch(1)];
    let point = |point: &[f64; 2]| {
        std::array::from_fn(|axis| {
            let (middle, factor, to_middle) = stretches[axis];
            to_middle + factor * (point[axis] - middle)
        })
    };
    ring.points().iter().map(point).collect()
}

/// Rings of a region nest: exclusive-or is what they mean.
fn contour(frame: &StackFrame, ring: &[[f64; 2]], w: f64, index: usize) -> Contour {
    let points = ring.iter().map(|uv| frame.patient_from_plane(*uv, w)).collect();
    Contour { index, kind: ContourKind::ClosedPlanarXor, points, slab_thickness: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_geometry::stack::{Between, Caps, StackOptions};
    use rt_model::frame::PatientPoint;

    #[test]
    fn a_sphere_becomes_round() {
        let circle = |z: f64| {
            let radius = (144.0 - z * z).sqrt();
            let points = (0..90)
                .map(|n| (f64::from(n) * std::f64::consts::TAU / 90.0).sin_cos())
                .map(|(y, x)| PatientPoint::new(radius * x, radius * y, z));
            Contour {
                index: 0,
                kind: ContourKind::ClosedPlanar,
                points: points.collect(),
                slab_thickness: None,
            }
        };
        let roi = Roi { contours: (-3..=3).map(|k| circle(3.0 * f64::from(k))).collect(), ..Roi::default() };
        let options = StackOptions::new(Between::Prism, Caps::None);
        let stack = RoiStack::build(&roi, &options).unwrap().value;
        let solid = smooth_solid(&roi, &stack, End::Continued);
        for contour in solid.contours.iter().filter(|contour| contour.points[0].z.abs() < 7.0) {
            let [x, z] = [contour.points[0].x, contour.points[0].z];
            assert!((x.hypot(z) - 12.0).abs() < 0.05, "{x} {z}");
        }
        let highest = solid.contours.iter().map(|contour| contour.points[0].z).fold(0.0, f64::max);
        assert!((highest - 12.0).abs() < 1e-9);
    }
}

//! How far a ROI's surface lies from that of a volume, below 0 inside it.
//!
//! Both are prisms over parallel planes, so that the distance of a point from the volume's surface is exact; the ROI's surface is
//! sampled. A distance to a surface changes by no more than one moves: what was found at a sample bounds the next, for the volume and for
//! each of its layers, and most of its edges are never looked at.
//!
//! Units: millimetres. Frame: the [`StackFrame`](crate::plane::StackFrame) of each; they need not be parallel.

use crate::edges::Edges;
use crate::region::{Region, crossing_at};
use crate::solid::Solid;
use crate::stack::{RoiStack, Slab};
use crate::tolerance::SAME_PLANE_MM;
use rt_model::frame::PatientPoint;
use rt_model::units::Mm;
use std::cell::Cell;

/// Distances of a ROI's surface from that of a volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurfaceDistance {
    /// The least.
    pub least: Mm,
    /// The mean over the ROI's surface.
    pub mean: Mm,
    /// The largest.
    pub most: Mm,
    /// How far samples lie apart; the least and the largest may be off by 0.71 times as much.
    pub step: Mm,
}

/// Samples of a surface lie so far apart.
const STEP_MM: f64 = 1.0;
/// So many samples do for the largest ROI.
const SAMPLES: f64 = 40_000.0;

/// The distances of `roi`'s surface from that of `solid`; `None` where either encloses nothing.
#[must_use]
pub fn surface_distance(roi: &RoiStack, solid: &Solid) -> Option<SurfaceDistance> {
    let probe = Probe::new(solid)?;
    let step = (surface_area(roi.slabs()) / SAMPLES).sqrt().max(STEP_MM);
    let (mut least, mut most, mut sum, mut area) = (f64::INFINITY, f64::NEG_INFINITY, 0.0, 0.0);
    let mut last: Option<(PatientPoint, f64)> = None;
    sample(roi.slabs(), step, &mut |uv, w, weight| {
        let point = roi.frame().patient_from_plane(uv, w);
        let reach = last.map_or(f64::INFINITY, |(at, distance)| distance.abs() + point.from_point(at).length());
        let distance = probe.distance(point, reach);
        last = Some((point, distance));
        least = least.min(distance);
        most = most.max(distance);
        sum += weight * distance;
        area += weight;
    });
    (area > 0.0).then(|| SurfaceDistance { least: Mm(least), mean: Mm(sum / area), most: Mm(most), step: Mm(step) })
}

/// Area of the walls, and of what lies open above and below, roughly.
fn surface_area(slabs: &[Slab]) -> f64 {
    let perimeter = |region: &Region| region.rings().iter().flat_map(|ring| ring.edges()).map(|(a, b)| length(a, b)).sum::<f64>();
    let walls: f64 = slabs.iter().map(|slab| perimeter(&slab.region) * (slab.upper - slab.lower)).sum();
    let ends = [slabs.first(), slabs.last()].into_iter().flatten().map(|slab| slab.region.area().0).sum::<f64>();
    let terraces = slabs.windows(2).map(|pair| (pair[1].region.area().0 - pair[0].region.area().0).abs()).sum::<f64>();
    walls + ends + terraces
}

/// Calls `take` with in-plane position, height and area of each sample of a surface.
fn sample(slabs: &[Slab], step: f64, take: &mut dyn FnMut([f64; 2], f64, f64)) {
    for slab in slabs {
        let height = slab.upper - slab.lower;
        let levels = (height / step).ceil().max(1.0);
        for (a, b) in slab.region.rings().iter().flat_map(|ring| ring.edges()) {
            let pieces = (length(a, b) / step).ceil().max(1.0);
            let weight = length(a, b) / pieces * height / levels;
            for piece in 0..pieces as usize {
                let t = (piece as f64 + 0.5) / pieces;
                let uv = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
                for level in 0..levels as usize {
                    take(uv, slab.lower + (level as f64 + 0.5) / levels * height, weight);
                }
            }
        }
    }
    let nothing = Region::default();
    let below = std::iter::once(None).chain(slabs.iter().map(Some));
    let above = slabs.iter().map(Some).chain(std::iter::once(None));
    for (below, above) in below.zip(above) {
        match (below, above) {
            (Some(below), Some(above)) if above.lower - below.upper <= SAME_PLANE_MM => {
                faces(&below.region, &above.region, below.upper, step, take);
            }
            _ => {
                below.into_iter().for_each(|slab| faces(&slab.region, &nothing, slab.upper, step, take));
                above.into_iter().for_each(|slab| faces(&slab.region, &nothing, slab.lower, step, take));
            }
        }
    }
}

/// Samples what lies in exactly one of two regions, row by row: along a row their crossings part inside from outside in turn.
fn faces(one: &Region, other: &Region, w: f64, step: f64, take: &mut dyn FnMut([f64; 2], f64, f64)) {
    let bounds = [one.bounds(), other.bounds()].into_iter().flatten();
    let Some((low, high)) = bounds.map(|(low, high)| (low[1], high[1])).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
        return;
    };
    let count = ((high - low) / step).ceil().max(1.0);
    let row_height = (high - low) / count;
    let level = |row: usize| low + (row as f64 + 0.5) * row_height;
    let mut rows: Vec<Vec<f64>> = vec![Vec::new(); count as usize];
    for (a, b) in one.rings().iter().chain(other.rings()).flat_map(|ring| ring.edges()) {
        let row_of = |v: f64| (v - low) / row_height - 0.5;
        // One row more on either side: the edge itself tells which it crosses.
        let (from, to) = (row_of(a[1].min(b[1])).floor().max(0.0), (row_of(a[1].max(b[1])).ceil() + 1.0).clamp(0.0, count));
        for (row, crossings) in rows.iter_mut().enumerate().take(to as usize).skip(from as usize) {
            crossings.extend(crossing_at(a, b, level(row)));
        }
    }
    for (row, mut crossings) in rows.into_iter().enumerate() {
        crossings.sort_by(f64::total_cmp);
        for span in crossings.chunks_exact(2) {
            let width = span[1] - span[0];
            let pieces = (width / step).ceil();
            for piece in 0..pieces as usize {
                let u = span[0] + (piece as f64 + 0.5) / pieces * width;
                take([u, level(row)], w, width / pieces * row_height);
            }
        }
    }
}

/// A volume made ready for distances.
struct Probe<'s> {
    solid: &'s Solid,
    layers: Vec<Layer<'s>>,
}

struct Layer<'s> {
    slab: &'s Slab,
    edges: Edges,
    seen: Cell<Seen>,
}

/// A layer is asked for so much more than the distance in question.
const LASTS: f64 = 1.15;

/// What a layer answered last: where it was asked, whether that lies inside, and how far its boundary is from there at least.
#[derive(Clone, Copy)]
struct Seen {
    at: [f64; 2],
    inside: bool,
    least: f64,
}

impl Seen {
    const NOTHING: Self = Self { at: [0.0; 2], inside: false, least: 0.0 };
}

impl Layer<'_> {
    /// Whether `uv` is inside.
    fn contains(&self, uv: [f64; 2]) -> bool {
        let Seen { at, inside, least } = self.seen.get();
        if length(at, uv) < least { inside } else { self.edges.contains(uv) }
    }

    /// Whether `uv` is inside, and the square of its distance from the boundary, or `limit` where that is smaller.
    fn boundary(&self, uv: [f64; 2], limit: f64) -> (bool, f64) {
        let Seen { at, inside, least } = self.seen.get();
        let least = least - length(at, uv);
        if least > 0.0 && least * least >= limit {
            return (inside, limit);
        }
        let inside = if least > 0.0 { inside } else { self.edges.contains(uv) };
        // Asked for a little farther than needed, so that the answer does for the next samples too.
        let farther = LASTS * limit.sqrt() + STEP_MM;
        let squared = self.edges.nearest_squared(uv, farther * farther);
        self.seen.set(Seen { at: uv, inside, least: squared.sqrt() });
        (inside, squared.min(limit))
    }
}

impl<'s> Probe<'s> {
    fn new(solid: &'s Solid) -> Option<Self> {
        let layer = |slab: &'s Slab| Layer { slab, edges: Edges::of(&slab.region), seen: Cell::new(Seen::NOTHING) };
        (!solid.slabs().is_empty()).then(|| Self { solid, layers: solid.slabs().iter().map(layer).collect() })
    }

    /// Distance to the volume's surface, below 0 inside; it is known to be at most `reach`.
    fn distance(&self, point: PatientPoint, reach: f64) -> f64 {
        let frame = self.solid.frame();
        let (uv, w) = (frame.plane_from_patient(point), frame.height(point));
        // The bound was found with rounded coordinates.
        let reach = reach * (1.0 + 1e-9) + 1e-6;
        let above = self.layers.partition_point(|layer| layer.slab.upper < w);
        match self.layers.get(above).filter(|layer| layer.slab.lower <= w && layer.contains(uv)) {
            Some(_) => -self.depth(above, uv, w, reach),
            None => self.outside(above, uv, w, reach),
        }
    }

    /// Distance of a place outside from the nearest slab; `above` is the first that does not end below it.
    fn outside(&self, above: usize, uv: [f64; 2], w: f64, reach: f64) -> f64 {
        let mut best = reach * reach;
        let mut nearer = |layer: &Layer<'_>| {
            let dz = (layer.slab.lower - w).max(w - layer.slab.upper).max(0.0);
            let left = best - dz * dz;
            if left > 0.0 {
                let (inside, across) = layer.boundary(uv, left);
                best = best.min(if inside { 0.0 } else { across } + dz * dz);
            }
            left > 0.0
        };
        let (below, above) = self.layers.split_at(above);
        let _ = above.iter().all(&mut nearer);
        let _ = below.iter().rev().all(&mut nearer);
        best.sqrt()
    }

    /// Distance of a place inside slab `own` from where the volume ends.
    fn depth(&self, own: usize, uv: [f64; 2], w: f64, reach: f64) -> f64 {
        let (_, mut best) = self.layers[own].boundary(uv, reach * reach);
        for rising in [true, false] {
            let mut at = own;
            loop {
                let slab = self.layers[at].slab;
                let dz = if rising { slab.upper - w } else { w - slab.lower };
                let left = best - dz * dz;
                if left <= 0.0 {
                    break;
                }
                let next = if rising { Some(at + 1) } else { at.checked_sub(1) };
                let next = next.filter(|next| self.layers.get(*next).is_some_and(|layer| touches(slab, layer.slab)));
                let Some(next) = next else {
                    best = dz * dz;
                    break;
                };
                let (inside, across) = self.layers[next].boundary(uv, left);
                best = best.min(if inside { across } else { 0.0 } + dz * dz);
                at = next;
            }
        }
        best.sqrt()
    }
}

fn touches(a: &Slab, b: &Slab) -> bool {
    (b.lower - a.upper).max(a.lower - b.upper) <= SAME_PLANE_MM
}

fn length(a: [f64; 2], b: [f64; 2]) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solid::tests::cuboid;

    fn between(low: [f64; 3], high: [f64; 3]) -> [f64; 3] {
        let target = Solid::union_of(&[&cuboid([0.0; 3], [20.0; 3])]).unwrap();
        let found = surface_distance(&cuboid(low, high), &target).unwrap();
        [found.least.0, found.mean.0, found.most.0]
    }

    fn assert_near(found: [f64; 3], expected: [Option<f64>; 3]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!(expected.is_none_or(|expected| (found - expected).abs() <= 0.71), "{found:?} {expected:?}");
        }
    }

    #[test]
    fn a_box_beside_above_and_at_the_corner() {
        assert_near(between([26.0, 4.0, 4.0], [36.0, 16.0, 16.0]), [Some(6.0), None, Some(16.0)]);
        assert_near(between([4.0, 4.0, 30.0], [16.0, 16.0, 40.0]), [Some(10.0), None, Some(20.0)]);
        assert_near(between([23.0, 24.0, 32.0], [33.0, 34.0, 42.0]), [Some(13.0), None, None]);
    }

    #[test]
    fn inside_is_below_zero_and_the_mean_is_over_the_surface() {
        // Every face lies 6 mm deep.
        assert_near(between([6.0, 6.0, 6.0], [14.0, 14.0, 14.0]), [Some(-6.0), Some(-6.0), Some(-6.0)]);
        // Around: faces 5 mm out, corners the root of 75.
        assert_near(between([-5.0, -5.0, -4.0], [25.0, 25.0, 24.0]), [Some(4.0), None, Some(8.1)]);
    }

    #[test]
    fn a_surface_meets_itself() {
        assert_near(between([0.0; 3], [20.0; 3]), [Some(0.0), Some(0.0), Some(0.0)]);
    }

    #[test]
    fn bounds_carried_along_change_nothing() {
        let target = Solid::union_of(&[&cuboid([0.0; 3], [20.0; 3]), &cuboid([15.0, 3.0, 8.0], [40.0, 9.0, 30.0])]).unwrap();
        let probe = Probe::new(&target).unwrap();
        for n in 0..400 {
            let part = f64::from(n) / 400.0;
            let point = PatientPoint::new(-20.0 + 80.0 * part, 30.0 * (9.0 * part).sin(), 50.0 * (5.0 * part).cos());
            let free = probe.distance(point, f64::INFINITY);
            assert!((probe.distance(point, free.abs() + 3.0) - free).abs() < 1e-9, "{point:?} {free}");
        }
    }
}

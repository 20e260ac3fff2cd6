//! How far a ROI's surface lies from that of a volume, below 0 inside it.
//!
//! Both are prisms over parallel planes, so that the distance of a point from the volume's surface is exact;
//! the ROI's surface is sampled. A distance to a surface changes by no more than one moves: what was found at
//! a sample bounds the next, and most walls are never looked at.
//!
//! Units: millimetres. Frame: the [`StackFrame`](crate::plane::StackFrame) of each; they need not be
//! parallel.

use crate::edges::{Edges, boundary, squared_distance};
use crate::region::{Region, crossing_at};
use crate::solid::Solid;
use crate::stack::{RoiStack, Slab};
use crate::tolerance::SAME_PLANE_MM;
use crate::tree::{Bounds, Tree};
use rt_model::frame::PatientPoint;
use rt_model::units::Mm;

/// Distances of a ROI's surface from that of a volume.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
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

/// Where the least and the largest may be, samples of a surface lie so far apart.
const STEP_MM: f64 = 1.0;
/// So many samples do for the largest ROI.
const SAMPLES: f64 = 40_000.0;
/// A patch is at most so many steps long and high; a sample in its middle stands for it in the mean.
const STEPS_OF_PATCH: f64 = 4.0;

/// The distances of a ROI's surface from that of a volume; `None` where the ROI encloses nothing.
///
/// # Example
/// ```
/// use rt_geometry::distance::{Surface, surface_distance};
/// use rt_geometry::{example, solid::Solid};
///
/// let target = Surface::of(Solid::union_of(&[&example::stack()]).unwrap()).unwrap();
/// // A box that begins 10 mm behind the end of the target.
/// let organ = example::stack_along_x([30.0, 40.0]);
/// let found = surface_distance(&organ, &target).unwrap();
/// assert!((found.least.0 - 10.0).abs() <= 0.71 * found.step.0);
/// ```
#[must_use]
pub fn surface_distance(roi: &RoiStack, volume: &Surface) -> Option<SurfaceDistance> {
    let step = (surface_area(roi.slabs()) / SAMPLES).sqrt().max(STEP_MM);
    let place = |(uv, w): ([f64; 2], f64)| roi.frame().patient_from_plane(uv, w);
    let mut seen: Vec<(Patch, PatientPoint, f64)> = Vec::new();
    let (mut sum, mut area) = (0.0, 0.0);
    patches(roi.slabs(), step, &mut |patch| {
        let point = place(patch.middle());
        let reach = seen
            .last()
            .map_or(f64::INFINITY, |(_, at, distance)| distance.abs() + point.from_point(*at).length());
        let distance = volume.distance(point, reach);
        sum += patch.area * distance;
        area += patch.area;
        seen.push((patch, point, distance));
    });
    let mut least = seen.iter().map(|(.., distance)| *distance).fold(f64::INFINITY, f64::min);
    let mut most = seen.iter().map(|(.., distance)| *distance).fold(f64::NEG_INFINITY, f64::max);
    for (patch, middle, distance) in &seen {
        let radius = patch.radius();
        if distance - radius < least || distance + radius > most {
            for point in patch.cut(step).map(|piece| place(piece.middle())) {
                let near = volume.distance(point, distance.abs() + point.from_point(*middle).length());
                least = least.min(near);
                most = most.max(near);
            }
        }
    }
    (area > 0.0).then(|| SurfaceDistance {
        least: Mm(least),
        mean: Mm(sum / area),
        most: Mm(most),
        step: Mm(step),
    })
}

/// A piece of a surface: an edge, or a piece of one, over some height; on a face a piece of a row.
struct Patch {
    edge: [[f64; 2]; 2],
    lower: f64,
    upper: f64,
    area: f64,
}

impl Patch {
    fn middle(&self) -> ([f64; 2], f64) {
        let [a, b] = self.edge;
        ([0, 1].map(|axis| (a[axis] + b[axis]) / 2.0), (self.lower + self.upper) / 2.0)
    }

    /// How far its points lie from its middle at most.
    fn radius(&self) -> f64 {
        length(self.edge[0], self.edge[1]).hypot(self.upper - self.lower) / 2.0
    }

    /// Equal pieces, none longer or higher than `longest`.
    fn cut(&self, longest: f64) -> impl Iterator<Item = Self> {
        let pieces = |length: f64| (length / longest).ceil().max(1.0) as usize;
        let [a, b] = self.edge;
        let (along, up) = (pieces(length(a, b)), pieces(self.upper - self.lower));
        let place =
            move |at: usize| [0, 1].map(|axis| a[axis] + at as f64 / along as f64 * (b[axis] - a[axis]));
        let level = move |at: usize| self.lower + at as f64 / up as f64 * (self.upper - self.lower);
        let area = self.area / (along * up) as f64;
        let all = (0..along).flat_map(move |piece| (0..up).map(move |at| (piece, at)));
        all.map(move |(piece, at)| Self {
            edge: [piece, piece + 1].map(place),
            lower: level(at),
            upper: level(at + 1),
            area,
        })
    }
}

/// Area of the walls, and of what lies open above and below, roughly.
fn surface_area(slabs: &[Slab]) -> f64 {
    let perimeter = |region: &Region| {
        region.rings().iter().flat_map(|ring| ring.edges()).map(|(a, b)| length(a, b)).sum::<f64>()
    };
    let walls: f64 = slabs.iter().map(|slab| perimeter(&slab.region) * (slab.upper - slab.lower)).sum();
    let ends =
        [slabs.first(), slabs.last()].into_iter().flatten().map(|slab| slab.region.area().0).sum::<f64>();
    let terraces =
        slabs.windows(2).map(|pair| (pair[1].region.area().0 - pair[0].region.area().0).abs()).sum::<f64>();
    walls + ends + terraces
}

/// Calls `take` with every patch of a surface.
fn patches(slabs: &[Slab], step: f64, take: &mut dyn FnMut(Patch)) {
    let longest = STEPS_OF_PATCH * step;
    for Slab { lower, upper, region, .. } in slabs {
        for (a, b) in region.rings().iter().flat_map(|ring| ring.edges()) {
            let wall =
                Patch { edge: [a, b], lower: *lower, upper: *upper, area: length(a, b) * (upper - lower) };
            wall.cut(longest).for_each(&mut *take);
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

/// What lies in exactly one of two regions, row by row: along a row their crossings part inside from outside
/// in turn.
fn faces(one: &Region, other: &Region, w: f64, step: f64, take: &mut dyn FnMut(Patch)) {
    let bounds = [one.bounds(), other.bounds()].into_iter().flatten();
    let Some((low, high)) =
        bounds.map(|(low, high)| (low[1], high[1])).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    else {
        return;
    };
    let count = ((high - low) / step).ceil().max(1.0);
    let row_height = (high - low) / count;
    let level = |row: usize| low + (row as f64 + 0.5) * row_height;
    let mut rows: Vec<Vec<f64>> = vec![Vec::new(); count as usize];
    for (a, b) in one.rings().iter().chain(other.rings()).flat_map(|ring| ring.edges()) {
        let row_of = |v: f64| (v - low) / row_height - 0.5;
        // One row more on either side: the edge itself tells which it crosses.
        let (from, to) = (
            row_of(a[1].min(b[1])).floor().max(0.0),
            (row_of(a[1].max(b[1])).ceil() + 1.0).clamp(0.0, count),
        );
        for (row, crossings) in rows.iter_mut().enumerate().take(to as usize).skip(from as usize) {
            crossings.extend(crossing_at(a, b, level(row)));
        }
    }
    for (row, mut crossings) in rows.into_iter().enumerate() {
        crossings.sort_by(f64::total_cmp);
        for span in crossings.chunks_exact(2) {
            let edge = [[span[0], level(row)], [span[1], level(row)]];
            let strip = Patch { edge, lower: w, upper: w, area: (span[1] - span[0]) * row_height };
            strip.cut(STEPS_OF_PATCH * step).for_each(&mut *take);
        }
    }
}

/// The surface of a volume, made ready for distances: the walls of its layers, and what lies open above and
/// below them. What is nearest on an open face is right above or below a point, or on the face's rim, which
/// is a wall's.
#[derive(Debug)]
pub struct Surface {
    solid: Solid,
    /// The boundary of each slab's region.
    edges: Vec<Edges>,
    walls: Tree<Wall, 3>,
}

/// An edge of a layer's boundary over the layer's height.
#[derive(Debug)]
struct Wall {
    edge: [[f64; 2]; 2],
    lower: f64,
    upper: f64,
}

impl Wall {
    fn bounds(&self) -> Bounds<3> {
        let [a, b] = self.edge;
        Bounds::spanned([a[0], a[1], self.lower], [b[0], b[1], self.upper])
    }

    fn squared_distance(&self, uv: [f64; 2], w: f64) -> f64 {
        let off = (self.lower - w).max(w - self.upper).max(0.0);
        squared_distance(uv, &self.edge) + off * off
    }
}

impl Surface {
    /// Of a volume; `None` where that is nowhere.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{distance::Surface, example, solid::Solid};
    ///
    /// let solid = Solid::union_of(&[&example::stack()]).unwrap();
    /// assert!(Surface::of(solid).is_some());
    /// ```
    #[must_use]
    pub fn of(solid: Solid) -> Option<Self> {
        let mut walls = Vec::new();
        let edges_of = |slab: &Slab| {
            let edges: Vec<_> = boundary(&slab.region).collect();
            walls.extend(edges.iter().map(|edge| Wall { edge: *edge, lower: slab.lower, upper: slab.upper }));
            Edges::around(edges)
        };
        let edges: Vec<_> = solid.slabs().iter().map(edges_of).collect();
        (!edges.is_empty()).then(|| Self { solid, edges, walls: Tree::of(walls, Wall::bounds) })
    }

    /// The volume.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{distance::Surface, example, solid::Solid};
    ///
    /// let surface = Surface::of(Solid::union_of(&[&example::stack()]).unwrap()).unwrap();
    /// assert_eq!(surface.solid().slabs().len(), 2);
    /// ```
    #[must_use]
    pub const fn solid(&self) -> &Solid {
        &self.solid
    }

    /// Distance to the volume's surface, below 0 inside; it is known to be at most `reach`.
    fn distance(&self, point: PatientPoint, reach: f64) -> f64 {
        let frame = self.solid.frame();
        let (uv, w) = (frame.plane_from_patient(point), frame.height(point));
        // The bound was found with rounded coordinates.
        let reach = reach * (1.0 + 1e-9) + 1e-6;
        let walls = self
            .walls
            .nearest_squared(&[uv[0], uv[1], w], reach * reach, &|wall| wall.squared_distance(uv, w))
            .sqrt();
        let slabs = self.solid.slabs();
        let above = slabs.partition_point(|slab| slab.upper < w);
        match slabs.get(above).filter(|slab| slab.lower <= w && self.edges[above].contains(uv)) {
            Some(_) => -self.depth(above, uv, w, walls),
            None => self.outside(above, uv, w, walls),
        }
    }

    /// Distance of a place outside from the nearest slab, `walls` from the nearest wall; `above` is the first
    /// slab that does not end below the place.
    fn outside(&self, above: usize, uv: [f64; 2], w: f64, walls: f64) -> f64 {
        let slabs = self.solid.slabs();
        let face = |layers: &mut dyn Iterator<Item = usize>| {
            layers
                .map(|at| (at, (slabs[at].lower - w).max(w - slabs[at].upper).max(0.0)))
                .take_while(|(_, dz)| *dz < walls)
                .find(|(at, _)| self.edges[*at].contains(uv))
                .map_or(walls, |(_, dz)| dz)
        };
        face(&mut (above..slabs.len())).min(face(&mut (0..above).rev()))
    }

    /// Distance of a place inside slab `own` from where the volume ends, `walls` from the nearest wall.
    fn depth(&self, own: usize, uv: [f64; 2], w: f64, walls: f64) -> f64 {
        let slabs = self.solid.slabs();
        let face = |rising: bool| {
            let mut at = own;
            loop {
                let dz = if rising { slabs[at].upper - w } else { w - slabs[at].lower };
                if dz >= walls {
                    return walls;
                }
                let next = if rising { Some(at + 1) } else { at.checked_sub(1) };
                let goes_on = |next: &usize| {
                    slabs
                        .get(*next)
                        .is_some_and(|slab| touches(&slabs[at], slab) && self.edges[*next].contains(uv))
                };
                match next.filter(goes_on) {
                    Some(next) => at = next,
                    None => return dz,
                }
            }
        };
        face(true).min(face(false))
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
        let target = Surface::of(Solid::union_of(&[&cuboid([0.0; 3], [20.0; 3])]).unwrap()).unwrap();
        let found = surface_distance(&cuboid(low, high), &target).unwrap();
        [found.least.0, found.mean.0, found.most.0]
    }

    fn assert_near(found: [f64; 3], expected: [Option<f64>; 3]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                expected.is_none_or(|expected| (found - expected).abs() <= 0.71),
                "{found:?} {expected:?}"
            );
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
    fn the_nearest_of_many_boxes_is_found() {
        let boxes = [
            ([0.0; 3], [20.0; 3]),
            ([15.0, 3.0, 8.0], [40.0, 9.0, 30.0]),
            ([-30.0, -4.0, 40.0], [-6.0, 30.0, 48.0]),
        ];
        let stacks = boxes.map(|(low, high)| cuboid(low, high));
        let target = Solid::union_of(&stacks.iter().collect::<Vec<_>>()).unwrap();
        let target = Surface::of(target).unwrap();
        let mut inside = 0;
        for n in 0..4000 {
            let part = |step: f64| (f64::from(n) * step).fract();
            let at = [
                -50.0 + 110.0 * part(0.618_034),
                -20.0 + 70.0 * part(0.754_878),
                -20.0 + 90.0 * part(0.569_840),
            ];
            let off = |(low, high): &([f64; 3], [f64; 3])| {
                let off = [0, 1, 2].map(|axis| (low[axis] - at[axis]).max(at[axis] - high[axis]));
                let outside = off.iter().map(|off| off.max(0.0).powi(2)).sum::<f64>().sqrt();
                if outside > 0.0 { outside } else { off.into_iter().fold(f64::NEG_INFINITY, f64::max) }
            };
            let expected = boxes.iter().map(off).fold(f64::INFINITY, f64::min);
            let found = target.distance(PatientPoint::new(at[0], at[1], at[2]), f64::INFINITY);
            // The wall of one box inside the other is no surface; the third box is alone.
            let hidden = expected < 0.0 && off(&boxes[2]) > 0.0;
            assert!(
                (found - expected).abs() < 1e-9 || (hidden && found < expected),
                "{at:?}: {found} {expected}"
            );
            inside += usize::from(found < 0.0);
        }
        assert!(inside > 50, "{inside}");
    }

    #[test]
    fn bounds_carried_along_change_nothing() {
        let target =
            Solid::union_of(&[&cuboid([0.0; 3], [20.0; 3]), &cuboid([15.0, 3.0, 8.0], [40.0, 9.0, 30.0])])
                .unwrap();
        let target = Surface::of(target).unwrap();
        for n in 0..400 {
            let part = f64::from(n) / 400.0;
            let point =
                PatientPoint::new(-20.0 + 80.0 * part, 30.0 * (9.0 * part).sin(), 50.0 * (5.0 * part).cos());
            let free = target.distance(point, f64::INFINITY);
            assert!((target.distance(point, free.abs() + 3.0) - free).abs() < 1e-9, "{point:?} {free}");
        }
    }
}

//! Which ring lies in which.
//!
//! The rings do not cross. A ring lies in another where an inner point of it does and the other is larger;
//! points on boundaries decide nothing, so that rings may touch and share walls.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use super::{Bounds, Ring, TooComplex, bounds, crossings_at, is_inside, meets_another, signed_area};

/// More rings than this on one plane are no anatomy; comparing each with each would take minutes.
const MOST_RINGS: usize = 4096;

/// Areas this close, relative, are the same area drawn with other points.
const SAME_AREA: f64 = 1e-9;

/// What is asked of a ring again and again.
struct Outline<'r> {
    points: &'r [[f64; 2]],
    low: [f64; 2],
    high: [f64; 2],
    area: f64,
    inner: [f64; 2],
}

impl<'r> Outline<'r> {
    fn new(points: &'r [[f64; 2]], (low, high): Bounds) -> Option<Self> {
        Some(Self { points, low, high, area: even_odd_area(points), inner: inner_point(points)? })
    }

    fn is_in(&self, outer: &Self) -> bool {
        (0..2).all(|axis| outer.low[axis] <= self.inner[axis] && self.inner[axis] <= outer.high[axis])
            && self.area <= outer.area
            && is_inside(outer.points, self.inner)
    }

    fn is_same(&self, other: &Self) -> bool {
        (self.area - other.area).abs() <= SAME_AREA * other.area
            && is_inside(other.points, self.inner)
            && is_inside(self.points, other.inner)
    }
}

/// Rings that do not cross, each with the number of rings around it, and pairs (ring, earlier ring) that are
/// one outline drawn twice with different points.
pub(super) struct Nesting {
    around: Vec<Vec<usize>>,
    pub(super) same: Vec<(usize, usize)>,
}

impl Nesting {
    /// # Errors
    /// Where there are more rings than can be compared.
    pub(super) fn of<'r>(rings: impl IntoIterator<Item = &'r [[f64; 2]]>) -> Result<Self, TooComplex> {
        let rings: Vec<&[[f64; 2]]> = rings.into_iter().collect();
        if rings.len() > MOST_RINGS {
            return Err(TooComplex { edges: rings.iter().map(|points| points.len()).sum() });
        }
        // A ring that no other comes near, mostly the only one of its plane, lies in none and has none in it.
        let boxes: Vec<Option<Bounds>> = rings.iter().map(|points| bounds(*points)).collect();
        let outline = |(at, points): (usize, &&'r [[f64; 2]])| {
            boxes[at].filter(|_| meets_another(&boxes, at)).and_then(|own| Outline::new(points, own))
        };
        let outlines: Vec<Option<Outline<'_>>> = rings.iter().enumerate().map(outline).collect();
        let mut nesting = Self { around: vec![Vec::new(); outlines.len()], same: Vec::new() };
        for (at, ring) in outlines.iter().enumerate() {
            let Some(ring) = ring else { continue };
            for (other, outer) in outlines.iter().enumerate().filter(|(other, _)| *other != at) {
                let Some(outer) = outer.as_ref().filter(|outer| ring.is_in(outer)) else { continue };
                if !ring.is_same(outer) {
                    nesting.around[at].push(other);
                } else if other < at {
                    nesting.same.push((at, other));
                }
            }
        }
        Ok(nesting)
    }

    /// 1 for rings that add their inside, -1 for those that are holes.
    pub(super) fn sign(&self, ring: usize) -> f64 {
        if self.around[ring].len().is_multiple_of(2) { 1.0 } else { -1.0 }
    }

    /// The ring directly around a ring.
    pub(super) fn parent(&self, ring: usize) -> Option<usize> {
        // Rings around the same ring lie in each other: the innermost has the most around it.
        self.around[ring].iter().copied().max_by_key(|outer| self.around[*outer].len())
    }
}

/// Rings that do not cross as a region's: counter-clockwise, with their signs.
///
/// # Errors
/// Where there are more rings than can be compared.
pub(super) fn nest(rings: Vec<Vec<[f64; 2]>>) -> Result<Vec<Ring>, TooComplex> {
    let nesting = Nesting::of(rings.iter().map(Vec::as_slice))?;
    let turned = |mut points: Vec<[f64; 2]>| {
        if signed_area(&points) < 0.0 {
            points.reverse();
        }
        points
    };
    Ok(rings
        .into_iter()
        .enumerate()
        .map(|(at, points)| Ring { points: turned(points), sign: nesting.sign(at) })
        .collect())
}

/// A ring's area, whatever its turn.
fn even_odd_area(points: &[[f64; 2]]) -> f64 {
    signed_area(points).abs()
}

/// A point inside a ring, away from its boundary: the middle of the widest run, half-way between the two
/// neighbouring vertex heights that are farthest apart.
fn inner_point(points: &[[f64; 2]]) -> Option<[f64; 2]> {
    let mut heights: Vec<f64> = points.iter().map(|point| point[1]).collect();
    heights.sort_by(f64::total_cmp);
    let between = heights.windows(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))?;
    let v = (between[0] + between[1]) / 2.0;
    let crossings = crossings_at(std::iter::once(points), v);
    let widest = crossings.chunks_exact(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))?;
    Some([(widest[0] + widest[1]) / 2.0, v])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(low: f64, high: f64) -> Vec<[f64; 2]> {
        vec![[low, low], [high, low], [high, high], [low, high]]
    }

    #[test]
    fn a_ring_that_touches_all_sides_from_inside_is_inside() {
        let diamond = vec![[5.0, 0.0], [10.0, 5.0], [5.0, 10.0], [0.0, 5.0]];
        let rings = [diamond, square(0.0, 10.0), square(4.0, 6.0)];
        let nesting = Nesting::of(rings.iter().map(Vec::as_slice)).unwrap();
        assert_eq!([0, 1, 2].map(|at| nesting.sign(at)), [-1.0, 1.0, 1.0]);
        assert_eq!([0, 1, 2].map(|at| nesting.parent(at)), [Some(1), None, Some(0)]);
    }

    #[test]
    fn one_outline_with_other_points_is_the_same() {
        let mut more = square(0.0, 10.0);
        more.insert(1, [3.0, 0.0]);
        let rings = [square(0.0, 10.0), more];
        assert_eq!(Nesting::of(rings.iter().map(Vec::as_slice)).unwrap().same, [(1, 0)]);
    }

    #[test]
    fn the_inner_point_is_inside() {
        let horseshoe = [
            [0.0, 0.0],
            [10.0, 0.0],
            [10.0, 8.0],
            [9.0, 8.0],
            [9.0, 1.0],
            [1.0, 1.0],
            [1.0, 8.0],
            [0.0, 8.0],
        ];
        assert!(is_inside(&horseshoe, inner_point(&horseshoe).unwrap()));
    }
}

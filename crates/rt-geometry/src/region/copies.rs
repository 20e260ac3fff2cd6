//! Rings that are drawn twice, the second time with other points or fewer decimals.
//!
//! Two rings are one where their boundaries are nowhere farther apart than rounding explains: 0.05 mm, or one
//! and a half units of the coarser one's last decimal, at most 0.15 mm. The area decides nothing: between the
//! walls of a skin of 1 mm around a large body there is less than 2 % of the area.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use super::nest::Nesting;
use super::{Bounds, Defect, Region, bounds, edges};
use crate::edges::squared_distance;

/// Boundaries this close are one however finely they are written, mm.
const ALWAYS_MM: f64 = 0.05;

/// Boundaries farther apart than this never are, mm.
const NEVER_MM: f64 = 0.15;

/// Two roundings to a unit are at most this many units apart, and a little for the corners between them.
const UNITS: f64 = 1.5;

/// How finely the coordinates of a ring are written: the unit of its last decimal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Unit(f64);

impl Unit {
    /// The unit of coordinates as they are written in the file; 1e-5 where they have more decimals than four.
    pub(crate) fn of(coordinates: impl Iterator<Item = f64> + Clone) -> Self {
        let is_written = |scale: f64| {
            coordinates.clone().all(|coordinate| {
                let scaled = coordinate * scale;
                (scaled - scaled.round()).abs() < 1e-6
            })
        };
        let scales = [1.0, 10.0, 100.0, 1e3, 1e4];
        Self(1.0 / scales.into_iter().find(|scale| is_written(*scale)).unwrap_or(1e5))
    }

    /// Coordinates are whole millimetres.
    pub(crate) const fn is_whole(self) -> bool {
        self.0 == 1.0
    }
}

/// Pairs (ring, other): the ring is a copy of the other, which stays: the one with more decimals, then more
/// points, then the first.
pub(super) fn copies(rings: &[Vec<[f64; 2]>], unit: &dyn Fn(usize) -> Unit) -> Vec<(usize, usize)> {
    let boxes: Vec<Option<Bounds>> = rings.iter().map(bounds).collect();
    let is_near = |a: usize, b: usize| match (boxes[a], boxes[b]) {
        (Some(a), Some(b)) => (0..2).all(|axis| {
            (a.0[axis] - b.0[axis]).abs() <= NEVER_MM && (a.1[axis] - b.1[axis]).abs() <= NEVER_MM
        }),
        _ => false,
    };
    let is_candidate = |ring: &usize| (0..rings.len()).any(|other| other != *ring && is_near(*ring, other));
    let mut candidates: Vec<(usize, Unit)> =
        (0..rings.len()).filter(is_candidate).map(|ring| (ring, unit(ring))).collect();
    // Stable: of equals the first stays.
    candidates.sort_by(|(a, unit_a), (b, unit_b)| {
        unit_a.0.total_cmp(&unit_b.0).then(rings[*b].len().cmp(&rings[*a].len()))
    });
    let mut kept: Vec<(usize, Unit)> = Vec::new();
    let mut copies = Vec::new();
    for (ring, unit) in candidates {
        let is_same = |(other, finer): &&(usize, Unit)| {
            let limit = (UNITS * unit.0.max(finer.0)).clamp(ALWAYS_MM, NEVER_MM);
            is_near(ring, *other) && farthest(&rings[ring], &rings[*other], limit).is_some()
        };
        match kept.iter().find(is_same) {
            Some((other, _)) => copies.push((ring, *other)),
            None => kept.push((ring, unit)),
        }
    }
    copies
}

/// The largest distance of a vertex of one ring to the other's boundary, either way; `None` where it is over
/// a limit.
pub(super) fn farthest(a: &[[f64; 2]], b: &[[f64; 2]], limit: f64) -> Option<f64> {
    Some(reach(a, b, limit)?.max(reach(b, a, limit)?))
}

fn reach(from: &[[f64; 2]], to: &[[f64; 2]], limit: f64) -> Option<f64> {
    let mut most = 0.0f64;
    for point in from {
        let nearest =
            edges(to).map(|(a, b)| squared_distance(*point, &[a, b])).fold(f64::INFINITY, f64::min).sqrt();
        if nearest > limit {
            return None;
        }
        most = most.max(nearest);
    }
    Some(most)
}

/// A wall thinner than this may be a copy that was moved, mm.
pub(crate) const THIN_WALL_MM: f64 = 1.5;

impl Region {
    /// How many rings lie in others, and the thinnest wall between such two.
    pub(super) fn nested(&self) -> Option<Defect> {
        if self.rings.len() < 2 {
            return None;
        }
        let nesting = Nesting::of(self.rings.iter().map(super::Ring::points)).ok()?;
        let pairs = || (0..self.rings.len()).filter_map(|ring| Some((ring, nesting.parent(ring)?)));
        let wall = |(ring, around): (usize, usize)| {
            let (inner, outer) = (self.rings[ring].points(), self.rings[around].points());
            let (a, b) = (bounds(inner)?, bounds(outer)?);
            let is_near = (0..2).all(|axis| {
                (a.0[axis] - b.0[axis]).abs() < THIN_WALL_MM && (a.1[axis] - b.1[axis]).abs() < THIN_WALL_MM
            });
            let thickness = is_near.then(|| farthest(inner, outer, THIN_WALL_MM))??;
            let whole = |points: &[[f64; 2]]| Unit::of(points.iter().flatten().copied()).is_whole();
            Some((thickness, whole(inner) && whole(outer)))
        };
        let thinnest = pairs().filter_map(wall).min_by(|a, b| a.0.total_cmp(&b.0));
        let count = pairs().count();
        (count > 0).then(|| Defect::Nested {
            count,
            thinnest: thinnest.map(|(thickness, _)| thickness),
            whole_millimetres: thinnest.is_some_and(|(_, whole)| whole),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(radius: f64, decimals: i32) -> Vec<[f64; 2]> {
        let scale = 10f64.powi(decimals);
        let point = |n: u32| {
            let (sin, cos) = (f64::from(n) / 120.0 * std::f64::consts::TAU).sin_cos();
            [radius * cos, radius * sin].map(|coordinate| (coordinate * scale).round() / scale)
        };
        (0..120).map(point).collect()
    }

    fn found(rings: &[Vec<[f64; 2]>]) -> Vec<(usize, usize)> {
        copies(rings, &|ring| Unit::of(rings[ring].iter().flatten().copied()))
    }

    #[test]
    fn the_copy_with_more_decimals_stays() {
        for decimals in 1..4 {
            assert_eq!(found(&[circle(15.0, decimals), circle(15.0, 4)]), [(0, 1)], "{decimals}");
        }
        assert_eq!(found(&[circle(15.0, 4), circle(15.0, 0)]), [], "half a millimetre apart");
    }

    #[test]
    fn thin_walls_are_walls() {
        assert_eq!(found(&[circle(15.0, 1), circle(14.8, 1)]), []);
        assert_eq!(found(&[circle(15.0, 2), circle(14.94, 2)]), []);
        assert_eq!(found(&[circle(200.0, 4), circle(198.0, 4)]), []);
    }
}

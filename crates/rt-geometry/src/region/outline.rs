//! The true boundary of a region: without walls that have the inside on both sides.
//!
//! A keyhole runs in and out along one channel; two rings can share a wall. Such edges are in the region's
//! rings twice, once each way, and bound nothing.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use super::{Region, signed_area};
use std::collections::HashMap;

type Point = [f64; 2];

/// A point as a key: equal bits are equal points. (-0 and 0 are one.)
fn key(point: Point) -> [u64; 2] {
    point.map(|c| (c + 0.0).to_bits())
}

impl Region {
    /// Closed rings around the region, the inside to their left, without walls that have the inside on both
    /// sides.
    pub(crate) fn outlines(&self) -> Vec<Vec<Point>> {
        let directed = self.rings.iter().map(|ring| {
            let mut points = ring.points.clone();
            if ring.sign < 0.0 {
                points.reverse();
            }
            points
        });
        let rings: Vec<Vec<Point>> = directed.collect();
        let edges = || rings.iter().flat_map(|ring| super::edges(ring)).filter(|(a, b)| key(*a) != key(*b));
        let mut count: HashMap<[[u64; 2]; 2], u32> = HashMap::new();
        for (a, b) in edges() {
            *count.entry([key(a), key(b)]).or_default() += 1;
        }
        if edges().all(|(a, b)| !count.contains_key(&[key(b), key(a)])) {
            return rings;
        }
        let mut left: Vec<(Point, Point)> = Vec::new();
        for (a, b) in edges() {
            match count.get_mut(&[key(b), key(a)]) {
                Some(back) if *back > 0 => *back -= 1,
                _ => left.push((a, b)),
            }
        }
        chained(&left)
    }

    /// The region with its true boundary as rings.
    pub(crate) fn without_walls(&self) -> Self {
        Self::from_outlines(self.outlines())
    }
}

/// Closed rings from directed edges; as many begin as end at every point.
fn chained(edges: &[(Point, Point)]) -> Vec<Vec<Point>> {
    let mut from: HashMap<[u64; 2], Vec<usize>> = HashMap::new();
    for (at, (start, _)) in edges.iter().enumerate().rev() {
        from.entry(key(*start)).or_default().push(at);
    }
    let mut used = vec![false; edges.len()];
    let mut rings = Vec::new();
    for first in 0..edges.len() {
        let mut ring = Vec::new();
        let mut next = Some(first);
        while let Some(at) = next.filter(|at| !used[*at]) {
            used[at] = true;
            ring.push(edges[at].0);
            let onward = from.get_mut(&key(edges[at].1));
            next = onward.and_then(|ways| {
                while ways.last().is_some_and(|way| used[*way]) {
                    ways.pop();
                }
                ways.pop()
            });
        }
        if ring.len() >= 3 && signed_area(&ring) != 0.0 {
            rings.push(ring);
        }
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::super::DrawnRing;
    use super::*;

    fn region(rings: &[&[Point]]) -> Region {
        let drawn: Vec<_> =
            rings.iter().map(|points| DrawnRing { points: points.to_vec(), exclusive_or: false }).collect();
        Region::from_drawn(&drawn).unwrap().0
    }

    #[test]
    fn a_keyhole_becomes_an_outline_and_a_hole() {
        let outer = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 5.0]];
        let inner = [[2.0, 5.0], [2.0, 8.0], [8.0, 8.0], [8.0, 2.0], [2.0, 2.0], [2.0, 5.0]];
        let keyhole: Vec<Point> = outer.iter().chain(&inner).chain([&[0.0, 5.0]]).copied().collect();
        let opened = region(&[&keyhole]).without_walls();
        assert_eq!(opened.rings().iter().map(|ring| ring.sign()).collect::<Vec<_>>(), [1.0, -1.0]);
        assert_eq!(opened.area().0, 64.0);
    }

    #[test]
    fn neighbours_that_share_a_wall_become_one() {
        let left = [[0.0, 0.0], [5.0, 0.0], [5.0, 10.0], [0.0, 10.0]];
        let right = [[5.0, 0.0], [9.0, 0.0], [9.0, 10.0], [5.0, 10.0]];
        let one = region(&[&left, &right]).without_walls();
        assert_eq!((one.rings().len(), one.area().0), (1, 90.0));
    }

    #[test]
    fn plain_rings_stay_as_they_are() {
        let square = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]];
        assert_eq!(region(&[&square]).without_walls(), region(&[&square]));
    }
}

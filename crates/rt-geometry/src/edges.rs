//! The true boundary of a region as a tree of its edges: which is nearest to a point, and whether the point lies inside.
//!
//! Edges that follow each other along a boundary lie close together: a binary tree of boxes over runs of them answers in about as
//! many steps as the tree is high.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use crate::region::{Region, crossing_at};

/// Edges in a leaf of the tree.
const LEAF: usize = 4;

type Point = [f64; 2];

/// A box: lower and upper corner.
#[derive(Debug, Clone, Copy)]
struct Bounds(Point, Point);

impl Bounds {
    const NONE: Self = Self([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);

    fn with(self, p: Point) -> Self {
        Self([self.0[0].min(p[0]), self.0[1].min(p[1])], [self.1[0].max(p[0]), self.1[1].max(p[1])])
    }

    fn squared_distance(&self, p: Point) -> f64 {
        let off = [0, 1].map(|axis| (self.0[axis] - p[axis]).max(p[axis] - self.1[axis]).max(0.0));
        off[0] * off[0] + off[1] * off[1]
    }
}

/// The edges of a region in a tree: the children of node n are 2n and 2n + 1, the root is 1.
#[derive(Debug)]
pub(crate) struct Edges {
    edges: Vec<[Point; 2]>,
    boxes: Vec<Bounds>,
    /// Number of leaves, a power of two.
    leaves: usize,
}

impl Edges {
    pub(crate) fn of(region: &Region) -> Self {
        let ring_edges =
            |ring: &Vec<Point>| (0..ring.len()).map(|at| [ring[at], ring[(at + 1) % ring.len()]]).collect::<Vec<_>>();
        let edges: Vec<[Point; 2]> = region.outlines().iter().flat_map(ring_edges).collect();
        let leaves = edges.len().div_ceil(LEAF).next_power_of_two();
        let mut boxes = vec![Bounds::NONE; 2 * leaves];
        for (at, [a, b]) in edges.iter().enumerate() {
            let leaf = &mut boxes[leaves + at / LEAF];
            *leaf = leaf.with(*a).with(*b);
        }
        for node in (1..leaves).rev() {
            let (left, right) = (boxes[2 * node], boxes[2 * node + 1]);
            boxes[node] = left.with(right.0).with(right.1);
        }
        Self { edges, boxes, leaves }
    }

    /// The distance to the nearest edge, or `limit` where that is smaller.
    pub(crate) fn nearest(&self, point: Point, limit: f64) -> f64 {
        self.nearest_squared(point, limit * limit).sqrt()
    }

    /// The square of the distance to the nearest edge, or `limit` where that is smaller.
    pub(crate) fn nearest_squared(&self, point: Point, limit: f64) -> f64 {
        if self.boxes[1].squared_distance(point) < limit { self.nearest_below(1, point, limit) } else { limit }
    }

    fn nearest_below(&self, node: usize, point: Point, limit: f64) -> f64 {
        if node >= self.leaves {
            return self.leaf(node).iter().fold(limit, |least, edge| least.min(squared_distance(point, edge)));
        }
        let [left, right] = [2 * node, 2 * node + 1].map(|child| (child, self.boxes[child].squared_distance(point)));
        let (near, far) = if left.1 <= right.1 { (left, right) } else { (right, left) };
        [near, far].iter().fold(
            limit,
            |least, (child, distance)| {
                if *distance < least { self.nearest_below(*child, point, least) } else { least }
            },
        )
    }

    /// Whether a point is inside; on the boundary either answer may come.
    pub(crate) fn contains(&self, point: Point) -> bool {
        self.crossings_below(1, point) % 2 == 1
    }

    /// Edges that cross the level line to the right of a point.
    fn crossings_below(&self, node: usize, point: Point) -> usize {
        let Bounds(low, high) = self.boxes[node];
        if point[1] < low[1] || high[1] <= point[1] || high[0] <= point[0] {
            return 0;
        }
        if node >= self.leaves {
            return self.leaf(node).iter().filter(|[a, b]| crossing_at(*a, *b, point[1]).is_some_and(|u| point[0] < u)).count();
        }
        self.crossings_below(2 * node, point) + self.crossings_below(2 * node + 1, point)
    }

    fn leaf(&self, node: usize) -> &[[Point; 2]] {
        let first = (node - self.leaves) * LEAF;
        &self.edges[first.min(self.edges.len())..(first + LEAF).min(self.edges.len())]
    }
}

fn squared_distance(point: [f64; 2], [a, b]: &[[f64; 2]; 2]) -> f64 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let from_a = [point[0] - a[0], point[1] - a[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let t = if length > 0.0 { ((from_a[0] * along[0] + from_a[1] * along[1]) / length).clamp(0.0, 1.0) } else { 0.0 };
    let off = [from_a[0] - t * along[0], from_a[1] - t * along[1]];
    off[0] * off[0] + off[1] * off[1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::DrawnRing;

    proptest::proptest! {
        #[test]
        fn the_tree_answers_as_all_edges_together(
            radii in proptest::collection::vec(1.0f64..40.0, 3..80),
            points in proptest::collection::vec((-60.0f64..60.0, -60.0f64..60.0), 20),
            limit in 0.5f64..200.0,
        ) {
            let count = radii.len() as f64;
            let star = radii.iter().enumerate().map(|(n, radius)| {
                let (sin, cos) = (n as f64 / count * std::f64::consts::TAU).sin_cos();
                [radius * cos, radius * sin]
            });
            let (region, _) = Region::from_drawn(&[DrawnRing { points: star.collect(), exclusive_or: false }]).unwrap();
            let edges = Edges::of(&region);
            for (u, v) in points {
                let all = region.rings().iter().flat_map(|ring| ring.edges());
                let least = all.map(|(a, b)| squared_distance([u, v], &[a, b])).fold(f64::INFINITY, f64::min).sqrt();
                proptest::prop_assert!((edges.nearest([u, v], limit) - least.min(limit)).abs() < 1e-12);
                proptest::prop_assert_eq!(edges.contains([u, v]), region.contains([u, v]));
            }
        }
    }
}

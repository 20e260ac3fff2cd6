//! The true boundary of a region as a tree of its edges: which is nearest to a point, and whether the point
//! lies inside.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use crate::region::{Region, crossing_at};
use crate::tree::{Bounds, Tree};

type Point = [f64; 2];

/// The edges of a region.
#[derive(Debug)]
pub(crate) struct Edges(Tree<[Point; 2], 2>);

impl Edges {
    pub(crate) fn of(region: &Region) -> Self {
        Self::around(boundary(region).collect())
    }

    /// From what [`boundary`] tells of a region.
    pub(crate) fn around(boundary: Vec<[Point; 2]>) -> Self {
        Self(Tree::of(boundary, |[a, b]| Bounds::spanned(*a, *b)))
    }

    /// The distance to the nearest edge, or `limit` where that is smaller.
    pub(crate) fn nearest(&self, point: Point, limit: f64) -> f64 {
        self.0.nearest_squared(&point, limit * limit, &|edge| squared_distance(point, edge)).sqrt()
    }

    /// Whether a point is inside; on the boundary either answer may come.
    pub(crate) fn contains(&self, point: Point) -> bool {
        let [u, v] = point;
        let matters = |bounds: &Bounds<2>| bounds.low[1] <= v && v < bounds.high[1] && u < bounds.high[0];
        let to_the_right = |[a, b]: &&[Point; 2]| crossing_at(*a, *b, v).is_some_and(|crossing| u < crossing);
        self.0.count(&matters, &|edges| edges.iter().filter(to_the_right).count()) % 2 == 1
    }
}

/// The edges of a region's true boundary.
pub(crate) fn boundary(region: &Region) -> impl Iterator<Item = [Point; 2]> {
    let edges = |ring: Vec<Point>| (0..ring.len()).map(move |at| [ring[at], ring[(at + 1) % ring.len()]]);
    region.outlines().into_iter().flat_map(edges)
}

/// The square of a point's distance from an edge.
pub(crate) fn squared_distance(point: Point, [a, b]: &[Point; 2]) -> f64 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let from_a = [point[0] - a[0], point[1] - a[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let t = if length > 0.0 {
        ((from_a[0] * along[0] + from_a[1] * along[1]) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
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

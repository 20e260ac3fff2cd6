//! Level sets of distances: regions between two regions, and regions pushed inwards.
//!
//! The signed distance of a region is positive inside. On a fine lattice it is exact (the distance to the
//! nearest edge); between lattice points a level set is followed by marching squares with linear crossings.
//! With a lattice a 32nd of a region's mean width, a disc's area comes out within 0.05 % (0.2 % for one a
//! third as wide as the other); a corner is cut by a third of a lattice step. Walls that a region has on both
//! sides (the channel of a keyhole, a wall that two rings share) are not a boundary.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

mod lattice;
mod marching;

use crate::edges::Edges;
use crate::region::Region;
use lattice::Lattice;

impl Region {
    /// The regions at `parts` of the way from this one (0) to another (1) by their shapes: where the blend of
    /// the signed distances to both is positive. What is apart on one of them and joined on the other grows
    /// together on the way. None where either is empty.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    ///
    /// let square = example::region();
    /// let other = example::stack_along_x([10.0, 30.0]).slabs()[0].region.clone();
    /// let between = square.towards(&other, &[0.5]);
    /// let [u, v] = between[0].centroid().unwrap();
    /// assert!((u - 15.0).abs() < 0.1 && (v - 10.0).abs() < 0.1, "half-way from one to the other");
    /// ```
    #[must_use]
    pub fn towards(&self, other: &Self, parts: &[f64]) -> Vec<Self> {
        if self.is_empty() || other.is_empty() {
            return Vec::new();
        }
        let level = Level::between(&self.without_walls(), &other.without_walls());
        parts.iter().map(|part| level.blended(*part)).collect()
    }
}

/// Signed distances to one region, or to two at once, at the points of a lattice around them.
pub(crate) struct Level {
    lattice: Lattice,
    /// Distances to the first region; not a number where no level passes.
    first: Vec<f64>,
    /// The same to the second.
    second: Vec<f64>,
    /// Lower corners of the squares that a level may pass.
    squares: Vec<usize>,
}

impl Level {
    /// Between two regions; neither is empty.
    pub(crate) fn between(first: &Region, second: &Region) -> Self {
        let lattice = Lattice::around(&[first, second]);
        let (in_first, in_second) = (lattice.inside(first), lattice.inside(second));
        let both = |at: usize| in_first[at] && in_second[at];
        let neither = |at: usize| !in_first[at] && !in_second[at];
        let squares: Vec<usize> = lattice
            .squares()
            .filter(|at| {
                let corners = lattice.corners(*at);
                !corners.iter().all(|at| both(*at)) && !corners.iter().all(|at| neither(*at))
            })
            .collect();
        let [first, second] = [(first, in_first), (second, in_second)].map(|(region, inside)| {
            let mut near = Near::new(region);
            let mut distances = vec![f64::NAN; inside.len()];
            for at in squares.iter().flat_map(|at| lattice.corners(*at)) {
                if distances[at].is_nan() {
                    let distance = near.distance(lattice.point(at));
                    distances[at] = if inside[at] { distance } else { -distance };
                }
            }
            distances
        });
        Self { lattice, first, second, squares }
    }

    /// Inside one region, down to `depth` mm below its boundary.
    pub(crate) fn inside(region: &Region, depth: f64) -> Self {
        let lattice = Lattice::around(&[region]);
        let edges = Edges::of(region);
        let limit = depth + 2.0 * lattice.step();
        let distance = |(at, inside): (usize, &bool)| {
            let distance = edges.nearest(lattice.point(at), limit);
            if *inside { distance } else { -distance }
        };
        let first: Vec<f64> = lattice.inside(region).iter().enumerate().map(distance).collect();
        let shallow = |at: &usize| {
            let corners = lattice.corners(*at);
            corners.iter().any(|at| first[*at] >= 0.0) && corners.iter().any(|at| first[*at] <= depth)
        };
        let squares = lattice.squares().filter(shallow).collect();
        Self { lattice, second: Vec::new(), first, squares }
    }

    /// The largest distance between the two regions' boundaries, measured through the points that lie in one
    /// of them alone, mm.
    pub(crate) fn movement(&self) -> f64 {
        let apart =
            self.first.iter().zip(&self.second).filter(|(a, b)| (**a > 0.0) != (**b > 0.0) && a.is_finite());
        apart.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    /// The region at `part` of the way from the first region (0) to the second (1).
    pub(crate) fn blended(&self, part: f64) -> Region {
        self.where_positive(|at| (1.0 - part) * self.first[at] + part * self.second[at])
    }

    /// The region pushed inwards by `margin` mm.
    pub(crate) fn eroded(&self, margin: f64) -> Region {
        self.where_positive(|at| self.first[at] - margin)
    }

    fn where_positive(&self, value: impl Fn(usize) -> f64) -> Region {
        Region::from_outlines(marching::rings(&self.lattice, &self.squares, value))
    }
}

/// Distances to a region at one point after another: each tells how far away the next can be at most.
struct Near {
    edges: Edges,
    last: Option<([f64; 2], f64)>,
}

impl Near {
    fn new(region: &Region) -> Self {
        Self { edges: Edges::of(region), last: None }
    }

    fn distance(&mut self, point: [f64; 2]) -> f64 {
        let farthest = |(last, distance): ([f64; 2], f64)| {
            // A little more, so that rounding never makes the limit the answer.
            (distance + (point[0] - last[0]).hypot(point[1] - last[1])) * (1.0 + 1e-9) + 1e-9
        };
        let distance = self.edges.nearest(point, self.last.map_or(f64::INFINITY, farthest));
        self.last = Some((point, distance));
        distance
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::DrawnRing;

    fn region(rings: &[Vec<[f64; 2]>]) -> Region {
        let drawn: Vec<_> =
            rings.iter().map(|points| DrawnRing { points: points.clone(), exclusive_or: false }).collect();
        Region::from_drawn(&drawn).unwrap().0
    }

    fn circle(centre: [f64; 2], radius: f64) -> Vec<[f64; 2]> {
        (0..720)
            .map(|n| (f64::from(n) / 720.0 * std::f64::consts::TAU).sin_cos())
            .map(|(sin, cos)| [centre[0] + radius * cos, centre[1] + radius * sin])
            .collect()
    }

    fn disc_area(radius: f64) -> f64 {
        std::f64::consts::PI * radius * radius
    }

    #[test]
    fn between_two_discs_lies_a_disc() {
        for (small, large) in [(6.0, 12.0), (1.5, 5.0), (60.0, 61.0)] {
            let level =
                Level::between(&region(&[circle([5.0, 1.0], small)]), &region(&[circle([5.0, 1.0], large)]));
            assert!((level.movement() / (large - small) - 1.0).abs() < 0.01, "{}", level.movement());
            for part in [0.1, 0.5, 0.9] {
                let expected = disc_area(small + part * (large - small));
                let found = level.blended(part).area().0;
                assert!((found / expected - 1.0).abs() < 2e-3, "{small} {large} {part}: {found} {expected}");
            }
        }
    }

    #[test]
    fn two_discs_become_one() {
        let two = region(&[circle([-6.0, 0.0], 5.0), circle([6.0, 0.0], 5.0)]);
        let level = Level::between(&two, &region(&[circle([0.0, 0.0], 13.0)]));
        assert_eq!(level.blended(0.02).rings().len(), 2);
        assert_eq!(level.blended(0.5).rings().len(), 1);
        let rings: Vec<usize> = two
            .towards(&region(&[circle([0.0, 0.0], 13.0)]), &[0.02, 0.5])
            .iter()
            .map(|r| r.rings().len())
            .collect();
        assert_eq!(rings, [2, 1]);
        assert!(two.towards(&Region::default(), &[0.5]).is_empty());
    }

    #[test]
    fn a_region_pushed_inwards_keeps_its_distance() {
        let square = region(&[vec![[0.0, 0.0], [20.0, 0.0], [20.0, 20.0], [0.0, 20.0]]]);
        let level = Level::inside(&square, 3.0);
        for margin in [0.1, 1.0, 2.9] {
            let side = 20.0 - 2.0 * margin;
            assert!((level.eroded(margin).area().0 / (side * side) - 1.0).abs() < 1e-3, "{margin}");
        }
        let ring = region(&[circle([0.0, 0.0], 10.0), circle([0.0, 0.0], 8.0)]);
        assert!(
            (Level::inside(&ring, 0.5).eroded(0.5).area().0 / (disc_area(9.5) - disc_area(8.5)) - 1.0).abs()
                < 2e-3
        );
        assert!(Level::inside(&ring, 1.5).eroded(1.2).is_empty());
    }

    #[test]
    fn the_channel_of_a_keyhole_is_no_boundary() {
        let mut keyhole = circle([0.0, 0.0], 10.0);
        keyhole.push(keyhole[0]);
        let hole = circle([0.0, 0.0], 4.0);
        keyhole.push(hole[0]);
        keyhole.extend(hole.iter().rev().copied());
        let level = Level::inside(&region(&[keyhole]), 1.0);
        let expected = disc_area(9.0) - disc_area(5.0);
        assert!((level.eroded(1.0).area().0 / expected - 1.0).abs() < 2e-3);
        assert_eq!(level.eroded(1.0).rings().len(), 2);
    }
}

//! The area inside the contours of one plane.
//!
//! Rings are combined by the even-odd rule: a ring inside another cuts a hole, a ring inside the hole is an
//! island again, and a keyhole (one ring that runs in and out along the same channel) needs nothing special.
//! Rings that truly overlap are ambiguous (PS3.3 C.8.8.6.3 states no rule for CLOSED_PLANAR): they are
//! united, unless all are marked as exclusive-or, and a defect reports it.
//!
//! Units: millimetres. Frame: plane coordinates (u, v) of a [`crate::plane::StackFrame`].

mod boolean;
mod copies;
mod crossing;
mod nest;
mod outline;
mod parts;
mod resolve;
mod shared;
mod spans;

pub(crate) use copies::Unit;
use rt_model::units::Mm2;

/// A closed ring as it was drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DrawnRing {
    /// Vertices; the last one joins the first.
    pub(crate) points: Vec<[f64; 2]>,
    /// Drawn as CLOSEDPLANAR_XOR.
    pub(crate) exclusive_or: bool,
}

/// A ring of a region: counter-clockwise, it adds (`sign` 1) or removes (`sign` -1) what it encloses.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    points: Vec<[f64; 2]>,
    sign: f64,
}

impl Ring {
    /// Vertices in counter-clockwise order (u to the right, v up).
    ///
    /// # Example
    /// ```
    /// let region = rt_geometry::example::region();
    /// assert_eq!(region.rings()[0].points().len(), 4);
    /// ```
    #[must_use]
    pub fn points(&self) -> &[[f64; 2]] {
        &self.points
    }

    /// 1 where the ring adds its inside, -1 where it is a hole.
    ///
    /// # Example
    /// ```
    /// let region = rt_geometry::example::region();
    /// assert_eq!(region.rings()[0].sign(), 1.0);
    /// ```
    #[must_use]
    pub const fn sign(&self) -> f64 {
        self.sign
    }

    /// The edges from each vertex to the next.
    ///
    /// # Example
    /// ```
    /// let region = rt_geometry::example::region();
    /// let length: f64 = region.rings()[0].edges().map(|(a, b)| (b[0] - a[0]).hypot(b[1] - a[1])).sum();
    /// assert_eq!(length, 80.0);
    /// ```
    pub fn edges(&self) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
        edges(&self.points)
    }
}

/// What was wrong with the rings of a plane. Ring numbers count the drawn rings from 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Defect {
    /// Fewer than three distinct points, or no area: the ring is left out.
    Degenerate {
        /// The ring.
        ring: usize,
    },
    /// The same ring was drawn twice: the second is left out.
    Duplicate {
        /// The ring left out.
        ring: usize,
        /// The ring that stays.
        of: usize,
    },
    /// Rings that lie in others: holes and islands.
    Nested {
        /// How many.
        count: usize,
        /// The least of the largest distances between such a ring and the one around it, mm, where it is
        /// under [`THIN_WALL_MM`].
        thinnest: Option<f64>,
        /// The coordinates of both rings of that wall are whole millimetres.
        whole_millimetres: bool,
    },
    /// A ring crosses itself: what it encloses an odd number of times is inside.
    SelfCrossing {
        /// The ring.
        ring: usize,
    },
    /// Rings overlap in part.
    Overlap {
        /// The rings.
        rings: Vec<usize>,
        /// United (true), or combined by exclusive-or as they were all marked (false).
        united: bool,
    },
}

/// Rings that can't be resolved in a reasonable time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{edges} edges cross or nest too often to be resolved")]
pub(crate) struct TooComplex {
    /// Number of edges on the plane.
    pub(crate) edges: usize,
}

/// The area inside the rings of one plane, as rings that do not cross.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Region {
    rings: Vec<Ring>,
}

impl Region {
    /// The region that the drawn rings enclose, and what was wrong with them.
    ///
    /// # Errors
    /// Where the rings are more or more entangled than can be resolved in seconds: far beyond any anatomy.
    pub(crate) fn from_drawn(drawn: &[DrawnRing]) -> Result<(Self, Vec<Defect>), TooComplex> {
        let (simple, defects) = resolve::simple_rings(drawn, None)?;
        Ok((Self { rings: nest::nest(simple)? }, defects))
    }

    /// The same where it is known in which unit each ring was written: a ring that was drawn twice with other
    /// points counts once, and nested rings are reported.
    ///
    /// # Errors
    /// As [`Self::from_drawn`].
    pub(crate) fn from_written(
        drawn: &[DrawnRing],
        unit: &dyn Fn(usize) -> Unit,
    ) -> Result<(Self, Vec<Defect>), TooComplex> {
        let (simple, mut defects) = resolve::simple_rings(drawn, Some(unit))?;
        let region = Self { rings: nest::nest(simple)? };
        defects.extend(region.nested());
        Ok((region, defects))
    }

    /// The region inside rings that do not cross, each with the inside to its left.
    pub(crate) fn from_outlines(outlines: Vec<Vec<[f64; 2]>>) -> Self {
        let ring = |mut points: Vec<[f64; 2]>| {
            let sign = signed_area(&points).signum();
            if sign < 0.0 {
                points.reverse();
            }
            Ring { points, sign }
        };
        Self { rings: outlines.into_iter().filter(|points| signed_area(points) != 0.0).map(ring).collect() }
    }

    /// The rings, none crossing another.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, stack::RoiStack};
    ///
    /// // A square of 20 mm with a hole of 10 mm.
    /// let mut roi = example::roi();
    /// for z in [2.5, 7.5] {
    ///     roi.contours.push(example::contour(&[(5.0, 5.0), (15.0, 5.0), (15.0, 15.0), (5.0, 15.0)], z));
    /// }
    /// let stack = RoiStack::build(&roi, &example::options()).unwrap().value;
    /// let region = &stack.slabs()[0].region;
    /// let mut signs: Vec<f64> = region.rings().iter().map(|ring| ring.sign()).collect();
    /// signs.sort_by(f64::total_cmp);
    /// assert_eq!(signs, [-1.0, 1.0]);
    /// ```
    #[must_use]
    pub fn rings(&self) -> &[Ring] {
        &self.rings
    }

    /// Encloses nothing.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, region::Region};
    ///
    /// assert!(Region::default().is_empty() && !example::region().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rings.is_empty()
    }

    /// Enclosed area.
    ///
    /// # Example
    /// ```
    /// assert_eq!(rt_geometry::example::region().area().0, 400.0);
    /// ```
    #[must_use]
    pub fn area(&self) -> Mm2 {
        Mm2(self.rings.iter().map(|ring| ring.sign * signed_area(&ring.points)).sum())
    }

    /// The centre of the enclosed area; `None` where it is empty.
    ///
    /// # Example
    /// ```
    /// assert_eq!(rt_geometry::example::region().centroid(), Some([10.0, 10.0]));
    /// ```
    #[must_use]
    pub fn centroid(&self) -> Option<[f64; 2]> {
        let (mut area, mut moment) = (0.0, [0.0, 0.0]);
        let reference = *self.rings.first()?.points.first()?;
        for ring in &self.rings {
            for (a, b) in ring.edges() {
                let (a, b) =
                    ([a[0] - reference[0], a[1] - reference[1]], [b[0] - reference[0], b[1] - reference[1]]);
                let twice = ring.sign * (a[0] * b[1] - a[1] * b[0]);
                area += twice / 2.0;
                moment[0] += twice * (a[0] + b[0]) / 6.0;
                moment[1] += twice * (a[1] + b[1]) / 6.0;
            }
        }
        (area > 0.0).then(|| [reference[0] + moment[0] / area, reference[1] + moment[1] / area])
    }

    /// Smallest and largest coordinates; `None` where it is empty.
    ///
    /// # Example
    /// ```
    /// assert_eq!(rt_geometry::example::region().bounds(), Some(([0.0, 0.0], [20.0, 20.0])));
    /// ```
    #[must_use]
    pub fn bounds(&self) -> Option<([f64; 2], [f64; 2])> {
        bounds(self.rings.iter().flat_map(|ring| &ring.points))
    }

    /// Whether a point is inside; on the boundary either answer may come.
    ///
    /// # Example
    /// ```
    /// let region = rt_geometry::example::region();
    /// assert!(region.contains([1.0, 19.0]) && !region.contains([-1.0, 19.0]));
    /// ```
    #[must_use]
    pub fn contains(&self, point: [f64; 2]) -> bool {
        self.rings.iter().filter(|ring| is_inside(&ring.points, point)).count() % 2 == 1
    }
}

/// Even-odd test of a point against one ring.
fn is_inside(ring: &[[f64; 2]], point: [f64; 2]) -> bool {
    edges(ring).filter(|(a, b)| crossing_at(*a, *b, point[1]).is_some_and(|u| point[0] < u)).count() % 2 == 1
}

/// Where an edge crosses the level line at height `v`; of its two ends the lower one belongs to it.
pub(crate) fn crossing_at(a: [f64; 2], b: [f64; 2], v: f64) -> Option<f64> {
    ((a[1] <= v) != (b[1] <= v)).then(|| a[0] + (v - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
}

/// Where the rings cross the level line at height `v`, in rising order.
fn crossings_at<'r>(rings: impl Iterator<Item = &'r [[f64; 2]]>, v: f64) -> Vec<f64> {
    let mut crossings: Vec<f64> = rings.flat_map(edges).filter_map(|(a, b)| crossing_at(a, b, v)).collect();
    crossings.sort_by(f64::total_cmp);
    crossings
}

/// The edges of a ring, the last vertex joined to the first.
fn edges(points: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    let following = points.iter().cycle().skip(1);
    points.iter().copied().zip(following.copied())
}

/// Area of a ring, positive where it turns counter-clockwise; differences to the first vertex keep the
/// digits.
fn signed_area(points: &[[f64; 2]]) -> f64 {
    let Some(first) = points.first() else { return 0.0 };
    edges(points)
        .map(|(a, b)| (a[0] - first[0]) * (b[1] - first[1]) - (a[1] - first[1]) * (b[0] - first[0]))
        .sum::<f64>()
        / 2.0
}

fn bounds<'a>(points: impl IntoIterator<Item = &'a [f64; 2]>) -> Option<([f64; 2], [f64; 2])> {
    points.into_iter().fold(None, |found, p| {
        let (low, high) = found.unwrap_or((*p, *p));
        Some(([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])]))
    })
}

/// Smallest and largest coordinates.
type Bounds = ([f64; 2], [f64; 2]);

/// Whether the box around a ring meets the box around another.
fn meets_another(boxes: &[Option<Bounds>], ring: usize) -> bool {
    let Some((low, high)) = boxes[ring] else { return false };
    boxes.iter().enumerate().filter_map(|(other, bounds)| bounds.filter(|_| other != ring)).any(
        |(other_low, other_high)| {
            (0..2).all(|axis| low[axis] <= other_high[axis] && other_low[axis] <= high[axis])
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(low: f64, high: f64) -> DrawnRing {
        DrawnRing { points: vec![[low, low], [high, low], [high, high], [low, high]], exclusive_or: false }
    }

    fn area(drawn: &[DrawnRing]) -> (f64, Vec<Defect>) {
        let (region, defects) = Region::from_drawn(drawn).unwrap();
        (region.area().0, defects)
    }

    #[test]
    fn nested_rings_alternate_in_any_order_and_turn() {
        let mut hole = square(2.0, 8.0);
        hole.points.reverse();
        let island = square(4.0, 6.0);
        let expected = 100.0 - 36.0 + 4.0;
        for drawn in [[square(0.0, 10.0), hole.clone(), island.clone()], [island, hole, square(0.0, 10.0)]] {
            assert_eq!(area(&drawn), (expected, vec![]));
        }
    }

    #[test]
    fn a_keyhole_encloses_what_it_goes_around() {
        let keyhole = DrawnRing {
            points: vec![
                [0.0, 0.0],
                [10.0, 0.0],
                [10.0, 10.0],
                [0.0, 10.0],
                [0.0, 5.0],
                [2.0, 5.0],
                [2.0, 8.0],
                [8.0, 8.0],
                [8.0, 2.0],
                [2.0, 2.0],
                [2.0, 5.0],
                [0.0, 5.0],
            ],
            exclusive_or: false,
        };
        assert_eq!(area(std::slice::from_ref(&keyhole)), (64.0, vec![]));
        let (region, _) = Region::from_drawn(&[keyhole, square(4.0, 6.0)]).unwrap();
        assert_eq!(region.area().0, 68.0, "an island inside the hole adds");
        assert!(region.contains([5.0, 5.0]) && !region.contains([3.0, 3.0]) && region.contains([1.0, 1.0]));
    }

    #[test]
    fn a_hole_that_touches_the_outer_ring_is_still_a_hole() {
        let hole =
            DrawnRing { points: vec![[0.0, 2.0], [4.0, 2.0], [4.0, 6.0], [0.0, 6.0]], exclusive_or: false };
        assert_eq!(area(&[square(0.0, 10.0), hole]), (84.0, vec![]));
    }

    #[test]
    fn neighbours_that_share_a_wall_add() {
        let right = DrawnRing {
            points: vec![[10.0, 2.0], [20.0, 2.0], [20.0, 8.0], [10.0, 8.0]],
            exclusive_or: false,
        };
        assert_eq!(area(&[square(0.0, 10.0), right]), (160.0, vec![]));
    }

    #[test]
    fn a_ring_drawn_twice_counts_once() {
        let mut again = square(0.0, 10.0);
        again.points.rotate_left(1);
        again.points.reverse();
        assert_eq!(area(&[square(0.0, 10.0), again]), (100.0, vec![Defect::Duplicate { ring: 1, of: 0 }]));
    }

    #[test]
    fn overlapping_rings_unite_and_say_so() {
        let (united, defects) = area(&[square(0.0, 10.0), square(5.0, 15.0)]);
        assert!((united - 175.0).abs() < 1e-4, "{united}");
        assert_eq!(defects, vec![Defect::Overlap { rings: vec![0, 1], united: true }]);
        let both =
            [square(0.0, 10.0), square(5.0, 15.0)].map(|ring| DrawnRing { exclusive_or: true, ..ring });
        let (xor, defects) = area(&both);
        assert!((xor - 150.0).abs() < 1e-4, "{xor}");
        assert_eq!(defects, vec![Defect::Overlap { rings: vec![0, 1], united: false }]);
    }

    #[test]
    fn both_lobes_of_a_figure_of_eight_are_inside() {
        let eight = DrawnRing {
            points: vec![[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0]],
            exclusive_or: false,
        };
        let (both, defects) = area(&[eight]);
        assert!((both - 50.0).abs() < 1e-4, "{both}");
        assert_eq!(defects, vec![Defect::SelfCrossing { ring: 0 }]);
    }

    #[test]
    fn lines_and_points_enclose_nothing() {
        let line = DrawnRing { points: vec![[0.0, 0.0], [5.0, 5.0], [10.0, 10.0]], exclusive_or: false };
        let point = DrawnRing { points: vec![[1.0, 1.0]; 4], exclusive_or: false };
        assert_eq!(
            area(&[line, point]),
            (0.0, vec![Defect::Degenerate { ring: 0 }, Defect::Degenerate { ring: 1 }])
        );
    }

    #[test]
    fn the_centroid_is_of_the_area() {
        let (region, _) = Region::from_drawn(&[square(0.0, 10.0), square(5.0, 9.0)]).unwrap();
        let [u, v] = region.centroid().unwrap();
        let expected = (100.0 * 5.0 - 16.0 * 7.0) / 84.0;
        assert!((u - expected).abs() < 1e-12 && (v - expected).abs() < 1e-12);
    }
}

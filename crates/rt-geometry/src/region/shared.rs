//! The area that two regions share, without making the region they share.
//!
//! Between two heights at which edges begin or end, each region is a row of trapezia, and what two trapezia
//! share at a height is as wide as the smaller right end is right of the larger left end. That is a concave
//! function of the height, of straight pieces: its integral where it is above 0 is exact, and edges that
//! touch or lie on each other need no rule.
//!
//! Units: millimetres. Frame: plane coordinates (u, v), the same of both regions.

use super::Region;
use rt_model::units::Mm2;

/// An edge from its lower to its upper end.
struct Rising {
    low: [f64; 2],
    high: [f64; 2],
}

/// A straight line's u at the lower and upper height of a strip.
type Line = [f64; 2];

impl Region {
    /// The area that lies in both regions.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    ///
    /// let square = example::region();
    /// let other = example::stack_along_x([10.0, 30.0]).slabs()[0].region.clone();
    /// assert!((square.shared_area(&other).0 - 200.0).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn shared_area(&self, other: &Self) -> Mm2 {
        let (Some((low, high)), Some((other_low, other_high))) = (self.bounds(), other.bounds()) else {
            return Mm2(0.0);
        };
        if low[0] >= other_high[0] || other_low[0] >= high[0] {
            return Mm2(0.0);
        }
        let (from, to) = (low[1].max(other_low[1]), high[1].min(other_high[1]));
        let mut sweeps = [self, other].map(|region| Sweep::new(region, from, to));
        let mut heights: Vec<f64> = sweeps
            .iter()
            .flat_map(|sweep| &sweep.edges)
            .flat_map(|edge| [edge.low[1], edge.high[1]])
            .collect();
        heights.extend([from, to]);
        heights.retain(|height| (from..=to).contains(height));
        heights.sort_by(f64::total_cmp);
        heights.dedup();
        let strip = |ends: &[f64]| {
            let [ours, theirs] = &mut sweeps;
            (ends[1] - ends[0]) * shared_width(&ours.lines(ends[0], ends[1]), &theirs.lines(ends[0], ends[1]))
        };
        Mm2(heights.windows(2).map(strip).sum())
    }
}

/// The edges of a region, met from below.
struct Sweep {
    /// By rising lower end.
    edges: Vec<Rising>,
    /// The first that is not met yet.
    next: usize,
    /// Those that were met and have not ended.
    met: Vec<usize>,
}

impl Sweep {
    fn new(region: &Region, from: f64, to: f64) -> Self {
        let rising = |(a, b): ([f64; 2], [f64; 2])| {
            if a[1] <= b[1] { Rising { low: a, high: b } } else { Rising { low: b, high: a } }
        };
        let meets = |edge: &Rising| edge.low[1] < edge.high[1] && edge.low[1] < to && edge.high[1] > from;
        let mut edges: Vec<Rising> =
            region.rings.iter().flat_map(|ring| ring.edges()).map(rising).filter(meets).collect();
        edges.sort_by(|a, b| a.low[1].total_cmp(&b.low[1]));
        Self { edges, next: 0, met: Vec::new() }
    }

    /// The lines that cross the strip between two heights, from left to right: from outside to inside and
    /// back in turn. Strips come by rising height, and no edge ends within one.
    fn lines(&mut self, lower: f64, upper: f64) -> Vec<Line> {
        while self.edges.get(self.next).is_some_and(|edge| edge.low[1] <= lower) {
            self.met.push(self.next);
            self.next += 1;
        }
        self.met.retain(|at| self.edges[*at].high[1] > lower);
        let at = |edge: &Rising, v: f64| {
            let [low, high] = [edge.low, edge.high];
            low[0] + (v - low[1]) / (high[1] - low[1]) * (high[0] - low[0])
        };
        let mut lines: Vec<Line> =
            self.met.iter().map(|edge| [lower, upper].map(|v| at(&self.edges[*edge], v))).collect();
        lines.sort_by(|a, b| (a[0] + a[1]).total_cmp(&(b[0] + b[1])));
        lines
    }
}

/// The mean width that two rows of trapezia share in a strip.
fn shared_width(ours: &[Line], theirs: &[Line]) -> f64 {
    let (mut width, mut first) = (0.0, 0);
    for our in ours.chunks_exact(2) {
        let (left, right) = (our[0][0].min(our[0][1]), our[1][0].max(our[1][1]));
        let ends_before = |their: &[Line]| their[1][0].max(their[1][1]) <= left;
        first += 2 * theirs[first..].chunks_exact(2).take_while(|their| ends_before(their)).count();
        let meeting =
            theirs[first..].chunks_exact(2).take_while(|their| their[0][0].min(their[0][1]) < right);
        width += meeting.map(|their| shared_by([our[0], their[0]], [our[1], their[1]])).sum::<f64>();
    }
    width
}

/// The mean over a strip of the width between the larger of two left ends and the smaller of two right ends,
/// where that is above 0.
fn shared_by(lefts: [Line; 2], rights: [Line; 2]) -> f64 {
    let mut breaks = [0.0, meeting(lefts), meeting(rights), 1.0];
    breaks.sort_by(f64::total_cmp);
    let at = |line: Line, t: f64| line[0] + t * (line[1] - line[0]);
    let width = |t: f64| at(rights[0], t).min(at(rights[1], t)) - at(lefts[0], t).max(at(lefts[1], t));
    breaks.windows(2).map(|ends| (ends[1] - ends[0]) * mean_above_zero(width(ends[0]), width(ends[1]))).sum()
}

/// Where in a strip two lines meet, 0 to 1; 0 where they do not.
fn meeting([a, b]: [Line; 2]) -> f64 {
    let apart = [a[0] - b[0], a[1] - b[1]];
    if apart[0] * apart[1] < 0.0 { apart[0] / (apart[0] - apart[1]) } else { 0.0 }
}

/// The mean of a straight line's part above 0.
fn mean_above_zero(start: f64, end: f64) -> f64 {
    match (start > 0.0, end > 0.0) {
        (true, true) => (start + end) / 2.0,
        (true, false) => start * start / (start - end) / 2.0,
        (false, true) => end * end / (end - start) / 2.0,
        (false, false) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::DrawnRing;
    use super::*;

    fn region(rings: &[Vec<[f64; 2]>]) -> Region {
        let drawn: Vec<_> =
            rings.iter().map(|points| DrawnRing { points: points.clone(), exclusive_or: false }).collect();
        Region::from_drawn(&drawn).unwrap().0
    }

    fn rectangle(low: [f64; 2], high: [f64; 2]) -> Vec<[f64; 2]> {
        vec![low, [high[0], low[1]], high, [low[0], high[1]]]
    }

    #[test]
    fn triangles_that_cross_share_a_kite() {
        // y > |x| and y < 2 - |x|: a square of diagonal 2.
        let up = region(&[vec![[0.0, 0.0], [9.0, 9.0], [-9.0, 9.0]]]);
        let down = region(&[vec![[0.0, 2.0], [-9.0, -7.0], [9.0, -7.0]]]);
        assert!((up.shared_area(&down).0 - 2.0).abs() < 1e-12);
        assert_eq!(up.shared_area(&down), down.shared_area(&up));
    }

    #[test]
    fn what_touches_shares_nothing_and_what_is_the_same_everything() {
        let square = region(&[rectangle([0.0; 2], [10.0; 2])]);
        assert_eq!(square.shared_area(&square).0, 100.0);
        for neighbour in [
            rectangle([10.0, 0.0], [20.0, 10.0]),
            rectangle([0.0, 10.0], [10.0, 12.0]),
            rectangle([10.0; 2], [11.0; 2]),
        ] {
            assert_eq!(square.shared_area(&region(&[neighbour])).0, 0.0);
        }
        let hole = region(&[rectangle([0.0; 2], [10.0; 2]), rectangle([2.0; 2], [8.0; 2])]);
        assert_eq!(hole.shared_area(&region(&[rectangle([2.0; 2], [8.0; 2])])).0, 0.0);
        assert_eq!(hole.shared_area(&square).0, 64.0);
        assert_eq!(hole.shared_area(&Region::default()).0, 0.0);
    }

    proptest::proptest! {
        #[test]
        fn it_is_the_area_of_the_intersection(
            ours in proptest::collection::vec(1.0f64..40.0, 3..60),
            theirs in proptest::collection::vec(1.0f64..40.0, 3..60),
            off in (-50.0f64..50.0, -50.0f64..50.0),
        ) {
            let star = |radii: &[f64], off: [f64; 2]| {
                let count = radii.len() as f64;
                let points = radii.iter().enumerate().map(|(n, radius)| {
                    let (sin, cos) = (n as f64 / count * std::f64::consts::TAU).sin_cos();
                    [off[0] + radius * cos, off[1] + radius * sin]
                });
                region(&[points.collect()])
            };
            let (one, other) = (star(&ours, [0.0; 2]), star(&theirs, [off.0, off.1]));
            let expected = one.intersection(&other).area().0;
            let found = one.shared_area(&other).0;
            // The intersection is found on a grid of whole numbers.
            proptest::prop_assert!((found - expected).abs() < 1e-3, "{} {}", found, expected);
        }
    }
}

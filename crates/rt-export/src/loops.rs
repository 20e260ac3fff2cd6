//! Closed isodose lines made ready for contours: small ones dropped, needless points left out, holes joined
//! by channels.
//!
//! Units: pixels. Frame: pixel coordinates of a slice.

use rt_geometry::isodose::IsodoseLine;

/// A closed line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Loop {
    /// Vertices; the first is not repeated.
    pub(crate) points: Vec<[f64; 2]>,
    /// Positive around a hot region, negative around a cold island in one; square pixels.
    area: f64,
}

/// Loops of less area are noise, square pixels.
const SMALLEST: f64 = 1.0;
/// Points may lie this far from the line that is kept, pixels.
const TOLERANCE: f64 = 0.1;
/// Chords lie inside a round loop: what is left out may change its area by this part at most.
const OF_AREA: f64 = 0.001;

impl Loop {
    /// The loop of a closed line; `None` where it is open or smaller than a pixel.
    pub(crate) fn new(line: &IsodoseLine) -> Option<Self> {
        let area = line.area();
        if !line.closed || area.abs() < SMALLEST {
            return None;
        }
        let mut tolerance = TOLERANCE;
        let mut points = simplified(&line.points, tolerance);
        while points.len() < line.points.len() && (signed_area(&points) / area - 1.0).abs() > OF_AREA {
            tolerance /= 2.0;
            points = simplified(&line.points, tolerance);
        }
        (points.len() >= 3).then_some(Self { points, area })
    }

    /// It goes around a cold island.
    pub(crate) fn is_hole(&self) -> bool {
        self.area < 0.0
    }

    /// Even-odd rule.
    fn contains(&self, [x, y]: [f64; 2]) -> bool {
        let mut inside = false;
        for (at, [ax, ay]) in self.points.iter().enumerate() {
            let [bx, by] = self.points[(at + 1) % self.points.len()];
            if (*ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax) {
                inside = !inside;
            }
        }
        inside
    }
}

/// Area within a closed line by the same sign as its own, square pixels.
fn signed_area(points: &[[f64; 2]]) -> f64 {
    IsodoseLine { points: points.to_vec(), closed: true }.area()
}

/// A closed line with points left out that lie within the tolerance of the rest (Douglas and Peucker,
/// Cartographica 1973; 10: 112).
fn simplified(points: &[[f64; 2]], tolerance: f64) -> Vec<[f64; 2]> {
    let Some(first) = points.first() else { return Vec::new() };
    let distance = |a: &[f64; 2], b: &[f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
    let far = (0..points.len())
        .max_by(|a, b| distance(&points[*a], first).total_cmp(&distance(&points[*b], first)));
    let far = far.unwrap_or_default();
    let mut keep = vec![false; points.len() + 1];
    (keep[0], keep[far]) = (true, true);
    let at = |n: usize| points[n % points.len()];
    let mut open = vec![(0, far), (far, points.len())];
    while let Some((from, to)) = open.pop() {
        let worst =
            (from + 1..to).map(|n| (n, off(at(n), at(from), at(to)))).max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((n, off)) = worst
            && off > tolerance
        {
            keep[n] = true;
            open.extend([(from, n), (n, to)]);
        }
    }
    points.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(point, _)| *point).collect()
}

/// Distance of a point from a segment.
fn off(point: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let rel = [point[0] - from[0], point[1] - from[1]];
    let square = along[0] * along[0] + along[1] * along[1];
    let part =
        if square > 0.0 { ((rel[0] * along[0] + rel[1] * along[1]) / square).clamp(0.0, 1.0) } else { 0.0 };
    (rel[0] - part * along[0]).hypot(rel[1] - part * along[1])
}

/// Each hole joined to the loop around it by a channel without width. The nearest pair of points is joined
/// first: a shorter way to another hole would have been taken before, so that no channel crosses one.
pub(crate) fn joined(loops: Vec<Loop>) -> Vec<Loop> {
    let (mut holes, mut outer): (Vec<Loop>, Vec<Loop>) = loops.into_iter().partition(Loop::is_hole);
    outer.sort_by(|a, b| a.area.total_cmp(&b.area));
    let parents: Vec<Loop> = outer.clone();
    let parent = |hole: &Loop| parents.iter().position(|parent| parent.contains(hole.points[0]));
    let mut homes: Vec<Option<usize>> = holes.iter().map(parent).collect();
    while let Some((hole, home, from, to)) = nearest(&holes, &homes, &outer) {
        let ring = holes.swap_remove(hole);
        homes.swap_remove(hole);
        let loops = ring.points.len();
        let around = (0..=loops).map(|n| ring.points[(to + n) % loops]);
        let home = &mut outer[home];
        let back = home.points[from];
        let tail = home.points.split_off(from + 1);
        home.points.extend(around);
        home.points.push(back);
        home.points.extend(tail);
    }
    // A hole that lies in no loop can't be: every loop around it closes on the slice. It would be kept as it
    // is.
    outer.extend(holes);
    outer
}

/// The hole nearest to its loop: hole, loop, vertex of the loop, vertex of the hole.
fn nearest(holes: &[Loop], homes: &[Option<usize>], outer: &[Loop]) -> Option<(usize, usize, usize, usize)> {
    let mut best: Option<(f64, (usize, usize, usize, usize))> = None;
    for (hole, home) in homes.iter().enumerate().filter_map(|(hole, home)| Some((hole, (*home)?))) {
        for (from, a) in outer[home].points.iter().enumerate() {
            for (to, b) in holes[hole].points.iter().enumerate() {
                let square = (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
                if best.is_none_or(|(least, _)| square < least) {
                    best = Some((square, (hole, home, from, to)));
                }
            }
        }
    }
    best.map(|(_, found)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(centre: [f64; 2], radius: f64, turn: f64) -> IsodoseLine {
        let point = |n: u32| {
            let angle = turn * f64::from(n) * std::f64::consts::TAU / 360.0;
            [centre[0] + radius * angle.cos(), centre[1] + radius * angle.sin()]
        };
        IsodoseLine { points: (0..360).map(point).collect(), closed: true }
    }

    fn area(ring: &Loop) -> f64 {
        IsodoseLine { points: ring.points.clone(), closed: true }.area()
    }

    #[test]
    fn needless_points_go_and_the_area_stays() {
        for radius in [3.0, 10.0, 40.0, 200.0] {
            let ring = Loop::new(&circle([10.0, 10.0], radius, 1.0)).unwrap();
            assert!(ring.points.len() < 130, "{}", ring.points.len());
            let exact = std::f64::consts::PI * radius * radius;
            assert!((area(&ring) / exact - 1.0).abs() < 0.0012, "{radius}: {}", area(&ring) / exact);
        }
        assert_eq!(Loop::new(&circle([0.0, 0.0], 0.5, 1.0)), None);
    }

    #[test]
    fn a_channel_leads_to_each_hole() {
        let loops =
            [circle([0.0, 0.0], 40.0, 1.0), circle([-15.0, 0.0], 8.0, -1.0), circle([12.0, 3.0], 6.0, -1.0)];
        let loops: Vec<Loop> = loops.iter().filter_map(Loop::new).collect();
        assert_eq!(loops.iter().filter(|ring| ring.is_hole()).count(), 2);
        let before: f64 = loops.iter().map(area).sum();
        let joined = joined(loops);
        assert_eq!(joined.len(), 1);
        assert!((area(&joined[0]) - before).abs() < 1e-9);
    }
}

//! Where boundaries cross.
//!
//! Two edges cross where each parts the ends of the other by more than [`TOUCH_MM`]; closer contacts only
//! touch. Edges are sorted into squares about as wide as an edge is long, so that only neighbours are
//! compared: the cost grows with the number of edges. A drawing that puts too many edges into one place is
//! refused, not waited for.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use super::{TooComplex, bounds, edges, meets_another};
use crate::coverage::walk;
use crate::tolerance::TOUCH_MM;
use std::collections::BTreeSet;

/// No drawing needs more comparisons of two edges: they take about a second.
const MOST_COMPARISONS: usize = 100_000_000;

/// Rings that cross at more places than this are no anatomy.
const MOST_CROSSINGS: usize = 100_000;

/// An edge with its ring.
struct Edge {
    ring: usize,
    from: [f64; 2],
    to: [f64; 2],
}

/// The pairs of rings (a ring with itself too) whose edges cross, each pair once, smaller number first, in
/// order.
///
/// # Errors
/// Where more edges meet than can be compared.
pub(super) fn pairs(rings: &[Vec<[f64; 2]>]) -> Result<Vec<(usize, usize)>, TooComplex> {
    let boxes: Vec<_> = rings.iter().map(bounds).collect();
    let all: Vec<Edge> = rings
        .iter()
        .enumerate()
        .filter(|(ring, points)| !turns_once(points) || meets_another(&boxes, *ring))
        .flat_map(|(ring, points)| edges(points).map(move |(from, to)| Edge { ring, from, to }))
        .collect();
    let mut found = BTreeSet::new();
    let (mut comparisons, mut crossings) = (0usize, 0usize);
    let squares = by_square(&all);
    for square in squares.chunk_by(|a, b| a.0 == b.0) {
        comparisons += square.len() * (square.len() - 1) / 2;
        if comparisons > MOST_COMPARISONS {
            return Err(TooComplex { edges: all.len() });
        }
        for (at, (_, one)) in square.iter().enumerate() {
            for (_, other) in &square[..at] {
                let (one, other) = (&all[*one as usize], &all[*other as usize]);
                if cross(one, other) {
                    found.insert((one.ring.min(other.ring), one.ring.max(other.ring)));
                    crossings += 1;
                }
            }
        }
        if crossings > MOST_CROSSINGS {
            return Err(TooComplex { edges: all.len() });
        }
    }
    Ok(found.into_iter().collect())
}

/// Whether a ring turns around the middle of its points, once and always the same way, as most drawn ones do:
/// then it does not cross itself.
fn turns_once(points: &[[f64; 2]]) -> bool {
    let sum = points.iter().fold([0.0; 2], |sum, p| [sum[0] + p[0], sum[1] + p[1]]);
    let middle = sum.map(|sum| sum / points.len() as f64);
    let (mut left, mut right, mut upward) = (0, 0, 0);
    let mut from = points.last().map_or([0.0; 2], |p| [p[0] - middle[0], p[1] - middle[1]]);
    for point in points {
        let to = [point[0] - middle[0], point[1] - middle[1]];
        let turn = from[0] * to[1] - from[1] * to[0];
        left += usize::from(turn > 0.0);
        right += usize::from(turn < 0.0);
        // Each turn has one edge upwards through the middle's height on one side, one downwards on the other.
        upward += usize::from(from[1] < 0.0 && to[1] >= 0.0);
        from = to;
    }
    upward == 1 && (left == points.len() || right == points.len())
}

/// Every edge with every square it passes, sorted by square.
fn by_square(all: &[Edge]) -> Vec<(u64, u32)> {
    let Some((low, high)) = bounds(all.iter().flat_map(|edge| [&edge.from, &edge.to])) else {
        return Vec::new();
    };
    let extent = (high[0] - low[0]).max(high[1] - low[1]);
    let length = |edge: &Edge| (edge.to[0] - edge.from[0]).abs() + (edge.to[1] - edge.from[1]).abs();
    let mean = all.iter().map(length).sum::<f64>() / all.len() as f64;
    let width = mean.max(extent / (all.len() as f64).sqrt());
    let place = |p: [f64; 2]| [(p[0] - low[0]) / width, (p[1] - low[1]) / width];
    let mut squares = Vec::with_capacity(3 * all.len());
    for (at, edge) in all.iter().enumerate() {
        walk::cells(place(edge.from), place(edge.to), |[i, j], _, _| {
            squares.push((u64::from(i.max(0) as u32) << 32 | u64::from(j.max(0) as u32), at as u32));
        });
    }
    squares.sort_unstable();
    squares.dedup();
    squares
}

fn cross(a: &Edge, b: &Edge) -> bool {
    let apart = |axis: usize| {
        let range = |edge: &Edge| (edge.from[axis].min(edge.to[axis]), edge.from[axis].max(edge.to[axis]));
        let ((a_low, a_high), (b_low, b_high)) = (range(a), range(b));
        a_high < b_low || b_high < a_low
    };
    !apart(0) && !apart(1) && parts(a, b) && parts(b, a)
}

/// Whether the line of `edge` has the ends of `other` on both sides.
fn parts(edge: &Edge, other: &Edge) -> bool {
    let along = [edge.to[0] - edge.from[0], edge.to[1] - edge.from[1]];
    let reach = TOUCH_MM * (along[0] * along[0] + along[1] * along[1]).sqrt();
    let side = |p: [f64; 2]| along[0] * (p[1] - edge.from[1]) - along[1] * (p[0] - edge.from[0]);
    let (from, to) = (side(other.from), side(other.to));
    (from > reach && to < -reach) || (from < -reach && to > reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(count: usize, radius: f64) -> Vec<[f64; 2]> {
        (0..count)
            .map(|n| (n as f64 / count as f64 * std::f64::consts::TAU).sin_cos())
            .map(|(sin, cos)| [radius * cos, radius * sin])
            .collect()
    }

    #[test]
    fn crossings_are_found_and_contacts_are_not() {
        let square = |low: f64, high: f64| vec![[low, low], [high, low], [high, high], [low, high]];
        let rings = [square(0.0, 10.0), square(5.0, 15.0), square(15.0, 20.0), square(2.0, 3.0)];
        assert_eq!(pairs(&rings), Ok(vec![(0, 1)]));
        let eight = vec![[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0]];
        assert_eq!(pairs(&[eight]), Ok(vec![(0, 0)]));
        assert_eq!(pairs(&[]), Ok(vec![]));
    }

    #[test]
    fn a_ring_that_turns_once_crosses_nothing_of_itself() {
        let mut ring = circle(30, 5.0);
        assert!(turns_once(&ring));
        ring.reverse();
        assert!(turns_once(&ring));
        let pentagram: Vec<_> = (0..5).map(|at| circle(5, 1.0)[2 * at % 5]).collect();
        assert!(!turns_once(&pentagram));
        assert_eq!(pairs(&[pentagram]), Ok(vec![(0, 0)]));
        let horseshoe = vec![
            [0.0, 0.0],
            [9.0, 0.0],
            [9.0, 9.0],
            [6.0, 9.0],
            [6.0, 2.0],
            [3.0, 2.0],
            [3.0, 9.0],
            [0.0, 9.0],
        ];
        assert!(!turns_once(&horseshoe));
        assert_eq!(pairs(&[horseshoe]), Ok(vec![]));
    }

    #[test]
    fn a_quarter_of_a_million_points_take_no_time() {
        let rings = [circle(200_000, 100.0), circle(50_000, 90.0)];
        let start = std::time::Instant::now();
        assert_eq!(pairs(&rings), Ok(vec![]));
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }

    #[test]
    fn a_tangle_is_refused_in_time() {
        // Every other point on the other side: each edge passes the centre and crosses all others.
        let star: Vec<_> = circle(30_001, 100.0)
            .into_iter()
            .enumerate()
            .map(|(n, p)| if n % 2 == 0 { p } else { [-p[0], -p[1]] })
            .collect();
        let start = std::time::Instant::now();
        assert_eq!(pairs(&[star]), Err(TooComplex { edges: 30_001 }));
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }

    proptest::proptest! {
        #[test]
        fn squares_find_what_all_pairs_find(points in proptest::collection::vec((0.0f64..50.0, 0.0f64..50.0), 3..60), cut in 0usize..60) {
            let points: Vec<[f64; 2]> = points.into_iter().map(|(u, v)| [u, v]).collect();
            let cut = cut.min(points.len());
            let rings: Vec<Vec<[f64; 2]>> = [&points[..cut], &points[cut..]].iter().filter(|ring| ring.len() >= 3).map(|ring| ring.to_vec()).collect();
            let all: Vec<Edge> = rings.iter().enumerate().flat_map(|(ring, points)| edges(points).map(move |(from, to)| Edge { ring, from, to })).collect();
            let mut expected = BTreeSet::new();
            for (at, one) in all.iter().enumerate() {
                for other in all[..at].iter().filter(|other| cross(one, other)) {
                    expected.insert((one.ring.min(other.ring), one.ring.max(other.ring)));
                }
            }
            proptest::prop_assert_eq!(pairs(&rings).unwrap(), expected.into_iter().collect::<Vec<_>>());
        }
    }
}

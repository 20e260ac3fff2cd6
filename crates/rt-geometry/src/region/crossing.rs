//! Where boundaries cross.
//!
//! Two edges cross where each parts the ends of the other by more than [`TOUCH_MM`]; closer contacts only touch.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use super::edges;
use crate::tolerance::TOUCH_MM;

/// An edge with its ring, lower end first.
struct Edge {
    ring: usize,
    low: [f64; 2],
    high: [f64; 2],
}

/// The pairs of rings (a ring with itself too) whose edges cross, each pair once, smaller number first.
pub(super) fn pairs(rings: &[Vec<[f64; 2]>]) -> Vec<(usize, usize)> {
    let boxes: Vec<_> = rings.iter().map(super::bounds).collect();
    let mut all: Vec<Edge> = rings
        .iter()
        .enumerate()
        .filter(|(ring, points)| meets_another(&boxes, *ring) || !turns_once(points))
        .flat_map(|(ring, points)| {
            edges(points)
                .map(move |(a, b)| if a[1] <= b[1] { Edge { ring, low: a, high: b } } else { Edge { ring, low: b, high: a } })
        })
        .collect();
    all.sort_by(|a, b| a.low[1].total_cmp(&b.low[1]));
    let mut found = Vec::new();
    let mut active: Vec<usize> = Vec::new();
    for (at, edge) in all.iter().enumerate() {
        active.retain(|other| all[*other].high[1] >= edge.low[1]);
        for other in &active {
            let other = &all[*other];
            let pair = (edge.ring.min(other.ring), edge.ring.max(other.ring));
            if cross(edge, other) && !found.contains(&pair) {
                found.push(pair);
            }
        }
        active.push(at);
    }
    found.sort_unstable();
    found
}

/// Whether the box around a ring meets the box around another.
fn meets_another(boxes: &[Option<([f64; 2], [f64; 2])>], ring: usize) -> bool {
    let Some((low, high)) = boxes[ring] else { return false };
    boxes
        .iter()
        .enumerate()
        .filter_map(|(other, bounds)| bounds.filter(|_| other != ring))
        .any(|(other_low, other_high)| (0..2).all(|axis| low[axis] <= other_high[axis] && other_low[axis] <= high[axis]))
}

/// Whether a ring turns around the middle of its points, once and always the same way, as most drawn ones do: then it does not cross
/// itself.
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

/// Whether a ring of one set crosses a ring of the other.
pub(super) fn between(ours: &[Vec<[f64; 2]>], theirs: &[Vec<[f64; 2]>]) -> bool {
    let all: Vec<_> = ours.iter().chain(theirs).cloned().collect();
    pairs(&all).iter().any(|(a, b)| *a < ours.len() && *b >= ours.len())
}

/// Whether `point` lies on the boundary of `ring`.
pub(super) fn touches(ring: &[[f64; 2]], point: [f64; 2]) -> bool {
    edges(ring).any(|(a, b)| {
        let along = [b[0] - a[0], b[1] - a[1]];
        let from_a = [point[0] - a[0], point[1] - a[1]];
        let length2 = along[0] * along[0] + along[1] * along[1];
        let t = if length2 > 0.0 { ((from_a[0] * along[0] + from_a[1] * along[1]) / length2).clamp(0.0, 1.0) } else { 0.0 };
        let off = [from_a[0] - t * along[0], from_a[1] - t * along[1]];
        off[0] * off[0] + off[1] * off[1] <= TOUCH_MM * TOUCH_MM
    })
}

fn cross(a: &Edge, b: &Edge) -> bool {
    let (a_left, a_right) = (a.low[0].min(a.high[0]), a.low[0].max(a.high[0]));
    let (b_left, b_right) = (b.low[0].min(b.high[0]), b.low[0].max(b.high[0]));
    a_right > b_left && b_right > a_left && parts(a, b) && parts(b, a)
}

/// Whether the line of `edge` has the ends of `other` on both sides.
fn parts(edge: &Edge, other: &Edge) -> bool {
    let along = [edge.high[0] - edge.low[0], edge.high[1] - edge.low[1]];
    let reach = TOUCH_MM * (along[0] * along[0] + along[1] * along[1]).sqrt();
    let side = |p: [f64; 2]| along[0] * (p[1] - edge.low[1]) - along[1] * (p[0] - edge.low[0]);
    let (low, high) = (side(other.low), side(other.high));
    (low > reach && high < -reach) || (low < -reach && high > reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn star(turns: usize, points: usize) -> Vec<[f64; 2]> {
        let angle = |at: usize| at as f64 * turns as f64 / points as f64 * std::f64::consts::TAU;
        (0..points).map(|at| [3.0 + angle(at).cos(), 4.0 + angle(at).sin()]).collect()
    }

    #[test]
    fn a_ring_that_turns_once_crosses_nothing_of_itself() {
        let mut circle = star(1, 30);
        assert!(turns_once(&circle) && pairs(&[circle.clone()]).is_empty());
        circle.reverse();
        assert!(turns_once(&circle));
        let pentagram = star(2, 5);
        assert!(!turns_once(&pentagram));
        assert_eq!(pairs(&[pentagram]), vec![(0, 0)]);
        let horseshoe = vec![[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [6.0, 9.0], [6.0, 2.0], [3.0, 2.0], [3.0, 9.0], [0.0, 9.0]];
        assert!(!turns_once(&horseshoe) && pairs(&[horseshoe]).is_empty());
    }
}

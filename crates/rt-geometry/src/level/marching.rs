//! Marching squares: the boundary of where a value on a lattice is positive.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use super::lattice::Lattice;

/// A side of a square, by its first point and whether it runs up (along v) from there.
type Side = (usize, bool);

/// Rings around where `value` (of a lattice point) is above 0, the inside to their left; only the given
/// squares are looked at.
pub(super) fn rings(
    lattice: &Lattice,
    squares: &[usize],
    value: impl Fn(usize) -> f64,
) -> Vec<Vec<[f64; 2]>> {
    let mut steps: Vec<(Side, Side)> = Vec::new();
    for square in squares {
        let corners = lattice.corners(*square);
        let values = corners.map(&value);
        let inside = values.map(|value| value > 0.0);
        if inside.iter().all(|corner| *corner == inside[0]) {
            continue;
        }
        let sides: [Side; 4] =
            [(corners[0], false), (corners[1], true), (corners[3], false), (corners[0], true)];
        // Walking round the square counter-clockwise, the boundary enters where the inside begins and leaves
        // where it ends.
        let turns = |from: bool| move |side: &usize| inside[*side] == from && inside[(side + 1) % 4] != from;
        let leaves: Vec<usize> = (0..4).filter(turns(true)).collect();
        let enters: Vec<usize> = (0..4).filter(turns(false)).collect();
        let joined = leaves.len() == 2 && values.iter().sum::<f64>() > 0.0;
        for leave in leaves {
            // With two corners inside, the way back to the side before cuts one of them off; the way on to
            // the next side leaves them joined.
            let mut enter = leave;
            loop {
                enter = if joined { (enter + 1) % 4 } else { (enter + 3) % 4 };
                if enters.contains(&enter) {
                    break;
                }
            }
            steps.push((sides[leave], sides[enter]));
        }
    }
    steps.sort_unstable();
    let crossing = |(from, up): Side| {
        let to = if up { lattice.corners(from)[3] } else { from + 1 };
        let (a, b) = (value(from), value(to));
        let part = a / (a - b);
        let (p, q) = (lattice.point(from), lattice.point(to));
        [p[0] + part * (q[0] - p[0]), p[1] + part * (q[1] - p[1])]
    };
    let mut used = vec![false; steps.len()];
    let mut rings = Vec::new();
    for start in 0..steps.len() {
        let (mut ring, mut at) = (Vec::new(), start);
        while used.get(at).is_some_and(|used| !used) {
            used[at] = true;
            ring.push(crossing(steps[at].0));
            let next = steps[at].1;
            at = steps.partition_point(|(side, _)| *side < next);
        }
        if ring.len() >= 3 {
            rings.push(ring);
        }
    }
    rings
}

//! Which nodes of a lattice lie inside a region.
//!
//! Units: cells. Frame: continuous lattice coordinates; node (a, b) is a voxel centre.

use super::walk::{below, index};
use super::{Coverage, Edge, Run};

/// Where an edge crosses a row of nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Crossing {
    row: usize,
    a: f64,
    /// 1 where the inside begins to the right, -1 where it ends.
    turn: i32,
}

/// Adds the rows of nodes that `edge` crosses, its lower end included, its upper not.
#[inline]
pub(super) fn cross(edge: Edge, rows: usize, crossings: &mut Vec<Crossing>) {
    let (from, to) = (edge.from, edge.to);
    let (low, high, turn) = if from[1] > to[1] { (to[1], from[1], 1) } else { (from[1], to[1], -1) };
    let mut b = above(low).max(0.0);
    let last = (rows - 1) as f64;
    while b < high && b <= last {
        let a = from[0] + (b - from[1]) / (to[1] - from[1]) * (to[0] - from[0]);
        crossings.push(Crossing { row: index(b) as usize, a, turn });
        b += 1.0;
    }
}

/// The smallest whole number from `value` on.
#[inline]
fn above(value: f64) -> f64 {
    -below(-value)
}

impl Coverage {
    /// Runs of nodes between the crossings of each row; rows have `columns` nodes.
    pub(super) fn find_nodes(&mut self, columns: usize) {
        self.crossings.sort_unstable_by(|x, y| x.row.cmp(&y.row).then(x.a.total_cmp(&y.a)));
        for row in self.crossings.chunk_by(|x, y| x.row == y.row) {
            let mut winding = 0;
            for pair in row.windows(2) {
                winding += pair[0].turn;
                let (start, end) = (above(pair[0].a).max(0.0), below(pair[1].a).min((columns - 1) as f64));
                if winding > 0 && start <= end {
                    self.nodes.push(Run { b: pair[0].row, start: start as usize, end: end as usize + 1 });
                }
            }
        }
    }
}

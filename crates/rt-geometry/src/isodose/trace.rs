//! Following a level from cell to cell.
//!
//! Units: gray; nodes. Frame: lattice coordinates; inside this module nodes and cells count from the rim, one
//! lower.

use super::{Border, DosePlane, IsodoseLine, UNKNOWN};

/// An edge of a cell, in the order of its turn from +i towards +j: from corner n to corner n + 1.
type Edge = usize;

/// Corners of a cell as steps (i, j) from its first node.
const CORNERS: [[usize; 2]; 4] = [[0, 0], [1, 0], [1, 1], [0, 1]];

/// The cell behind each edge, as a step (i, j).
const BEHIND: [[isize; 2]; 4] = [[0, -1], [1, 0], [0, 1], [-1, 0]];

pub(super) fn lines(plane: &DosePlane, level: f32, border: Border) -> Vec<IsodoseLine> {
    let cells = plane.stride - 1;
    let mut tracer =
        Tracer { plane, level, border, cells, passed: vec![0; cells * (plane.ranges.len() - 1)] };
    let mut found = Vec::new();
    for (row, pair) in plane.ranges.windows(2).enumerate() {
        let (low, high) = (pair[0].0.min(pair[1].0), pair[0].1.max(pair[1].1));
        if high < level || low >= level {
            continue;
        }
        let rows = &plane.nodes[row * plane.stride..(row + 2) * plane.stride];
        let (near, far) = rows.split_at(plane.stride);
        for column in 0..cells {
            let high =
                [near[column], near[column + 1], far[column], far[column + 1]].map(|dose| dose >= level);
            if high[0] == high[1] && high[1] == high[2] && high[2] == high[3] {
                continue;
            }
            let cell = row * cells + column;
            for exit in 0..4 {
                if tracer.passed[cell] & 1 << exit == 0 && tracer.entry(cell, exit).is_some() {
                    found.push(tracer.follow(cell, exit));
                }
            }
        }
    }
    found.retain(|line| line.points.len() > if line.closed { 2 } else { 1 });
    found
}

struct Tracer<'a> {
    plane: &'a DosePlane,
    level: f32,
    border: Border,
    /// Cells along a row, the rim's included.
    cells: usize,
    /// For each cell the edges through which a line has left it, as bits.
    passed: Vec<u8>,
}

impl Tracer<'_> {
    /// The line that leaves `cell` through `exit`.
    fn follow(&mut self, cell: usize, exit: Edge) -> IsodoseLine {
        let mut points = Vec::new();
        let (mut here, mut out) = (cell, exit);
        loop {
            self.passed[here] |= 1 << out;
            points.push(self.crossing(here, out));
            let Some(next) = self.neighbour(here, out) else { break };
            let Some(following) = self.exit(next, opposite(out)) else { break };
            (here, out) = (next, following);
            if (here, out) == (cell, exit) {
                return IsodoseLine { points: without_repeats(points, true), closed: true };
            }
        }
        // Both ends are open: the part before the first cell, walked backwards.
        let mut before = Vec::new();
        let (mut here, mut out) = (cell, exit);
        while let Some(entry) = self.entry(here, out) {
            before.push(self.crossing(here, entry));
            let Some(previous) = self.neighbour(here, entry) else { break };
            if self.entry(previous, opposite(entry)).is_none() {
                break;
            }
            (here, out) = (previous, opposite(entry));
            self.passed[here] |= 1 << out;
        }
        before.reverse();
        before.append(&mut points);
        IsodoseLine { points: without_repeats(before, false), closed: false }
    }

    /// Dose at the corners; `None` for a cell that no line may enter.
    fn corners(&self, cell: usize) -> Option<[f32; 4]> {
        let first = cell / self.cells * self.plane.stride + cell % self.cells;
        let dose = CORNERS.map(|[i, j]| self.plane.nodes[first + i + j * self.plane.stride]);
        (self.border == Border::Closed || !dose.contains(&UNKNOWN)).then_some(dose)
    }

    /// Where a line that enters through `entry` leaves. It has the high corner on its +j side when it runs
    /// along +i: it enters where the turn of the corners goes from high to low and leaves where it goes from
    /// low to high.
    fn exit(&self, cell: usize, entry: Edge) -> Option<Edge> {
        let high = self.corners(cell)?.map(|dose| dose >= self.level);
        if !high[entry] || high[(entry + 1) % 4] {
            return None;
        }
        let rises = |edge: Edge| !high[edge % 4] && high[(edge + 1) % 4];
        let step = if self.joins_high(cell, high)? { 1 } else { 3 };
        (1..4).map(|turns| (entry + turns * step) % 4).find(|edge| rises(*edge))
    }

    /// The inverse of [`Self::exit`].
    fn entry(&self, cell: usize, exit: Edge) -> Option<Edge> {
        let high = self.corners(cell)?.map(|dose| dose >= self.level);
        if high[exit] || !high[(exit + 1) % 4] {
            return None;
        }
        let falls = |edge: Edge| high[edge % 4] && !high[(edge + 1) % 4];
        let step = if self.joins_high(cell, high)? { 3 } else { 1 };
        (1..4).map(|turns| (exit + turns * step) % 4).find(|edge| falls(*edge))
    }

    /// Whether a saddle's high corners are joined; false for every other cell, where there is nothing to
    /// choose.
    fn joins_high(&self, cell: usize, high: [bool; 4]) -> Option<bool> {
        if high[0] != high[2] || high[1] != high[3] || high[0] == high[1] {
            return Some(false);
        }
        let [a, b, c, d] = self.corners(cell)?.map(f64::from);
        let saddle = (a * c - b * d) / (a + c - b - d);
        Some(saddle >= f64::from(self.level))
    }

    fn neighbour(&self, cell: usize, edge: Edge) -> Option<usize> {
        let [i, j] = BEHIND[edge];
        let column = (cell % self.cells).checked_add_signed(i).filter(|column| *column < self.cells)?;
        let row =
            (cell / self.cells).checked_add_signed(j).filter(|row| *row + 1 < self.plane.ranges.len())?;
        Some(row * self.cells + column)
    }

    /// Where the level is met on an edge, in lattice coordinates; next to an unknown node, at the known one.
    fn crossing(&self, cell: usize, edge: Edge) -> [f64; 2] {
        let node = |corner: usize| {
            let [i, j] = CORNERS[corner % 4];
            let (i, j) = (cell % self.cells + i, cell / self.cells + j);
            (self.plane.nodes[j * self.plane.stride + i], [i as f64 - 1.0, j as f64 - 1.0])
        };
        let ((from_dose, from), (to_dose, to)) = (node(edge), node(edge + 1));
        if from_dose == UNKNOWN {
            return to;
        }
        if to_dose == UNKNOWN {
            return from;
        }
        let [low, high, level] = [from_dose, to_dose, self.level].map(f64::from);
        let part = (level - low) / (high - low);
        [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])]
    }
}

const fn opposite(edge: Edge) -> Edge {
    (edge + 2) % 4
}

/// Where the level is met at a node, all edges of the node give the same point.
fn without_repeats(mut points: Vec<[f64; 2]>, closed: bool) -> Vec<[f64; 2]> {
    points.dedup();
    while closed && points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    points
}

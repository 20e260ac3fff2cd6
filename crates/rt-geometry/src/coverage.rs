//! Which part of each cell of a lattice a region covers, exactly.
//!
//! A cell is the square between four neighbouring voxel centres: dose is bilinear in it. Each edge of the region adds, to every cell
//! it passes and to all cells to its right, what lies to its right; the sums are exact areas, centroids and spreads, without
//! sorting edges against each other. Cells that no edge passes are inside as a whole or not at all. A partly covered cell is also
//! cut into sub-cells, for where dose is too steep for the cell to count as one.
//!
//! Units: cells (areas as parts of a cell). Frame: continuous lattice coordinates (a, b) of a [`lattice::AlignedGrid`]; node (a, b)
//! is a voxel centre.

pub mod lattice;
mod moments;
pub(crate) mod walk;

pub use moments::Piece;
use moments::{Cover, Moments};

/// Neighbouring cells or nodes of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Row.
    pub b: usize,
    /// First cell or node of the row.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// A cell that the boundary passes.
#[derive(Debug, Clone, PartialEq)]
pub struct PartialCell {
    /// Column.
    pub a: usize,
    /// Row.
    pub b: usize,
    /// What is covered, as one piece.
    pub merged: Piece,
    /// Where its smaller pieces are in [`Coverage::pieces`].
    pub pieces: std::ops::Range<usize>,
}

/// A part of the boundary inside one cell, from point to point, local to the cell (0 to 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Column of the cell.
    pub a: usize,
    /// Row of the cell.
    pub b: usize,
    /// Where it starts.
    pub from: [f64; 2],
    /// Where it ends.
    pub to: [f64; 2],
}

/// What a region covers of a lattice. Parts of the region outside the lattice's nodes are not in here.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Cells inside the region as a whole.
    pub whole: Vec<Run>,
    /// Cells that the boundary passes, with something covered.
    pub partial: Vec<PartialCell>,
    /// The pieces of the partial cells.
    pub pieces: Vec<Piece>,
    /// Nodes inside the region; on its boundary, either way.
    pub nodes: Vec<Run>,
    /// The region's boundary, cut at the cells.
    pub segments: Vec<Segment>,
}

/// An edge of a region in lattice coordinates; `sign` 1 where the inside is to the left of the way from `from` to `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedEdge {
    /// Start.
    pub from: [f64; 2],
    /// End.
    pub to: [f64; 2],
    /// 1 or -1.
    pub sign: f64,
}

/// A part of an edge in one sub-cell.
#[derive(Debug, Clone, Copy)]
struct Entry {
    row: u32,
    /// -1: left of the lattice, covers whole rows.
    column: i32,
    from: [f64; 2],
    to: [f64; 2],
    sign: f64,
}

/// Sub-cells with less than this part of themselves covered are rounding.
const NOTHING: f64 = 1e-12;

impl Coverage {
    /// Covered area in cells.
    #[must_use]
    pub fn area(&self) -> f64 {
        let whole: usize = self.whole.iter().map(|run| run.end - run.start).sum();
        whole as f64 + self.partial.iter().map(|cell| cell.merged.area).sum::<f64>()
    }

    /// What the closed rings of `edges` cover of the lattice of `nodes` (along a and b), partial cells cut into `refine` sub-cells
    /// along a and b.
    ///
    /// The rings must not cross each other; inside is where they wind around once.
    #[must_use]
    pub fn of_edges(edges: &[SignedEdge], nodes: [usize; 2], refine: [usize; 2]) -> Self {
        let mut coverage = Self::default();
        if nodes[0] < 2 || nodes[1] < 2 || edges.is_empty() {
            return coverage;
        }
        coverage.find_cells(edges, nodes, refine);
        coverage.find_nodes(edges, nodes);
        coverage.find_segments(edges, nodes);
        coverage
    }

    fn find_cells(&mut self, edges: &[SignedEdge], nodes: [usize; 2], refine: [usize; 2]) {
        let entries = by_row_and_column(sub_cell_entries(edges, nodes, refine), (nodes[1] - 1) * refine[1]);
        let mut row = CellRow::new(nodes[0] - 1, refine);
        for band in entries.chunk_by(|x, y| x.row as usize / refine[1] == y.row as usize / refine[1]) {
            row.sweep(band, self);
        }
    }

    fn find_nodes(&mut self, edges: &[SignedEdge], nodes: [usize; 2]) {
        let mut crossings: Vec<(usize, f64, f64)> = Vec::new();
        for edge in edges {
            let (low, high) = (edge.from[1].min(edge.to[1]), edge.from[1].max(edge.to[1]));
            let turn = if edge.from[1] > edge.to[1] { edge.sign } else { -edge.sign };
            let last = (high.ceil() - 1.0).min((nodes[1] - 1) as f64);
            let mut b = low.ceil().max(0.0);
            while b <= last {
                let a = edge.from[0] + (b - edge.from[1]) / (edge.to[1] - edge.from[1]) * (edge.to[0] - edge.from[0]);
                crossings.push((b as usize, a, turn));
                b += 1.0;
            }
        }
        crossings.sort_unstable_by(|x, y| x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)));
        for row in crossings.chunk_by(|x, y| x.0 == y.0) {
            let mut winding = 0.0;
            for pair in row.windows(2) {
                winding += pair[0].2;
                let (start, end) = (pair[0].1.ceil().max(0.0), pair[1].1.floor().min((nodes[0] - 1) as f64));
                if winding > 0.5 && start <= end {
                    self.nodes.push(Run { b: row[0].0, start: start as usize, end: end as usize + 1 });
                }
            }
        }
    }

    fn find_segments(&mut self, edges: &[SignedEdge], nodes: [usize; 2]) {
        let high = [(nodes[0] - 1) as f64, (nodes[1] - 1) as f64];
        for edge in edges {
            let inside = walk::clipped(edge.from, edge.to, 0, 0.0, high[0])
                .and_then(|(from, to)| walk::clipped(from, to, 1, 0.0, high[1]));
            let Some((from, to)) = inside else { continue };
            walk::cells(from, to, |cell, from, to| {
                let a = (cell[0].max(0) as usize).min(nodes[0] - 2);
                let b = (cell[1].max(0) as usize).min(nodes[1] - 2);
                let local = |p: [f64; 2]| [(p[0] - a as f64).clamp(0.0, 1.0), (p[1] - b as f64).clamp(0.0, 1.0)];
                self.segments.push(Segment { a, b, from: local(from), to: local(to) });
            });
        }
    }
}

/// Cuts all edges at the sub-cells. What is right of the lattice covers nothing of it; what is left of it covers whole rows.
fn sub_cell_entries(edges: &[SignedEdge], nodes: [usize; 2], refine: [usize; 2]) -> Vec<Entry> {
    let fine = |p: [f64; 2]| [p[0] * refine[0] as f64, p[1] * refine[1] as f64];
    let columns = ((nodes[0] - 1) * refine[0]) as f64;
    let rows = (nodes[1] - 1) * refine[1];
    let mut entries = Vec::new();
    for edge in edges {
        let (from, to) = (fine(edge.from), fine(edge.to));
        // A level edge covers nothing, but the cells it passes are not whole.
        let Some((from, to)) = walk::clipped(from, to, 1, 0.0, rows as f64) else { continue };
        let sides = [(f64::NEG_INFINITY, 0.0), (0.0, columns)];
        for (side, (low, high)) in sides.into_iter().enumerate() {
            // A vertical edge on the left border would be met on both sides.
            if side == 0 && from[0].min(to[0]) >= 0.0 {
                continue;
            }
            let Some((mut from, mut to)) = walk::clipped(from, to, 0, low, high) else { continue };
            if side == 0 {
                // Only the height counts, however far away it is.
                (from[0], to[0]) = (0.0, 0.0);
            }
            if side == 1 && from[0].max(to[0]) <= 0.0 && edge.from[0].min(edge.to[0]) < 0.0 {
                continue;
            }
            walk::cells(from, to, |cell, from, to| {
                let row = (cell[1].max(0) as usize).min(rows - 1);
                let column = if side == 0 { -1 } else { cell[0].max(0) as i32 };
                if f64::from(column) >= columns {
                    return;
                }
                let corner = [f64::from(column.max(0)), row as f64];
                let local = |p: [f64; 2]| [(p[0] - corner[0]).clamp(0.0, 1.0), (p[1] - corner[1]).clamp(0.0, 1.0)];
                entries.push(Entry { row: row as u32, column, from: local(from), to: local(to), sign: edge.sign });
            });
        }
    }
    entries
}

/// Sorts entries by sub-row, counted into place, and by column.
fn by_row_and_column(entries: Vec<Entry>, rows: usize) -> Vec<Entry> {
    let mut starts = vec![0usize; rows + 1];
    for entry in &entries {
        starts[entry.row as usize + 1] += 1;
    }
    for row in 0..rows {
        starts[row + 1] += starts[row];
    }
    let mut sorted = entries.clone();
    let mut next = starts.clone();
    for entry in entries {
        let at = &mut next[entry.row as usize];
        sorted[*at] = entry;
        *at += 1;
    }
    for bounds in starts.windows(2) {
        // Stable and quick on the few entries of a row, which come in runs already.
        sorted[bounds[0]..bounds[1]].sort_by_key(|entry| entry.column);
    }
    sorted
}

/// Working space for one row of cells.
struct CellRow {
    columns: usize,
    refine: [usize; 2],
    /// Columns of cells that the boundary passes, ascending.
    touched: Vec<usize>,
    /// Pieces of this row's cells with their column.
    pieces: Vec<(usize, Piece)>,
}

impl CellRow {
    fn new(columns: usize, refine: [usize; 2]) -> Self {
        Self { columns, refine, touched: Vec::new(), pieces: Vec::new() }
    }

    /// Sums one row of cells: `band` holds all entries of its sub-rows, sorted by sub-row and column.
    fn sweep(&mut self, band: &[Entry], coverage: &mut Coverage) {
        let b = band[0].row as usize / self.refine[1];
        self.touched.clear();
        self.touched.extend(band.iter().filter(|entry| entry.column >= 0).map(|entry| entry.column as usize / self.refine[0]));
        self.touched.sort_unstable();
        self.touched.dedup();
        self.pieces.clear();
        for (order, sub_row) in band.chunk_by(|x, y| x.row == y.row).enumerate() {
            self.sweep_sub_row(sub_row, b, order == 0, coverage);
        }
        self.pieces.sort_by_key(|(a, _)| *a);
        for cell in self.pieces.chunk_by(|x, y| x.0 == y.0) {
            let start = coverage.pieces.len();
            coverage.pieces.extend(cell.iter().map(|(_, piece)| *piece));
            let pieces = start..coverage.pieces.len();
            let merged = Piece::merged(&coverage.pieces[pieces.clone()]);
            coverage.partial.push(PartialCell { a: cell[0].0, b, merged, pieces });
        }
    }

    fn sweep_sub_row(&mut self, sub_row: &[Entry], b: usize, first: bool, coverage: &mut Coverage) {
        let in_cell_row = sub_row[0].row as usize % self.refine[1];
        let mut cover = Cover::default();
        let mut next = 0;
        for group in sub_row.chunk_by(|x, y| x.column == y.column) {
            let column = group[0].column;
            if column >= 0 {
                let column = column as usize;
                if cover.height > 0.5 {
                    self.fill(next, column, in_cell_row, b, first, coverage);
                }
                let mut moments = Moments::of_cover(cover);
                for entry in group {
                    moments += Moments::right_of(entry.from, entry.to, entry.sign);
                }
                if moments.area > NOTHING {
                    let (cell, corner) = self.sub_cell(column, in_cell_row);
                    self.pieces.push((cell, Piece::of_sub_cell(&moments, corner, self.sub_size())));
                }
                next = column + 1;
            }
            for entry in group {
                cover += Cover::between(entry.from[1], entry.to[1], entry.sign);
            }
        }
        if cover.height > 0.5 {
            self.fill(next, self.columns * self.refine[0], in_cell_row, b, first, coverage);
        }
    }

    /// The sub-columns from `start` to `end` are inside: whole cells where the boundary does not pass, rectangles where it does.
    fn fill(&mut self, start: usize, end: usize, in_cell_row: usize, b: usize, first: bool, coverage: &mut Coverage) {
        if start >= end {
            return;
        }
        let per_cell = self.refine[0];
        let (from_cell, to_cell) = (start / per_cell, end.div_ceil(per_cell));
        let low = self.touched.partition_point(|cell| *cell < from_cell);
        let high = self.touched.partition_point(|cell| *cell < to_cell);
        let mut open = from_cell;
        for at in low..high {
            let cell = self.touched[at];
            if first && open < cell {
                coverage.whole.push(Run { b, start: open, end: cell });
            }
            open = cell + 1;
            let (left, right) = (start.max(cell * per_cell), end.min((cell + 1) * per_cell));
            let (_, corner) = self.sub_cell(left, in_cell_row);
            let [width, height] = self.sub_size();
            self.pieces.push((cell, Piece::rectangle(corner, [(right - left) as f64 * width, height])));
        }
        if first && open < to_cell {
            coverage.whole.push(Run { b, start: open, end: to_cell });
        }
    }

    fn sub_size(&self) -> [f64; 2] {
        [1.0 / self.refine[0] as f64, 1.0 / self.refine[1] as f64]
    }

    /// The cell of a sub-column, and the sub-cell's corner in it.
    fn sub_cell(&self, column: usize, in_cell_row: usize) -> (usize, [f64; 2]) {
        let [width, height] = self.sub_size();
        (column / self.refine[0], [(column % self.refine[0]) as f64 * width, in_cell_row as f64 * height])
    }
}

#[cfg(test)]
mod tests;

//! Which part of each cell of a lattice a region covers, exactly.
//!
//! A cell is the square between four neighbouring voxel centres: dose is bilinear in it. Each edge of the
//! region adds, to every cell it passes and to all cells to its right, what lies to its right; the sums are
//! exact areas, centroids and spreads, without sorting edges against each other. Cells that no edge passes
//! are inside as a whole or not at all. A partly covered cell can be cut into sub-cells, for where dose is
//! too steep for the cell to count as one.
//!
//! The boundary is walked once. Its stretches through one cell, the passes, are what is sorted: by row and
//! column. The cost is linear in the points of the contours and in the cells that they pass.
//!
//! Units: cells (areas as parts of a cell). Frame: continuous lattice coordinates (a, b) of a
//! [`lattice::AlignedGrid`]; node (a, b) is a voxel centre.

mod cut;
pub mod lattice;
mod moments;
mod nodes;
pub(crate) mod walk;

pub use moments::Piece;
use moments::{Cover, Sums};
use std::ops::Range;

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
    /// What is covered, as one piece; of area 0 where the boundary only touches.
    pub piece: Piece,
    /// Where its smaller pieces are in [`Coverage::pieces`]: empty unless it was [cut](Coverage::cut).
    pub pieces: Range<usize>,
    /// Its passes among the sorted ones.
    passes: Range<usize>,
}

/// A part of the boundary inside one cell, from point to point, local to the cell (0 to 1); the inside to its
/// left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Where it starts.
    pub from: [f64; 2],
    /// Where it ends.
    pub to: [f64; 2],
}

/// An edge of a region in lattice coordinates, the inside to the left of the way from `from` to `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Start.
    pub from: [f64; 2],
    /// End.
    pub to: [f64; 2],
}

/// What a region covers of a lattice. Parts of the region outside the lattice's nodes are not in here.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Cells inside the region as a whole.
    pub whole: Vec<Run>,
    /// Cells that the boundary passes.
    pub partial: Vec<PartialCell>,
    /// The pieces of the partial cells that were cut.
    pub pieces: Vec<Piece>,
    /// Nodes inside the region; on its boundary, either way.
    pub nodes: Vec<Run>,
    /// The region's boundary, cut at the cells.
    segments: Vec<Segment>,
    passes: Vec<Pass>,
    /// The passes sorted by cell: key of the cell, number of the pass.
    order: Vec<(u64, usize)>,
    crossings: Vec<nodes::Crossing>,
    cutter: cut::Cutter,
}

/// A stretch of the boundary through one cell.
#[derive(Debug, Clone, PartialEq)]
struct Pass {
    row: usize,
    column: Column,
    sums: Sums,
    segments: Range<usize>,
}

/// A column of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// Left of the lattice: it covers whole rows.
    Left,
    In(usize),
}

impl Pass {
    /// Sorts by row, then by column.
    fn key(&self) -> u64 {
        let column = match self.column {
            Column::Left => 0,
            Column::In(column) => column as u64 + 1,
        };
        (self.row as u64) << 32 | column
    }

    fn row_of(key: u64) -> usize {
        (key >> 32) as usize
    }
}

impl Coverage {
    /// What the closed rings of `edges` cover of the lattice of `nodes` (along a and b).
    ///
    /// The rings must not cross each other; inside is where they wind around once.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::{Coverage, Edge};
    ///
    /// // A square of 2 by 2 cells, half a cell away from the nodes.
    /// let corners = [[0.5, 0.5], [2.5, 0.5], [2.5, 2.5], [0.5, 2.5]];
    /// let edges = (0..4).map(|at| Edge { from: corners[at], to: corners[(at + 1) % 4] });
    /// let coverage = Coverage::of_edges(edges, [5, 5]);
    /// assert_eq!(coverage.area(), 4.0);
    /// assert_eq!((coverage.whole.len(), coverage.partial.len()), (1, 8));
    /// ```
    #[must_use]
    pub fn of_edges(edges: impl IntoIterator<Item = Edge>, nodes: [usize; 2]) -> Self {
        let mut coverage = Self::default();
        coverage.trace(edges, nodes);
        coverage
    }

    /// The same in the place of what was here, whose memory is used again.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::{Coverage, Edge};
    ///
    /// // A square of 2 by 2 cells, half a cell away from the nodes.
    /// let corners = [[0.5, 0.5], [2.5, 0.5], [2.5, 2.5], [0.5, 2.5]];
    /// let edges = (0..4).map(|at| Edge { from: corners[at], to: corners[(at + 1) % 4] });
    /// let mut coverage = Coverage::default();
    /// coverage.trace(edges, [5, 5]);
    /// assert_eq!(coverage.area(), 4.0);
    /// ```
    pub fn trace(&mut self, edges: impl IntoIterator<Item = Edge>, nodes: [usize; 2]) {
        self.whole.clear();
        self.partial.clear();
        self.pieces.clear();
        self.nodes.clear();
        self.segments.clear();
        self.passes.clear();
        self.order.clear();
        self.crossings.clear();
        let Some(cells) =
            nodes[0].checked_sub(1).zip(nodes[1].checked_sub(1)).filter(|(a, b)| *a > 0 && *b > 0)
        else {
            return;
        };
        let cells = [cells.0, cells.1];
        edges.into_iter().for_each(|edge| {
            nodes::cross(edge, nodes[1], &mut self.crossings);
            self.follow(edge, cells);
        });
        self.find_nodes(nodes[0]);
        self.find_cells(cells[0]);
    }

    /// Covered area in cells.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::{Coverage, Edge};
    ///
    /// // A square of 2 by 2 cells, half a cell away from the nodes.
    /// let corners = [[0.5, 0.5], [2.5, 0.5], [2.5, 2.5], [0.5, 2.5]];
    /// let edges = (0..4).map(|at| Edge { from: corners[at], to: corners[(at + 1) % 4] });
    /// assert_eq!(Coverage::of_edges(edges, [5, 5]).area(), 4.0);
    /// ```
    #[must_use]
    pub fn area(&self) -> f64 {
        let whole: usize = self.whole.iter().map(|run| run.end - run.start).sum();
        whole as f64 + self.partial.iter().map(|cell| cell.piece.area).sum::<f64>()
    }

    /// The boundary inside a partial cell.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::{Coverage, Edge};
    ///
    /// // A square of 2 by 2 cells, half a cell away from the nodes.
    /// let corners = [[0.5, 0.5], [2.5, 0.5], [2.5, 2.5], [0.5, 2.5]];
    /// let edges = (0..4).map(|at| Edge { from: corners[at], to: corners[(at + 1) % 4] });
    /// let coverage = Coverage::of_edges(edges, [5, 5]);
    /// let corner = coverage.partial.iter().find(|cell| (cell.a, cell.b) == (0, 0)).unwrap();
    /// assert_eq!(corner.piece.area, 0.25);
    /// assert!(coverage.segments_in(corner).all(|segment| segment.from[0] >= 0.5 && segment.from[1] >= 0.5));
    /// ```
    pub fn segments_in(&self, cell: &PartialCell) -> impl Iterator<Item = &Segment> {
        self.order[cell.passes.clone()]
            .iter()
            .flat_map(|(_, pass)| &self.segments[self.passes[*pass].segments.clone()])
    }

    /// Adds an edge to the passes. What is right of the lattice covers nothing of it; what is left of it
    /// covers whole rows.
    #[inline]
    fn follow(&mut self, edge: Edge, cells: [usize; 2]) {
        let limit = cells.map(|count| count as f64);
        let inside = |p: [f64; 2]| p[0] >= 0.0 && p[0] <= limit[0] && p[1] >= 0.0 && p[1] <= limit[1];
        if inside(edge.from) && inside(edge.to) {
            walk::cells(edge.from, edge.to, |cell, from, to| self.visit(cell, from, to, cells));
        } else {
            self.follow_clipped(edge, cells);
        }
    }

    fn follow_clipped(&mut self, edge: Edge, cells: [usize; 2]) {
        let [columns, rows] = cells.map(|count| count as f64);
        let Some((from, to)) = walk::clipped(edge.from, edge.to, 1, 0.0, rows) else { return };
        if from[0].min(to[0]) < 0.0
            && let Some((from, to)) = walk::clipped(from, to, 0, f64::NEG_INFINITY, 0.0)
        {
            // Only the height counts, however far away it is.
            walk::cells([0.0, from[1]], [0.0, to[1]], |cell, from, to| {
                let row = (cell[1].max(0) as usize).min(cells[1] - 1);
                self.pass(row, Column::Left, [0.0, from[1] - row as f64], [0.0, to[1] - row as f64]);
            });
        }
        if from[0].max(to[0]) >= 0.0
            && let Some((from, to)) = walk::clipped(from, to, 0, 0.0, columns)
        {
            walk::cells(from, to, |cell, from, to| self.visit(cell, from, to, cells));
        }
    }

    /// A part of an edge inside a cell; what runs along the upper borders of the lattice belongs to the last
    /// cells.
    #[inline]
    fn visit(&mut self, cell: [i32; 2], from: [f64; 2], to: [f64; 2], cells: [usize; 2]) {
        let column = (cell[0].max(0) as usize).min(cells[0] - 1);
        let row = (cell[1].max(0) as usize).min(cells[1] - 1);
        let local = |p: [f64; 2]| [unit(p[0] - column as f64), unit(p[1] - row as f64)];
        self.pass(row, Column::In(column), local(from), local(to));
    }

    #[inline]
    fn pass(&mut self, row: usize, column: Column, from: [f64; 2], to: [f64; 2]) {
        let at = self.segments.len();
        self.segments.push(Segment { from, to });
        let sums = Sums::of(from, to);
        match self.passes.last_mut() {
            Some(pass) if pass.row == row && pass.column == column => {
                pass.sums += sums;
                pass.segments.end = at + 1;
            }
            _ => self.passes.push(Pass { row, column, sums, segments: at..at + 1 }),
        }
    }

    /// Sums the passes along each row.
    fn find_cells(&mut self, columns: usize) {
        self.order.extend(self.passes.iter().enumerate().map(|(at, pass)| (pass.key(), at)));
        self.order.sort_unstable();
        let mut at = 0;
        for row in self.order.chunk_by(|x, y| Pass::row_of(x.0) == Pass::row_of(y.0)) {
            let b = Pass::row_of(row[0].0);
            let mut cover = Cover::default();
            let mut next = 0;
            for cell in row.chunk_by(|x, y| x.0 == y.0) {
                let mut sums = Sums::default();
                for (_, pass) in cell {
                    sums += self.passes[*pass].sums;
                }
                let passes = at..at + cell.len();
                at = passes.end;
                if let Column::In(a) = self.passes[cell[0].1].column {
                    if cover.height > 0.5 && next < a {
                        self.whole.push(Run { b, start: next, end: a });
                    }
                    let piece = Piece::of(cover, &sums).unwrap_or_default();
                    self.partial.push(PartialCell { a, b, piece, pieces: 0..0, passes });
                    next = a + 1;
                }
                cover += sums.cover();
            }
            if cover.height > 0.5 && next < columns {
                self.whole.push(Run { b, start: next, end: columns });
            }
        }
    }
}

/// Rounding may leave the cell by a little.
#[inline]
fn unit(value: f64) -> f64 {
    // Two instructions, unlike `clamp`, which looks after NaN.
    let value = if value > 0.0 { value } else { 0.0 };
    if value < 1.0 { value } else { 1.0 }
}

#[cfg(test)]
mod tests;

//! Cutting partly covered cells into sub-cells, for where dose is too steep for a cell to count as one.
//!
//! A row of cells is cut into sub-rows, as many as its most demanding cell asks for. What the boundary to the
//! left covers of each sub-row is carried along from cell to cell, and taken up only as far as the last cell
//! that is cut.
//!
//! Units: sub-cells inside, cells in the pieces. Frame: lattice coordinates.

use super::moments::{Cover, Piece, Sums};
use super::{Coverage, PartialCell, Pass, walk};

/// Working space for cutting cells.
#[derive(Debug, Clone, Default)]
pub(super) struct Cutter {
    /// Into how many sub-cells each cell of the row wants to be cut.
    asked: Vec<[usize; 2]>,
    /// What the boundary covers of each sub-row, to the left of the next cell.
    covers: Vec<Cover>,
    /// What the boundary leaves in each sub-cell of a cell; `None` where it does not pass.
    inside: Vec<Option<Sums>>,
}

impl Coverage {
    /// Cuts the partly covered cells into as many sub-cells along a and b as `parts` asks for; all cells of a
    /// row into as many as the most demanding, but for those that ask for one.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::coverage::{Coverage, Edge};
    ///
    /// // A square of 2 by 2 cells, half a cell away from the nodes.
    /// let corners = [[0.5, 0.5], [2.5, 0.5], [2.5, 2.5], [0.5, 2.5]];
    /// let edges = (0..4).map(|at| Edge { from: corners[at], to: corners[(at + 1) % 4] });
    /// let mut coverage = Coverage::of_edges(edges, [5, 5]);
    /// coverage.cut(|_| [4, 4]);
    /// let cell = &coverage.partial[0];
    /// let pieces: f64 = coverage.pieces[cell.pieces.clone()].iter().map(|piece| piece.area).sum();
    /// assert!((pieces - cell.piece.area).abs() < 1e-12);
    /// ```
    pub fn cut(&mut self, parts: impl Fn(&PartialCell) -> [usize; 2]) {
        let mut partial = std::mem::take(&mut self.partial);
        let mut cutter = std::mem::take(&mut self.cutter);
        let mut row_starts = 0;
        for row in partial.chunk_by_mut(|x, y| x.b == y.b) {
            cutter.asked.clear();
            cutter.asked.extend(row.iter().map(&parts));
            let refine = cutter
                .asked
                .iter()
                .fold([1, 1], |most, asked| [most[0].max(asked[0]), most[1].max(asked[1])]);
            if refine != [1, 1] {
                cutter.row(self, row, row_starts, refine);
            }
            row_starts = row.last().map_or(row_starts, |cell| cell.passes.end);
        }
        self.partial = partial;
        self.cutter = cutter;
    }
}

impl Cutter {
    /// Cuts the cells of one row; its passes begin at `start` of the sorted ones.
    fn row(&mut self, coverage: &mut Coverage, row: &mut [PartialCell], start: usize, refine: [usize; 2]) {
        self.covers.clear();
        self.covers.resize(refine[1], Cover::default());
        let mut next = start;
        for (at, cell) in row.iter_mut().enumerate() {
            if cell.piece.area == 0.0 || self.asked[at] == [1, 1] {
                continue;
            }
            for (key, pass) in &coverage.order[next..cell.passes.start] {
                // What is left over from the row before lies to the right of its last partial cell.
                if Pass::row_of(*key) == cell.b {
                    self.take_up(coverage, *pass);
                }
            }
            let first = coverage.pieces.len();
            self.cell(coverage, cell, refine);
            cell.pieces = first..coverage.pieces.len();
            next = cell.passes.end;
        }
    }

    /// Adds what a pass covers of each sub-row.
    fn take_up(&mut self, coverage: &Coverage, pass: usize) {
        let rows = self.covers.len();
        for segment in &coverage.segments[coverage.passes[pass].segments.clone()] {
            let ends = [segment.from[1], segment.to[1]].map(|y| [0.0, y * rows as f64]);
            walk::cells(ends[0], ends[1], |[_, row], from, to| {
                let row = (row as usize).min(rows - 1);
                self.covers[row] += Cover::between(from[1] - row as f64, to[1] - row as f64);
            });
        }
    }

    /// Cuts one cell, left to right in each of its sub-rows.
    fn cell(&mut self, coverage: &mut Coverage, cell: &PartialCell, refine: [usize; 2]) {
        let [columns, rows] = refine;
        self.inside.clear();
        self.inside.resize(columns * rows, None);
        for (_, pass) in &coverage.order[cell.passes.clone()] {
            for segment in &coverage.segments[coverage.passes[*pass].segments.clone()] {
                let fine = |p: [f64; 2]| [p[0] * columns as f64, p[1] * rows as f64];
                walk::cells(fine(segment.from), fine(segment.to), |[column, row], from, to| {
                    let (column, row) = ((column as usize).min(columns - 1), (row as usize).min(rows - 1));
                    let local = |p: [f64; 2]| [p[0] - column as f64, p[1] - row as f64];
                    *self.inside[row * columns + column].get_or_insert_default() +=
                        Sums::of(local(from), local(to));
                });
            }
        }
        let size = [1.0 / columns as f64, 1.0 / rows as f64];
        for (row, (cover, inside)) in self.covers.iter_mut().zip(self.inside.chunks(columns)).enumerate() {
            let corner = |column: usize| [column as f64 * size[0], row as f64 * size[1]];
            let mut next = 0;
            for (column, sums) in
                inside.iter().enumerate().filter_map(|(column, sums)| sums.map(|sums| (column, sums)))
            {
                if cover.height > 0.5 && column > next {
                    coverage
                        .pieces
                        .push(Piece::rectangle(corner(next), [(column - next) as f64 * size[0], size[1]]));
                }
                coverage
                    .pieces
                    .extend(Piece::of(*cover, &sums).map(|piece| piece.in_cell(corner(column), size)));
                *cover += sums.cover();
                next = column + 1;
            }
            if cover.height > 0.5 && columns > next {
                coverage
                    .pieces
                    .push(Piece::rectangle(corner(next), [(columns - next) as f64 * size[0], size[1]]));
            }
        }
    }
}

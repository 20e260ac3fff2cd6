//! Depositing the dose of cells between two planes.
//!
//! Dose is trilinear in a cell. Its mean over a box, or over an exact piece of a cell's area times the full height, is exact; its
//! distribution is that of its linear part, widened by the variance of the rest.
//!
//! Units: Gy, cm³, cells. Frame: lattice coordinates.

use crate::accumulate::Accumulator;
use rt_geometry::coverage::{Coverage, Piece, Run};

/// Pieces whose dose spreads by less are deposited as one, Gy. Their mean is exact and nothing moves farther than this.
const FLAT_GY: f64 = 0.05;

/// The narrowest of a box's three distributions is small below this part of the widest.
const SMALL_WIDTH: f64 = 0.25;

/// Dose on two parallel planes: rows of `width` nodes each. Node (a, b) is at `b * width + a`.
#[derive(Clone, Copy)]
pub(crate) struct Layer<'p> {
    pub(crate) below: &'p [f64],
    pub(crate) above: &'p [f64],
    pub(crate) width: usize,
    /// Volume of a whole cell between the planes, cm³.
    pub(crate) volume: f64,
}

/// A column of a row of cells: the means over its two rows and two planes.
#[derive(Clone, Copy)]
struct Column {
    dose: f64,
    /// Change from row to row.
    y: f64,
    /// Change from plane to plane.
    z: f64,
    /// Change of `y` from plane to plane.
    yz: f64,
}

impl Layer<'_> {
    /// Deposits cells inside as a whole.
    pub(crate) fn deposit_whole(&self, runs: &[Run], sum: &mut Accumulator) {
        for run in runs {
            let count = run.end - run.start + 1;
            let rows = [self.below, self.above].map(|plane| {
                let start = run.b * self.width + run.start;
                (&plane[start..start + count], &plane[start + self.width..start + self.width + count])
            });
            let [(b0, b1), (t0, t1)] = rows;
            let columns = b0.iter().zip(b1).zip(t0.iter().zip(t1)).map(|((b0, b1), (t0, t1))| Column {
                dose: 0.25 * ((b0 + b1) + (t0 + t1)),
                y: 0.5 * ((b1 + t1) - (b0 + t0)),
                z: 0.5 * ((t0 + t1) - (b0 + b1)),
                yz: (t1 - t0) - (b1 - b0),
            });
            let mut last: Option<Column> = None;
            for next in columns {
                if let Some(last) = last {
                    self.deposit_box(last, next, sum);
                }
                last = Some(next);
            }
        }
    }

    /// A box in a linear dose: the sum of three uniform distributions, one for each axis. The two narrower ones count as one of the
    /// same variance, the narrowest halved first where it is not small.
    #[inline]
    fn deposit_box(&self, left: Column, right: Column, sum: &mut Accumulator) {
        let mean = 0.5 * (left.dose + right.dose);
        let x = (right.dose - left.dose).abs();
        let y = 0.5 * (left.y + right.y).abs();
        let z = 0.5 * (left.z + right.z).abs();
        let (low, high) = (x.min(y), x.max(y));
        let (most, rest) = (high.max(z), high.min(z));
        let (middle, least) = (rest.max(low), rest.min(low));
        // The parts of a trilinear dose that are not linear: each product of two axes has the variance of its factor squared / 144.
        let (xy, xz, yz) = (right.y - left.y, right.z - left.z, 0.5 * (left.yz + right.yz));
        let bent = (xy * xy + xz * xz + yz * yz) / 12.0;
        sum.covered += self.volume;
        sum.dose_volume += self.volume * mean;
        if least > FLAT_GY && least > SMALL_WIDTH * most {
            let (half, quarter) = (0.5 * least, 0.25 * least);
            let narrow = (middle * middle + half * half + bent).sqrt();
            sum.histogram.deposit(0.5 * self.volume, mean - quarter, [most, narrow]);
            sum.histogram.deposit(0.5 * self.volume, mean + quarter, [most, narrow]);
        } else {
            sum.histogram.deposit(self.volume, mean, [most, (middle * middle + least * least + bent).sqrt()]);
        }
    }

    /// Deposits the covered parts of cells that the boundary passes.
    pub(crate) fn deposit_partial(&self, coverage: &Coverage, sum: &mut Accumulator) {
        for partial in &coverage.partial {
            let cell = self.cell(partial.a, partial.b);
            if cell.spread() <= FLAT_GY {
                self.deposit_piece(&cell, &partial.merged, sum);
            } else {
                for piece in &coverage.pieces[partial.pieces.clone()] {
                    self.deposit_piece(&cell, piece, sum);
                }
            }
        }
    }

    fn deposit_piece(&self, cell: &Cell, piece: &Piece, sum: &mut Accumulator) {
        let [x, y] = piece.centre;
        let [xx, xy, yy] = piece.spread;
        let mean = cell.corner + cell.x * x + cell.y * y + cell.xy * (x * y + xy);
        let (along_x, along_y) = (cell.x + cell.xy * y, cell.y + cell.xy * x);
        // A uniform distribution of width w has the variance w² / 12. What the axes share is given to both in proportion.
        let (x_part, y_part) = (12.0 * along_x * along_x * xx, 12.0 * along_y * along_y * yy);
        let apart = x_part + y_part;
        let together = (apart + 24.0 * along_x * along_y * xy).max(0.0);
        let share = if apart > 0.0 { together / apart } else { 0.0 };
        let (x, y, z) = ((x_part * share).sqrt(), (y_part * share).sqrt(), cell.z.abs());
        let (low, high) = (x.min(y), x.max(y));
        let (most, rest) = (high.max(z), high.min(z));
        let volume = piece.area * self.volume;
        sum.covered += volume;
        sum.dose_volume += volume * mean;
        sum.histogram.deposit(volume, mean, [most, (rest * rest + low * low).sqrt()]);
    }

    /// Dose in a cell at mid-height, and how much it changes from plane to plane.
    fn cell(&self, a: usize, b: usize) -> Cell {
        let at = b * self.width + a;
        let corners = [at, at + 1, at + self.width, at + self.width + 1];
        let [d00, d10, d01, d11] = corners.map(|at| 0.5 * (self.below[at] + self.above[at]));
        let z = 0.25 * corners.iter().map(|at| self.above[*at] - self.below[*at]).sum::<f64>();
        Cell { corner: d00, x: d10 - d00, y: d01 - d00, xy: d00 + d11 - d10 - d01, z }
    }
}

/// Bilinear dose `corner + x·a + y·b + xy·a·b` in a cell at mid-height, with `z` the change from plane to plane.
struct Cell {
    corner: f64,
    x: f64,
    y: f64,
    xy: f64,
    z: f64,
}

impl Cell {
    /// No two points of the cell differ by more.
    fn spread(&self) -> f64 {
        self.x.abs() + self.y.abs() + self.xy.abs() + self.z.abs()
    }
}

//! Depositing cells that are inside as a whole.
//!
//! Dose is trilinear in a cell: its mean over the box is that of the corners, and its distribution is that of
//! its linear part, the sum of three independent uniform distributions, widened by the variance of the rest.
//! One pass over a row of cells, without branches, finds mean and widths of all of them and the steps that
//! they make in the histogram, several at a time with the widest registers of the processor; a second pass
//! adds the steps one by one. No operation depends on how many are done at a time.
//!
//! Units: Gy, cm³; positions on the dose axis in bins. Frame: lattice coordinates.

use crate::accumulator::Accumulator;
use crate::histogram::{Histogram, Step, larger, smaller};
use crate::layer::Layer;
use pulp::{Arch, NullaryFnOnce};
use rt_geometry::coverage::Run;

/// Cells of a row that are worked on together.
const BLOCK: usize = 64;

/// No register holds more cells than this; it divides [`BLOCK`].
const LANES: usize = 8;

/// Columns of nodes of a block, filled up to whole registers.
const COLUMNS: usize = BLOCK + LANES;

/// The narrowest of a box's three distributions is small below this part of the widest.
const SMALL_WIDTH: f64 = 0.25;

/// Working space for one block of cells.
pub(crate) struct WholeCells {
    /// The vector instructions at hand.
    arch: Arch,
    /// Doses of the nodes on the planes below and above, on the row's lower and upper side.
    nodes: [[f32; COLUMNS]; 4],
    columns: Columns,
    boxes: Boxes,
}

/// Columns of nodes of a row of cells, averaged over its two sides and the layer's height.
struct Columns {
    dose: [f64; COLUMNS],
    /// Change from side to side.
    y: [f64; COLUMNS],
    /// Change over the height.
    z: [f64; COLUMNS],
    /// Change of `y` over the height.
    yz: [f64; COLUMNS],
}

/// What is known of each cell, in bins.
struct Boxes {
    middle: [f64; BLOCK],
    /// The widest and the narrowest of the three distributions.
    most: [f64; BLOCK],
    least: [f64; BLOCK],
    /// Of the two narrower ones and the rest together, the width squared.
    narrow2: [f64; BLOCK],
    /// One uniform distribution of the same variance: its start and its end.
    steps: [Steps; 2],
}

/// See [`Step`].
struct Steps {
    bin: [f64; BLOCK],
    here: [f64; BLOCK],
    next: [f64; BLOCK],
}

const COLUMN: [f64; COLUMNS] = [0.0; COLUMNS];
const BOX: [f64; BLOCK] = [0.0; BLOCK];
const STEPS: Steps = Steps { bin: BOX, here: BOX, next: BOX };

impl WholeCells {
    pub(crate) fn new() -> Self {
        Self {
            arch: Arch::new(),
            nodes: [[0.0; COLUMNS]; 4],
            columns: Columns { dose: COLUMN, y: COLUMN, z: COLUMN, yz: COLUMN },
            boxes: Boxes { middle: BOX, most: BOX, least: BOX, narrow2: BOX, steps: [STEPS; 2] },
        }
    }

    /// Deposits the cells of `runs`.
    pub(crate) fn deposit(&mut self, layer: &Layer<'_>, runs: &[Run], sum: &mut Accumulator) {
        for run in runs {
            for start in (run.start..run.end).step_by(BLOCK) {
                let count = BLOCK.min(run.end - start);
                self.copy_nodes(layer, run.b, start, count);
                let Self { nodes, columns, boxes, .. } = self;
                self.arch.dispatch(Measure {
                    nodes,
                    columns,
                    boxes,
                    count,
                    layer,
                    histogram: &sum.histogram,
                });
                self.scatter(count, layer.volume, sum);
            }
        }
    }

    fn copy_nodes(&mut self, layer: &Layer<'_>, b: usize, start: usize, count: usize) {
        let columns = start..start + count + 1;
        let [below, below_next, above, above_next] = &mut self.nodes;
        layer.below.copy_row(b, columns.clone(), &mut below[..=count]);
        layer.below.copy_row(b + 1, columns.clone(), &mut below_next[..=count]);
        layer.above.copy_row(b, columns.clone(), &mut above[..=count]);
        layer.above.copy_row(b + 1, columns, &mut above_next[..=count]);
    }

    fn scatter(&self, count: usize, volume: f64, sum: &mut Accumulator) {
        let Boxes { middle, most, least, narrow2, steps } = &self.boxes;
        let histogram = &mut sum.histogram;
        let narrow_limit = histogram.narrow() * histogram.narrow();
        for at in 0..count {
            if narrow2[at] < narrow_limit {
                for Steps { bin, here, next } in steps {
                    histogram.step(Step { bin: bin[at], here: here[at], next: next[at] });
                }
            } else if least[at] > SMALL_WIDTH * most[at] && least[at] > histogram.narrow() {
                // Half of the narrowest is taken by two boxes, half stays a width.
                let narrow = (narrow2[at] - 0.75 * least[at] * least[at]).max(0.0).sqrt();
                for side in [-0.25, 0.25] {
                    histogram.trapezium(0.5 * volume, middle[at] + side * least[at], most[at], narrow);
                }
            } else {
                histogram.trapezium(volume, middle[at], most[at], narrow2[at].sqrt());
            }
        }
        let mean = self.columns.mean_sum(count);
        sum.covered += count as f64 * volume;
        sum.dose_volume += volume * mean;
    }
}

/// The pass without branches.
struct Measure<'a> {
    nodes: &'a [[f32; COLUMNS]; 4],
    columns: &'a mut Columns,
    boxes: &'a mut Boxes,
    count: usize,
    layer: &'a Layer<'a>,
    histogram: &'a Histogram,
}

impl NullaryFnOnce for Measure<'_> {
    type Output = ();

    /// To be compiled for each set of vector instructions, all of it has to be in line.
    #[inline(always)]
    fn call(self) {
        // Whole registers: what is behind the last cell is worked out and not used.
        let count = self.count.next_multiple_of(LANES);
        self.columns.average(self.nodes, count + LANES, self.layer);
        self.boxes.measure(self.columns, count, self.layer.volume, self.histogram);
    }
}

impl Columns {
    #[inline(always)]
    fn average(&mut self, nodes: &[[f32; COLUMNS]; 4], count: usize, layer: &Layer<'_>) {
        let (middle, height) = (layer.middle(), layer.height());
        let [below, below_next, above, above_next] = nodes;
        let (below, below_next, above, above_next) =
            (&below[..count], &below_next[..count], &above[..count], &above_next[..count]);
        let Self { dose, y, z, yz } = self;
        let (dose, y, z, yz) = (&mut dose[..count], &mut y[..count], &mut z[..count], &mut yz[..count]);
        for at in 0..count {
            let (b0, b1) = (f64::from(below[at]), f64::from(below_next[at]));
            let (rise0, rise1) = (f64::from(above[at]) - b0, f64::from(above_next[at]) - b1);
            let (m0, m1) = (b0 + middle * rise0, b1 + middle * rise1);
            dose[at] = 0.5 * (m0 + m1);
            y[at] = m1 - m0;
            z[at] = 0.5 * height * (rise0 + rise1);
            yz[at] = height * (rise1 - rise0);
        }
    }

    /// The sum of the cells' mean doses.
    fn mean_sum(&self, count: usize) -> f64 {
        let dose = &self.dose[..=count];
        let (lanes, rest) = dose.as_chunks::<LANES>();
        let mut sums = [0.0; LANES];
        for chunk in lanes {
            for lane in 0..LANES {
                sums[lane] += chunk[lane];
            }
        }
        sums.iter().sum::<f64>() + rest.iter().sum::<f64>() - 0.5 * (dose[0] + dose[count])
    }
}

impl Boxes {
    #[inline(always)]
    fn measure(&mut self, columns: &Columns, count: usize, volume: f64, histogram: &Histogram) {
        let ((low, scale), limit) = (histogram.axis(), histogram.limit());
        let (dose, y, z, yz) =
            (&columns.dose[..=count], &columns.y[..=count], &columns.z[..=count], &columns.yz[..=count]);
        let Self { middle, most, least, narrow2, steps: [starts, ends] } = self;
        let (middle, most, least) = (&mut middle[..count], &mut most[..count], &mut least[..count]);
        let narrow2 = &mut narrow2[..count];
        let (start_bin, start_here, start_next) = starts.slices(count);
        let (end_bin, end_here, end_next) = ends.slices(count);
        for at in 0..count {
            let mean = 0.5 * (dose[at] + dose[at + 1]);
            let along_x = (dose[at + 1] - dose[at]).abs();
            let along_y = 0.5 * (y[at] + y[at + 1]).abs();
            let along_z = 0.5 * (z[at] + z[at + 1]).abs();
            let (low_xy, high_xy) = (smaller(along_x, along_y), larger(along_x, along_y));
            let wide = larger(high_xy, along_z);
            let thin = smaller(low_xy, along_z);
            // The parts of a trilinear dose that are not linear: each product of two axes has the variance of
            // its factor squared / 144.
            let (xy, xz, yz) = (y[at + 1] - y[at], z[at + 1] - z[at], 0.5 * (yz[at] + yz[at + 1]));
            let bent = (xy * xy + xz * xz + yz * yz) * (1.0 / 12.0);
            let all2 = along_x * along_x + along_y * along_y + along_z * along_z + bent;
            let centre = (mean - low) * scale;
            middle[at] = centre;
            most[at] = wide * scale;
            least[at] = thin * scale;
            narrow2[at] = (all2 - wide * wide) * (scale * scale);
            let [start, end] = Step::both(volume, centre, 0.5 * scale * all2.sqrt(), limit);
            (start_bin[at], start_here[at], start_next[at]) = (start.bin, start.here, start.next);
            (end_bin[at], end_here[at], end_next[at]) = (end.bin, end.here, end.next);
        }
    }
}

impl Steps {
    #[inline(always)]
    fn slices(&mut self, count: usize) -> (&mut [f64], &mut [f64], &mut [f64]) {
        (&mut self.bin[..count], &mut self.here[..count], &mut self.next[..count])
    }
}

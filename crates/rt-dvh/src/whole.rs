//! Depositing cells that are inside as a whole.
//!
//! Dose is trilinear in a cell: its mean over the box is that of the corners, and its distribution is that of its linear part,
//! the sum of three independent uniform distributions, widened by the variance of the rest. One pass over a row of cells, without
//! branches, finds mean and widths of all of them, several at a time; a second pass adds them to the histogram one by one.
//!
//! Units: Gy, cm³; positions on the dose axis in bins. Frame: lattice coordinates.

use crate::accumulate::Accumulator;
use crate::histogram::{Histogram, larger, smaller};
use crate::layer::Layer;
use rt_geometry::coverage::Run;

/// Cells of a row that are worked on together.
const BLOCK: usize = 64;

/// The narrowest of a box's three distributions is small below this part of the widest.
const SMALL_WIDTH: f64 = 0.25;

/// Working space for one block of cells.
pub(crate) struct WholeCells {
    /// Doses of the nodes on the planes below and above, on the row's lower and upper side.
    nodes: [[f32; BLOCK + 1]; 4],
    columns: Columns,
    boxes: Boxes,
}

/// Columns of nodes of a row of cells, averaged over its two sides and the layer's height.
struct Columns {
    dose: [f64; BLOCK + 1],
    /// Change from side to side.
    y: [f64; BLOCK + 1],
    /// Change over the height.
    z: [f64; BLOCK + 1],
    /// Change of `y` over the height.
    yz: [f64; BLOCK + 1],
}

/// What is known of each cell, in bins.
struct Boxes {
    middle: [f64; BLOCK],
    /// The widest and the narrowest of the three distributions.
    most: [f64; BLOCK],
    least: [f64; BLOCK],
    /// Of the two narrower ones and the rest together, the width squared.
    narrow2: [f64; BLOCK],
    /// Half the width of one uniform distribution of the same variance.
    half: [f64; BLOCK],
}

impl WholeCells {
    pub(crate) const fn new() -> Self {
        const COLUMN: [f64; BLOCK + 1] = [0.0; BLOCK + 1];
        const BOX: [f64; BLOCK] = [0.0; BLOCK];
        Self {
            nodes: [[0.0; BLOCK + 1]; 4],
            columns: Columns { dose: COLUMN, y: COLUMN, z: COLUMN, yz: COLUMN },
            boxes: Boxes { middle: BOX, most: BOX, least: BOX, narrow2: BOX, half: BOX },
        }
    }

    /// Deposits the cells of `runs`.
    pub(crate) fn deposit(&mut self, layer: &Layer<'_>, runs: &[Run], sum: &mut Accumulator) {
        for run in runs {
            for start in (run.start..run.end).step_by(BLOCK) {
                let count = BLOCK.min(run.end - start);
                self.copy_nodes(layer, run.b, start, count);
                self.columns.average(&self.nodes, count, layer);
                self.boxes.measure(&self.columns, count, &sum.histogram);
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
        let Boxes { middle, most, least, narrow2, half } = &self.boxes;
        let histogram = &mut sum.histogram;
        let narrow_limit = histogram.narrow() * histogram.narrow();
        for at in 0..count {
            if narrow2[at] < narrow_limit {
                histogram.uniform(volume, middle[at], half[at]);
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

impl Columns {
    #[inline(always)]
    fn average(&mut self, nodes: &[[f32; BLOCK + 1]; 4], count: usize, layer: &Layer<'_>) {
        let (middle, height) = (layer.middle(), layer.height());
        let [below, below_next, above, above_next] = nodes.each_ref().map(|row| &row[..=count]);
        let (dose, y, z, yz) = (&mut self.dose[..=count], &mut self.y[..=count], &mut self.z[..=count], &mut self.yz[..=count]);
        for at in 0..=count {
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
        const LANES: usize = 8;
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
    fn measure(&mut self, columns: &Columns, count: usize, histogram: &Histogram) {
        let (low, scale) = histogram.axis();
        let (dose, y, z, yz) = (&columns.dose[..=count], &columns.y[..=count], &columns.z[..=count], &columns.yz[..=count]);
        let Self { middle, most, least, narrow2, half } = self;
        let (middle, most, least) = (&mut middle[..count], &mut most[..count], &mut least[..count]);
        let (narrow2, half) = (&mut narrow2[..count], &mut half[..count]);
        for at in 0..count {
            let mean = 0.5 * (dose[at] + dose[at + 1]);
            let along_x = (dose[at + 1] - dose[at]).abs();
            let along_y = 0.5 * (y[at] + y[at + 1]).abs();
            let along_z = 0.5 * (z[at] + z[at + 1]).abs();
            let (low_xy, high_xy) = (smaller(along_x, along_y), larger(along_x, along_y));
            let wide = larger(high_xy, along_z);
            let thin = smaller(low_xy, along_z);
            // The parts of a trilinear dose that are not linear: each product of two axes has the variance of its factor squared / 144.
            let (xy, xz, yz) = (y[at + 1] - y[at], z[at + 1] - z[at], 0.5 * (yz[at] + yz[at + 1]));
            let bent = (xy * xy + xz * xz + yz * yz) / 12.0;
            let all2 = along_x * along_x + along_y * along_y + along_z * along_z + bent;
            middle[at] = (mean - low) * scale;
            most[at] = wide * scale;
            least[at] = thin * scale;
            narrow2[at] = (all2 - wide * wide) * (scale * scale);
            half[at] = 0.5 * scale * all2.sqrt();
        }
    }
}

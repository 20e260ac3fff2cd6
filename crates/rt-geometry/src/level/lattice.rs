//! The lattice that level sets are followed on.
//!
//! Units: millimetres. Frame: plane coordinates (u, v); points are numbered row by row.

use crate::region::Region;

/// Lattice steps over the mean width of the wider region (twice its area over its perimeter; a disc's
/// radius).
const STEPS_A_WIDTH: f64 = 32.0;

/// The same over that of the narrower one, at least: where it is far narrower, it weighs little.
const STEPS_A_NARROW_WIDTH: f64 = 8.0;

/// The finest step, mm: a tenth of the resolution that contours are drawn with.
const FINEST_MM: f64 = 0.05;

/// The coarsest step, mm.
const COARSEST_MM: f64 = 1.0;

/// No lattice has more steps than this along an axis.
const MOST_STEPS: f64 = 1500.0;

/// Points at equal steps around regions, at least one step beyond them.
pub(super) struct Lattice {
    low: [f64; 2],
    step: f64,
    size: [usize; 2],
}

impl Lattice {
    /// The lattice lies evenly about the middle of the regions' common box: their mirror images get the
    /// mirrored lattice.
    pub(super) fn around(regions: &[&Region]) -> Self {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        let (mut narrow, mut wide) = (f64::INFINITY, 0.0f64);
        for region in regions {
            let Some((region_low, region_high)) = region.bounds() else { continue };
            for axis in 0..2 {
                low[axis] = low[axis].min(region_low[axis]);
                high[axis] = high[axis].max(region_high[axis]);
            }
            let width = 2.0 * region.area().0 / perimeter(region);
            (narrow, wide) = (narrow.min(width), wide.max(width));
        }
        let extent = (high[0] - low[0]).max(high[1] - low[1]).max(0.0);
        let step = (wide / STEPS_A_WIDTH)
            .min(narrow / STEPS_A_NARROW_WIDTH)
            .clamp(FINEST_MM, COARSEST_MM)
            .max(extent / MOST_STEPS);
        let steps = [0, 1].map(|axis| ((high[axis] - low[axis]).max(0.0) / step).ceil() + 3.0);
        let low = [0, 1].map(|axis| (low[axis] + high[axis] - steps[axis] * step) / 2.0);
        Self { low, step, size: steps.map(|steps| steps as usize + 1) }
    }

    pub(super) const fn step(&self) -> f64 {
        self.step
    }

    pub(super) fn point(&self, at: usize) -> [f64; 2] {
        let [width, _] = self.size;
        [self.low[0] + self.step * (at % width) as f64, self.low[1] + self.step * (at / width) as f64]
    }

    /// The squares between four points, by their lower left one.
    pub(super) fn squares(&self) -> impl Iterator<Item = usize> {
        let [width, height] = self.size;
        (0..height - 1).flat_map(move |row| (0..width - 1).map(move |column| row * width + column))
    }

    /// The corners of a square, counter-clockwise from the lower left one.
    pub(super) const fn corners(&self, square: usize) -> [usize; 4] {
        [square, square + 1, square + 1 + self.size[0], square + self.size[0]]
    }

    /// Which points lie inside a region.
    pub(super) fn inside(&self, region: &Region) -> Vec<bool> {
        let [width, height] = self.size;
        let mut rows: Vec<Vec<f64>> = vec![Vec::new(); height];
        let row_of = |v: f64| (v - self.low[1]) / self.step;
        for (a, b) in region.rings().iter().flat_map(|ring| ring.edges()) {
            let (low, high) = if a[1] <= b[1] { (a, b) } else { (b, a) };
            let (from, to) = (row_of(low[1]).ceil().max(0.0), row_of(high[1]).ceil().min(height as f64));
            for (row, crossings) in rows.iter_mut().enumerate().take(to as usize).skip(from as usize) {
                let v = self.low[1] + self.step * row as f64;
                crossings.push(low[0] + (v - low[1]) / (high[1] - low[1]) * (high[0] - low[0]));
            }
        }
        let mut inside = vec![false; width * height];
        for (row, crossings) in rows.iter_mut().enumerate() {
            crossings.sort_by(f64::total_cmp);
            for span in crossings.chunks_exact(2) {
                let [from, to] = [span[0], span[1]]
                    .map(|u| ((u - self.low[0]) / self.step).ceil().clamp(0.0, width as f64) as usize);
                inside[row * width + from..row * width + to].fill(true);
            }
        }
        inside
    }
}

fn perimeter(region: &Region) -> f64 {
    let length = |(a, b): ([f64; 2], [f64; 2])| (b[0] - a[0]).hypot(b[1] - a[1]);
    region.rings().iter().flat_map(|ring| ring.edges()).map(length).sum()
}

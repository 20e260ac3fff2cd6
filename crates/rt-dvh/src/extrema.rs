//! The smallest and the largest dose of a region on a plane, exactly.
//!
//! Dose is bilinear in each cell of the plane: it has no extremum inside a cell. So the extrema lie at voxel centres inside the
//! region or on its boundary, where dose is quadratic along each straight part of an edge in a cell.
//!
//! Units: Gy. Frame: lattice coordinates.

use crate::layer::{DosePlane, Layer};
use rt_geometry::coverage::{Run, Segment};

/// The smallest and the largest dose seen so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Extrema {
    pub(crate) min: f64,
    pub(crate) max: f64,
}

/// Nodes that are looked at together.
const BLOCK: usize = 128;

impl Extrema {
    pub(crate) const NONE: Self = Self { min: f64::INFINITY, max: f64::NEG_INFINITY };

    #[inline]
    pub(crate) fn see(&mut self, dose: f64) {
        self.min = self.min.min(dose);
        self.max = self.max.max(dose);
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Whether these doses, and any between them, change nothing.
    #[inline]
    pub(crate) fn hold(&self, doses: &[f64; 4]) -> bool {
        doses.iter().all(|dose| self.min <= *dose && *dose <= self.max)
    }

    /// Sees the nodes of `runs` on a dose plane.
    pub(crate) fn see_nodes(&mut self, plane: &DosePlane<'_>, runs: &[Run]) {
        let mut row = [0.0f32; BLOCK];
        for run in runs {
            for start in (run.start..run.end).step_by(BLOCK) {
                let row = &mut row[..BLOCK.min(run.end - start)];
                plane.copy_row(run.b, start..start + row.len(), row);
                let (low, high) = range(row);
                self.see(f64::from(low));
                self.see(f64::from(high));
            }
        }
    }

    /// Sees the nodes of `runs` at a height between two dose planes, 0 to 1.
    pub(crate) fn see_nodes_between(&mut self, layer: &Layer<'_>, height: f64, runs: &[Run]) {
        for run in runs {
            for a in run.start..run.end {
                let (below, above) = (layer.below.at(a, run.b), layer.above.at(a, run.b));
                self.see(below + height * (above - below));
            }
        }
    }

    /// Sees the dose along a part of the boundary in a cell with the doses `corners`: at (0, 0), (1, 0), (0, 1), (1, 1).
    pub(crate) fn see_segment(&mut self, corners: &[f64; 4], segment: &Segment) {
        let dose = |[x, y]: [f64; 2]| {
            (1.0 - y) * ((1.0 - x) * corners[0] + x * corners[1]) + y * ((1.0 - x) * corners[2] + x * corners[3])
        };
        let (from, to) = (segment.from, segment.to);
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        let (start, half, end) = (dose(from), dose(middle), dose(to));
        self.see(start);
        self.see(end);
        // The parabola through the three doses: dose(t) = start + slope t + bend t².
        let bend = 2.0 * (start + end) - 4.0 * half;
        let slope = end - start - bend;
        let t = -slope / (2.0 * bend);
        if t > 0.0 && t < 1.0 {
            self.see(start + t * (slope + t * bend));
        }
    }
}

/// The smallest and the largest of some doses, several at a time.
#[inline]
fn range(doses: &[f32]) -> (f32, f32) {
    const LANES: usize = 8;
    let (mut low, mut high) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
    let (lanes, rest) = doses.as_chunks::<LANES>();
    let mut see = |lane: usize, dose: f32| {
        low[lane] = if dose < low[lane] { dose } else { low[lane] };
        high[lane] = if dose > high[lane] { dose } else { high[lane] };
    };
    for chunk in lanes {
        for (lane, dose) in chunk.iter().enumerate() {
            see(lane, *dose);
        }
    }
    for (lane, dose) in rest.iter().enumerate() {
        see(lane, *dose);
    }
    (low.into_iter().fold(f32::INFINITY, f32::min), high.into_iter().fold(f32::NEG_INFINITY, f32::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saddle_has_its_extremum_inside_an_edge() {
        // Dose x·y on one cell; along the diagonal from (0, 1) to (1, 0) it is t (1 - t), largest at the middle.
        let segment = Segment { from: [0.0, 1.0], to: [1.0, 0.0] };
        let mut extrema = Extrema::NONE;
        extrema.see_segment(&[0.0, 0.0, 0.0, 1.0], &segment);
        assert_eq!(extrema, Extrema { min: 0.0, max: 0.25 });
    }

    #[test]
    fn every_dose_of_a_row_counts() {
        for count in 1..40u8 {
            for at in 0..count {
                let mut doses: Vec<f32> = vec![5.0; usize::from(count)];
                doses[usize::from(at)] = 9.0;
                doses[usize::from(count - 1 - at)] += 0.5;
                let expected = doses.iter().fold((f32::INFINITY, 0.0f32), |(low, high), dose| (low.min(*dose), high.max(*dose)));
                assert_eq!(range(&doses), expected);
            }
        }
    }
}

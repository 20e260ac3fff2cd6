//! The smallest and the largest dose of a region on a plane, exactly.
//!
//! Dose is bilinear in each cell of the plane: it has no extremum inside a cell. So the extrema lie at voxel
//! centres inside the region or on its boundary, where dose is quadratic along each straight part of an edge
//! in a cell.
//!
//! Units: Gy. Frame: lattice coordinates (a, b, c).

use crate::layer::{DosePlane, Layer};
use rt_geometry::coverage::{Run, Segment};

/// The smallest and the largest dose seen so far. Of equal ones the first counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Extrema {
    pub(crate) min: Seen,
    pub(crate) max: Seen,
}

/// A dose and where it was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Seen {
    pub(crate) dose: f64,
    pub(crate) at: [f64; 3],
}

/// Nodes that are looked at together.
const BLOCK: usize = 128;

impl Extrema {
    pub(crate) const NONE: Self = Self {
        min: Seen { dose: f64::INFINITY, at: [0.0; 3] },
        max: Seen { dose: f64::NEG_INFINITY, at: [0.0; 3] },
    };

    /// Sees a dose; its place is asked for only where it counts.
    #[inline]
    pub(crate) fn see(&mut self, dose: f64, at: impl Fn() -> [f64; 3]) {
        if dose < self.min.dose {
            self.min = Seen { dose, at: at() };
        }
        if dose > self.max.dose {
            self.max = Seen { dose, at: at() };
        }
    }

    /// Joins what was seen elsewhere; a part that saw nothing has no extrema to join.
    pub(crate) fn join(&mut self, other: Self) {
        if other.min.dose < self.min.dose {
            self.min = other.min;
        }
        if other.max.dose > self.max.dose {
            self.max = other.max;
        }
    }

    /// Whether these doses, and any between them, change nothing.
    #[inline]
    pub(crate) fn hold(&self, doses: &[f64; 4]) -> bool {
        doses.iter().all(|dose| self.min.dose <= *dose && *dose <= self.max.dose)
    }

    /// Sees the nodes of `runs` on dose plane `c`.
    pub(crate) fn include_nodes(&mut self, plane: &DosePlane<'_>, c: usize, runs: &[Run]) {
        let mut row = [0.0f32; BLOCK];
        for run in runs {
            for start in (run.start..run.end).step_by(BLOCK) {
                let row = &mut row[..BLOCK.min(run.end - start)];
                plane.copy_row(run.b, start..start + row.len(), row);
                let (low, high) = range(row);
                for dose in [low, high] {
                    let place = || row.iter().position(|other| *other == dose).unwrap_or_default();
                    self.see(f64::from(dose), || [start + place(), run.b, c].map(|node| node as f64));
                }
            }
        }
    }

    /// Sees the nodes of `runs` at a height between two dose planes, 0 to 1.
    pub(crate) fn include_nodes_between(&mut self, layer: &Layer<'_>, height: f64, runs: &[Run]) {
        for run in runs {
            for a in run.start..run.end {
                let (below, above) = (layer.below.at(a, run.b), layer.above.at(a, run.b));
                self.see(below + height * (above - below), || {
                    [a as f64, run.b as f64, layer.number as f64 + height]
                });
            }
        }
    }

    /// Sees the dose along a part of the boundary in a cell with the doses `corners`: at (0, 0), (1, 0), (0,
    /// 1), (1, 1). The first of them has the lattice coordinates `origin`.
    pub(crate) fn see_segment(&mut self, corners: &[f64; 4], segment: &Segment, origin: [f64; 3]) {
        let dose = |[x, y]: [f64; 2]| {
            (1.0 - y) * ((1.0 - x) * corners[0] + x * corners[1])
                + y * ((1.0 - x) * corners[2] + x * corners[3])
        };
        let (from, to) = (segment.from, segment.to);
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        let (start, half, end) = (dose(from), dose(middle), dose(to));
        let place = |t: f64| {
            let [x, y] = [0, 1].map(|axis| from[axis] + t * (to[axis] - from[axis]));
            [origin[0] + x, origin[1] + y, origin[2]]
        };
        self.see(start, || place(0.0));
        self.see(end, || place(1.0));
        // The parabola through the three doses: dose(t) = start + slope t + bend t².
        let bend = 2.0 * (start + end) - 4.0 * half;
        let slope = end - start - bend;
        let t = -slope / (2.0 * bend);
        if t > 0.0 && t < 1.0 {
            self.see(start + t * (slope + t * bend), || place(t));
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
        // Dose x·y on one cell; along the diagonal from (0, 1) to (1, 0) it is t (1 - t), largest at the
        // middle.
        let segment = Segment { from: [0.0, 1.0], to: [1.0, 0.0] };
        let mut extrema = Extrema::NONE;
        extrema.see_segment(&[0.0, 0.0, 0.0, 1.0], &segment, [3.0, 4.0, 5.5]);
        let (min, max) = (Seen { dose: 0.0, at: [3.0, 5.0, 5.5] }, Seen { dose: 0.25, at: [3.5, 4.5, 5.5] });
        assert_eq!(extrema, Extrema { min, max });
    }

    #[test]
    fn every_dose_of_a_row_counts() {
        for count in 1..40u8 {
            for at in 0..count {
                let mut doses: Vec<f32> = vec![5.0; usize::from(count)];
                doses[usize::from(at)] = 9.0;
                doses[usize::from(count - 1 - at)] += 0.5;
                let expected = doses
                    .iter()
                    .fold((f32::INFINITY, 0.0f32), |(low, high), dose| (low.min(*dose), high.max(*dose)));
                assert_eq!(range(&doses), expected);
            }
        }
    }

    proptest::proptest! {
        /// A part of a ROI beyond the dose grid sees nothing, whether it comes first or last.
        #[test]
        fn parts_join_in_any_order_and_those_that_saw_nothing_change_nothing(
            parts in proptest::collection::vec(proptest::collection::vec(-5.0f64..80.0, 0..4), 1..6),
        ) {
            let seen = |doses: &[f64]| {
                let mut extrema = Extrema::NONE;
                doses.iter().for_each(|dose| extrema.see(*dose, || [*dose; 3]));
                extrema
            };
            let mut joined = Extrema::NONE;
            parts.iter().for_each(|part| joined.join(seen(part)));
            let all: Vec<f64> = parts.concat();
            proptest::prop_assert_eq!(joined, seen(&all));
            proptest::prop_assert!(all.is_empty() || joined.min.dose.is_finite() && joined.max.dose.is_finite());
        }
    }
}

//! The smallest and the largest dose of a region on a plane, exactly.
//!
//! Dose is bilinear in each cell of the plane: it has no extremum inside a cell. So the extrema lie at voxel centres inside the
//! region or on its boundary, where dose is quadratic along each straight part of an edge in a cell.
//!
//! Units: Gy. Frame: lattice coordinates local to the plane's buffer.

use rt_geometry::coverage::Coverage;

/// The smallest and the largest dose seen so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Extrema {
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Extrema {
    pub(crate) const NONE: Self = Self { min: f64::INFINITY, max: f64::NEG_INFINITY };

    fn see(&mut self, dose: f64) {
        self.min = self.min.min(dose);
        self.max = self.max.max(dose);
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Sees the dose of one plane (`width` nodes a row) over what `coverage` covers.
    pub(crate) fn see_plane(&mut self, plane: &[f64], width: usize, coverage: &Coverage) {
        for run in &coverage.nodes {
            let row = &plane[run.b * width..][run.start..run.end];
            let (low, high) =
                row.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), dose| (low.min(*dose), high.max(*dose)));
            self.see(low);
            self.see(high);
        }
        for segment in &coverage.segments {
            let at = segment.b * width + segment.a;
            let corners = [plane[at], plane[at + 1], plane[at + width], plane[at + width + 1]];
            // Dose in the cell stays between its corners: most cells can't move the extrema.
            if corners.iter().all(|dose| (self.min..=self.max).contains(dose)) {
                continue;
            }
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_geometry::coverage::{Run, Segment};

    #[test]
    fn a_saddle_has_its_extremum_inside_an_edge() {
        // Dose x·y on one cell; along the diagonal from (0, 1) to (1, 0) it is t (1 - t), largest at the middle.
        let segment = Segment { a: 0, b: 0, from: [0.0, 1.0], to: [1.0, 0.0] };
        let coverage = Coverage { segments: vec![segment], ..Coverage::default() };
        let mut extrema = Extrema::NONE;
        extrema.see_plane(&[0.0, 0.0, 0.0, 1.0], 2, &coverage);
        assert_eq!(extrema, Extrema { min: 0.0, max: 0.25 });
    }

    #[test]
    fn nodes_inside_count() {
        let coverage = Coverage { nodes: vec![Run { b: 1, start: 1, end: 3 }], ..Coverage::default() };
        let mut extrema = Extrema::NONE;
        extrema.see_plane(&[9.0, 9.0, 9.0, 9.0, 9.0, 1.0, 2.0, 9.0], 4, &coverage);
        assert_eq!(extrema, Extrema { min: 1.0, max: 2.0 });
    }
}

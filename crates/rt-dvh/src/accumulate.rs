//! Summing a ROI over the layers between dose planes.
//!
//! A layer lies between two neighbouring dose planes. The slabs of the ROI that reach into it are integrated each over its part of
//! the layer, but cells that are inside as a whole in all of them, all the way through, are one box each.
//!
//! Units: Gy, mm, cm³. Frame: lattice coordinates of an [`AlignedGrid`], cropped to the ROI; c counts dose planes.

use crate::extrema::Extrema;
use crate::histogram::Histogram;
use crate::layer::Layer;
use crate::runs::{common, without};
use rt_geometry::coverage::lattice::AlignedGrid;
use rt_geometry::coverage::{Coverage, Run};
use rt_geometry::stack::Slab;
use rt_model::dose::DoseGrid;
use rt_model::units::Mm;
use std::collections::VecDeque;
use std::ops::Range;

/// A region is at least this many sub-cells across, down to [`SMALLEST_SUB_CELL`] of the largest sub-cell.
const SUB_CELLS_ACROSS: f64 = 42.0;

/// The smallest sub-cell, as a part of the largest.
const SMALLEST_SUB_CELL: f64 = 0.15;

/// No cell is cut finer than this along an axis.
const MOST_SUB_CELLS: f64 = 64.0;

/// Faces this close to a dose plane, in planes, are on it: coordinates are rounded when they are written.
const ON_PLANE: f64 = 1e-7;

/// What a part of a ROI sums up to. Parts of one ROI are added in a fixed order, whoever computed them.
#[derive(Debug, Clone)]
pub(crate) struct Accumulator {
    pub(crate) histogram: Histogram,
    /// Volume inside the dose grid, cm³.
    pub(crate) covered: f64,
    /// Dose times covered volume, Gy cm³.
    pub(crate) dose_volume: f64,
    pub(crate) extrema: Extrema,
}

impl Accumulator {
    pub(crate) const fn new(histogram: Histogram) -> Self {
        Self { histogram, covered: 0.0, dose_volume: 0.0, extrema: Extrema::NONE }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.histogram.add(&other.histogram);
        self.covered += other.covered;
        self.dose_volume += other.dose_volume;
        self.extrema.join(other.extrema);
    }
}

/// A slab inside the grid: where it begins and ends along c.
struct Span<'s> {
    slab: &'s Slab,
    low: f64,
    high: f64,
}

/// A ROI on a dose grid.
pub(crate) struct RoiDose<'d> {
    grid: &'d AlignedGrid<'d>,
    dose: &'d DoseGrid,
    sub_cell: Mm,
    spans: Vec<Span<'d>>,
    /// The part of the lattice around the ROI: first node and number of nodes along a and b.
    start: [usize; 2],
    size: [usize; 2],
}

impl<'d> RoiDose<'d> {
    pub(crate) fn new(grid: &'d AlignedGrid<'d>, dose: &'d DoseGrid, slabs: &'d [Slab], sub_cell: Mm) -> Self {
        let nodes = grid.nodes();
        let last = (nodes[2] - 1) as f64;
        let mut roi = Self { grid, dose, sub_cell, spans: Vec::with_capacity(slabs.len()), start: [0; 2], size: [0; 2] };
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for slab in slabs {
            let uv = slab.region.centroid().unwrap_or_default();
            let ends = [slab.lower, slab.upper].map(|w| {
                let c = grid.through(uv, w);
                if (c - c.round()).abs() <= ON_PLANE { c.round() } else { c }
            });
            let span = Span { slab, low: ends[0].min(ends[1]).clamp(0.0, last), high: ends[0].max(ends[1]).clamp(0.0, last) };
            if span.low < span.high {
                let (_, [slab_low, slab_high]) = grid.edges(&slab.region, (slab.lower + slab.upper) / 2.0);
                for axis in 0..2 {
                    low[axis] = low[axis].min(slab_low[axis]);
                    high[axis] = high[axis].max(slab_high[axis]);
                }
                roi.spans.push(span);
            }
        }
        roi.spans.sort_by(|a, b| a.low.total_cmp(&b.low));
        for axis in 0..2 {
            let first = low[axis].floor().max(0.0);
            let end = high[axis].ceil().min((nodes[axis] - 1) as f64);
            if first < end {
                roi.start[axis] = first as usize;
                roi.size[axis] = (end - first) as usize + 1;
            }
        }
        if roi.size.contains(&0) {
            roi.spans.clear();
        }
        roi
    }

    /// The layers that the ROI reaches into: layer k lies between dose planes k and k + 1.
    pub(crate) fn layers(&self) -> Range<usize> {
        let first = self.spans.first().map_or(0, |span| span.low as usize);
        let end = self.spans.iter().map(|span| span.high.ceil() as usize).max().unwrap_or(0);
        first..end
    }

    /// Adds the ROI's part in `layers`.
    pub(crate) fn accumulate(&self, layers: Range<usize>, sum: &mut Accumulator) {
        // Coverages of the spans from `first_covered` on; a slab can reach through several layers.
        let mut covers: VecDeque<Coverage> = VecDeque::new();
        let mut first_covered = 0;
        let mut planes = Planes::new(self);
        for layer in layers {
            let (bottom, top) = (layer as f64, (layer + 1) as f64);
            // Slabs do not overlap: both ends of the spans ascend.
            let first = self.spans.partition_point(|span| span.high <= bottom);
            let end = self.spans.partition_point(|span| span.low < top);
            covers.drain(..(first - first_covered).min(covers.len()));
            first_covered = first;
            for span in &self.spans[(first + covers.len()).min(end)..end] {
                covers.push_back(self.coverage(span.slab));
            }
            let parts: Vec<(f64, f64, &Coverage)> = self.spans[first..end]
                .iter()
                .zip(&covers)
                .map(|(span, coverage)| (span.low.max(bottom), span.high.min(top), coverage))
                .collect();
            let through = through(&parts, bottom, top);
            if !through.is_empty() {
                planes.layer(bottom, top).deposit_whole(&through, sum);
            }
            for (low, high, coverage) in &parts {
                let layer = planes.layer(*low, *high);
                sum.extrema.see_plane(layer.below, layer.width, coverage);
                sum.extrema.see_plane(layer.above, layer.width, coverage);
                layer.deposit_whole(&without(&coverage.whole, &through), sum);
                layer.deposit_partial(coverage, sum);
            }
        }
    }

    /// What the slab's region covers of the cropped lattice.
    fn coverage(&self, slab: &Slab) -> Coverage {
        let (mut edges, _) = self.grid.edges(&slab.region, (slab.lower + slab.upper) / 2.0);
        for edge in &mut edges {
            for axis in 0..2 {
                edge.from[axis] -= self.start[axis] as f64;
                edge.to[axis] -= self.start[axis] as f64;
            }
        }
        // The smaller the region, the more its boundary weighs.
        let across = slab.region.area().0.sqrt();
        let sub_cell = (across / SUB_CELLS_ACROSS).clamp(self.sub_cell.0 * SMALLEST_SUB_CELL, self.sub_cell.0);
        let refine = self.grid.cell_size().map(|size| (size / sub_cell).ceil().clamp(1.0, MOST_SUB_CELLS) as usize);
        Coverage::of_edges(&edges, self.size, refine)
    }
}

/// The cells inside as a whole in all parts, where the parts fill the layer from `bottom` to `top` without a gap.
fn through(parts: &[(f64, f64, &Coverage)], bottom: f64, top: f64) -> Vec<Run> {
    let mut reached = bottom;
    let mut runs: Option<Vec<Run>> = None;
    for (low, high, coverage) in parts {
        if (low - reached).abs() > ON_PLANE {
            return Vec::new();
        }
        reached = *high;
        runs = Some(match runs {
            None => coverage.whole.clone(),
            Some(runs) => common(&runs, &coverage.whole),
        });
    }
    if (reached - top).abs() > ON_PLANE { Vec::new() } else { runs.unwrap_or_default() }
}

/// Dose on planes of the cropped lattice; two are kept for a layer.
struct Planes<'r, 'd> {
    roi: &'r RoiDose<'d>,
    below: (f64, Vec<f64>),
    above: (f64, Vec<f64>),
}

impl<'r, 'd> Planes<'r, 'd> {
    fn new(roi: &'r RoiDose<'d>) -> Self {
        Self { roi, below: (f64::NAN, Vec::new()), above: (f64::NAN, Vec::new()) }
    }

    /// The layer between positions `low` and `high` along c.
    fn layer(&mut self, low: f64, high: f64) -> Layer<'_> {
        if self.above.0 == low {
            std::mem::swap(&mut self.below, &mut self.above);
        }
        for (plane, c) in [(&mut self.below, low), (&mut self.above, high)] {
            if plane.0 != c {
                plane.0 = c;
                self.roi.sample(c, &mut plane.1);
            }
        }
        let cell = self.roi.grid.cell_size();
        let volume = cell[0] * cell[1] * self.roi.grid.thickness(low, high) / 1000.0;
        Layer { below: &self.below.1, above: &self.above.1, width: self.roi.size[0], volume }
    }
}

impl RoiDose<'_> {
    /// Dose on the cropped lattice at position `c`, linear between dose planes.
    fn sample(&self, c: f64, plane: &mut Vec<f64>) {
        let [stride_a, stride_b, stride_c] = self.grid.strides();
        let lower = (c as usize).min(self.grid.nodes()[2] - 2);
        let part = c - lower as f64;
        let reach = (self.size[0] - 1) * stride_a + 1;
        plane.clear();
        plane.reserve(self.size[0] * self.size[1]);
        for b in 0..self.size[1] {
            let start = lower * stride_c + (self.start[1] + b) * stride_b + self.start[0] * stride_a;
            let below = &self.dose.voxels()[start..start + reach];
            let above = &self.dose.voxels()[start + stride_c..start + stride_c + reach];
            let between = |(below, above): (&f32, &f32)| {
                let (below, above) = (f64::from(*below), f64::from(*above));
                below + part * (above - below)
            };
            if stride_a == 1 {
                plane.extend(below.iter().zip(above).map(between));
            } else {
                plane.extend(below.iter().step_by(stride_a).zip(above.iter().step_by(stride_a)).map(between));
            }
        }
    }
}

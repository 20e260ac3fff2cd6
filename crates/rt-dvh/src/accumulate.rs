//! Summing a ROI over the layers between dose planes.
//!
//! A layer lies between two neighbouring dose planes. The slabs of the ROI that reach into it are integrated
//! each over its part of the layer, but cells that are inside as a whole in all of them, all the way through,
//! are one box each.
//!
//! Units: Gy, mm, cm³. Frame: lattice coordinates of an [`AlignedGrid`]; c counts dose planes.

use crate::accumulator::Accumulator;
use crate::layer::{DosePlanes, Layer};
use crate::partial;
use crate::runs::{common, without};
use crate::whole::WholeCells;
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

/// Sub-cells need not be so small that dose changes by less than this along one, Gy for each mm of the
/// smallest one wanted, in the coarsest pieces.
const FLAT_GY_PER_MM: f64 = 0.5;

/// Faces this close to a dose plane, in planes, are on it: coordinates are rounded when they are written.
const ON_PLANE: f64 = 1e-7;

/// A slab inside the grid: where it begins and ends along c.
struct Span<'s> {
    slab: &'s Slab,
    low: f64,
    high: f64,
}

/// A ROI on a dose grid.
pub(crate) struct RoiDose<'d> {
    grid: &'d AlignedGrid<'d>,
    planes: DosePlanes<'d>,
    sub_cell: Mm,
    /// Dose may change by so much along a sub-cell, Gy for each mm of the smallest one wanted.
    flat: f64,
    spans: Vec<Span<'d>>,
}

/// Working space, used again from layer to layer.
struct Scratch {
    /// Coverages of the spans from `first` on; a slab can reach through several layers.
    covers: VecDeque<Coverage>,
    first: usize,
    /// Coverages whose slab has been passed.
    spare: Vec<Coverage>,
    cells: WholeCells,
    /// Cells that are inside all the way through the layer.
    through: Vec<Run>,
    runs: Vec<Run>,
}

impl<'d> RoiDose<'d> {
    /// `grain` (0 to 1) is how coarse pieces may be.
    pub(crate) fn new(
        grid: &'d AlignedGrid<'d>,
        dose: &'d DoseGrid,
        slabs: &'d [Slab],
        sub_cell: Mm,
        grain: f64,
    ) -> Self {
        let last = (grid.nodes()[2] - 1) as f64;
        let span = |slab: &'d Slab| {
            let uv = slab.region.centroid().unwrap_or_default();
            let ends = [slab.lower, slab.upper].map(|w| {
                let c = grid.through(uv, w);
                if (c - c.round()).abs() <= ON_PLANE { c.round() } else { c }
            });
            Span {
                slab,
                low: ends[0].min(ends[1]).clamp(0.0, last),
                high: ends[0].max(ends[1]).clamp(0.0, last),
            }
        };
        let mut spans: Vec<_> = slabs.iter().map(span).filter(|span| span.low < span.high).collect();
        spans.sort_by(|a, b| a.low.total_cmp(&b.low));
        Self { grid, planes: DosePlanes::new(grid, dose), sub_cell, flat: FLAT_GY_PER_MM * grain, spans }
    }

    /// The layers that the ROI reaches into: layer k lies between dose planes k and k + 1.
    pub(crate) fn layers(&self) -> Range<usize> {
        let first = self.spans.first().map_or(0, |span| span.low as usize);
        let end = self.spans.iter().map(|span| span.high.ceil() as usize).max().unwrap_or(0);
        first..end
    }

    /// Adds the ROI's part in `layers`.
    pub(crate) fn accumulate(&self, layers: Range<usize>, sum: &mut Accumulator) {
        let mut scratch = Scratch::new();
        for k in layers {
            // Slabs do not overlap: both ends of the spans ascend.
            let first = self.spans.partition_point(|span| span.high <= k as f64);
            let end = self.spans.partition_point(|span| span.low < (k + 1) as f64);
            scratch.cover(self, first..end);
            let spans = &self.spans[first..end];
            self.include_nodes(k, spans, &mut scratch, sum);
            self.deposit(k, spans, &mut scratch, sum);
        }
    }

    /// Layer k from `low` to `high`, in dose planes.
    fn layer(&self, k: usize, low: f64, high: f64) -> Layer<'d> {
        let cell = self.grid.cell_size();
        Layer {
            number: k,
            below: self.planes.plane(k),
            above: self.planes.plane(k + 1),
            low: low - k as f64,
            high: high - k as f64,
            volume: cell[0] * cell[1] * self.grid.thickness(low, high) / 1000.0,
        }
    }

    /// Sees the doses of nodes inside: on the layer's lower dose plane, on the upper where a slab ends there,
    /// and on faces between the two, but for nodes that go on into the neighbouring slab.
    fn include_nodes(&self, k: usize, spans: &[Span<'_>], scratch: &mut Scratch, sum: &mut Accumulator) {
        let (bottom, top) = (k as f64, (k + 1) as f64);
        let layer = self.layer(k, bottom, top);
        for (at, span) in spans.iter().enumerate() {
            let nodes = &scratch.covers[at].nodes;
            if span.low <= bottom {
                sum.extrema.include_nodes(&layer.below, k, nodes);
            }
            if span.high == top {
                sum.extrema.include_nodes(&layer.above, k + 1, nodes);
            }
            for (face, other) in [(span.low, at.checked_sub(1)), (span.high, Some(at + 1))] {
                if face <= bottom || face >= top {
                    continue;
                }
                let adjoins = |other: &usize| {
                    spans.get(*other).is_some_and(|other| {
                        (other.high - face).abs().min((other.low - face).abs()) <= ON_PLANE
                    })
                };
                let beyond = other.filter(adjoins).map_or(&[][..], |other| &scratch.covers[other].nodes);
                without(nodes, beyond, &mut scratch.runs);
                sum.extrema.include_nodes_between(&layer, face - bottom, &scratch.runs);
            }
        }
    }

    /// Deposits layer k.
    fn deposit(&self, k: usize, spans: &[Span<'_>], scratch: &mut Scratch, sum: &mut Accumulator) {
        let (bottom, top) = (k as f64, (k + 1) as f64);
        scratch.find_through(bottom, top, spans);
        scratch.cells.deposit(&self.layer(k, bottom, top), &scratch.through, sum);
        for (span, coverage) in spans.iter().zip(&scratch.covers) {
            let layer = self.layer(k, span.low.max(bottom), span.high.min(top));
            without(&coverage.whole, &scratch.through, &mut scratch.runs);
            scratch.cells.deposit(&layer, &scratch.runs, sum);
            partial::deposit(&layer, coverage, sum);
        }
    }

    /// What the span's region covers of the lattice, its cells cut where dose is steep.
    fn cover(&self, span: &Span<'_>, coverage: &mut Coverage) {
        let slab = span.slab;
        let [columns, rows, _] = self.grid.nodes();
        coverage.trace(self.grid.edges(&slab.region, (slab.lower + slab.upper) / 2.0), [columns, rows]);
        // The smaller the region, the more its boundary weighs.
        let across = slab.region.area().0.sqrt();
        let sub_cell =
            (across / SUB_CELLS_ACROSS).clamp(self.sub_cell.0 * SMALLEST_SUB_CELL, self.sub_cell.0);
        let most = self.grid.cell_size().map(|size| (size / sub_cell).ceil().clamp(1.0, MOST_SUB_CELLS));
        let flat = self.flat * sub_cell;
        coverage.cut(|cell| {
            let planes = span.low as usize..=span.high.ceil() as usize;
            let steepest = planes
                .map(|c| partial::slope(self.planes.plane(c).corners(cell.a, cell.b)))
                .fold(0.0, f64::max);
            // Along both axes: a piece of a slanted boundary is uneven across the dose's direction too.
            most.map(|most| (steepest / flat).min(most - 1.0) as usize + 1)
        });
    }
}

impl Scratch {
    fn new() -> Self {
        Self {
            covers: VecDeque::new(),
            first: 0,
            spare: Vec::new(),
            cells: WholeCells::new(),
            through: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Keeps the coverages of `spans` of the ROI, which ascend from call to call.
    fn cover(&mut self, roi: &RoiDose<'_>, spans: Range<usize>) {
        let passed = (spans.start - self.first).min(self.covers.len());
        self.spare.extend(self.covers.drain(..passed));
        self.first = spans.start;
        for at in spans.start + self.covers.len()..spans.end {
            let mut coverage = self.spare.pop().unwrap_or_default();
            roi.cover(&roi.spans[at], &mut coverage);
            self.covers.push_back(coverage);
        }
    }

    /// Finds the cells inside as a whole in all spans, where the spans fill the layer from `bottom` to `top`
    /// without a gap.
    fn find_through(&mut self, bottom: f64, top: f64, spans: &[Span<'_>]) {
        self.through.clear();
        let mut reached = bottom;
        for span in spans {
            if span.low.max(bottom) - reached > ON_PLANE {
                return;
            }
            reached = span.high;
        }
        if top - reached > ON_PLANE {
            return;
        }
        for (at, coverage) in self.covers.iter().take(spans.len()).enumerate() {
            if at == 0 {
                self.through.extend_from_slice(&coverage.whole);
            } else {
                common(&self.through, &coverage.whole, &mut self.runs);
                std::mem::swap(&mut self.through, &mut self.runs);
            }
        }
    }
}

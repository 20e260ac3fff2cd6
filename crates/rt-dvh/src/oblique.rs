//! Summing a ROI whose planes are perpendicular to no axis of the dose grid, or run along unevenly spaced
//! frames.
//!
//! The work is done in the planes' own frame: each slab is cut into boxes about as wide as a voxel, and exact
//! pieces at the boundary. Dose is read at eight points of a box that have its mean and spread; a box is
//! halved along every axis until a linear dose explains what is read. A linear dose is met exactly whatever
//! the angle. Boxes that the grid's border passes are halved down to a 32nd of their width, and the parts
//! inside by their eight points.
//!
//! Extrema are those of the voxel centres inside, of points along the contours at most a quarter of a voxel
//! apart on both faces of each box, and of all points read: a largest dose between those is missed by what
//! dose bends over an eighth of a voxel.
//!
//! Units: Gy, mm; volumes cm³. Frame: the stack's (u, v, w) until dose is read.

mod field;

use crate::accumulator::Accumulator;
use field::{Field, Place};
use rt_geometry::coverage::{Coverage, Edge, Piece};
use rt_geometry::stack::{RoiStack, Slab};
use rt_model::dose::DoseGrid;
use rt_model::units::{Gy, Mm};
use std::ops::Range;

/// A box is one where a linear dose explains its eight readings this well, Gy.
const LINEAR_GY: f64 = 0.01;

/// Boxes are halved no more often than this for the sake of linearity.
const DEEPEST: u32 = 3;

/// Boxes on the grid's border are halved no more often than this.
const DEEPEST_ON_BORDER: u32 = 5;

/// Points along a contour lie at most this part of a voxel apart.
const BOUNDARY_STEP: f64 = 0.25;

/// A region is at least this many pieces across, as it is where planes lie along the grid.
const PIECES_ACROSS: f64 = 42.0;

/// The smallest piece, as a part of the largest.
const SMALLEST_PIECE: f64 = 0.15;

/// A cell as one piece.
const WHOLE: Piece = Piece { area: 1.0, centre: [0.5; 2], spread: [1.0 / 12.0, 0.0, 1.0 / 12.0] };

/// A ROI in a dose grid that lies obliquely to it.
pub(crate) struct ObliqueRoi<'d> {
    field: Field<'d>,
    slabs: &'d [Slab],
    /// Width of a box before it is halved: the smallest distance of voxels, mm.
    width: f64,
    piece: f64,
}

/// A piece of a plane times a thickness: its centre (u, v, w), three steps from there to the points where
/// dose is read, and half its extent.
#[derive(Clone, Copy)]
struct Box3 {
    volume: f64,
    centre: [f64; 3],
    steps: [[f64; 3]; 3],
    half: [f64; 3],
}

impl<'d> ObliqueRoi<'d> {
    pub(crate) fn new(stack: &'d RoiStack, dose: &'d DoseGrid, sub_cell: Mm) -> Self {
        let field = Field::new(dose, stack.frame());
        let width = field.finest_spacing();
        Self { field, slabs: stack.slabs(), width, piece: sub_cell.0 }
    }

    pub(crate) fn slabs(&self) -> Range<usize> {
        0..self.slabs.len()
    }

    /// Adds the slabs of `range`.
    pub(crate) fn accumulate(&self, range: Range<usize>, sum: &mut Accumulator) {
        for slab in &self.slabs[range] {
            self.add_slab(slab, sum);
        }
    }

    fn add_slab(&self, slab: &Slab, sum: &mut Accumulator) {
        let Some((low, high)) = slab.region.bounds() else { return };
        let nodes = [0, 1].map(|axis| ((high[axis] - low[axis]) / self.width).ceil() as usize + 2);
        let low = [0, 1].map(|axis| (low[axis] + high[axis] - (nodes[axis] - 1) as f64 * self.width) / 2.0);
        let place = |p: [f64; 2]| [(p[0] - low[0]) / self.width, (p[1] - low[1]) / self.width];
        let edges =
            slab.region.rings().iter().flat_map(|ring| ring.edges().map(move |edge| (edge, ring.sign())));
        let directed = edges.map(|((from, to), sign)| if sign > 0.0 { (from, to) } else { (to, from) });
        let mut coverage =
            Coverage::of_edges(directed.map(|(from, to)| Edge { from: place(from), to: place(to) }), nodes);
        let piece =
            (slab.region.area().0.sqrt() / PIECES_ACROSS).clamp(self.piece * SMALLEST_PIECE, self.piece);
        let parts = (self.width / piece).ceil().max(1.0) as usize;
        coverage.cut(|_| [parts, parts]);
        let layers = ((slab.upper - slab.lower) / self.width).ceil().max(1.0) as usize;
        let thickness = (slab.upper - slab.lower) / layers as f64;
        for layer in 0..layers {
            let w = slab.lower + (layer as f64 + 0.5) * thickness;
            let corner =
                |a: usize, b: usize| [low[0] + a as f64 * self.width, low[1] + b as f64 * self.width, w];
            for run in &coverage.whole {
                for a in run.start..run.end {
                    self.add(&Box3::of(corner(a, run.b), self.width, thickness, &WHOLE), true, 0, sum);
                }
            }
            for cell in coverage.partial.iter().filter(|cell| cell.piece.area > 0.0) {
                let pieces = &coverage.pieces[cell.pieces.clone()];
                let pieces = if pieces.is_empty() { std::slice::from_ref(&cell.piece) } else { pieces };
                for piece in pieces {
                    self.add(&Box3::of(corner(cell.a, cell.b), self.width, thickness, piece), false, 0, sum);
                }
            }
            self.see_boundary(slab, w - thickness / 2.0, sum);
        }
        self.see_boundary(slab, slab.upper, sum);
    }

    /// Adds a box; one that is `whole`, not cut by the ROI's boundary, can be halved along every axis, others
    /// through the plane only.
    fn add(&self, part: &Box3, whole: bool, depth: u32, sum: &mut Accumulator) {
        let place = self.field.place(part.centre, part.half);
        let halve = |sum: &mut Accumulator| {
            part.halves(whole).for_each(|half| self.add(&half, whole, depth + 1, sum))
        };
        match place {
            Place::Outside => {}
            Place::OnBorder if depth < DEEPEST_ON_BORDER => halve(sum),
            Place::OnBorder | Place::Inside => {
                let points = part.points();
                let (mut known, mut count) = ([([0.0; 3], 0.0); 8], 0);
                for (point, dose) in
                    points.iter().filter_map(|point| Some((*point, self.field.dose(*point)?)))
                {
                    known[count] = (point, dose);
                    count += 1;
                }
                if count < known.len() {
                    add_known(part, &known[..count], sum);
                    return;
                }
                let reading = Reading::of(known.map(|(_, dose)| dose));
                if depth < DEEPEST && reading.bent > LINEAR_GY {
                    halve(sum);
                    return;
                }
                known.iter().for_each(|(point, dose)| sum.extrema.see(*dose, || *point));
                sum.covered += part.volume;
                sum.dose_volume += part.volume * reading.mean;
                sum.histogram.deposit(part.volume, reading.mean, reading.widths2);
            }
        }
    }

    /// Sees the dose along the contours at height `w`.
    fn see_boundary(&self, slab: &Slab, w: f64, sum: &mut Accumulator) {
        for (from, to) in slab.region.rings().iter().flat_map(|ring| ring.edges()) {
            let along = [to[0] - from[0], to[1] - from[1]];
            let steps = (along[0].hypot(along[1]) / (BOUNDARY_STEP * self.width)).ceil().max(1.0);
            for step in 0..steps as usize {
                let part = step as f64 / steps;
                let point = [from[0] + part * along[0], from[1] + part * along[1], w];
                self.field.dose(point).into_iter().for_each(|dose| sum.extrema.see(dose, || point));
            }
        }
    }

    /// Sees the voxel centres inside the ROI, where dose has its kinks. Comes last: only those beyond what
    /// was seen are looked up.
    pub(crate) fn see_voxels(&self, sum: &mut Accumulator) {
        self.field.each_voxel(|[u, v, w], dose| {
            if sum.extrema.hold(&[dose; 4]) {
                return;
            }
            let at = self.slabs.partition_point(|slab| slab.upper < w);
            let inside = |slab: &Slab| slab.lower <= w && w <= slab.upper && slab.region.contains([u, v]);
            if self.slabs[at..].iter().take(2).any(inside) {
                sum.extrema.see(dose, || [u, v, w]);
            }
        });
    }

    /// The largest dose on the grid's border within the ROI's heights.
    pub(crate) fn border_maximum(&self) -> Gy {
        let ends = self.slabs.first().zip(self.slabs.last()).map(|(first, last)| (first.lower, last.upper));
        let mut most = 0.0f64;
        if let Some((low, high)) = ends {
            // Border voxels next to the first or last plane count too: dose between voxels comes from both.
            let (low, high) = (low - self.field.widest_spacing(), high + self.field.widest_spacing());
            self.field.each_border_voxel(|[_, _, w], dose| {
                if (low..=high).contains(&w) {
                    most = most.max(dose);
                }
            });
        }
        Gy(most)
    }
}

/// A box on the border: the part of it that its known points stand for.
fn add_known(part: &Box3, known: &[([f64; 3], f64)], sum: &mut Accumulator) {
    let share = part.volume / 8.0;
    for (point, dose) in known {
        sum.extrema.see(*dose, || *point);
        sum.covered += share;
        sum.dose_volume += share * dose;
        sum.histogram.deposit(share, *dose, [0.0; 3]);
    }
}

/// Eight readings as a linear dose: its mean and the squared widths along the box's steps; what it leaves
/// unexplained.
struct Reading {
    mean: f64,
    widths2: [f64; 3],
    /// The largest difference of a reading from the linear dose, Gy.
    bent: f64,
}

impl Reading {
    /// Point n lies along (bit 0), along (bit 1), along (bit 2) the steps where the bit is set, else against
    /// them.
    fn of(doses: [f64; 8]) -> Self {
        let mean = doses.iter().sum::<f64>() / 8.0;
        let sign = |point: usize, axis: usize| if point >> axis & 1 == 1 { 1.0 } else { -1.0 };
        let slope = |axis: usize| {
            doses.iter().enumerate().map(|(point, dose)| sign(point, axis) * dose).sum::<f64>() / 8.0
        };
        let slopes = [slope(0), slope(1), slope(2)];
        let (mut bent, mut rest) = (0.0f64, 0.0);
        for (point, dose) in doses.iter().enumerate() {
            let linear = mean + (0..3).map(|axis| sign(point, axis) * slopes[axis]).sum::<f64>();
            bent = bent.max((dose - linear).abs());
            rest += (dose - linear) * (dose - linear) / 8.0;
        }
        // A uniform distribution of width w has the variance w² / 12; what is not linear widens the
        // narrowest.
        let mut widths2 = slopes.map(|slope| 12.0 * slope * slope);
        let narrowest = (0..3).min_by(|a, b| widths2[*a].total_cmp(&widths2[*b])).unwrap_or_default();
        widths2[narrowest] += 12.0 * rest;
        Self { mean, widths2, bent }
    }
}

impl Box3 {
    /// A piece of the cell with its lower corner at `corner` and mid-height w, times `thickness`.
    fn of(corner: [f64; 3], width: f64, thickness: f64, piece: &Piece) -> Self {
        let [uu, uv, vv] = piece.spread;
        let first = uu.max(0.0).sqrt();
        let shared = if first > 0.0 { uv / first } else { 0.0 };
        let second = (vv - shared * shared).max(0.0).sqrt();
        // A rectangle reaches √3 times its standard deviation, what a boundary leaves of one no farther than
        // twice that.
        let reach = |variance: f64| {
            width * (if *piece == WHOLE { 1.0 } else { 2.0 } * (3.0 * variance).sqrt()).min(1.0)
        };
        Self {
            volume: piece.area * width * width * thickness / 1000.0,
            centre: [corner[0] + piece.centre[0] * width, corner[1] + piece.centre[1] * width, corner[2]],
            steps: [
                [first * width, shared * width, 0.0],
                [0.0, second * width, 0.0],
                [0.0, 0.0, thickness / 12f64.sqrt()],
            ],
            half: [reach(uu), reach(vv), thickness / 2.0],
        }
    }

    /// The eight points with the box's mean and spread: along or against each step.
    fn points(&self) -> [[f64; 3]; 8] {
        std::array::from_fn(|point| {
            std::array::from_fn(|axis| {
                let along = |step: usize| {
                    if point >> step & 1 == 1 { self.steps[step][axis] } else { -self.steps[step][axis] }
                };
                self.centre[axis] + along(0) + along(1) + along(2)
            })
        })
    }

    /// The halves along all axes, or along the last alone.
    fn halves(&self, all: bool) -> impl Iterator<Item = Self> {
        let axes = if all { 0 } else { 2 };
        let count = 1usize << (3 - axes);
        let mut half = *self;
        half.volume /= count as f64;
        for axis in axes..3 {
            half.half[axis] /= 2.0;
            half.steps[axis] = half.steps[axis].map(|c| c / 2.0);
        }
        (0..count).map(move |which| {
            let mut part = half;
            for axis in axes..3 {
                part.centre[axis] +=
                    if which >> (axis - axes) & 1 == 1 { half.half[axis] } else { -half.half[axis] };
            }
            part
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_dose_leaves_nothing_unexplained() {
        let part = Box3::of([1.0, 2.0, 3.0], 2.0, 3.0, &WHOLE);
        let reading = Reading::of(part.points().map(|[u, v, w]| 10.0 + u - 2.0 * v + 0.5 * w));
        assert!(reading.bent < 1e-12 && (reading.mean - 7.5).abs() < 1e-12);
        let expected = [2.0f64, 4.0, 1.5].map(|width| width * width);
        assert!(
            reading.widths2.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9)
        );
    }

    #[test]
    fn halves_make_the_whole() {
        let part = Box3::of([0.0, 0.0, 0.0], 2.0, 3.0, &WHOLE);
        for all in [true, false] {
            let halves: Vec<_> = part.halves(all).collect();
            assert_eq!(halves.len(), if all { 8 } else { 2 });
            assert!((halves.iter().map(|half| half.volume).sum::<f64>() / part.volume - 1.0).abs() < 1e-12);
            let mean = |square: &dyn Fn([f64; 3]) -> f64, parts: &[Box3]| {
                parts.iter().flat_map(|part| part.points()).map(square).sum::<f64>()
                    / (8 * parts.len()) as f64
            };
            for axis in 0..3 {
                let square = |p: [f64; 3]| p[axis] * p[axis];
                assert!((mean(&square, &halves) - mean(&square, &[part])).abs() < 1e-12);
            }
        }
    }
}

//! Depositing the dose of slabs into a histogram.
//!
//! Units: Gy, mm, cm³. Frame: lattice coordinates of an [`AlignedGrid`], cropped to the slab.

use crate::extrema::Extrema;
use crate::histogram::Histogram;
use rt_geometry::coverage::lattice::AlignedGrid;
use rt_geometry::coverage::{Coverage, Piece, SignedEdge};
use rt_geometry::stack::Slab;
use rt_model::dose::DoseGrid;
use rt_model::units::Mm;

/// Pieces whose dose spreads by less are deposited as one, Gy. Their mean is exact and nothing moves farther than this.
const FLAT_GY: f64 = 0.05;

/// A region is at least this many sub-cells across, down to [`SMALLEST_SUB_CELL`] of the largest sub-cell.
const SUB_CELLS_ACROSS: f64 = 32.0;

/// The smallest sub-cell, as a part of the largest.
const SMALLEST_SUB_CELL: f64 = 0.2;

/// No cell is cut finer than this along an axis.
const MOST_SUB_CELLS: f64 = 64.0;

/// The narrowest of a box's three distributions is small below this part of the widest.
const SMALL_WIDTH: f64 = 0.25;

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

    fn deposit(&mut self, volume: f64, dose: f64, widths: [f64; 2]) {
        self.histogram.deposit(volume, dose, widths);
        self.covered += volume;
        self.dose_volume += volume * dose;
    }
}

/// The slabs of a ROI on a dose grid.
pub(crate) struct SlabDose<'d> {
    pub(crate) grid: &'d AlignedGrid<'d>,
    pub(crate) dose: &'d DoseGrid,
    pub(crate) sub_cell: Mm,
}

impl SlabDose<'_> {
    /// Adds one slab.
    pub(crate) fn accumulate(&self, slab: &Slab, sum: &mut Accumulator) {
        let Some(crop) = Crop::of(self.grid, slab) else { return };
        let faces = self.faces(slab);
        if faces.len() < 2 {
            return;
        }
        let cell = self.grid.cell_size();
        let sub_cell = self.sub_cell(slab);
        let refine = cell.map(|size| (size / sub_cell).ceil().clamp(1.0, MOST_SUB_CELLS) as usize);
        let coverage = Coverage::of_edges(&crop.edges, crop.size, refine);
        let mut below = self.plane(&crop, faces[0]);
        sum.extrema.see_plane(&below, crop.size[0], &coverage);
        for pair in faces.windows(2) {
            let above = self.plane(&crop, pair[1]);
            sum.extrema.see_plane(&above, crop.size[0], &coverage);
            let volume = cell[0] * cell[1] * self.grid.thickness(pair[0], pair[1]) / 1000.0;
            Layer { below: &below, above: &above, width: crop.size[0], volume }.deposit(&coverage, sum);
            below = above;
        }
    }

    /// Size of the sub-cells of partly covered cells, mm: the smaller the region, the more its boundary weighs.
    fn sub_cell(&self, slab: &Slab) -> f64 {
        let across = slab.region.area().0.sqrt();
        (across / SUB_CELLS_ACROSS).clamp(self.sub_cell.0 * SMALLEST_SUB_CELL, self.sub_cell.0)
    }

    /// Where the slab begins and ends along c and the dose planes within, ascending; at most one where it is outside the grid.
    fn faces(&self, slab: &Slab) -> Vec<f64> {
        let uv = slab.region.centroid().unwrap_or_default();
        let last = (self.grid.nodes()[2] - 1) as f64;
        let ends = [slab.lower, slab.upper].map(|w| {
            let c = self.grid.through(uv, w);
            let c = if (c - c.round()).abs() <= ON_PLANE { c.round() } else { c };
            c.clamp(0.0, last)
        });
        let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        let mut faces = vec![low];
        let mut plane = low.floor() + 1.0;
        while plane < high {
            faces.push(plane);
            plane += 1.0;
        }
        if high > low {
            faces.push(high);
        }
        faces
    }

    /// Dose on the cropped lattice at position `c` along the normal, linear between dose planes.
    fn plane(&self, crop: &Crop, c: f64) -> Vec<f64> {
        let [stride_a, stride_b, stride_c] = self.grid.strides();
        let lower = (c as usize).min(self.grid.nodes()[2] - 2);
        let part = c - lower as f64;
        let voxels = self.dose.voxels();
        let mut plane = Vec::with_capacity(crop.size[0] * crop.size[1]);
        for b in 0..crop.size[1] {
            let start = lower * stride_c + (crop.start[1] + b) * stride_b + crop.start[0] * stride_a;
            for a in 0..crop.size[0] {
                let at = start + a * stride_a;
                let (below, above) = (f64::from(voxels[at]), f64::from(voxels[at + stride_c]));
                plane.push(below + part * (above - below));
            }
        }
        plane
    }
}

/// The part of the lattice around a slab's region, and the region's edges seen from it.
struct Crop {
    start: [usize; 2],
    size: [usize; 2],
    edges: Vec<SignedEdge>,
}

impl Crop {
    fn of(grid: &AlignedGrid<'_>, slab: &Slab) -> Option<Self> {
        let (mut edges, [low, high]) = grid.edges(&slab.region, (slab.lower + slab.upper) / 2.0);
        let nodes = grid.nodes();
        let (mut start, mut size) = ([0; 2], [0; 2]);
        for axis in 0..2 {
            let last = (nodes[axis] - 1) as f64;
            let (first, end) = (low[axis].floor().max(0.0), high[axis].ceil().min(last));
            if first >= end {
                return None;
            }
            start[axis] = first as usize;
            size[axis] = (end - first) as usize + 1;
        }
        for edge in &mut edges {
            for axis in 0..2 {
                edge.from[axis] -= start[axis] as f64;
                edge.to[axis] -= start[axis] as f64;
            }
        }
        Some(Self { start, size, edges })
    }
}

/// The space between two faces of a slab: dose on both, `width` nodes a row, and the volume of a whole cell in cm³.
struct Layer<'p> {
    below: &'p [f64],
    above: &'p [f64],
    width: usize,
    volume: f64,
}

impl Layer<'_> {
    fn deposit(&self, coverage: &Coverage, sum: &mut Accumulator) {
        for run in &coverage.whole {
            for a in run.start..run.end {
                self.deposit_whole(&self.cell(a, run.b), sum);
            }
        }
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

    /// A box in a linear dose: the sum of three uniform distributions, one for each axis. The two narrower ones count as one of the
    /// same variance, the narrowest halved first where it is not small.
    fn deposit_whole(&self, cell: &Cell, sum: &mut Accumulator) {
        let mean = cell.corner + 0.5 * (cell.x + cell.y) + 0.25 * cell.xy;
        let mut widths = [(cell.x + 0.5 * cell.xy).abs(), (cell.y + 0.5 * cell.xy).abs(), cell.z.abs()];
        widths.sort_unstable_by(f64::total_cmp);
        let [least, middle, most] = widths;
        // The part of the bilinear term that is not linear has the variance xy²/144.
        let bent = cell.xy * cell.xy / 12.0;
        if least > FLAT_GY && least > SMALL_WIDTH * most {
            let (half, quarter) = (0.5 * least, 0.25 * least);
            let narrow = (middle * middle + half * half + bent).sqrt();
            sum.deposit(0.5 * self.volume, mean - quarter, [most, narrow]);
            sum.deposit(0.5 * self.volume, mean + quarter, [most, narrow]);
        } else {
            sum.deposit(self.volume, mean, [most, (middle * middle + least * least + bent).sqrt()]);
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
        let mut widths = [(x_part * share).sqrt(), (y_part * share).sqrt(), cell.z.abs()];
        widths.sort_unstable_by(f64::total_cmp);
        let [least, middle, most] = widths;
        sum.deposit(piece.area * self.volume, mean, [most, (middle * middle + least * least).sqrt()]);
    }

    /// Dose in a cell at mid-height, and how much it changes from face to face.
    #[inline]
    fn cell(&self, a: usize, b: usize) -> Cell {
        let at = b * self.width + a;
        let corners = [at, at + 1, at + self.width, at + self.width + 1];
        let [d00, d10, d01, d11] = corners.map(|at| 0.5 * (self.below[at] + self.above[at]));
        let z = 0.25 * corners.iter().map(|at| self.above[*at] - self.below[*at]).sum::<f64>();
        Cell { corner: d00, x: d10 - d00, y: d01 - d00, xy: d00 + d11 - d10 - d01, z }
    }
}

/// Bilinear dose `corner + x·a + y·b + xy·a·b` in a cell at mid-height, with `z` the change from face to face.
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

//! Depositing the covered parts of cells that the boundary passes, and seeing the extrema on it.
//!
//! Dose is bilinear in a cell at mid-height and changes linearly over the height. Over a piece of the cell's
//! area times the full height the mean is exact; the distribution is the sum of uniform ones along both axes
//! and over the height, with the piece's spread.
//!
//! # Derivation
//! At (x, y) in the cell and at the height s, -1/2 to 1/2 of the layer's part, trilinear dose is
//!
//! ```text
//! D(x, y, s) = d + f x + g y + k x y + s r(x, y)
//! ```
//!
//! with d, f, g, k from the corners at mid-height and r, bilinear too, the change from the lower face to the
//! upper. A piece of area A has the centroid (x̄, ȳ) and the spread c_xx, c_xy, c_yy ([`Piece`]), and s is
//! spread evenly whatever x and y are: E[s r(x, y)] = 0. With E[x y] = x̄ȳ + c_xy the mean
//!
//! ```text
//! E[D] = d + f x̄ + g ȳ + k (x̄ȳ + c_xy)
//! ```
//!
//! holds for every shape of the piece. About the centroid D is linear but for k (x - x̄)(y - ȳ) and for what
//! r varies over the piece; with the slopes F = f + k ȳ, G = g + k x̄ and z the mean of r
//!
//! ```text
//! Var[D] ≈ F² c_xx + G² c_yy + 2 F G c_xy + z² / 12
//! ```
//!
//! A uniform distribution of width w has the variance w² / 12. So the piece is deposited as the sum of three
//! independent uniform distributions of the widths w_x² = 12 σ F² c_xx, w_y² = 12 σ G² c_yy and w_z² = z²,
//! where σ = 1 + 2 F G c_xy / (F² c_xx + G² c_yy), not below 0, gives what the axes share to both in
//! proportion: a boundary aslant to the dose makes it flatter or steeper than its extent along each axis
//! tells. For a rectangle in a linear dose all of this is exact; elsewhere the pieces are cut until it is
//! close (`Coverage::cut`).
//!
//! Units: Gy, cm³, cells. Frame: lattice coordinates.

use crate::accumulator::Accumulator;
use crate::histogram::larger;
use crate::layer::Layer;
use rt_geometry::coverage::{Coverage, Piece};

/// Deposits the covered parts of cells that the boundary passes.
pub(crate) fn deposit(layer: &Layer<'_>, coverage: &Coverage, sum: &mut Accumulator) {
    for partial in &coverage.partial {
        let [below, above] = [layer.below, layer.above].map(|plane| plane.corners(partial.a, partial.b));
        let rise: [f64; 4] = std::array::from_fn(|at| above[at] - below[at]);
        let at_height = |height: f64| -> [f64; 4] { std::array::from_fn(|at| below[at] + height * rise[at]) };
        let faces = [layer.low, layer.high].map(|height| (height, at_height(height)));
        if !faces.iter().all(|(_, corners)| sum.extrema.hold(corners)) {
            for segment in coverage.segments_in(partial) {
                for (height, corners) in &faces {
                    let origin = [partial.a as f64, partial.b as f64, layer.number as f64 + height];
                    sum.extrema.see_segment(corners, segment, origin);
                }
            }
        }
        let [d00, d10, d01, d11] = at_height(layer.middle());
        let z = 0.25 * layer.height() * rise.iter().sum::<f64>();
        let cell = Bilinear { corner: d00, x: d10 - d00, y: d01 - d00, xy: d00 + d11 - d10 - d01 };
        if partial.pieces.is_empty() {
            deposit_piece(layer.volume, &cell, z, &partial.piece, sum);
        } else {
            for piece in &coverage.pieces[partial.pieces.clone()] {
                deposit_piece(layer.volume, &cell, z, piece, sum);
            }
        }
    }
}

/// `z`: the change over the height.
#[inline]
fn deposit_piece(whole: f64, cell: &Bilinear, z: f64, piece: &Piece, sum: &mut Accumulator) {
    let [x, y] = piece.centre;
    let [xx, xy, yy] = piece.spread;
    let mean = cell.corner + cell.x * x + cell.y * y + cell.xy * (x * y + xy);
    let (along_x, along_y) = (cell.x + cell.xy * y, cell.y + cell.xy * x);
    // A uniform distribution of width w has the variance w² / 12. What the axes share is given to both in
    // proportion.
    let (x_part, y_part) = (12.0 * along_x * along_x * xx, 12.0 * along_y * along_y * yy);
    let apart = x_part + y_part;
    let together = (apart + 24.0 * along_x * along_y * xy).max(0.0);
    let share = if apart > 0.0 { together / apart } else { 0.0 };
    let widths = [x_part * share, y_part * share, z * z];
    let volume = piece.area * whole;
    sum.covered += volume;
    sum.dose_volume += volume * mean;
    sum.histogram.deposit(volume, mean, widths);
}

/// Bilinear dose `corner + x·a + y·b + xy·a·b` in a cell at one height.
struct Bilinear {
    corner: f64,
    x: f64,
    y: f64,
    xy: f64,
}

/// The most by which the dose of a cell with these corners changes along a side.
#[inline]
pub(crate) fn slope([d00, d10, d01, d11]: [f64; 4]) -> f64 {
    [d10 - d00, d11 - d01, d01 - d00, d11 - d10]
        .into_iter()
        .fold(0.0, |most, change| larger(most, change.abs()))
}

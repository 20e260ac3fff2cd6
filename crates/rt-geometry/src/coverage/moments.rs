//! Area, centroid and spread of a piece of a cell, by exact integration along its boundary.
//!
//! # Derivation
//! Let R be the part of the cell 0 ≤ x, y ≤ 1 that is inside, its boundary S running so that the inside is to
//! its left: where S runs down, the inside lies to its right. Green's theorem (∬ ∂F/∂x dx dy = ∮ F dy with F
//! = x^(p+1) y^q / (p+1)) leaves of each row of R only its two ends, a stretch of S and the cell's right side
//! x = 1:
//!
//! ```text
//! M_pq = ∬_R x^p y^q dx dy = 1/(p+1) · ∫_S (1 - x^(p+1)) y^q (-dy) = (C_q - S_(p+1)q) / (p+1)
//! C_q  = ∫_S y^q (-dy)             what S covers of the height of the cell, and of all cells to its right
//! S_pq = ∫_S x^p y^q (-dy)         what it leaves free to its left
//! ```
//!
//! A stretch that lies to the left of the cell has x = 0 there: it adds to C_q alone. So a row of cells needs
//! one running [`Cover`] and [`Sums`] for the cells that S passes, in any order of the stretches; it is the
//! accumulation of exact area coverage of font rasterisers, carried on to second moments. Along a segment
//! from a to b, x and y are linear in one parameter and -dy = (a_y - b_y) dt, so that every S_pq is a
//! polynomial of the ends (Steger, On the calculation of arbitrary moments of polygons, FGBV-96-05, TU
//! München 1996). With h = a_y - b_y:
//!
//! ```text
//! C_0 = h        C_1 = h (a_y + b_y) / 2        C_2 = h (a_y² + a_y b_y + b_y²) / 3
//! S_10 = h (a_x + b_x) / 2    S_20 = h (a_x² + a_x b_x + b_x²) / 3    S_30 = h (a_x + b_x)(a_x² + b_x²) / 4
//! S_11 = h (2 a_x a_y + a_x b_y + b_x a_y + 2 b_x b_y) / 6
//! S_21 = h (a_y (3 a_x² + 2 a_x b_x + b_x²) + b_y (a_x² + 2 a_x b_x + 3 b_x²)) / 12        S_12 with x and y exchanged
//! ```
//!
//! The piece then has the area A = M_00, the centroid (x̄, ȳ) = (M_10, M_01) / A, and the spread M_20 / A -
//! x̄², M_11 / A - x̄ȳ, M_02 / A - ȳ².
//!
//! Units: cells. Frame: local to a cell, 0 to 1 on both axes.

use std::ops::AddAssign;

/// Integrals along a stretch of boundary over the height it runs down: of 1, y, y² and, with x, of what they
/// leave to the left.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    cover: Cover,
    x: f64,
    xx: f64,
    xxx: f64,
    xy: f64,
    xxy: f64,
    xyy: f64,
}

impl Sums {
    /// Of the segment from `a` to `b`.
    #[inline]
    pub(super) fn of(a: [f64; 2], b: [f64; 2]) -> Self {
        let ([ax, ay], [bx, by]) = (a, b);
        let height = ay - by;
        let (x, y) = (ax + bx, ay + by);
        let (axx, bxx, ayy, byy) = (ax * ax, bx * bx, ay * ay, by * by);
        let (axbx, ayby) = (2.0 * ax * bx, 2.0 * ay * by);
        let twelfth = height * (1.0 / 12.0);
        Self {
            cover: Cover::between(ay, by),
            x: 0.5 * height * x,
            xx: twelfth * (4.0 * (x * x) - 2.0 * axbx),
            xxx: 0.25 * height * x * (axx + bxx),
            xy: twelfth * (2.0 * (x * y + ax * ay + bx * by)),
            xxy: twelfth * (ay * (3.0 * axx + axbx + bxx) + by * (axx + axbx + 3.0 * bxx)),
            xyy: twelfth * (ax * (3.0 * ayy + ayby + byy) + bx * (ayy + ayby + 3.0 * byy)),
        }
    }

    /// What the stretch covers of the height of all cells to its right.
    #[inline]
    pub(super) const fn cover(&self) -> Cover {
        self.cover
    }
}

impl AddAssign for Sums {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.cover += other.cover;
        self.x += other.x;
        self.xx += other.xx;
        self.xxx += other.xxx;
        self.xy += other.xy;
        self.xxy += other.xxy;
        self.xyy += other.xyy;
    }
}

/// What the boundary to the left of a cell covers of its height: the integrals of 1, y, y².
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Cover {
    pub(super) height: f64,
    pub(super) y: f64,
    pub(super) yy: f64,
}

impl Cover {
    /// Between the heights `a` and `b`, positive where the segment runs down.
    #[inline]
    pub(super) fn between(a: f64, b: f64) -> Self {
        let height = a - b;
        Self { height, y: 0.5 * height * (a + b), yy: height * (1.0 / 3.0) * (a * a + a * b + b * b) }
    }
}

impl AddAssign for Cover {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.height += other.height;
        self.y += other.y;
        self.yy += other.yy;
    }
}

/// A part of a cell: how much of it, where its centre is, how it spreads.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Piece {
    /// Part of the cell's area, 0 to 1.
    pub area: f64,
    /// Centroid from the cell's lower corner, cells.
    pub centre: [f64; 2],
    /// Variances along both axes and their covariance: aa, ab, bb, cells².
    pub spread: [f64; 3],
}

/// Areas below this part of a cell are rounding.
const NOTHING: f64 = 1e-12;

impl Piece {
    /// What is covered of a cell that `cover` enters from the left and `inside` passes; `None` where it is
    /// nothing.
    #[inline]
    pub(super) fn of(cover: Cover, inside: &Sums) -> Option<Self> {
        let mut right = cover;
        right += inside.cover;
        let area = right.height - inside.x;
        if area <= NOTHING {
            return None;
        }
        let mean = 1.0 / area;
        let (x, y) = (0.5 * mean * (right.height - inside.xx), mean * (right.y - inside.xy));
        Some(Self {
            area,
            centre: [x, y],
            spread: [
                (mean * (right.height - inside.xxx) * (1.0 / 3.0) - x * x).max(0.0),
                0.5 * mean * (right.y - inside.xxy) - x * y,
                (mean * (right.yy - inside.xyy) - y * y).max(0.0),
            ],
        })
    }

    /// A piece of a sub-cell seen from the cell: the sub-cell starts at `corner` and is `size` wide, in
    /// cells.
    #[inline]
    pub(super) fn in_cell(self, corner: [f64; 2], size: [f64; 2]) -> Self {
        Self {
            area: self.area * size[0] * size[1],
            centre: [corner[0] + self.centre[0] * size[0], corner[1] + self.centre[1] * size[1]],
            spread: [
                self.spread[0] * size[0] * size[0],
                self.spread[1] * size[0] * size[1],
                self.spread[2] * size[1] * size[1],
            ],
        }
    }

    /// A rectangle inside the cell.
    #[inline]
    pub(super) fn rectangle(corner: [f64; 2], size: [f64; 2]) -> Self {
        Self {
            area: size[0] * size[1],
            centre: [corner[0] + size[0] / 2.0, corner[1] + size[1] / 2.0],
            spread: [size[0] * size[0] * (1.0 / 12.0), 0.0, size[1] * size[1] * (1.0 / 12.0)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A triangle's moments against its closed form: its boundary alone encloses it.
    #[test]
    fn a_triangle_has_its_closed_form() {
        // Corners (0.2, 0.1), (0.9, 0.3), (0.4, 0.8), counter-clockwise, inside one cell.
        let corners = [[0.2, 0.1], [0.9, 0.3], [0.4, 0.8]];
        let mut sums = Sums::default();
        for at in 0..3 {
            sums += Sums::of(corners[at], corners[(at + 1) % 3]);
        }
        let area = 0.5 * ((0.9 - 0.2) * (0.8 - 0.1) - (0.4 - 0.2) * (0.3 - 0.1));
        let piece = Piece::of(Cover::default(), &sums).unwrap();
        let mean = |axis: usize| corners.iter().map(|c| c[axis]).sum::<f64>() / 3.0;
        // The covariance of a triangle is a twelfth of the sum over its corners of the products of their
        // distances to the centroid.
        let second = |p: usize, q: usize| {
            corners.iter().map(|c| (c[p] - mean(p)) * (c[q] - mean(q))).sum::<f64>() / 12.0
        };
        for (found, expected) in [
            (piece.area, area),
            (piece.centre[0], mean(0)),
            (piece.centre[1], mean(1)),
            (piece.spread[0], second(0, 0)),
            (piece.spread[1], second(0, 1)),
            (piece.spread[2], second(1, 1)),
        ] {
            assert!((found - expected).abs() < 1e-14, "{found} {expected}");
        }
    }

    /// The left half covered from the left, its border running up again inside the cell.
    #[test]
    fn what_enters_from_the_left_ends_at_the_boundary() {
        let sums = Sums::of([0.5, 0.0], [0.5, 1.0]);
        let half = Piece::of(Cover::between(1.0, 0.0), &sums).unwrap();
        let expected = Piece::rectangle([0.0, 0.0], [0.5, 1.0]);
        let numbers = |piece: &Piece| {
            [piece.area, piece.centre[0], piece.centre[1], piece.spread[0], piece.spread[1], piece.spread[2]]
        };
        for (found, expected) in numbers(&half).iter().zip(numbers(&expected)) {
            assert!((found - expected).abs() < 1e-15, "{half:?}");
        }
        assert_eq!(Piece::of(Cover::default(), &Sums::of([0.2, 0.4], [0.9, 0.4])), None);
    }
}

//! Area, centroid and spread of a piece of a cell, by exact integration along its boundary.
//!
//! Green's theorem turns the integral of x^p y^q over the part of a cell to the right of an edge into an integral along the edge.
//! Every integrand used here is a polynomial of degree 3 at most in the edge's parameter, for which Simpson's rule is exact.
//!
//! Units: cells. Frame: local to a cell, 0 to 1 on both axes.

use std::ops::AddAssign;

/// Integrals of 1, x, y, x², xy, y² over a piece.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Moments {
    pub(super) area: f64,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) xx: f64,
    pub(super) xy: f64,
    pub(super) yy: f64,
}

impl AddAssign for Moments {
    fn add_assign(&mut self, other: Self) {
        self.area += other.area;
        self.x += other.x;
        self.y += other.y;
        self.xx += other.xx;
        self.xy += other.xy;
        self.yy += other.yy;
    }
}

impl Moments {
    /// The integrals over the part of the unit cell to the right of the segment from `a` to `b`, between their heights:
    /// positive where the segment runs down, as the left side of a counter-clockwise ring does.
    pub(super) fn right_of(a: [f64; 2], b: [f64; 2], sign: f64) -> Self {
        let middle = [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        let sixth = sign * (a[1] - b[1]) / 6.0;
        let mut sum = Self::default();
        for ([x, y], weight) in [(a, sixth), (middle, 4.0 * sixth), (b, sixth)] {
            let width = 1.0 - x;
            let first = (1.0 - x * x) / 2.0;
            sum += Self {
                area: weight * width,
                x: weight * first,
                y: weight * y * width,
                xx: weight * (1.0 - x * x * x) / 3.0,
                xy: weight * y * first,
                yy: weight * y * y * width,
            };
        }
        sum
    }

    /// The integrals over the full width of a cell between the heights that `cover` has summed.
    pub(super) fn of_cover(cover: Cover) -> Self {
        Self { area: cover.height, x: cover.height / 2.0, y: cover.y, xx: cover.height / 3.0, xy: cover.y / 2.0, yy: cover.yy }
    }
}

/// What the edges to the left of a cell cover of its height: the integrals of 1, y, y².
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Cover {
    pub(super) height: f64,
    pub(super) y: f64,
    pub(super) yy: f64,
}

impl Cover {
    /// Between the heights of `a` and `b`, positive where the segment runs down.
    pub(super) fn between(a: f64, b: f64, sign: f64) -> Self {
        Self { height: sign * (a - b), y: sign * (a * a - b * b) / 2.0, yy: sign * (a * a * a - b * b * b) / 3.0 }
    }
}

impl AddAssign for Cover {
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

impl Piece {
    /// The whole cell.
    pub const WHOLE: Self = Self { area: 1.0, centre: [0.5, 0.5], spread: [1.0 / 12.0, 0.0, 1.0 / 12.0] };

    /// A piece of a sub-cell seen from the cell: the sub-cell starts at `corner` and is `size` wide, in cells.
    pub(super) fn of_sub_cell(moments: &Moments, corner: [f64; 2], size: [f64; 2]) -> Self {
        let (x, y) = (moments.x / moments.area, moments.y / moments.area);
        let variance = |second: f64, mean: f64| (second / moments.area - mean * mean).max(0.0);
        Self {
            area: moments.area * size[0] * size[1],
            centre: [corner[0] + x * size[0], corner[1] + y * size[1]],
            spread: [
                variance(moments.xx, x) * size[0] * size[0],
                (moments.xy / moments.area - x * y) * size[0] * size[1],
                variance(moments.yy, y) * size[1] * size[1],
            ],
        }
    }

    /// A rectangle inside the cell.
    pub(super) fn rectangle(corner: [f64; 2], size: [f64; 2]) -> Self {
        Self {
            area: size[0] * size[1],
            centre: [corner[0] + size[0] / 2.0, corner[1] + size[1] / 2.0],
            spread: [size[0] * size[0] / 12.0, 0.0, size[1] * size[1] / 12.0],
        }
    }

    /// All pieces as one.
    pub(super) fn merged(pieces: &[Self]) -> Self {
        let area: f64 = pieces.iter().map(|piece| piece.area).sum();
        let mean = |of: &dyn Fn(&Self) -> f64| pieces.iter().map(|piece| piece.area * of(piece)).sum::<f64>() / area;
        let centre = [mean(&|p| p.centre[0]), mean(&|p| p.centre[1])];
        let away = |p: &Self, axis: usize| p.centre[axis] - centre[axis];
        Self {
            area,
            centre,
            spread: [
                mean(&|p| p.spread[0] + away(p, 0) * away(p, 0)),
                mean(&|p| p.spread[1] + away(p, 0) * away(p, 1)),
                mean(&|p| p.spread[2] + away(p, 1) * away(p, 1)),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A triangle's moments against its closed form: the sum over its edges plus what they cover to their right.
    #[test]
    fn a_triangle_has_its_closed_form() {
        // Corners (0.2, 0.1), (0.9, 0.3), (0.4, 0.8), counter-clockwise, inside one cell.
        let corners = [[0.2, 0.1], [0.9, 0.3], [0.4, 0.8]];
        let mut moments = Moments::default();
        for at in 0..3 {
            moments += Moments::right_of(corners[at], corners[(at + 1) % 3], 1.0);
        }
        let area = 0.5 * ((0.9 - 0.2) * (0.8 - 0.1) - (0.4 - 0.2) * (0.3 - 0.1));
        let piece = Piece::of_sub_cell(&moments, [0.0, 0.0], [1.0, 1.0]);
        let mean = |axis: usize| corners.iter().map(|c| c[axis]).sum::<f64>() / 3.0;
        // The covariance of a triangle is a twelfth of the sum over its corners of the products of their distances to the centroid.
        let second = |p: usize, q: usize| corners.iter().map(|c| (c[p] - mean(p)) * (c[q] - mean(q))).sum::<f64>() / 12.0;
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

    #[test]
    fn halves_merge_to_the_whole() {
        let halves = [Piece::rectangle([0.0, 0.0], [0.5, 1.0]), Piece::rectangle([0.5, 0.0], [0.5, 1.0])];
        let whole = Piece::merged(&halves);
        assert!((whole.spread[0] - 1.0 / 12.0).abs() < 1e-15 && (whole.area - 1.0).abs() < 1e-15);
        assert_eq!(whole.centre, [0.5, 0.5]);
    }
}

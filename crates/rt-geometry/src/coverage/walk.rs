//! Walking an edge through the cells of a lattice.
//!
//! Units: cells. Frame: continuous lattice coordinates; cell (i, j) spans i..i+1, j..j+1.

/// Calls `visit(cell, from, to)` for each part of the segment from `a` to `b` inside one cell, in order, with
/// the parts' ends in lattice coordinates. Parts join exactly: each starts where the last one ended.
#[inline]
pub(crate) fn cells(a: [f64; 2], b: [f64; 2], mut visit: impl FnMut([i32; 2], [f64; 2], [f64; 2])) {
    let cell = a.map(below);
    // Contours are drawn with more points than the lattice has lines: most edges cross none.
    if cell == b.map(below) {
        visit(cell.map(index), a, b);
    } else {
        cells_across(a, b, visit);
    }
}

/// The parts of a segment that crosses a lattice line.
fn cells_across(a: [f64; 2], b: [f64; 2], mut visit: impl FnMut([i32; 2], [f64; 2], [f64; 2])) {
    let along = [b[0] - a[0], b[1] - a[1]];
    let mut from = a;
    let mut next = [first_line(a[0], along[0]), first_line(a[1], along[1])];
    let mut t = [line_parameter(next[0], a[0], along[0]), line_parameter(next[1], a[1], along[1])];
    loop {
        let axis = usize::from(t[1] < t[0]);
        if t[axis] >= 1.0 {
            visit(cell_between(from, b), from, b);
            return;
        }
        let other = 1 - axis;
        let mut to = [0.0; 2];
        to[axis] = next[axis];
        // Rounding must not carry the crossing past the line that comes next on the other axis, nor past the
        // end.
        let limit = if t[other] < 1.0 { next[other] } else { b[other] };
        let free = a[other] + t[axis] * along[other];
        to[other] =
            if along[other] >= 0.0 { free.clamp(from[other], limit) } else { free.clamp(limit, from[other]) };
        if to != from {
            visit(cell_between(from, to), from, to);
        }
        from = to;
        next[axis] += along[axis].signum();
        t[axis] = line_parameter(next[axis], a[axis], along[axis]);
    }
}

/// The first lattice line strictly ahead of `from` in the direction of `along`.
fn first_line(from: f64, along: f64) -> f64 {
    if along >= 0.0 { below(from) + 1.0 } else { -below(-from) - 1.0 }
}

/// Adding this leaves no bits for a fraction: the sum is rounded to a whole number, which its low bits hold.
const WHOLE: f64 = 1.5 * (1u64 << 52) as f64;

/// The largest whole number up to `value`, which is far below 2^51. (Without SSE4.1 `floor` is a call, and a
/// cast looks after values that do not fit.)
#[inline]
pub(super) fn below(value: f64) -> f64 {
    let nearest = (value + WHOLE) - WHOLE;
    if nearest > value { nearest - 1.0 } else { nearest }
}

/// A whole number below 2^31 as an integer.
#[inline]
pub(super) fn index(whole: f64) -> i32 {
    (whole + WHOLE).to_bits() as i32
}

fn line_parameter(line: f64, from: f64, along: f64) -> f64 {
    if along == 0.0 { f64::INFINITY } else { (line - from) / along }
}

fn cell_between(from: [f64; 2], to: [f64; 2]) -> [i32; 2] {
    [0, 1].map(|axis| index(below(0.5 * (from[axis] + to[axis]))))
}

/// The part of the segment from `a` to `b` with `axis` coordinate between `low` and `high`; `None` where
/// there is none.
pub(super) fn clipped(
    a: [f64; 2],
    b: [f64; 2],
    axis: usize,
    low: f64,
    high: f64,
) -> Option<([f64; 2], [f64; 2])> {
    let (least, most) = (a[axis].min(b[axis]), a[axis].max(b[axis]));
    if most < low || least > high {
        return None;
    }
    let other = 1 - axis;
    let at = |value: f64| {
        let mut point = [0.0; 2];
        point[axis] = value;
        point[other] = a[other] + (value - a[axis]) / (b[axis] - a[axis]) * (b[other] - a[other]);
        point
    };
    let end = |point: [f64; 2]| {
        if point[axis] < low {
            at(low)
        } else if point[axis] > high {
            at(high)
        } else {
            point
        }
    };
    Some((end(a), end(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_join_and_stay_in_their_cells() {
        for (a, b) in [
            ([0.2, 0.3], [5.7, 3.1]),
            ([5.7, 3.1], [0.2, 0.3]),
            ([1.0, 1.0], [4.0, 4.0]),
            ([4.0, 0.5], [4.0, 3.5]),
            ([0.5, 2.0], [3.5, 2.0]),
            ([3.0, 3.0], [1.0, 0.0]),
            ([0.1, 0.1], [0.1, 0.1]),
        ] {
            let mut from = a;
            cells(a, b, |cell, start, end| {
                assert_eq!(start, from);
                for axis in 0..2 {
                    let low = cell[axis] as f64;
                    for point in [start, end] {
                        assert!((low..=low + 1.0).contains(&point[axis]), "{cell:?} {point:?}");
                    }
                }
                from = end;
            });
            assert_eq!(from, b);
        }
    }

    #[test]
    fn whole_numbers_below() {
        for (value, whole) in
            [(0.0, 0), (2.999, 2), (3.0, 3), (2.5, 2), (3.5, 3), (-0.1, -1), (-3.0, -3), (-3.5, -4)]
        {
            assert_eq!(index(below(value)), whole, "{value}");
            assert_eq!(below(value), value.floor());
        }
    }

    #[test]
    fn clipping_keeps_what_is_between() {
        assert_eq!(clipped([0.0, 0.0], [4.0, 4.0], 0, 1.0, 2.0), Some(([1.0, 1.0], [2.0, 2.0])));
        assert_eq!(clipped([0.0, 0.0], [4.0, 4.0], 1, 5.0, 6.0), None);
        assert_eq!(clipped([3.0, 1.0], [3.0, 2.0], 0, 0.0, 5.0), Some(([3.0, 1.0], [3.0, 2.0])));
    }
}

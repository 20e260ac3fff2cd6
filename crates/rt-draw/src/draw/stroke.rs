//! Smooth lines of a few pixels' width with a dark halo.
//!
//! For each pixel near a line the distance to the nearest line is kept, and which line it is. Joints need no
//! care, lines that run side by side do not cover one another, and the cost is that of the pixels next to
//! lines.
//!
//! Units: pixels. Frame: pixel coordinates.

use super::blend;
use crate::canvas::Canvas;

/// Steps of the kept distance per pixel.
const STEPS: f64 = 24.0;
/// Vertices are at least this far apart, pixels.
const UNSEEN: f64 = 0.75;
/// Distance of a pixel that no line is near to.
const FAR: u8 = u8::MAX;

/// Distances to lines, painted all at once.
pub(crate) struct Strokes {
    width: usize,
    height: usize,
    /// How far from a line pixels are looked at.
    reach: f64,
    nearest: Vec<u8>,
    owner: Vec<u16>,
    touched: Vec<u32>,
}

/// How lines are painted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    pub(crate) width: f64,
    /// Width of the dark halo with the line in it; no wider than the line means none.
    pub(crate) halo: f64,
    /// Opacity of the halo, 0 to 1.
    pub(crate) shade: f64,
}

impl Strokes {
    /// For lines that a pen of at most `widest` pixels (the halo's width) will paint.
    pub(crate) fn new(width: usize, height: usize, widest: f64) -> Self {
        let reach = (widest / 2.0 + 1.0).min((f64::from(FAR) - 1.0) / STEPS);
        let pixels = width * height;
        Self { width, height, reach, nearest: vec![FAR; pixels], owner: vec![0; pixels], touched: Vec::new() }
    }

    /// Adds a line of the colour with number `owner`. Vertices closer together than can be seen are passed
    /// over.
    pub(crate) fn add(&mut self, points: &[[f64; 2]], closed: bool, owner: u16) {
        let [first, rest @ ..] = points else { return };
        let mut from = *first;
        for (at, to) in rest.iter().enumerate() {
            let last = at + 1 == rest.len();
            if last || (to[0] - from[0]).abs() + (to[1] - from[1]).abs() >= UNSEEN {
                self.segment(from, *to, owner);
                from = *to;
            }
        }
        if closed {
            self.segment(from, *first, owner);
        }
    }

    fn segment(&mut self, a: [f64; 2], b: [f64; 2], owner: u16) {
        let reach = self.reach;
        let pixels = |axis: usize, count: usize| {
            let low = (a[axis].min(b[axis]) - reach).ceil().max(0.0);
            let high = (a[axis].max(b[axis]) + reach).floor().min(count as f64 - 1.0);
            // Not a number gives no pixels.
            if low <= high { low as usize..high as usize + 1 } else { 0..0 }
        };
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let inverse = if dx == 0.0 && dy == 0.0 { 0.0 } else { 1.0 / (dx * dx + dy * dy) };
        let columns = pixels(0, self.width);
        for y in pixels(1, self.height) {
            let from_y = y as f64 - a[1];
            for x in columns.clone() {
                let from_x = x as f64 - a[0];
                let along = ((from_x * dx + from_y * dy) * inverse).clamp(0.0, 1.0);
                let (off_x, off_y) = (from_x - along * dx, from_y - along * dy);
                let squared = off_x * off_x + off_y * off_y;
                if squared >= reach * reach {
                    continue;
                }
                let distance = (squared.sqrt() * STEPS) as u8;
                let at = y * self.width + x;
                if distance < self.nearest[at] {
                    if self.nearest[at] == FAR {
                        self.touched.push(at as u32);
                    }
                    self.nearest[at] = distance;
                    self.owner[at] = owner;
                }
            }
        }
    }

    /// Paints everything that was added, each line in its colour.
    pub(crate) fn paint(self, canvas: &mut Canvas, colours: &[[u8; 3]], pen: Pen) {
        let cover = |width: f64, opacity: f64| -> Vec<u8> {
            (0..=255u8)
                .map(|step| {
                    let inside = width / 2.0 + 0.5 - (f64::from(step) + 0.5) / STEPS;
                    (255.0 * opacity * inside.clamp(0.0, 1.0) + 0.5) as u8
                })
                .collect()
        };
        let (line, halo) = (cover(pen.width, 1.0), cover(pen.halo, pen.shade));
        for at in self.touched {
            let at = at as usize;
            let distance = usize::from(self.nearest[at]);
            let pixel = &mut canvas.rgb[3 * at..3 * at + 3];
            blend(pixel, [0; 3], halo[distance]);
            blend(pixel, colours[usize::from(self.owner[at])], line[distance]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEN: Pen = Pen { width: 2.0, halo: 5.0, shade: 0.5 };

    fn painted(points: &[[f64; 2]], closed: bool) -> Canvas {
        let mut canvas = Canvas { width: 40, height: 40, rgb: vec![100; 3 * 1600] };
        let mut strokes = Strokes::new(40, 40, PEN.halo);
        strokes.add(points, closed, 0);
        strokes.paint(&mut canvas, &[[200, 0, 0]], PEN);
        canvas
    }

    #[test]
    fn a_line_is_as_wide_as_its_pen_and_its_halo_is_dark() {
        let canvas = painted(&[[5.0, 20.0], [35.0, 20.0]], false);
        let column: Vec<u8> = (16..=24).map(|y| canvas.at(20, y).unwrap()[0]).collect();
        assert_eq!(column[4], 200, "on the line");
        assert!((145..=155).contains(&column[3]) || column[3] > 120, "half covered: {column:?}");
        assert!(column[2] < 60 && column[6] < 60, "halo: {column:?}");
        assert_eq!((column[0], column[8]), (100, 100), "untouched: {column:?}");
    }

    #[test]
    fn a_closed_line_returns_to_its_start() {
        let corners = [[10.0, 10.0], [30.0, 10.0], [30.0, 30.0], [10.0, 30.0]];
        assert_eq!(painted(&corners, true).at(10, 20), Some([200, 0, 0]));
        assert_eq!(painted(&corners, false).at(10, 20), Some([100; 3]));
    }

    #[test]
    fn lines_may_leave_the_picture_or_not_be_numbers() {
        painted(&[[-1e9, 20.0], [1e9, 20.0], [f64::NAN, 3.0], [4.0, f64::INFINITY]], true);
    }
}

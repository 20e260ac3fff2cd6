//! A text as coverage of pixels, to be painted in any colour on any number of pictures.
//!
//! Units: pixels; coverage 0 to 255. Frame: pixel coordinates.

use super::blend;
use super::typeface::{self, Weight};
use crate::canvas::Canvas;
use ab_glyph::{Font, PxScale, point};

/// Which part of a text is at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A text's pixels, with a rim around its letters that keeps it legible on any ground.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    left: i64,
    top: i64,
    width: usize,
    ink: Vec<u8>,
    rim: Vec<u8>,
    /// Without a rim there is none to paint; the mask then only says where ink is.
    rimmed: bool,
}

impl Stamp {
    /// A text with its baseline at `at[1]` and a rim of `rim` pixels.
    pub(crate) fn text(
        text: &str,
        weight: Weight,
        size: f64,
        at: [f64; 2],
        anchor: Anchor,
        rim: f64,
    ) -> Self {
        let wide = typeface::width(text, weight, size);
        let start = at[0]
            - match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => wide / 2.0,
                Anchor::End => wide,
            };
        let margin = rim.ceil() + 2.0;
        let (left, top) = ((start - margin).floor(), (at[1] - 1.1 * size - margin).floor());
        let width = (start + wide + margin - left).ceil() as usize + 1;
        let height = (at[1] + 0.4 * size + margin - top).ceil() as usize + 1;
        let mut ink = vec![0u8; width * height];
        let font = typeface::font(weight);
        // The scale of ab_glyph is that of the font's line height, not of its em square.
        let scale =
            PxScale::from((size * f64::from(font.height_unscaled()) / typeface::units_per_em(weight)) as f32);
        for placed in typeface::place(text, weight, size) {
            let origin = point((start + placed.x - left) as f32, (at[1] - top) as f32);
            let Some(glyph) = font.outline_glyph(placed.id.with_scale_and_position(scale, origin)) else {
                continue;
            };
            let (x0, y0) = (glyph.px_bounds().min.x as i64, glyph.px_bounds().min.y as i64);
            glyph.draw(|x, y, cover| {
                let (x, y) = (x0 + i64::from(x), y0 + i64::from(y));
                if (0..width as i64).contains(&x) && (0..height as i64).contains(&y) {
                    let pixel = &mut ink[y as usize * width + x as usize];
                    *pixel = (*pixel).max((cover.clamp(0.0, 1.0) * 255.0 + 0.5) as u8);
                }
            });
        }
        let rimmed = rim > 0.0;
        let rim = widened(&ink, width, rim);
        Self { left: left as i64, top: top as i64, width, ink, rim, rimmed }
    }

    /// The stamp turned about its centre by `angle` radians, from +x towards +y, with its centre at `at`.
    pub(crate) fn turned(&self, angle: f64, at: [f64; 2]) -> Self {
        let height = self.ink.len() / self.width;
        let (sine, cosine) = angle.sin_cos();
        let (w, h) = (self.width as f64, height as f64);
        let size = [w * cosine.abs() + h * sine.abs(), w * sine.abs() + h * cosine.abs()]
            .map(|side| side.ceil() as usize + 2);
        let (left, top) = ((at[0] - size[0] as f64 / 2.0).floor(), (at[1] - size[1] as f64 / 2.0).floor());
        let sample = |from: &[u8]| -> Vec<u8> {
            let read = |x: i64, y: i64| {
                let inside = (0..self.width as i64).contains(&x) && (0..height as i64).contains(&y);
                if inside { f64::from(from[y as usize * self.width + x as usize]) } else { 0.0 }
            };
            (0..size[0] * size[1])
                .map(|n| {
                    let (dx, dy) = (left + (n % size[0]) as f64 - at[0], top + (n / size[0]) as f64 - at[1]);
                    let (x, y) = (dx * cosine + dy * sine + w / 2.0, dy * cosine - dx * sine + h / 2.0);
                    let (i, j, s, t) = (x.floor() as i64, y.floor() as i64, x - x.floor(), y - y.floor());
                    let upper = read(i, j) * (1.0 - s) + read(i + 1, j) * s;
                    let lower = read(i, j + 1) * (1.0 - s) + read(i + 1, j + 1) * s;
                    (upper * (1.0 - t) + lower * t + 0.5) as u8
                })
                .collect()
        };
        let (ink, rim) = (sample(&self.ink), sample(&self.rim));
        Self { left: left as i64, top: top as i64, width: size[0], ink, rim, rimmed: self.rimmed }
    }

    /// A stamp that was made at the origin, turned to read upwards from `at`.
    pub(crate) fn turned_upright(&self, at: [f64; 2]) -> Self {
        let height = self.ink.len() / self.width;
        // (x, y) goes to (y, -x).
        let turn = |from: &[u8]| -> Vec<u8> {
            (0..self.width).rev().flat_map(|x| (0..height).map(move |y| from[y * self.width + x])).collect()
        };
        let [x, y] = at.map(|side| side.round() as i64);
        Self {
            left: x + self.top,
            top: y - self.left - (self.width as i64 - 1),
            width: height,
            ink: turn(&self.ink),
            rim: turn(&self.rim),
            rimmed: self.rimmed,
        }
    }

    /// A point lies on the text or its rim.
    pub(crate) fn covers(&self, [x, y]: [f64; 2]) -> bool {
        let height = (self.ink.len() / self.width) as f64;
        let (x, y) = (x - self.left as f64, y - self.top as f64);
        (0.0..self.width as f64).contains(&x) && (0.0..height).contains(&y)
    }

    /// Paints the rim in black and the letters in `colour`, both at most at `opacity` (0 to 1).
    pub(crate) fn paint(&self, canvas: &mut Canvas, colour: [u8; 3], opacity: f64) {
        let share = (opacity * 256.0) as u32;
        let at_most = |cover: u8| (u32::from(cover) * share / 256) as u8;
        for (y, (ink, rim)) in
            (self.top..).zip(self.ink.chunks_exact(self.width).zip(self.rim.chunks_exact(self.width)))
        {
            if !(0..canvas.height as i64).contains(&y) {
                continue;
            }
            let row = &mut canvas.rgb[3 * canvas.width * y as usize..][..3 * canvas.width];
            for (x, (ink, rim)) in (self.left..).zip(ink.iter().zip(rim)) {
                if *rim == 0 || !(0..canvas.width as i64).contains(&x) {
                    continue;
                }
                let pixel = &mut row[3 * x as usize..][..3];
                if self.rimmed {
                    blend(pixel, [0; 3], at_most((u32::from(*rim) * 3 / 4) as u8));
                }
                blend(pixel, colour, at_most(*ink));
            }
        }
    }
}

/// Coverage widened by `by` pixels to all sides.
fn widened(ink: &[u8], width: usize, by: f64) -> Vec<u8> {
    let height = ink.len() / width;
    let reach = by.ceil() as i64 + 1;
    let disc: Vec<(i64, i64, u32)> = (-reach..=reach)
        .flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy)))
        .map(|(dx, dy)| (dx, dy, ((by + 0.5 - (dx as f64).hypot(dy as f64)).clamp(0.0, 1.0) * 256.0) as u32))
        .filter(|(_, _, share)| *share > 0)
        .collect();
    let mut wide = vec![0u8; ink.len()];
    for (n, cover) in ink.iter().enumerate().filter(|(_, cover)| **cover > 0) {
        let (x, y) = ((n % width) as i64, (n / width) as i64);
        for (dx, dy, share) in &disc {
            let (x, y) = (x + dx, y + dy);
            if (0..width as i64).contains(&x) && (0..height as i64).contains(&y) {
                let pixel = &mut wide[y as usize * width + x as usize];
                *pixel = (*pixel).max((u32::from(*cover) * share / 256) as u8);
            }
        }
    }
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inked(canvas: &Canvas) -> Option<[usize; 4]> {
        let lit: Vec<usize> = (0..canvas.width * canvas.height).filter(|n| canvas.rgb[3 * n] > 100).collect();
        let x = lit.iter().map(|n| n % canvas.width);
        let y = lit.iter().map(|n| n / canvas.width);
        Some([x.clone().min()?, x.max()?, y.clone().min()?, y.max()?])
    }

    #[test]
    fn letters_stand_on_their_baseline_and_end_where_they_are_measured() {
        let mut canvas = Canvas::black(200, 60);
        Stamp::text("HEH", Weight::Bold, 30.0, [20.0, 45.0], Anchor::Start, 1.0).paint(
            &mut canvas,
            [255; 3],
            1.0,
        );
        let [left, right, top, bottom] = inked(&canvas).unwrap();
        assert!((44..=45).contains(&bottom), "{bottom}");
        assert!((bottom as f64 - top as f64 - 30.0 * typeface::CAP_HEIGHT).abs() < 2.0, "{top} {bottom}");
        let end = 20.0 + typeface::width("HEH", Weight::Bold, 30.0);
        assert!(
            left > 20 && left < 25 && (right as f64) < end && right as f64 > end - 5.0,
            "{left} {right} {end}"
        );
    }

    #[test]
    fn a_turned_stamp_is_centred() {
        let mut canvas = Canvas::black(200, 200);
        let level = Stamp::text("TEST", Weight::Bold, 40.0, [0.0, 0.0], Anchor::Start, 2.0);
        level.turned(-std::f64::consts::FRAC_PI_2, [100.0, 100.0]).paint(&mut canvas, [255; 3], 1.0);
        let [left, right, top, bottom] = inked(&canvas).unwrap();
        assert!(bottom - top > 2 * (right - left), "upright");
        assert!((top + bottom).abs_diff(200) < 6, "{top} {bottom}");
    }

    #[test]
    fn what_leaves_the_picture_is_cut() {
        let mut canvas = Canvas::black(20, 10);
        Stamp::text("WIDE TEXT", Weight::Bold, 20.0, [-30.0, 8.0], Anchor::Start, 2.0).paint(
            &mut canvas,
            [255; 3],
            1.0,
        );
        assert!(inked(&canvas).is_some());
    }
}

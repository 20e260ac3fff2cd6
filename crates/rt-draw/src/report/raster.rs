//! Figures and pages as pixels.
//!
//! Units: points in, pixels out. Frame: as [`super::drawing`]; the middle of the first pixel is at (0, 0) of
//! the canvas.

use super::drawing::{Drawing, Item};
use crate::canvas::Canvas;
use crate::draw::dash::dashed;
use crate::draw::{Anchor, Pen, Stamp, Strokes, blend, shrunk};

/// The drawing with `scale` pixels for a point.
pub(super) fn paint(drawing: &Drawing, scale: f64) -> Canvas {
    let [width, height] = drawing.size.map(|side| ((side * scale).round() as usize).max(1));
    let mut canvas = Canvas { width, height, rgb: vec![255; 3 * width * height] };
    // A point lies between pixels: half a pixel lower in a frame of their centres.
    let place = |[x, y]: [f64; 2]| [x * scale - 0.5, y * scale - 0.5];
    for item in &drawing.items {
        match item {
            Item::Line(line) => {
                let points: Vec<[f64; 2]> = line.points.iter().copied().map(place).collect();
                let pen = Pen { width: (line.width * scale).max(1.0), halo: 0.0, shade: 0.0 };
                let mut strokes = Strokes::new(width, height, pen.width);
                if let [on, off] = line.dash {
                    dashed(&points, false, on * scale, off * scale)
                        .iter()
                        .for_each(|dash| strokes.add(dash, false, 0));
                } else {
                    strokes.add(&points, false, 0);
                }
                strokes.paint(&mut canvas, &[line.colour], pen);
            }
            Item::Box { low, high, colour } => fill(&mut canvas, place(*low), place(*high), *colour),
            Item::Text(text) => {
                let start = place(text.start());
                let size = text.size * scale;
                if text.upright {
                    let level = Stamp::text(&text.text, text.weight, size, [0.0, 0.0], Anchor::Start, 0.0);
                    level.turned_upright(start).paint(&mut canvas, text.colour, 1.0);
                } else {
                    Stamp::text(&text.text, text.weight, size, start, Anchor::Start, 0.0).paint(
                        &mut canvas,
                        text.colour,
                        1.0,
                    );
                }
            }
            Item::Picture { canvas: picture, low, size } => {
                let small = shrunk(picture, (size[0] * scale).round() as usize);
                let [x, y] = place(*low).map(|side| side.round().max(0.0) as usize);
                for (row, pixels) in
                    small.rgb.chunks_exact(3 * small.width).enumerate().take(height.saturating_sub(y))
                {
                    let columns = small.width.min(width.saturating_sub(x));
                    canvas.rgb[3 * ((y + row) * width + x)..][..3 * columns]
                        .copy_from_slice(&pixels[..3 * columns]);
                }
            }
        }
    }
    canvas
}

/// A box; pixels that it covers in part are mixed.
fn fill(canvas: &mut Canvas, low: [f64; 2], high: [f64; 2], colour: [u8; 3]) {
    let cover = |axis: usize, at: usize| {
        (high[axis].min(at as f64 + 0.5) - low[axis].max(at as f64 - 0.5)).clamp(0.0, 1.0)
    };
    let range = |axis: usize, count: usize| {
        (low[axis].floor().max(0.0) as usize).min(count)
            ..(high[axis].ceil().max(-1.0) + 1.0).min(count as f64) as usize
    };
    for y in range(1, canvas.height) {
        for x in range(0, canvas.width) {
            let pixel = &mut canvas.rgb[3 * (y * canvas.width + x)..][..3];
            blend(pixel, colour, (cover(0, x) * cover(1, y) * 255.0).round() as u8);
        }
    }
}

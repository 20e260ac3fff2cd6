//! Smaller pictures for overviews.
//!
//! Units: pixels. Frame: pixel coordinates.

use crate::canvas::Canvas;

/// The picture in `width` columns with its aspect kept; each pixel is the mean of the area it stands for. A
/// picture that is not wider is returned as it is.
///
/// ```
/// use rt_draw::{canvas::Canvas, draw::shrunk};
///
/// let small = shrunk(&Canvas::black(400, 200), 100);
/// assert_eq!((small.width, small.height), (100, 50));
/// ```
#[must_use]
pub fn shrunk(canvas: &Canvas, width: usize) -> Canvas {
    if width == 0 || canvas.width <= width {
        return canvas.clone();
    }
    let step = canvas.width as f64 / width as f64;
    let height = ((canvas.height as f64 / step).round() as usize).max(1);
    let shares = |at: usize, count: usize| -> Vec<(usize, f64)> {
        let (from, to) = (at as f64 * step, ((at + 1) as f64 * step).min(count as f64));
        let share = |n: usize| (to.min(n as f64 + 1.0) - from.max(n as f64)).max(0.0);
        (from as usize..(to.ceil() as usize).min(count)).map(|n| (n, share(n))).collect()
    };
    let columns: Vec<Vec<(usize, f64)>> = (0..width).map(|x| shares(x, canvas.width)).collect();
    let mut small = Canvas::black(width, height);
    for y in 0..height {
        let rows = shares(y, canvas.height);
        for (x, columns) in columns.iter().enumerate() {
            let (mut sum, mut area) = ([0.0; 3], 0.0);
            for (row, part) in &rows {
                for (column, other) in columns {
                    let pixel = &canvas.rgb[3 * (row * canvas.width + column)..][..3];
                    (0..3).for_each(|n| sum[n] += part * other * f64::from(pixel[n]));
                    area += part * other;
                }
            }
            small.rgb[3 * (y * width + x)..][..3]
                .copy_from_slice(&sum.map(|value| (value / area).round() as u8));
        }
    }
    small
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_kept() {
        let mut canvas = Canvas::black(6, 4);
        canvas
            .rgb
            .iter_mut()
            .step_by(3)
            .enumerate()
            .for_each(|(at, red)| *red = if at % 2 == 0 { 200 } else { 100 });
        let small = shrunk(&canvas, 3);
        assert_eq!((small.width, small.height), (3, 2));
        assert!(small.rgb.chunks_exact(3).all(|pixel| pixel == [150, 0, 0]), "{:?}", small.rgb);
        assert_eq!(shrunk(&canvas, 6), canvas);
    }
}

//! Anatomy in gray with the dose as a wash of colour over it.
//!
//! Units: as the style's dose unit says. Frame: pixel coordinates.

use crate::canvas::Canvas;
use crate::scene::SliceScene;
use crate::style::PictureStyle;

/// Colours of every gray value under every level.
pub(super) struct Wash {
    /// Rising levels, as the dose's f32: a pixel is inside a level under the same condition as its isodose
    /// line.
    levels: Vec<f32>,
    /// 256 colours for what is below the first level, then for each level.
    colours: Vec<[u8; 3]>,
}

impl Wash {
    pub(super) fn new(style: &PictureStyle) -> Self {
        let share = style.opacity.clamp(0.0, 1.0);
        let below = (0..=255u8).map(|gray| [gray; 3]);
        let washed = style.levels.iter().flat_map(|level| {
            (0..=255u8).map(move |gray| {
                level
                    .colour
                    .map(|colour| (f64::from(gray) * (1.0 - share) + f64::from(colour) * share).round() as u8)
            })
        });
        Self {
            levels: style.levels.iter().map(|level| level.dose as f32).collect(),
            colours: below.chain(washed).collect(),
        }
    }

    /// The picture without lines and words.
    pub(super) fn paint(&self, scene: &SliceScene) -> Canvas {
        let [width, height] = scene.size;
        let mut canvas = Canvas::black(width, height);
        let lowest = self.levels.first().copied().unwrap_or(f32::INFINITY);
        let black = if scene.anatomy.is_none() { vec![0; width * height] } else { Vec::new() };
        let anatomy = scene.anatomy.as_ref().unwrap_or(&black);
        for ((pixel, dose), gray) in canvas.rgb.chunks_exact_mut(3).zip(&scene.dose).zip(anatomy) {
            // Unknown dose is not at or above anything.
            if *dose >= lowest {
                let level = self.levels.iter().filter(|level| *dose >= **level).count();
                pixel.copy_from_slice(&self.colours[level * 256 + usize::from(*gray)]);
            } else {
                pixel.fill(*gray);
            }
        }
        canvas
    }
}

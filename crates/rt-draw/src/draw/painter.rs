//! One picture after another.
//!
//! Units: pixels; levels in the case's dose unit. Frame: pixel coordinates.

use super::dash::dashed;
use super::overlay::{Measures, Overlay};
use super::stroke::{Pen, Strokes};
use super::wash::Wash;
use crate::canvas::Canvas;
use crate::labels::CaseLabels;
use crate::scene::SliceScene;
use crate::style::PictureStyle;
use rt_geometry::isodose::{Border, DosePlane};
use rt_model::units::Gy;

/// Paints the slices of one case.
///
/// ```
/// use rt_draw::{draw::Painter, example};
///
/// let scene = example::scene();
/// let painter = Painter::new(&example::labels(), &example::style(), scene.size);
/// let canvas = painter.paint(&scene);
/// assert_eq!((canvas.width, canvas.height), (408, 264));
/// assert!(painter.words(&scene).iter().any(|words| words == "FOR REFERENCE ONLY, NOT FOR TREATMENT"));
/// ```
pub struct Painter {
    style: PictureStyle,
    measures: Measures,
    wash: Wash,
    overlay: Overlay,
}

impl Painter {
    /// For pictures of `size` (width, height) pixels.
    #[must_use]
    pub fn new(labels: &CaseLabels, style: &PictureStyle, size: [usize; 2]) -> Self {
        let measures = Measures::new(size);
        let overlay = Overlay::of_case(measures, labels, style);
        Self { style: style.clone(), measures, wash: Wash::new(style), overlay }
    }

    /// The picture of a slice.
    ///
    /// # Panics
    /// Where the scene's size is not the painter's, or its dose or anatomy not one value for each pixel.
    #[must_use]
    pub fn paint(&self, scene: &SliceScene) -> Canvas {
        let [width, height] = scene.size;
        assert_eq!(self.measures.size, [width as f64, height as f64], "a scene of the painter's size");
        assert_eq!(scene.dose.len(), width * height, "one dose for each pixel");
        let words = Overlay::of_slice(self.measures, scene, self.style.outlines);
        let mut canvas = self.wash.paint(scene);
        self.grid_edge(scene, &words, &mut canvas);
        if self.style.outlines {
            self.outlines(scene, &mut canvas);
        }
        if self.style.lines {
            self.isodoses(scene, &mut canvas);
        }
        self.overlay.paint(&mut canvas);
        words.paint(&mut canvas);
        canvas
    }

    /// Every word on the picture of a slice, one entry per line: for screen readers, and to check that no
    /// required text is missing.
    #[must_use]
    pub fn words(&self, scene: &SliceScene) -> Vec<String> {
        let slice = Overlay::of_slice(self.measures, scene, self.style.outlines);
        self.overlay.words().chain(slice.words()).map(str::to_owned).collect()
    }

    /// A pen for lines of `width` pixels on a picture of 512.
    fn pen(&self, width: f64, halo: f64, shade: f64) -> Pen {
        Pen { width: width * self.measures.scale, halo: halo * self.measures.scale, shade }
    }

    fn strokes(&self, pen: Pen) -> Strokes {
        let [width, height] = self.measures.size.map(|pixels| pixels as usize);
        Strokes::new(width, height, pen.halo.max(pen.width))
    }

    /// Where the dose grid ends: beyond, dose is not calculated, not cold. Its dashes stop at words.
    fn grid_edge(&self, scene: &SliceScene, words: &Overlay, canvas: &mut Canvas) {
        let pen = self.pen(1.2, 3.0, 0.5);
        let mut strokes = self.strokes(pen);
        let free =
            |dash: &Vec<[f64; 2]>| !dash.iter().any(|at| self.overlay.covers(*at) || words.covers(*at));
        let dashes = dashed(&scene.grid_edge, true, 9.0 * self.measures.scale, 6.0 * self.measures.scale);
        for dash in dashes.iter().filter(|dash| free(dash)) {
            strokes.add(dash, false, 0);
        }
        strokes.paint(canvas, &[[235; 3]], pen);
    }

    /// Outlines are dashed: what is solid is dose.
    fn outlines(&self, scene: &SliceScene, canvas: &mut Canvas) {
        let pen = self.pen(1.3, 2.8, 0.5);
        let scale = self.measures.scale;
        let mut strokes = self.strokes(pen);
        for (at, outline) in scene.outlines.iter().enumerate() {
            for dash in outline.rings.iter().flat_map(|ring| dashed(ring, true, 4.0 * scale, 2.5 * scale)) {
                strokes.add(&dash, false, at as u16);
            }
        }
        let colours: Vec<[u8; 3]> = scene.outlines.iter().map(|outline| outline.colour).collect();
        strokes.paint(canvas, &colours, pen);
    }

    fn isodoses(&self, scene: &SliceScene, canvas: &mut Canvas) {
        let pen = self.pen(1.7, 3.7, 0.6);
        let mut strokes = self.strokes(pen);
        let plane = DosePlane::new(scene.size, &scene.dose);
        for (at, level) in self.style.levels.iter().enumerate() {
            for line in plane.lines(Gy(level.dose), Border::Open) {
                strokes.add(&line.points, line.closed, at as u16);
            }
        }
        let colours: Vec<[u8; 3]> = self.style.levels.iter().map(|level| level.colour).collect();
        strokes.paint(canvas, &colours, pen);
    }
}

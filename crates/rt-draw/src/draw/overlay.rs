//! The words and signs of a picture, laid out along its edges, where a slice mostly shows air.
//!
//! Top left what the picture is, top right which slice and which outlines, bottom left the legend, bottom
//! right the scale; the orientation letters in the middle of the edges.
//!
//! Units: pixels. Frame: pixel coordinates.

use super::orientation::letters;
use super::typeface::{self, Weight};
use super::{Anchor, Stamp, blend};
use crate::canvas::Canvas;
use crate::labels::{CaseLabels, REFERENCE_ONLY, round};
use crate::scene::SliceScene;
use crate::style::{DoseUnit, PictureStyle};

const WHITE: [u8; 3] = [240; 3];
const AMBER: [u8; 3] = [255, 205, 90];
const RED: [u8; 3] = [255, 70, 60];

/// Sizes that follow the picture's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measures {
    pub(super) size: [f64; 2],
    /// 1 for a picture of 512 pixels.
    pub(super) scale: f64,
    text: f64,
    line: f64,
    margin: f64,
}

impl Measures {
    pub(super) fn new(size: [usize; 2]) -> Self {
        let size = size.map(|pixels| pixels as f64);
        let scale = (size[0].min(size[1]) / 512.0).max(0.5);
        Self { size, scale, text: 11.5 * scale, line: 15.0 * scale, margin: 7.0 * scale }
    }

    /// Baseline of line `n` from the top.
    fn top_line(&self, n: usize) -> f64 {
        self.margin + self.text * 0.85 + n as f64 * self.line
    }

    /// Baseline of line `n` from the bottom.
    fn bottom_line(&self, n: usize) -> f64 {
        self.size[1] - self.margin - n as f64 * self.line
    }
}

/// A sign or a word with its colour.
enum Mark {
    Word {
        text: String,
        stamp: Stamp,
        colour: [u8; 3],
        opacity: f64,
    },
    /// A filled box from its top left corner to below its bottom right one, with a dark rim.
    Bar {
        low: [f64; 2],
        high: [f64; 2],
        colour: [u8; 3],
    },
}

/// Marks to be painted over a picture, in order.
pub(super) struct Overlay {
    measures: Measures,
    marks: Vec<Mark>,
}

impl Overlay {
    /// The words and signs of all pictures of a case.
    pub(super) fn of_case(measures: Measures, labels: &CaseLabels, style: &PictureStyle) -> Self {
        let mut overlay = Self { measures, marks: Vec::new() };
        overlay.burn(&labels.burned());
        overlay.header(labels);
        overlay.legend(labels, style);
        let [width, _] = measures.size;
        overlay.word(
            REFERENCE_ONLY,
            Weight::Bold,
            AMBER,
            [width / 2.0, measures.bottom_line(0)],
            Anchor::Middle,
        );
        overlay
    }

    /// The words and signs of one picture.
    pub(super) fn of_slice(measures: Measures, scene: &SliceScene, named: bool) -> Self {
        let mut overlay = Self { measures, marks: Vec::new() };
        overlay.letters(scene);
        overlay.scale_bar(scene);
        overlay.position(scene);
        if named {
            overlay.outlines(scene);
        }
        overlay.notes(scene);
        overlay
    }

    pub(super) fn paint(&self, canvas: &mut Canvas) {
        for mark in &self.marks {
            match mark {
                Mark::Word { stamp, colour, opacity, .. } => stamp.paint(canvas, *colour, *opacity),
                Mark::Bar { low, high, colour } => bar(canvas, *low, *high, *colour),
            }
        }
    }

    /// A point lies on a word, those burned across the picture left out.
    pub(super) fn covers(&self, point: [f64; 2]) -> bool {
        self.marks
            .iter()
            .any(|mark| matches!(mark, Mark::Word { stamp, opacity: 1.0, .. } if stamp.covers(point)))
    }

    /// Every word in the order of painting.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Word { text, .. } => Some(text.as_str()),
            Mark::Bar { .. } => None,
        })
    }

    fn word(&mut self, text: &str, weight: Weight, colour: [u8; 3], at: [f64; 2], anchor: Anchor) {
        let stamp = Stamp::text(text, weight, self.measures.text, at, anchor, 1.3 * self.measures.scale);
        self.marks.push(Mark::Word { text: text.to_owned(), stamp, colour, opacity: 1.0 });
    }

    /// Large words across the picture.
    fn burn(&mut self, words: &[&str]) {
        let Measures { size: [width, height], scale, .. } = self.measures;
        let angle = -(height / width).atan();
        for (at, word) in words.iter().enumerate() {
            let wide = typeface::width(word, Weight::Bold, 1.0);
            let size = (0.62 * width.hypot(height) / wide).min(0.2 * height);
            let stamp = Stamp::text(word, Weight::Bold, size, [0.0, 0.0], Anchor::Start, 2.0 * scale);
            // Side by side across the diagonal.
            let aside = (at as f64 - (words.len() - 1) as f64 / 2.0) * 1.3 * size;
            let centre = [width / 2.0 - aside * angle.sin(), height / 2.0 + aside * angle.cos()];
            let stamp = stamp.turned(angle, centre);
            self.marks.push(Mark::Word { text: (*word).to_owned(), stamp, colour: RED, opacity: 0.5 });
        }
    }

    fn header(&mut self, labels: &CaseLabels) {
        let measures = self.measures;
        let most = 0.5 * measures.size[0] - 12.0 * measures.scale;
        let mut row = 0;
        for (at, line) in labels.header().iter().enumerate() {
            let (weight, colour) = if at == 0 { (Weight::Bold, AMBER) } else { (Weight::Regular, WHITE) };
            for part in typeface::wrap(line, weight, measures.text, most) {
                self.word(&part, weight, colour, [measures.margin, measures.top_line(row)], Anchor::Start);
                row += 1;
            }
        }
    }

    /// Levels from the highest down, above them the maximum, below them where the wash begins.
    fn legend(&mut self, labels: &CaseLabels, style: &PictureStyle) {
        let measures = self.measures;
        let Measures { scale, text, margin, .. } = measures;
        let Some(lowest) = style.levels.first() else { return };
        self.word(
            &labels.threshold_text(lowest.dose),
            Weight::Regular,
            WHITE,
            [margin, measures.bottom_line(1)],
            Anchor::Start,
        );
        let doses = aligned(&style.levels.iter().map(|level| level.dose).collect::<Vec<_>>());
        let widest =
            doses.iter().map(|dose| typeface::width(dose, Weight::Regular, text)).fold(0.0, f64::max);
        let swatch = 15.0 * scale;
        let numbers = margin + swatch + 5.0 * scale + widest;
        let unit = format!(" {}", style.unit);
        let percents = numbers + typeface::width(&unit, Weight::Regular, text) + 44.0 * scale;
        for (at, (level, dose)) in style.levels.iter().zip(&doses).enumerate() {
            let base = measures.bottom_line(2 + at);
            let low = [margin, base - 0.75 * text];
            self.marks.push(Mark::Bar {
                low,
                high: [margin + swatch, base + 0.08 * text],
                colour: level.colour,
            });
            self.word(dose, Weight::Regular, WHITE, [numbers, base], Anchor::End);
            self.word(&unit, Weight::Regular, WHITE, [numbers, base], Anchor::Start);
            if let Some(prescription) = labels.prescription.filter(|_| style.unit != DoseUnit::Percent) {
                let percent = format!("{} %", round_percent(100.0 * level.dose / prescription));
                self.word(&percent, Weight::Regular, WHITE, [percents, base], Anchor::End);
            }
        }
        let top = [margin, measures.bottom_line(2 + doses.len())];
        self.word(
            &format!("max {} {}", round(labels.maximum), labels.unit),
            Weight::Regular,
            WHITE,
            top,
            Anchor::Start,
        );
    }

    fn letters(&mut self, scene: &SliceScene) {
        let Measures { size: [width, height], margin, text, .. } = self.measures;
        let middle = height / 2.0 + 0.4 * text;
        let below = self.measures.bottom_line(1);
        let (row, column) = (scene.row, scene.column);
        let places = [
            (row.scaled(-1.0), [margin, middle], Anchor::Start),
            (row, [width - margin, middle], Anchor::End),
            (column.scaled(-1.0), [width / 2.0, self.measures.top_line(0)], Anchor::Middle),
            (column, [width / 2.0, below], Anchor::Middle),
        ];
        for (direction, at, anchor) in places {
            self.word(&letters(direction), Weight::Bold, WHITE, at, anchor);
        }
    }

    /// A bar of a round length, at most a quarter of the picture.
    fn scale_bar(&mut self, scene: &SliceScene) {
        let measures = self.measures;
        let [width, _] = measures.size;
        let pixel = scene.pixel[0].0;
        let most = 0.22 * width * pixel;
        let lengths = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];
        let Some(length) = lengths.into_iter().rev().find(|length| *length <= most) else { return };
        let text = if length < 10.0 { format!("{length} mm") } else { format!("{} cm", length / 10.0) };
        let (right, base) = (width - measures.margin, measures.bottom_line(1));
        let (left, thick) = (right - length / pixel, (1.5 * measures.scale).max(1.0));
        self.marks.push(Mark::Bar { low: [left, base], high: [right, base + thick], colour: WHITE });
        for end in [left, right - thick] {
            let low = [end, base - 4.0 * measures.scale];
            self.marks.push(Mark::Bar {
                low,
                high: [end + thick, base + thick + 4.0 * measures.scale],
                colour: WHITE,
            });
        }
        self.word(
            &text,
            Weight::Regular,
            WHITE,
            [(left + right) / 2.0, base - 4.0 * measures.scale],
            Anchor::Middle,
        );
    }

    fn position(&mut self, scene: &SliceScene) {
        let measures = self.measures;
        let right = measures.size[0] - measures.margin;
        let at = scene.position;
        let slice = format!("slice {} of {}", at.number, at.of);
        self.word(&slice, Weight::Regular, WHITE, [right, measures.top_line(0)], Anchor::End);
        let axial = scene.row.cross(scene.column).z.abs() > 0.9999;
        let (name, height) = (if axial { "z" } else { "along normal" }, at.height.0);
        let height = if height.abs() < 0.05 { 0.0 } else { height };
        self.word(
            &format!("{name} {height:.1} mm"),
            Weight::Regular,
            WHITE,
            [right, measures.top_line(1)],
            Anchor::End,
        );
    }

    /// Names of the outlines on this slice, as many as fit above the middle, and the number of the others.
    fn outlines(&mut self, scene: &SliceScene) {
        let measures = self.measures;
        let Measures { scale, text, .. } = measures;
        let right = measures.size[0] - measures.margin;
        let room = (0..).take_while(|row| measures.top_line(2 + row) < 0.44 * measures.size[1]).count();
        let named = if scene.outlines.len() > room { room.saturating_sub(1) } else { scene.outlines.len() };
        for (row, outline) in scene.outlines[..named].iter().enumerate() {
            let base = measures.top_line(2 + row);
            let low = [right - 14.0 * scale, base - 0.42 * text];
            self.marks.push(Mark::Bar { low, high: [right, low[1] + 2.5 * scale], colour: outline.colour });
            let name = typeface::fitted(&outline.name, Weight::Regular, text, 0.3 * measures.size[0]);
            self.word(&name, Weight::Regular, WHITE, [low[0] - 4.0 * scale, base], Anchor::End);
        }
        if named < scene.outlines.len() {
            let more = format!("and {} more", scene.outlines.len() - named);
            self.word(&more, Weight::Regular, WHITE, [right, measures.top_line(2 + named)], Anchor::End);
        }
    }

    /// What is not calculated, and what there is no image of.
    fn notes(&mut self, scene: &SliceScene) {
        let [width, _] = self.measures.size;
        let unknown = scene.dose.iter().filter(|dose| dose.is_nan()).count();
        let note = if unknown == scene.dose.len() {
            Some("no dose calculated on this slice")
        } else {
            (unknown > 0).then_some("dashed: end of the dose grid, unknown beyond")
        };
        let missing = scene.anatomy.is_none().then_some("no planning image: planes of the dose grid");
        for (row, text) in note.into_iter().chain(missing).enumerate() {
            let at = [0.54 * width, self.measures.bottom_line(2 + row)];
            self.word(text, Weight::Regular, WHITE, at, Anchor::Middle);
        }
    }
}

/// Doses with as many decimals as the one that needs most, at most two, so that they stand below one another.
fn aligned(doses: &[f64]) -> Vec<String> {
    let needed = |dose: &f64| round(*dose).split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let decimals = doses.iter().map(needed).max().unwrap_or(0);
    doses.iter().map(|dose| format!("{dose:.decimals$}")).collect()
}

fn round_percent(percent: f64) -> String {
    let text = format!("{percent:.1}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A box with a dark rim of one pixel.
fn bar(canvas: &mut Canvas, low: [f64; 2], high: [f64; 2], colour: [u8; 3]) {
    let clamp = |value: f64, most: usize| value.round().clamp(0.0, most as f64) as usize;
    let mut fill = |rim: f64, colour: [u8; 3], cover: u8| {
        let (left, right) = (clamp(low[0] - rim, canvas.width), clamp(high[0] + rim, canvas.width));
        for y in clamp(low[1] - rim, canvas.height)..clamp(high[1] + rim, canvas.height) {
            for pixel in canvas.rgb[3 * (y * canvas.width + left)..3 * (y * canvas.width + right.max(left))]
                .chunks_exact_mut(3)
            {
                blend(pixel, colour, cover);
            }
        }
    };
    fill(1.0, [0; 3], 190);
    fill(0.0, colour, 255);
}

//! Slices to pictures.
//!
//! A [`Painter`] knows what all pictures of a case have in common (labels, legend, palette) and paints one
//! [`SliceScene`](crate::scene::SliceScene) at a time: anatomy, colour wash, isodose lines, outlines, the
//! dose grid's edge, and the words that safety asks for. It holds no state between slices, so that they may
//! be painted on any number of threads with the same bytes.
//!
//! Units: pixels. Frame: pixel coordinates (see [`crate::canvas`]).

pub(crate) mod dash;
mod orientation;
mod overlay;
mod painter;
pub mod palette;
pub mod png;
mod shrink;
mod stamp;
mod stroke;
pub(crate) mod typeface;
mod wash;

pub use orientation::letters;
pub use painter::Painter;
pub use shrink::shrunk;

pub(crate) use stamp::{Anchor, Stamp};
pub(crate) use stroke::{Pen, Strokes};

use crate::labels::CaseLabels;
use rt_model::finding::{Finding, export as codes};
use rt_model::provenance::Provenance;

/// What a picture's words need that the font does not have: each such character is shown as a box. One
/// finding for a case, not one for each picture.
///
/// ```
/// use rt_draw::{draw::missing_characters, example};
///
/// assert_eq!(missing_characters(&example::labels(), ["Größe", "Мозг"]), None);
/// let finding = missing_characters(&example::labels(), ["肺"]).unwrap();
/// assert_eq!(finding.text, "the font has no glyph for U+80BA: shown as boxes");
/// ```
#[must_use]
pub fn missing_characters<'t>(
    labels: &CaseLabels,
    names: impl IntoIterator<Item = &'t str>,
) -> Option<Finding> {
    let lines = labels.lines(0.0).concat();
    let mut missing: Vec<char> = lines.chars().chain(names.into_iter().flat_map(str::chars)).collect();
    missing.retain(|character| !has_glyph(*character));
    missing.sort_unstable();
    missing.dedup();
    let list: Vec<String> = missing.iter().map(|c| format!("U+{:04X}", u32::from(*c))).collect();
    let text = format!("the font has no glyph for {}: shown as boxes", list.join(", "));
    (!missing.is_empty()).then(|| Finding::warning(codes::MISSING_GLYPH, Provenance::unknown(), text))
}

/// Whether a character has a glyph of its own in the font of pictures and pages.
///
/// ```
/// use rt_draw::draw::has_glyph;
///
/// assert!(has_glyph('ü') && !has_glyph('肺'));
/// ```
#[must_use]
pub fn has_glyph(character: char) -> bool {
    typeface::has(character)
}

/// Mixes `colour` over a pixel; `cover` 255 replaces it.
pub(crate) fn blend(pixel: &mut [u8], colour: [u8; 3], cover: u8) {
    for (under, over) in pixel.iter_mut().zip(colour) {
        let mixed = u32::from(*under) * u32::from(255 - cover) + u32::from(over) * u32::from(cover);
        *under = ((mixed + 127) / 255) as u8;
    }
}

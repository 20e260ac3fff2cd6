//! Noto Sans (SIL Open Font Licence 1.1), from a crate: a server may have no fonts, and a picture must be the
//! same everywhere.
//!
//! Text is set glyph after glyph by advance widths: Latin, Greek and Cyrillic need no more.
//!
//! Units: of the size that is asked for, which is that of the em square. Frame: x to the right from the start
//! of the text, y down from the baseline.

use ab_glyph::{Font, FontRef, GlyphId};
use std::sync::LazyLock;

/// Stroke weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// A glyph of a text.
pub(crate) struct Placed {
    pub(crate) id: GlyphId,
    /// From the start of the text.
    pub(crate) x: f64,
    pub(crate) advance: f64,
    /// The character's bytes in the text.
    pub(crate) bytes: std::ops::Range<usize>,
}

/// Height of capital letters as a part of the size.
pub(crate) const CAP_HEIGHT: f64 = 0.714;

static FONTS: LazyLock<[FontRef<'static>; 2]> = LazyLock::new(|| {
    [Weight::Regular, Weight::Bold]
        .map(|weight| FontRef::try_from_slice(bytes(weight)).expect("a sound font"))
});

/// The font as a file.
pub(crate) const fn bytes(weight: Weight) -> &'static [u8] {
    match weight {
        Weight::Regular => notosans::REGULAR_TTF,
        Weight::Bold => notosans::BOLD_TTF,
    }
}

pub(crate) fn font(weight: Weight) -> &'static FontRef<'static> {
    &FONTS[weight as usize]
}

/// Units of the em square.
pub(crate) fn units_per_em(weight: Weight) -> f64 {
    font(weight).units_per_em().map_or(1000.0, f64::from)
}

/// Whether there is a glyph for it.
pub(crate) fn has(character: char) -> bool {
    font(Weight::Regular).glyph_id(character).0 != 0
}

/// The glyphs of a text; a character without one gets the font's box.
pub(crate) fn place(text: &str, weight: Weight, size: f64) -> Vec<Placed> {
    let font = font(weight);
    let scale = size / units_per_em(weight);
    let mut x = 0.0;
    text.char_indices()
        .map(|(at, character)| {
            let id = font.glyph_id(character);
            let advance = f64::from(font.h_advance_unscaled(id)) * scale;
            let placed = Placed { id, x, advance, bytes: at..at + character.len_utf8() };
            x += advance;
            placed
        })
        .collect()
}

/// Width of a text.
pub(crate) fn width(text: &str, weight: Weight, size: f64) -> f64 {
    place(text, weight, size).last().map_or(0.0, |last| last.x + last.advance)
}

/// The text in lines no wider than `most`, cut at spaces; a single word that is wider is cut where it has to
/// be.
pub(crate) fn wrap(text: &str, weight: Weight, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), weight, size) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.extend(pieces(word, weight, size, most)),
        }
    }
    lines
}

/// A word in pieces no wider than `most`, each of at least one character.
fn pieces(word: &str, weight: Weight, size: f64, most: f64) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut wide = 0.0;
    for glyph in place(word, weight, size) {
        if wide + glyph.advance > most && wide > 0.0 {
            pieces.push(String::new());
            wide = 0.0;
        }
        wide += glyph.advance;
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(&word[glyph.bytes]);
        }
    }
    pieces
}

/// The text, with its end replaced by an ellipsis where it is wider than `most`.
pub(crate) fn fitted(text: &str, weight: Weight, size: f64, most: f64) -> String {
    if width(text, weight, size) <= most {
        return text.to_owned();
    }
    let mut kept: String = text.to_owned();
    while kept.pop().is_some() {
        let short = format!("{}…", kept.trim_end());
        if width(&short, weight, size) <= most {
            return short;
        }
    }
    "…".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_what_pictures_need_and_says_what_it_has_not() {
        for character in "ABCabc0123456789.,:;%()+-±≥≤×³·…äöüßéñçøłΩαβЖя".chars() {
            assert!(has(character), "{character}");
        }
        assert!(!has('肺') && !has('\u{7}'));
    }

    #[test]
    fn digits_have_one_width_so_that_columns_align() {
        let widths: Vec<f64> =
            "0123456789".chars().map(|c| width(&c.to_string(), Weight::Regular, 10.0)).collect();
        assert!(widths.iter().all(|w| *w == widths[0]), "{widths:?}");
    }

    #[test]
    fn long_text_is_wrapped_or_shortened() {
        let text = "not confirmed: no common dose point";
        let lines = wrap(text, Weight::Regular, 12.0, 120.0);
        assert!(lines.len() > 1 && lines.join(" ") == text, "{lines:?}");
        assert!(lines.iter().all(|line| width(line, Weight::Regular, 12.0) <= 120.0));
        let uid = "1.2.826.0.1.3680043.8.498.123456789";
        let cut = wrap(uid, Weight::Regular, 12.0, 100.0);
        assert!(cut.len() > 1 && cut.concat() == uid, "{cut:?}");
        let short = fitted(text, Weight::Bold, 12.0, 60.0);
        assert!(short.ends_with('…') && width(&short, Weight::Bold, 12.0) <= 60.0, "{short}");
        assert_eq!(fitted("PTV", Weight::Bold, 12.0, 60.0), "PTV");
    }
}

//! Figures as SVG.
//!
//! Texts are outlines of the crate's own font, each glyph once: nothing depends on fonts of the machine that
//! shows the picture.
//!
//! Units: points. Frame: as [`super::drawing`].

use super::drawing::{Drawing, Item, Text};
use crate::draw::png::data_uri;
use crate::draw::typeface::{self, Weight};
use ab_glyph::{Font, OutlineCurve, Point};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The figure as a file; screen readers read `title`.
pub(super) fn encode(drawing: &Drawing, title: &str) -> String {
    let [width, height] = drawing.size;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
        escaped(title)
    );
    svg += &outlines(drawing);
    for item in &drawing.items {
        match item {
            Item::Line(line) => {
                let points: String = line.points.iter().map(|[x, y]| format!("{x:.2},{y:.2} ")).collect();
                let dash: Vec<String> = line.dash.iter().map(f64::to_string).collect();
                let dash = if dash.is_empty() {
                    String::new()
                } else {
                    format!(" stroke-dasharray=\"{}\"", dash.join(" "))
                };
                let (points, colour, width) = (points.trim_end(), hex(line.colour), line.width);
                let _ = writeln!(
                    svg,
                    "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" \
                     stroke-linejoin=\"round\"{dash}/>"
                );
            }
            Item::Box { low, high, colour } => {
                let ([x, y], [w, h]) = (low, [high[0] - low[0], high[1] - low[1]]);
                let colour = hex(*colour);
                let _ = writeln!(
                    svg,
                    "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{w:.2}\" height=\"{h:.2}\" fill=\"{colour}\"/>"
                );
            }
            Item::Text(text) => svg += &glyphs(text),
            Item::Picture { canvas, low: [x, y], size: [w, h] } => {
                let data = data_uri(canvas);
                let _ = writeln!(
                    svg,
                    "<image x=\"{x:.2}\" y=\"{y:.2}\" width=\"{w:.2}\" height=\"{h:.2}\" href=\"{data}\"/>"
                );
            }
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Every glyph that is used, in units of the font, y down.
fn outlines(drawing: &Drawing) -> String {
    let mut used = BTreeSet::new();
    for item in &drawing.items {
        if let Item::Text(text) = item {
            let placed = typeface::place(&text.text, text.weight, text.size);
            used.extend(placed.iter().map(|glyph| (text.weight, glyph.id.0)));
        }
    }
    let mut defs = String::from("<defs>\n");
    for (weight, id) in used {
        let outline = typeface::font(weight).outline(ab_glyph::GlyphId(id));
        let path = outline.map(|outline| path(&outline.curves)).unwrap_or_default();
        let _ = writeln!(defs, "<path id=\"{}\" d=\"{path}\"/>", name(weight, id));
    }
    defs + "</defs>\n"
}

fn glyphs(text: &Text) -> String {
    let [x, y] = text.start();
    let scale = text.size / typeface::units_per_em(text.weight);
    let turn = if text.upright { " rotate(-90)" } else { "" };
    let mut svg = format!(
        "<g transform=\"translate({x:.2} {y:.2}){turn} scale({scale:.6})\" fill=\"{}\" aria-label=\"{}\">",
        hex(text.colour),
        escaped(&text.text)
    );
    for glyph in typeface::place(&text.text, text.weight, text.size) {
        let _ =
            write!(svg, "<use href=\"#{}\" x=\"{:.0}\"/>", name(text.weight, glyph.id.0), glyph.x / scale);
    }
    svg + "</g>\n"
}

fn path(curves: &[OutlineCurve]) -> String {
    let at = |point: Point| format!("{:.0} {:.0}", point.x, -point.y);
    let mut path = String::new();
    let mut pen: Option<Point> = None;
    for curve in curves {
        let (from, to, command) = match curve {
            OutlineCurve::Line(from, to) => (*from, *to, format!("L{}", at(*to))),
            OutlineCurve::Quad(from, by, to) => (*from, *to, format!("Q{} {}", at(*by), at(*to))),
            OutlineCurve::Cubic(from, one, two, to) => {
                (*from, *to, format!("C{} {} {}", at(*one), at(*two), at(*to)))
            }
        };
        if pen != Some(from) {
            let _ = write!(path, "M{}", at(from));
        }
        path += &command;
        pen = Some(to);
    }
    path
}

fn name(weight: Weight, id: u16) -> String {
    match weight {
        Weight::Regular => format!("r{id}"),
        Weight::Bold => format!("b{id}"),
    }
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text inside an element or an attribute; control characters are left out, XML has none.
pub(super) fn escaped(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .map(|character| match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

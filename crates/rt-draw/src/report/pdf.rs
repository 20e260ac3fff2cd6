//! Pages as PDF, with vector lines and embedded fonts.
//!
//! The only date in the file is the dose's, and the document identifier comes from the case: the same report
//! gives the same bytes.
//!
//! Units: points. Frame: as [`super::drawing`].

use super::drawing::{Drawing, Item, Text};
use super::{Report, ReportKind};
use crate::canvas::Canvas;
use crate::draw::typeface::{self, Weight};
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineJoin, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

/// A PDF could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the PDF can't be written: {detail}")]
pub struct PdfError {
    kind: PdfErrorKind,
    detail: String,
}

/// What kept a PDF from being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PdfErrorKind {
    /// A font cannot be read.
    Font,
    /// A page has no size.
    PageSize,
    /// The file cannot be encoded.
    Encoding,
}

impl PdfError {
    /// What kept the PDF from being written.
    #[must_use]
    pub const fn kind(&self) -> PdfErrorKind {
        self.kind
    }
}

/// The file's metadata.
pub(super) struct About {
    title: String,
    date: Option<DateTime>,
    id: String,
}

impl About {
    pub(super) fn of(report: &Report, kind: ReportKind) -> Self {
        let what = match kind {
            ReportKind::Pacs => "planned dose",
            ReportKind::Physics => "planned dose, full report",
        };
        let id: Vec<&str> = report.provenance.iter().map(|(_, value)| value.as_str()).collect();
        Self {
            title: format!("{}: {what}", report.labels.plan),
            date: report.dose_date.as_deref().and_then(date),
            id: format!("{what} {}", id.join(" ")),
        }
    }
}

/// The pages as a file.
pub(super) fn encode(pages: &[Drawing], about: &About) -> Result<Vec<u8>, PdfError> {
    let failed = |kind, detail: &str| PdfError { kind, detail: detail.to_owned() };
    let mut fonts = Vec::new();
    for weight in [Weight::Regular, Weight::Bold] {
        fonts.push(
            Font::new(typeface::bytes(weight).into(), 0)
                .ok_or_else(|| failed(PdfErrorKind::Font, "a font can't be read"))?,
        );
    }
    let mut document = Document::new_with(SerializeSettings::default());
    let mut metadata = Metadata::new()
        .title(about.title.clone())
        .producer(concat!("DoseBridge ", env!("CARGO_PKG_VERSION")).to_owned())
        .language("en".to_owned())
        .document_id(about.id.clone());
    if let Some(date) = about.date {
        metadata = metadata.creation_date(date);
    }
    document.set_metadata(metadata);
    for page in pages {
        let [width, height] = page.size.map(|side| side as f32);
        let settings = PageSettings::from_wh(width, height)
            .ok_or_else(|| failed(PdfErrorKind::PageSize, "a page without a size"))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for item in &page.items {
            draw(&mut surface, item, &fonts);
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|error| failed(PdfErrorKind::Encoding, &format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, item: &Item, fonts: &[Font]) {
    match item {
        Item::Line(line) => {
            let mut builder = PathBuilder::new();
            for (at, [x, y]) in line.points.iter().enumerate() {
                let step = if at == 0 { PathBuilder::move_to } else { PathBuilder::line_to };
                step(&mut builder, *x as f32, *y as f32);
            }
            let Some(path) = builder.finish() else { return };
            let array: Vec<f32> = line.dash.iter().map(|length| *length as f32).collect();
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: colour(line.colour).into(),
                width: line.width as f32,
                line_join: LineJoin::Round,
                dash: (!array.is_empty()).then_some(StrokeDash { array, offset: 0.0 }),
                ..Stroke::default()
            }));
            surface.draw_path(&path);
            surface.set_stroke(None);
        }
        Item::Box { low, high, colour: of } => {
            let Some(rect) = Rect::from_ltrb(low[0] as f32, low[1] as f32, high[0] as f32, high[1] as f32)
            else {
                return;
            };
            let mut builder = PathBuilder::new();
            builder.push_rect(rect);
            let Some(path) = builder.finish() else { return };
            fill(surface, *of);
            surface.draw_path(&path);
        }
        Item::Text(text) => write(surface, text, fonts),
        Item::Picture { canvas, low, size } => {
            let Some(size) = Size::from_wh(size[0] as f32, size[1] as f32) else { return };
            surface.push_transform(&Transform::from_translate(low[0] as f32, low[1] as f32));
            surface.draw_image(image(canvas), size);
            surface.pop();
        }
    }
}

fn write(surface: &mut Surface<'_>, text: &Text, fonts: &[Font]) {
    let glyphs: Vec<KrillaGlyph> = typeface::place(&text.text, text.weight, 1.0)
        .into_iter()
        .map(|glyph| KrillaGlyph {
            glyph_id: GlyphId::new(u32::from(glyph.id.0)),
            text_range: glyph.bytes,
            x_advance: glyph.advance as f32,
            x_offset: 0.0,
            y_offset: 0.0,
            y_advance: 0.0,
            location: None,
        })
        .collect();
    let [x, y] = text.start().map(|side| side as f32);
    fill(surface, text.colour);
    surface.push_transform(&Transform::from_translate(x, y));
    surface.push_transform(&Transform::from_rotate(if text.upright { -90.0 } else { 0.0 }));
    let font = fonts[text.weight as usize].clone();
    surface.draw_glyphs(Point::from_xy(0.0, 0.0), &glyphs, font, &text.text, text.size as f32, false);
    surface.pop();
    surface.pop();
}

fn fill(surface: &mut Surface<'_>, of: [u8; 3]) {
    surface.set_fill(Some(Fill { paint: colour(of).into(), opacity: NormalizedF32::ONE, ..Fill::default() }));
}

fn colour([red, green, blue]: [u8; 3]) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn image(canvas: &Canvas) -> Image {
    let rgba: Vec<u8> =
        canvas.rgb.chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect();
    Image::from_rgba8(rgba, canvas.width as u32, canvas.height as u32)
}

/// `20240131101500` or `20240131`.
fn date(text: &str) -> Option<DateTime> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let mut date = DateTime::new(number(0, 4)?).month(number(4, 6)? as u8).day(number(6, 8)? as u8);
    if let (Some(hour), Some(minute), Some(second)) = (number(8, 10), number(10, 12), number(12, 14)) {
        date = date.hour(hour as u8).minute(minute as u8).second(second as u8);
    }
    Some(date)
}

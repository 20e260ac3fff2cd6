//! Pictures as PNG files.
//!
//! Units: none. Frame: none.

use crate::canvas::Canvas;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The picture as a PNG file, 8-bit RGB, packed in a millisecond rather than to the last byte; the same
/// picture gives the same bytes.
///
/// ```
/// use rt_draw::{canvas::Canvas, draw::png};
///
/// assert!(png::encode(&Canvas::black(4, 3)).starts_with(b"\x89PNG"));
/// ```
///
/// # Panics
/// Where the canvas does not hold three bytes for each of at least one pixel.
#[must_use]
pub fn encode(canvas: &Canvas) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, canvas.width as u32, canvas.height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().expect("a picture has pixels, and memory takes what is written");
    writer.write_image_data(&canvas.rgb).expect("three bytes for each pixel");
    writer.finish().expect("memory takes what is written");
    bytes
}

/// The PNG file as text inside a page.
pub(crate) fn data_uri(canvas: &Canvas) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(encode(canvas)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_reads_back() {
        let canvas = Canvas { width: 3, height: 2, rgb: (0..18).collect() };
        let bytes = encode(&canvas);
        assert_eq!(bytes, encode(&canvas));
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; 18];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels, canvas.rgb);
    }
}

//! A picture against a file in the tree that was looked at.

use rt_draw::canvas::Canvas;
use std::path::{Path, PathBuf};

/// A channel may differ by this much: floating point differs between processors in the last digit.
const CHANNEL_TOLERANCE: u8 = 3;
/// Pixels that may differ by more, in a thousand.
const PIXELS_PER_MILLE: f64 = 0.5;

fn read(path: &Path) -> Option<Canvas> {
    let file = std::io::BufReader::new(std::fs::File::open(path).ok()?);
    let mut reader = png::Decoder::new(file).read_info().ok()?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    let mut rgb = vec![0; 3 * width * height];
    reader.next_frame(&mut rgb).ok()?;
    Some(Canvas { width, height, rgb })
}

/// A small file for the tree: lines and even areas pack best without a filter.
fn packed(canvas: &Canvas) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, canvas.width as u32, canvas.height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&canvas.rgb).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Holds a picture against the file in the tree; writes it where UPDATE_PICTURES is set.
pub(crate) fn holds(path: PathBuf, canvas: &Canvas) {
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        std::fs::write(&path, packed(canvas)).unwrap();
    }
    let kept = read(&path)
        .unwrap_or_else(|| panic!("{} can't be read: UPDATE_PICTURES=1 writes it", path.display()));
    assert_eq!((kept.width, kept.height), (canvas.width, canvas.height), "{}", path.display());
    let pixels = kept.rgb.chunks_exact(3).zip(canvas.rgb.chunks_exact(3));
    let off = pixels.filter(|(a, b)| (0..3).any(|n| a[n].abs_diff(b[n]) > CHANNEL_TOLERANCE)).count();
    let per_mille = 1000.0 * off as f64 / (kept.width * kept.height) as f64;
    assert!(per_mille <= PIXELS_PER_MILLE, "{}: {off} pixels differ", path.display());
}

/// A picture of the project's documents.
pub(crate) fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

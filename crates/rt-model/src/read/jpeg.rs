//! Pixels in JPEG: baseline, and lossless with 2 to 16 bits (PS3.5 annex A.4). JPEG 2000, JPEG-LS and extended JPEG of 12 bits are
//! not read.
//!
//! Units: bytes. Frame: none.

use crate::uid::Uid;
use crate::uid::transfer_syntax::{JPEG_BASELINE, JPEG_LOSSLESS, JPEG_LOSSLESS_FIRST_ORDER};
use jpeg_decoder::{Decoder, PixelFormat};

/// Pixels of this transfer syntax are read.
pub(super) fn reads(transfer_syntax: &Uid) -> bool {
    [JPEG_BASELINE, JPEG_LOSSLESS, JPEG_LOSSLESS_FIRST_ORDER].contains(&transfer_syntax.as_str())
}

/// The transfer syntax loses information.
pub(super) fn is_lossy(transfer_syntax: &Uid) -> bool {
    transfer_syntax.as_str() == JPEG_BASELINE
}

/// A byte makes this many pixels at most: an empty block of 64 takes two bits in a baseline frame, a pixel one bit in a lossless one.
const PIXELS_OF_A_BYTE: usize = 256;

/// Decodes one frame into little endian pixels of `sample` bytes.
pub(super) fn decode(frame: &[u8], size: [usize; 2], sample: usize) -> Result<Vec<u8>, String> {
    if frame.len().saturating_mul(PIXELS_OF_A_BYTE) < size[0] * size[1] {
        return Err(format!("expected {} x {} pixels, found {} bytes of them", size[0], size[1], frame.len()));
    }
    let mut decoder = Decoder::new(frame);
    decoder.set_max_decoding_buffer_size(size[0] * size[1] * 2);
    decoder.read_info().map_err(|error| error.to_string())?;
    let found = decoder.info().ok_or("the frame has no header")?;
    if [usize::from(found.width), usize::from(found.height)] != size {
        return Err(format!("expected {} x {} pixels, found {} x {}", size[0], size[1], found.width, found.height));
    }
    let width = match found.pixel_format {
        PixelFormat::L8 => 1,
        PixelFormat::L16 => 2,
        other => return Err(format!("expected one sample in a pixel, found {other:?}")),
    };
    let pixels = decoder.decode().map_err(|error| error.to_string())?;
    match (width, sample) {
        (1, 1) => Ok(pixels),
        (1, _) => Ok(pixels.into_iter().flat_map(|pixel| [pixel, 0]).collect()),
        // The decoder hands over numbers in the machine's order.
        (2, 2) => Ok(pixels.as_chunks::<2>().0.iter().flat_map(|pixel| u16::from_ne_bytes(*pixel).to_le_bytes()).collect()),
        _ => Err(format!("expected pixels of {sample} bytes, found {width}")),
    }
}

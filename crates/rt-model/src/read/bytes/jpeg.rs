//! Pixels in JPEG: baseline, and lossless with 2 to 16 bits (PS3.5 annex A.4). JPEG 2000, JPEG-LS and
//! extended JPEG of 12 bits are not read.
//!
//! Units: bytes. Frame: none.

use crate::uid::Uid;
use crate::uid::transfer_syntax::{JPEG_BASELINE, JPEG_LOSSLESS, JPEG_LOSSLESS_FIRST_ORDER};
use jpeg_decoder::{Decoder, PixelFormat};

/// Pixels of this transfer syntax are read.
pub(in crate::read) fn reads(transfer_syntax: &Uid) -> bool {
    [JPEG_BASELINE, JPEG_LOSSLESS, JPEG_LOSSLESS_FIRST_ORDER].contains(&transfer_syntax.as_str())
}

/// The transfer syntax loses information.
pub(in crate::read) fn is_lossy(transfer_syntax: &Uid) -> bool {
    transfer_syntax.as_str() == JPEG_BASELINE
}

/// A frame that cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub(in crate::read) enum JpegError {
    /// Too few bytes for so many pixels.
    #[error("expected {} x {} pixels, found {bytes} bytes of them", .size[0], .size[1])]
    Bytes {
        /// Columns and rows.
        size: [usize; 2],
        /// Bytes of the frame.
        bytes: usize,
    },
    /// The decoder refuses the frame.
    #[error(transparent)]
    Decoder(#[from] jpeg_decoder::Error),
    /// The decoder found no header.
    #[error("the frame has no header")]
    NoHeader,
    /// The frame is of another size than the image.
    #[error("expected {} x {} pixels, found {} x {}", .size[0], .size[1], .found[0], .found[1])]
    Size {
        /// Columns and rows of the image.
        size: [usize; 2],
        /// Columns and rows of the frame.
        found: [usize; 2],
    },
    /// A colour frame.
    #[error("expected one sample in a pixel, found {0:?}")]
    Samples(PixelFormat),
    /// Pixels of another width than the image states.
    #[error("expected pixels of {expected} bytes, found {found}")]
    Width {
        /// Bytes of a pixel of the image.
        expected: usize,
        /// Bytes of a pixel of the frame.
        found: usize,
    },
}

/// A byte makes this many pixels at most: an empty block of 64 takes two bits in a baseline frame, a pixel
/// one bit in a lossless one.
const PIXELS_OF_A_BYTE: usize = 256;

/// Decodes one frame into little endian pixels of `sample` bytes.
pub(in crate::read) fn decode(frame: &[u8], size: [usize; 2], sample: usize) -> Result<Vec<u8>, JpegError> {
    if frame.len().saturating_mul(PIXELS_OF_A_BYTE) < size[0] * size[1] {
        return Err(JpegError::Bytes { size, bytes: frame.len() });
    }
    let mut decoder = Decoder::new(frame);
    decoder.set_max_decoding_buffer_size(size[0] * size[1] * 2);
    decoder.read_info()?;
    let info = decoder.info().ok_or(JpegError::NoHeader)?;
    let found = [usize::from(info.width), usize::from(info.height)];
    if found != size {
        return Err(JpegError::Size { size, found });
    }
    let width = match info.pixel_format {
        PixelFormat::L8 => 1,
        PixelFormat::L16 => 2,
        other => return Err(JpegError::Samples(other)),
    };
    let pixels = decoder.decode()?;
    match (width, sample) {
        (1, 1) => Ok(pixels),
        (1, _) => Ok(pixels.into_iter().flat_map(|pixel| [pixel, 0]).collect()),
        // The decoder hands over numbers in the machine's order.
        (2, 2) => Ok(pixels
            .as_chunks::<2>()
            .0
            .iter()
            .flat_map(|pixel| u16::from_ne_bytes(*pixel).to_le_bytes())
            .collect()),
        _ => Err(JpegError::Width { expected: sample, found: width }),
    }
}

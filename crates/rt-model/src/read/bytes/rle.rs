//! RLE Lossless (PS3.5 annex G): byte planes, most significant first, each packed as PackBits.
//!
//! Units: bytes. Frame: none.

/// Bytes of a frame's header: the number of segments and fifteen offsets.
const HEADER: usize = 64;

/// A frame that cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::read) enum RleError {
    /// The header is shorter than its 64 bytes.
    #[error("the header is cut")]
    Header,
    /// There are not as many segments as a sample has bytes.
    #[error("expected {expected} segments, found {found}")]
    Segments {
        /// Bytes of a sample.
        expected: usize,
        /// Segments of the header.
        found: usize,
    },
    /// A segment's offsets do not lie in the frame.
    #[error("segment {0} lies outside the frame")]
    Outside(usize),
    /// A segment decodes to less than the frame needs.
    #[error("segment {segment}: expected {expected} bytes, found {found}")]
    Short {
        /// The segment, from 0.
        segment: usize,
        /// Bytes of the plane.
        expected: usize,
        /// Bytes that were decoded.
        found: usize,
    },
}

/// Decodes one frame into the little endian voxels `pixels`, `sample` bytes each. A frame that decodes to
/// less is an error.
pub(in crate::read) fn decode_frame(
    fragment: &[u8],
    pixels: &mut [u8],
    sample: usize,
) -> Result<(), RleError> {
    let word = |at: usize| {
        let bytes = fragment.get(4 * at..4 * at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_le_bytes).map(|word| word as usize).ok_or(RleError::Header)
    };
    let segments = word(0)?;
    if segments != sample {
        return Err(RleError::Segments { expected: sample, found: segments });
    }
    for segment in 0..segments {
        let start = word(1 + segment)?;
        let end = if segment + 1 < segments { word(2 + segment)? } else { fragment.len() };
        let packed =
            fragment.get(start..end).filter(|_| start >= HEADER).ok_or(RleError::Outside(segment))?;
        // The first segment holds the most significant bytes.
        let expected = pixels.len() / sample;
        unpack(packed, pixels, sample - 1 - segment, sample).map_err(|found| RleError::Short {
            segment,
            expected,
            found,
        })?;
    }
    Ok(())
}

/// Writes a byte plane: every `step`th byte from `first` on. The error is the number of bytes that it has
/// where it is too short.
fn unpack(packed: &[u8], pixels: &mut [u8], first: usize, step: usize) -> Result<(), usize> {
    let wanted = pixels.len() / step;
    let mut plane = pixels[first..].iter_mut().step_by(step);
    let mut written = 0;
    let mut at = 0;
    while written < wanted {
        let short = || written;
        let control = *packed.get(at).ok_or_else(short)?;
        match control {
            0..=127 => {
                let count = usize::from(control) + 1;
                let literal = packed.get(at + 1..at + 1 + count).ok_or_else(short)?;
                // A run may be padded beyond the frame's end; what is beyond is dropped.
                for (from, to) in literal.iter().zip(plane.by_ref()) {
                    *to = *from;
                    written += 1;
                }
                at += 1 + count;
            }
            128 => at += 1,
            129..=255 => {
                let value = *packed.get(at + 1).ok_or_else(short)?;
                for to in plane.by_ref().take(257 - usize::from(control)) {
                    *to = value;
                    written += 1;
                }
                at += 2;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(segments: &[&[u8]]) -> Vec<u8> {
        let mut header = vec![segments.len() as u32];
        let mut at = HEADER;
        for segment in segments {
            header.push(at as u32);
            at += segment.len();
        }
        header.resize(HEADER / 4, 0);
        let mut bytes: Vec<u8> = header.into_iter().flat_map(u32::to_le_bytes).collect();
        bytes.extend(segments.concat());
        bytes
    }

    #[test]
    fn byte_planes_become_little_endian_voxels() {
        // High bytes: 1 three times, then 2; low bytes: four literals.
        let bytes = frame(&[&[254, 1, 0, 2], &[3, 10, 11, 12, 13]]);
        let mut pixels = [0; 8];
        decode_frame(&bytes, &mut pixels, 2).unwrap();
        assert_eq!(pixels, [10, 1, 11, 1, 12, 1, 13, 2]);
    }

    #[test]
    fn damaged_frames_are_refused() {
        let good = frame(&[&[254, 1, 0, 2], &[3, 10, 11, 12, 13]]);
        let mut pixels = [0; 8];
        for length in 0..good.len() {
            assert!(decode_frame(&good[..length], &mut pixels, 2).is_err(), "{length}");
        }
        assert!(decode_frame(&frame(&[&[0, 1]]), &mut pixels, 2).is_err());
        let mut outside = good;
        outside[4..8].copy_from_slice(&9999_u32.to_le_bytes());
        assert!(decode_frame(&outside, &mut pixels, 2).is_err());
    }

    #[test]
    fn a_run_beyond_the_frame_is_dropped() {
        let mut pixels = [0; 4];
        decode_frame(&frame(&[&[130, 7], &[128, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]), &mut pixels, 2).unwrap();
        assert_eq!(pixels, [1, 7, 2, 7]);
    }
}

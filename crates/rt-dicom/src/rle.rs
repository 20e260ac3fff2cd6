//! RLE Lossless (PS3.5 annex G): byte planes, each packed by runs.
//!
//! Units: bytes. Frame: none.

/// Bytes of a frame's header: the number of segments and fifteen offsets.
const HEADER: usize = 64;
/// The longest run and the longest literal.
const LONGEST: usize = 128;

/// What a pixel's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pixel {
    /// So many samples of one byte each, such as red, green, blue.
    Samples(usize),
    /// A number of so many bytes in little endian.
    Number(usize),
}

impl Pixel {
    /// Bytes of a pixel: as many segments are made.
    const fn bytes(self) -> usize {
        match self {
            Self::Samples(bytes) | Self::Number(bytes) => bytes,
        }
    }

    /// Which byte of a pixel a segment holds: the most significant one of a number is in the first (annex
    /// G.2).
    const fn byte_of(self, segment: usize) -> usize {
        match self {
            Self::Samples(_) => segment,
            Self::Number(bytes) => bytes - 1 - segment,
        }
    }
}

/// One frame of pixels as a fragment of even length; `row` is the number of pixels of a row. Rows are packed
/// apart, as annex G.3.1 asks.
#[must_use]
pub fn frame(pixels: &[u8], pixel: Pixel, row: usize) -> Vec<u8> {
    let mut fragment = vec![0; HEADER];
    fragment.reserve(pixels.len() / 4);
    let planes = pixel.bytes();
    fragment[..4].copy_from_slice(&(planes as u32).to_le_bytes());
    let mut plane = vec![0; row];
    for segment in 0..planes {
        let offset = fragment.len() as u32;
        fragment[4 + 4 * segment..8 + 4 * segment].copy_from_slice(&offset.to_le_bytes());
        let place = pixel.byte_of(segment);
        for line in pixels.chunks(row * planes) {
            for (byte, pixel) in plane.iter_mut().zip(line.chunks_exact(planes)) {
                *byte = pixel[place];
            }
            pack(&plane[..line.len() / planes], &mut fragment);
        }
        if fragment.len() % 2 == 1 {
            fragment.push(0);
        }
    }
    fragment
}

/// PackBits: `n` below 128 is followed by n + 1 literal bytes, `257 - n` by one byte that is repeated n
/// times.
fn pack(mut rest: &[u8], out: &mut Vec<u8>) {
    while let Some(&first) = rest.first() {
        let run = rest.iter().take(LONGEST).take_while(|byte| **byte == first).count();
        if run > 1 {
            out.extend([(257 - run) as u8, first]);
            rest = &rest[run..];
            continue;
        }
        // A pair inside a literal costs no more than a run of two.
        let literal = rest
            .windows(3)
            .take(LONGEST)
            .take_while(|three| three[0] != three[1] || three[1] != three[2])
            .count();
        let literal = if literal + 2 >= rest.len() { rest.len().min(LONGEST) } else { literal.max(1) };
        out.push((literal - 1) as u8);
        out.extend_from_slice(&rest[..literal]);
        rest = &rest[literal..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(mut packed: &[u8], length: usize) -> Vec<u8> {
        let mut plane = Vec::new();
        while plane.len() < length {
            let control = packed[0];
            if control < 128 {
                let count = usize::from(control) + 1;
                plane.extend_from_slice(&packed[1..=count]);
                packed = &packed[1 + count..];
            } else {
                plane.extend(std::iter::repeat_n(packed[1], 257 - usize::from(control)));
                packed = &packed[2..];
            }
        }
        plane
    }

    #[test]
    fn rows_unpack_to_what_they_were() {
        let mut state = 1_u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8 & 0x83
        });
        let noise: Vec<u8> = noise.take(1000).collect();
        for row in
            [vec![], vec![7], vec![7; 300], vec![1, 2, 2, 3], vec![1, 2, 3, 3, 3], noise, (0..=255).collect()]
        {
            let mut packed = Vec::new();
            pack(&row, &mut packed);
            assert_eq!(unpack(&packed, row.len()), row);
        }
    }

    #[test]
    fn colours_become_planes() {
        let fragment = frame(&[1, 2, 3, 1, 2, 3, 1, 2, 4, 1, 2, 4], Pixel::Samples(3), 2);
        let offset = |n: usize| u32::from_le_bytes(fragment[4 * n..4 * n + 4].try_into().unwrap()) as usize;
        assert_eq!((offset(0), offset(1), fragment.len() % 2), (3, 64, 0));
        for (segment, plane) in [[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 4, 4]].into_iter().enumerate() {
            assert_eq!(unpack(&fragment[offset(1 + segment)..], 4), plane);
        }
    }

    #[test]
    fn the_most_significant_byte_comes_first() {
        let pixels: Vec<u8> = [0x0102_u16; 4].iter().flat_map(|word| word.to_le_bytes()).collect();
        let fragment = frame(&pixels, Pixel::Number(2), 4);
        assert_eq!(fragment[..12], [2, 0, 0, 0, 64, 0, 0, 0, 66, 0, 0, 0]);
        assert_eq!(fragment[64..], [253, 1, 253, 2]);
    }
}

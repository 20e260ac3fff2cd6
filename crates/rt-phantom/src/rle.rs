//! RLE Lossless (PS3.5 annex G): byte planes, most significant first, each packed by runs.
//!
//! Units: none. Frame: none.

/// One frame of `width`-byte pixels as an RLE fragment; `byte(pixel, n)` is a pixel's n-th byte from the least significant.
pub(crate) fn encode<T: Copy>(pixels: &[T], width: u32, byte: impl Fn(T, u32) -> u8) -> Vec<u8> {
    let mut fragment = vec![0; 64];
    fragment[..4].copy_from_slice(&width.to_le_bytes());
    for segment in 0..width {
        let offset = u32::try_from(fragment.len()).expect("a frame is below 4 GiB");
        let at = 4 + 4 * segment as usize;
        fragment[at..at + 4].copy_from_slice(&offset.to_le_bytes());
        let plane: Vec<u8> = pixels.iter().map(|pixel| byte(*pixel, width - 1 - segment)).collect();
        pack(&plane, &mut fragment);
        if fragment.len() % 2 == 1 {
            fragment.push(0);
        }
    }
    fragment
}

/// Byte runs as PackBits: `n` in 0..=127 is followed by n + 1 literal bytes, `257 - n` by one byte repeated n times.
fn pack(plane: &[u8], out: &mut Vec<u8>) {
    let mut rest = plane;
    while let Some(&first) = rest.first() {
        let run = rest.iter().take(128).take_while(|b| **b == first).count();
        if run > 1 {
            out.push((257 - run) as u8);
            out.push(first);
            rest = &rest[run..];
            continue;
        }
        let literal = rest.windows(2).take(127).take_while(|pair| pair[0] != pair[1]).count().max(1);
        let literal = if literal + 1 == rest.len() && literal < 128 { rest.len() } else { literal };
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
            let (control, rest) = packed.split_first().unwrap();
            if *control < 128 {
                let count = usize::from(*control) + 1;
                plane.extend_from_slice(&rest[..count]);
                packed = &rest[count..];
            } else {
                plane.extend(std::iter::repeat_n(rest[0], 257 - usize::from(*control)));
                packed = &rest[1..];
            }
        }
        plane
    }

    #[test]
    fn planes_unpack_to_what_they_were() {
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(1000)
        .collect();
        for plane in [vec![], vec![7], vec![7; 300], vec![1, 2, 2, 3], noise, (0..=255).collect()] {
            let mut packed = Vec::new();
            pack(&plane, &mut packed);
            assert_eq!(unpack(&packed, plane.len()), plane);
        }
    }

    #[test]
    fn the_most_significant_byte_comes_first() {
        let fragment = encode(&[0x0102_u16; 4], 2, |w, b| (w >> (8 * b)) as u8);
        assert_eq!(fragment[..12], [2, 0, 0, 0, 64, 0, 0, 0, 66, 0, 0, 0]);
        assert_eq!(fragment[64..], [253, 1, 253, 2]);
    }
}

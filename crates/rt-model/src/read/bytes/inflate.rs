//! Inflates a deflated data set without trusting it: its size is counted before anything of that size is
//! allocated.
//!
//! Units: bytes. Frame: none.

use super::limits::MAX_INFLATED;
use crate::read::error::{ReadError, ReadErrorKind};
use flate2::read::DeflateDecoder;
use std::io::Read;

/// The inflated bytes. A whole stream that is followed by padding is fine; one that is cut is an error.
pub(in crate::read) fn inflate(deflated: &[u8]) -> Result<Vec<u8>, ReadError> {
    let damaged = |error: std::io::Error| {
        let kind = if error.kind() == std::io::ErrorKind::UnexpectedEof {
            ReadErrorKind::Truncated
        } else {
            ReadErrorKind::Inflate
        };
        ReadError::new(kind, format!("the deflated data set cannot be inflated: {error}"))
    };
    let mut size = 0_u64;
    let mut buffer = [0_u8; 1 << 14];
    let mut counter = DeflateDecoder::new(deflated);
    loop {
        match counter.read(&mut buffer).map_err(damaged)? {
            0 => break,
            read => size += read as u64,
        }
        if size > MAX_INFLATED {
            return Err(ReadError::new(
                ReadErrorKind::TooLarge,
                format!(
                    "expected a data set of at most {MAX_INFLATED} bytes, found more behind {} deflated ones",
                    deflated.len()
                ),
            ));
        }
    }
    let mut inflated = Vec::with_capacity(size as usize);
    DeflateDecoder::new(deflated).read_to_end(&mut inflated).map_err(damaged)?;
    Ok(inflated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::DeflateEncoder};
    use std::io::Write;

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_whole_stream_comes_back() {
        let bytes = b"0123456789".repeat(1000);
        assert_eq!(inflate(&deflate(&bytes)).unwrap(), bytes);
    }

    #[test]
    fn a_cut_stream_is_refused() {
        let bytes = deflate(&(0..100_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<_>>());
        assert!(inflate(&bytes[..bytes.len() / 2]).is_err());
    }

    #[test]
    fn a_bomb_is_refused_by_its_size() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let zeros = vec![0; 1 << 20];
        for _ in 0..1025 {
            encoder.write_all(&zeros).unwrap();
        }
        assert_eq!(inflate(&encoder.finish().unwrap()).unwrap_err().kind(), ReadErrorKind::TooLarge);
    }
}

//! What a file is that does not begin as DICOM Part 10 does.
//!
//! Units: none. Frame: none.

use super::element_header::looks_like_vr;
use super::encoding::Encoding;
use dicom_core::VR;

/// The encoding of a data set that starts at the first of `bytes`, told by its first element: low groups have
/// a zero high byte, and an explicit VR is one of the known pairs of letters. `None` where the bytes are no
/// start of a data set.
pub(in crate::read) fn data_set(bytes: &[u8]) -> Option<Encoding> {
    let &[a, b, c, d, e, f, g, h, ..] = bytes else {
        return None;
    };
    let big_endian = match (a, b) {
        (0x02..=0x20, 0) => false,
        (0, 0x02..=0x20) => true,
        _ => return None,
    };
    if looks_like_vr([e, f]) && VR::from_binary([e, f]).is_some() {
        return Some(Encoding { explicit: true, big_endian });
    }
    // Implicit big endian was never a transfer syntax. A length beyond 16 MiB or an odd one is no first
    // element's.
    let length = u32::from_le_bytes([e, f, g, h]);
    let element = u16::from_le_bytes([c, d]);
    (!big_endian && length < (1 << 24) && length % 2 == 0 && element < 0x3000).then_some(Encoding::IMPLICIT)
}

/// What a file is that is no DICOM, in words.
pub(in crate::read) fn other_format(bytes: &[u8]) -> &'static str {
    const SIGNATURES: [(&[u8], &str); 13] = [
        (b"PK\x03\x04", "a zip archive"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xFD7zXZ\0", "an xz archive"),
        (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "a PNG image"),
        (b"\xFF\xD8\xFF", "a JPEG image"),
        (b"SQLite format 3", "an SQLite database"),
        (b"NRRD", "an NRRD volume"),
        (b"\x93NUMPY", "a NumPy array"),
        (b"version https://git-lfs", "a Git LFS pointer instead of the file itself"),
        (b"\x7FELF", "a program"),
    ];
    if bytes.is_empty() {
        return "an empty file";
    }
    if let Some((_, name)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return name;
    }
    let start = &bytes[..bytes.len().min(512)];
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let lower = String::from_utf8_lossy(text).trim_start().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return "an HTML page";
    }
    if lower.starts_with("<?xml") {
        return "an XML document";
    }
    let printable =
        |byte: &u8| *byte >= 0x20 && *byte != 0x7F || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C);
    if text.iter().all(printable) { "text" } else { UNRECOGNISED }
}

/// What [`other_format`] says of bytes it does not know.
pub(in crate::read) const UNRECOGNISED: &str = "bytes of no known format";

/// Each line feed has a carriage return before it, as after a conversion of line ends. In binary data that
/// does not happen by itself: eight of them are asked for.
pub(in crate::read) fn line_ends_converted(bytes: &[u8]) -> bool {
    let mut feeds = 0;
    for at in memchr(bytes) {
        if at == 0 || bytes[at - 1] != b'\r' {
            return false;
        }
        feeds += 1;
    }
    feeds >= 8
}

fn memchr(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_tells_the_encoding() {
        assert_eq!(data_set(b"\x08\0\x05\0CS\x0A\0"), Some(Encoding::EXPLICIT));
        assert_eq!(data_set(b"\0\x08\0\x05CS\0\x0A"), Some(Encoding::BIG_ENDIAN));
        assert_eq!(data_set(b"\x08\0\x05\0\x0A\0\0\0"), Some(Encoding::IMPLICIT));
        assert_eq!(data_set(b"hello, world"), None);
        assert_eq!(data_set(b"\x08\0"), None);
    }

    #[test]
    fn what_lies_beside_the_data_is_named() {
        for (bytes, name) in [
            (&b""[..], "an empty file"),
            (b"PK\x03\x04...", "a zip archive"),
            (b"\x1F\x8B\x08", "a gzip archive"),
            (b"\xEF\xBB\xBF<!DOCTYPE html>", "an HTML page"),
            (b"dose,volume\n1,2\n", "text"),
            (b"\x01\x02\x03", UNRECOGNISED),
        ] {
            assert_eq!(other_format(bytes), name);
        }
    }

    #[test]
    fn converted_line_ends_are_recognised() {
        assert!(line_ends_converted(&b"ab\r\n".repeat(8)));
        assert!(!line_ends_converted(&b"ab\r\n".repeat(7)));
        assert!(!line_ends_converted(&[&b"ab\r\n".repeat(20)[..], b"\n"].concat()));
    }
}

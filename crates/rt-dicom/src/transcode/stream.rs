//! Explicit VR Little Endian to implicit (PS3.5 7.1), element by element: values pass through as they are,
//! whatever their size.
//!
//! Sequences and items get undefined lengths, since theirs change. Group lengths are left out: they are
//! retired, and would be wrong.
//!
//! Units: bytes. Frame: none.

use std::io::{Error, ErrorKind, Read, Result, Write};

const ITEM: [u16; 2] = [0xFFFE, 0xE000];
const ITEM_END: [u16; 2] = [0xFFFE, 0xE00D];
const SEQUENCE_END: [u16; 2] = [0xFFFE, 0xE0DD];
const UNDEFINED: u32 = u32::MAX;
/// Sequences in sequences.
const DEEPEST: usize = 64;

/// Reads a data set in explicit VR from `input` to its end and writes it in implicit VR.
///
/// # Errors
/// `Unsupported` where a value has no length of its own (encapsulated pixels, sequences of unknown VR);
/// otherwise where the input is not such a data set, or can't be read or written.
pub(super) fn implicit(input: impl Read, output: impl Write) -> Result<()> {
    let mut turning = Turning { input, at: 0, output };
    while let Some(tag) = turning.tag_or_end()? {
        turning.element(tag, 0)?;
    }
    turning.output.flush()
}

struct Turning<R, W> {
    input: R,
    /// Bytes read.
    at: u64,
    output: W,
}

impl<R: Read, W: Write> Turning<R, W> {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes)?;
        self.at += N as u64;
        Ok(bytes)
    }

    fn tag(&mut self) -> Result<[u16; 2]> {
        let [a, b, c, d] = self.bytes()?;
        Ok([u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])])
    }

    /// The next tag; `None` where the input ends.
    fn tag_or_end(&mut self) -> Result<Option<[u16; 2]>> {
        let mut first = [0; 1];
        if self.input.read(&mut first)? == 0 {
            return Ok(None);
        }
        self.at += 1;
        let [b, c, d] = self.bytes()?;
        Ok(Some([u16::from_le_bytes([first[0], b]), u16::from_le_bytes([c, d])]))
    }

    fn length(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.bytes()?))
    }

    fn head(&mut self, [group, element]: [u16; 2], length: u32) -> Result<()> {
        self.output.write_all(&group.to_le_bytes())?;
        self.output.write_all(&element.to_le_bytes())?;
        self.output.write_all(&length.to_le_bytes())
    }

    /// An element behind its tag.
    fn element(&mut self, tag: [u16; 2], depth: usize) -> Result<()> {
        let vr: [u8; 2] = self.bytes()?;
        let length = match &vr {
            b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT"
            | b"UV" => {
                self.bytes::<2>()?;
                self.length()?
            }
            _ if vr.iter().all(u8::is_ascii_uppercase) => u32::from(u16::from_le_bytes(self.bytes()?)),
            _ => return Err(wrong("an element without a value representation")),
        };
        match (&vr, length) {
            (b"SQ", length) => self.sequence(tag, length, depth),
            (_, UNDEFINED) => Err(Error::new(ErrorKind::Unsupported, "a value without a length of its own")),
            _ => self.value(tag, length),
        }
    }

    fn value(&mut self, tag: [u16; 2], length: u32) -> Result<()> {
        let mut value = (&mut self.input).take(u64::from(length));
        let copied = if tag[1] == 0 {
            std::io::copy(&mut value, &mut std::io::sink())?
        } else {
            self.output.write_all(&tag[0].to_le_bytes())?;
            self.output.write_all(&tag[1].to_le_bytes())?;
            self.output.write_all(&length.to_le_bytes())?;
            std::io::copy(&mut value, &mut self.output)?
        };
        self.at += copied;
        if copied == u64::from(length) { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
    }

    fn sequence(&mut self, tag: [u16; 2], length: u32, depth: usize) -> Result<()> {
        if depth == DEEPEST {
            return Err(wrong("sequences nested too deep"));
        }
        self.head(tag, UNDEFINED)?;
        let end = self.end_of(length);
        while end.is_none_or(|end| self.at < end) {
            let tag = self.tag()?;
            let length = self.length()?;
            match tag {
                SEQUENCE_END if end.is_none() => break,
                ITEM => self.item(length, depth + 1)?,
                _ => return Err(wrong("something else than an item in a sequence")),
            }
        }
        self.head(SEQUENCE_END, 0)
    }

    fn item(&mut self, length: u32, depth: usize) -> Result<()> {
        self.head(ITEM, UNDEFINED)?;
        let end = self.end_of(length);
        while end.is_none_or(|end| self.at < end) {
            let tag = self.tag()?;
            if tag == ITEM_END && end.is_none() {
                self.length()?;
                break;
            }
            self.element(tag, depth)?;
        }
        self.head(ITEM_END, 0)
    }

    fn end_of(&self, length: u32) -> Option<u64> {
        (length != UNDEFINED).then(|| self.at + u64::from(length))
    }
}

fn wrong(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(input: &[u8]) -> Result<Vec<u8>> {
        let mut output = Vec::new();
        implicit(input, &mut output).map(|()| output)
    }

    #[test]
    fn values_pass_and_lengths_of_sequences_go() {
        let mut input = b"\x08\0\0\0UL\x04\0\x10\0\0\0".to_vec();
        input.extend(b"\x10\0\x20\0LO\x02\0A1");
        // A sequence of 18 bytes with an item of 10.
        input.extend(b"\x40\0\x75\x02SQ\0\0\x12\0\0\0\xFE\xFF\0\xE0\x0A\0\0\0\x40\0\x07\0LO\x02\0XY");
        input.extend(b"\xE0\x7F\x10\0OB\0\0\x04\0\0\0\x01\x02\x03\x04");
        let mut expected = b"\x10\0\x20\0\x02\0\0\0A1\x40\0\x75\x02\xFF\xFF\xFF\xFF".to_vec();
        expected
            .extend(b"\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF\x40\0\x07\0\x02\0\0\0XY\xFE\xFF\x0D\xE0\0\0\0\0\xFE\xFF\xDD\xE0\0\0\0\0");
        expected.extend(b"\xE0\x7F\x10\0\x04\0\0\0\x01\x02\x03\x04");
        assert_eq!(turned(&input).unwrap(), expected);
    }

    #[test]
    fn what_is_cut_or_odd_is_an_error() {
        let whole = b"\x40\0\x75\x02SQ\0\0\x12\0\0\0\xFE\xFF\0\xE0\x0A\0\0\0\x40\0\x07\0LO\x02\0XY";
        for cut in 1..whole.len() {
            assert!(turned(&whole[..cut]).is_err(), "{cut}");
        }
        let encapsulated = b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF";
        assert_eq!(turned(encapsulated).unwrap_err().kind(), ErrorKind::Unsupported);
        assert!(turned(b"\x10\0\x20\0\x02\0\0\0A1").is_err(), "implicit VR already");
        let nested = b"\x40\0\x75\x02SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF".repeat(100);
        assert!(turned(&nested).is_err());
    }
}

//! Character sets of text values, with the code extensions of ISO 2022 (PS3.3 C.12.1.1.2, PS3.5 6.1).
//!
//! Units: none. Frame: none.

use dicom_encoding::text::{SpecificCharacterSet, TextCodec};

/// The character sets a data set declares: the first is in force until an escape sequence switches to
/// another.
#[derive(Debug, Clone)]
pub(in crate::read) struct Charset {
    first: Repertoire,
    declared: bool,
}

/// Text and whether each byte of it fitted the character set.
pub(in crate::read) struct Decoded {
    pub(in crate::read) text: String,
    pub(in crate::read) fits: bool,
    /// What does not fit is UTF-8, whatever is declared.
    pub(in crate::read) is_utf8: bool,
}

#[derive(Debug, Clone)]
enum Repertoire {
    /// ISO 646; high bytes do not fit and are read as UTF-8 where they are that, else as Latin-1.
    Ascii,
    /// ISO 8859-1; so is what UTF-8 looks like, which is read as such.
    Latin1(SpecificCharacterSet),
    /// ISO 8859-9 (Turkish) and ISO 8859-15: Latin-1 with a few other characters.
    Latin(&'static [(u8, char)]),
    Utf8,
    Codec(SpecificCharacterSet),
}

/// ISO 8859-9 where it differs from ISO 8859-1.
const LATIN_5: &[(u8, char)] =
    &[(0xD0, 'Ğ'), (0xDD, 'İ'), (0xDE, 'Ş'), (0xF0, 'ğ'), (0xFD, 'ı'), (0xFE, 'ş')];
/// ISO 8859-15 where it differs from ISO 8859-1.
const LATIN_9: &[(u8, char)] =
    &[(0xA4, '€'), (0xA6, 'Š'), (0xA8, 'š'), (0xB4, 'Ž'), (0xB8, 'ž'), (0xBC, 'Œ'), (0xBD, 'œ'), (0xBE, 'Ÿ')];

/// Escape sequences behind the ESC byte and the defined term of what they designate (PS3.3 tables C.12-3 and
/// C.12-4).
const ESCAPES: [(&[u8], &str); 18] = [
    (b"(B", "ISO_IR 6"),
    (b"(J", "ISO_IR 13"),
    (b")I", "ISO_IR 13"),
    (b"-A", "ISO_IR 100"),
    (b"-B", "ISO_IR 101"),
    (b"-C", "ISO_IR 109"),
    (b"-D", "ISO_IR 110"),
    (b"-F", "ISO_IR 126"),
    (b"-G", "ISO_IR 127"),
    (b"-H", "ISO_IR 138"),
    (b"-L", "ISO_IR 144"),
    (b"-M", "ISO_IR 148"),
    (b"-T", "ISO_IR 166"),
    (b"-b", "ISO_IR 203"),
    (b"$B", JAPANESE),
    (b"$(D", JAPANESE),
    (b"$)C", "ISO_IR 149"),
    (b"$)A", "ISO 2022 IR 58"),
];
const ESCAPE: u8 = 0x1B;
/// JIS X 0208 and 0212, which share one codec.
const JAPANESE: &str = "ISO_IR 87";

impl Default for Charset {
    fn default() -> Self {
        Self { first: Repertoire::Ascii, declared: false }
    }
}

impl Charset {
    /// The character sets of Specific Character Set's terms, and those terms that are unknown.
    pub(in crate::read) fn new<'a>(terms: impl Iterator<Item = &'a str>) -> (Self, Vec<&'a str>) {
        let mut charset = Self::default();
        let mut unknown = Vec::new();
        for (at, term) in terms.enumerate() {
            match Repertoire::of(term) {
                Some(repertoire) if at == 0 => {
                    charset = Self { first: repertoire, declared: !term.is_empty() }
                }
                Some(_) => {}
                None => unknown.push(term),
            }
        }
        (charset, unknown)
    }

    /// A character set is stated.
    pub(in crate::read) const fn is_declared(&self) -> bool {
        self.declared
    }

    /// Decodes a value, with or without escape sequences.
    ///
    /// A delimiter brings the first character set back: backslash and control characters in every text, `^`
    /// and `=` in names.
    pub(in crate::read) fn decode(&self, bytes: &[u8], is_name: bool) -> Decoded {
        let mut decoded = Decoded { text: String::new(), fits: true, is_utf8: false };
        let mut segments = bytes.split(|byte| *byte == ESCAPE);
        self.first.decode(segments.next().unwrap_or_default(), &mut decoded);
        for segment in segments {
            let Some((sequence, term)) = ESCAPES.iter().find(|(sequence, _)| segment.starts_with(sequence))
            else {
                decoded.fits = false;
                self.first.decode(segment, &mut decoded);
                continue;
            };
            let body = &segment[sequence.len()..];
            if *term == JAPANESE {
                // Bytes that look like delimiters are halves of characters here. The codec wants to see the
                // escape sequence.
                let with_escape = [&[ESCAPE], segment].concat();
                Repertoire::of(term).unwrap_or(Repertoire::Ascii).decode(&with_escape, &mut decoded);
                continue;
            }
            let delimits = |byte: &u8| {
                matches!(byte, b'\\' | b'\t' | b'\n' | b'\r' | 0x0C) || is_name && matches!(byte, b'^' | b'=')
            };
            let end = body.iter().position(delimits).unwrap_or(body.len());
            Repertoire::of(term).unwrap_or(Repertoire::Ascii).decode(&body[..end], &mut decoded);
            self.first.decode(&body[end..], &mut decoded);
        }
        decoded
    }
}

impl Repertoire {
    /// The repertoire of a defined term; an empty first term is the default one.
    fn of(term: &str) -> Option<Self> {
        Some(match term {
            "" | "ISO_IR 6" | "ISO 2022 IR 6" => Self::Ascii,
            "ISO_IR 192" | "UTF-8" => Self::Utf8,
            "ISO_IR 100" | "ISO 2022 IR 100" => Self::Latin1(SpecificCharacterSet::from_code(term)?),
            "ISO_IR 148" | "ISO 2022 IR 148" => Self::Latin(LATIN_5),
            "ISO_IR 203" | "ISO 2022 IR 203" => Self::Latin(LATIN_9),
            "ISO_IR 159" | "ISO 2022 IR 159" => Self::Codec(SpecificCharacterSet::from_code(JAPANESE)?),
            _ => Self::Codec(SpecificCharacterSet::from_code(term)?),
        })
    }

    fn decode(&self, bytes: &[u8], into: &mut Decoded) {
        if bytes.is_ascii() && !bytes.contains(&ESCAPE) {
            into.text.extend(bytes.iter().map(|byte| char::from(*byte)));
            return;
        }
        match self {
            Self::Ascii | Self::Latin1(_) if let Ok(text) = std::str::from_utf8(bytes) => {
                into.text.push_str(text);
                (into.fits, into.is_utf8) = (false, true);
            }
            Self::Ascii => into.latin(bytes, &[], false),
            Self::Latin(others) => into.latin(bytes, others, true),
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => into.text.push_str(text),
                Err(_) => into.latin(bytes, &[], false),
            },
            Self::Latin1(codec) | Self::Codec(codec) => match codec.decode(bytes) {
                // The codec writes what it cannot decode as a backslash and octal digits.
                Ok(text)
                    if text.matches('\\').count() <= bytes.iter().filter(|byte| **byte == b'\\').count() =>
                {
                    into.text.push_str(&text);
                }
                _ => into.latin(bytes, &[], false),
            },
        }
    }
}

impl Decoded {
    fn latin(&mut self, bytes: &[u8], others: &[(u8, char)], fits: bool) {
        self.fits &= fits;
        self.text.extend(bytes.iter().map(|byte| {
            others.iter().find(|(code, _)| code == byte).map_or(char::from(*byte), |(_, other)| *other)
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(terms: &str, bytes: &[u8]) -> (String, bool) {
        let (charset, unknown) = Charset::new(terms.split('\\'));
        assert!(unknown.is_empty());
        let decoded = charset.decode(bytes, true);
        (decoded.text, decoded.fits)
    }

    #[test]
    fn utf_8_is_read_as_such_whatever_single_bytes_are_declared() {
        for terms in ["", "ISO_IR 6", "ISO_IR 100"] {
            assert_eq!(decode(terms, "Blåd^Jørgen".as_bytes()), ("Blåd^Jørgen".to_owned(), false), "{terms}");
            assert!(decode(terms, b"Jane").1);
        }
        assert_eq!(decode("ISO_IR 100", b"J\xE9r\xF4me"), ("Jérôme".to_owned(), true));
    }

    /// The names are those of PS3.5 annexes H to K.
    #[test]
    fn names_of_the_standard_are_decoded() {
        for (terms, bytes, text) in [
            ("", &b"Doe^Jane"[..], "Doe^Jane"),
            ("ISO_IR 100", b"Buc^J\xE9r\xF4me", "Buc^Jérôme"),
            ("ISO_IR 192", "Wang^XiaoDong=王^小东".as_bytes(), "Wang^XiaoDong=王^小东"),
            ("GB18030", b"Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB", "Wang^XiaoDong=王^小东"),
            ("ISO_IR 148", b"\xDDbrahim", "İbrahim"),
            ("ISO_IR 203", b"S\xBDur", "Sœur"),
            (
                "\\ISO 2022 IR 87",
                b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B",
                "Yamada^Tarou=山田^太郎=やまだ^たろう",
            ),
            (
                "ISO 2022 IR 13\\ISO 2022 IR 87",
                b"\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J",
                "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎",
            ),
            (
                "\\ISO 2022 IR 149",
                b"Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6\xB5\xBF",
                "Hong^Gildong=洪^吉洞=홍^길동",
            ),
            ("\\ISO 2022 IR 58", b"Zhang^XiaoDong=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB", "Zhang^XiaoDong=张^小东"),
        ] {
            assert_eq!(decode(terms, bytes), (text.to_owned(), true), "{terms}");
        }
    }

    #[test]
    fn what_does_not_fit_is_latin_1_and_told() {
        assert_eq!(decode("", b"M\xFCller"), ("Müller".to_owned(), false));
        assert_eq!(decode("ISO_IR 192", b"M\xFCller"), ("Müller".to_owned(), false));
    }

    #[test]
    fn unknown_terms_are_told() {
        let (charset, unknown) = Charset::new(["ISO_IR 999"].into_iter());
        assert_eq!(unknown, ["ISO_IR 999"]);
        assert!(!charset.is_declared());
    }

    #[test]
    fn no_bytes_make_a_codec_panic() {
        let terms = [
            "",
            "ISO_IR 13",
            "ISO_IR 87",
            "ISO_IR 100",
            "ISO_IR 127",
            "ISO_IR 149",
            "ISO_IR 166",
            "ISO_IR 192",
            "GB18030",
            "GBK",
            "ISO 2022 IR 58",
            "ISO_IR 159",
            "ISO_IR 148",
        ];
        for term in terms {
            let (charset, _) = Charset::new(std::iter::once(term));
            for high in 0..=u8::MAX {
                for low in 0..=u8::MAX {
                    for bytes in [
                        &[high, low][..],
                        &[low, b'$', high],
                        &[ESCAPE, b'$', b'B', high, low],
                        &[ESCAPE, b'$', high, low],
                    ] {
                        charset.decode(bytes, true);
                    }
                }
            }
        }
    }
}

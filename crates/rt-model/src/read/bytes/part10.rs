//! The start of a file: preamble, file meta information, transfer syntax, and where the data set begins
//! (PS3.10 section 7).
//!
//! Tolerant where the bytes leave no doubt: preamble, prefix, file meta information and transfer syntax may
//! be absent or wrong.
//!
//! Units: bytes. Frame: none.

use super::element_header::looks_like_vr;
use super::encoding::Encoding;
use super::{level, sniff};
use crate::finding::{Code, files};
use crate::read::error::{ReadError, ReadErrorKind};
use crate::uid::{Uid, sop_class, transfer_syntax as syntax};
use dicom_core::Tag;

/// Where and how the data set of a file is written.
#[derive(Debug)]
pub(in crate::read) struct Start {
    /// Where the data set begins.
    pub(in crate::read) data_set: usize,
    /// How its elements are written, once inflated.
    pub(in crate::read) encoding: Encoding,
    /// The data set is deflated.
    pub(in crate::read) deflated: bool,
    /// How Pixel Data is coded.
    pub(in crate::read) pixels: PixelCoding,
    /// Media Storage SOP Class UID (0002,0002).
    pub(in crate::read) sop_class: Option<Uid>,
    /// What was odd.
    pub(in crate::read) warnings: Vec<(Code, String)>,
}

/// How Pixel Data is coded, by the transfer syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read) enum PixelCoding {
    /// As the numbers are.
    Native,
    /// RLE Lossless (PS3.5 annex G).
    Rle,
    /// Another one, by its transfer syntax.
    Other(Uid),
}

const PREFIX: &[u8] = b"DICM";
const PREAMBLE: usize = 128;

/// Reads the start of a file.
pub(in crate::read) fn start(bytes: &[u8]) -> Result<Start, ReadError> {
    let mut warnings = Vec::new();
    let meta_at = if bytes.get(PREAMBLE..PREAMBLE + 4) == Some(PREFIX) {
        PREAMBLE + 4
    } else if bytes.starts_with(PREFIX) {
        warnings
            .push((files::NO_PREAMBLE, "expected 128 bytes before the prefix DICM, found none".to_owned()));
        4
    } else if sniff::data_set(bytes).is_some() {
        warnings.push((
            files::NO_PREAMBLE,
            "expected 128 bytes and the prefix DICM, found the elements at once".to_owned(),
        ));
        0
    } else {
        return Err(ReadError::new(
            ReadErrorKind::NotDicom,
            format!("expected DICOM, found {}", sniff::other_format(bytes)),
        ));
    };
    let meta = read_meta(bytes, meta_at)?;
    if meta.sop_class.as_ref().is_some_and(|uid| uid.as_str() == sop_class::MEDIA_DIRECTORY) {
        return Err(ReadError::new(
            ReadErrorKind::Directory,
            "expected an object, found a DICOMDIR, which lists other files",
        ));
    }
    let rest = &bytes[meta.end..];
    let seen = sniff::data_set(rest);
    let (encoding, deflated, pixels) = match &meta.transfer_syntax {
        Some(uid) => {
            let (stated, deflated, pixels) = transfer_syntax(uid)?;
            match seen {
                Some(seen) if deflated || seen != stated => {
                    warnings.push((
                        files::WRONG_TRANSFER_SYNTAX,
                        format!("expected the encoding of {uid}, found {}", name(seen)),
                    ));
                    (seen, false, pixels)
                }
                _ => (stated, deflated, pixels),
            }
        }
        None => {
            let Some(seen) = seen else {
                return Err(ReadError::new(
                    ReadErrorKind::Structure,
                    "expected the start of a data set, found other bytes",
                ));
            };
            if meta_at > 0 {
                let text = format!("expected a transfer syntax, found none: the bytes are {}", name(seen));
                warnings.push((files::NO_FILE_META, text));
            }
            (seen, false, PixelCoding::Native)
        }
    };
    Ok(Start { data_set: meta.end, encoding, deflated, pixels, sop_class: meta.sop_class, warnings })
}

const fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding { explicit: true, big_endian: false } => "explicit VR little endian",
        Encoding { explicit: true, big_endian: true } => "explicit VR big endian",
        Encoding { explicit: false, .. } => "implicit VR little endian",
    }
}

/// What file meta information says, as far as it is there.
#[derive(Debug, Default)]
struct Meta {
    transfer_syntax: Option<Uid>,
    sop_class: Option<Uid>,
    end: usize,
}

/// Group 0002 is in explicit VR little endian and ends where another group begins; its group length is not
/// trusted.
fn read_meta(bytes: &[u8], at: usize) -> Result<Meta, ReadError> {
    let mut meta = Meta { end: at, ..Meta::default() };
    while bytes.get(meta.end..meta.end + 2) == Some(&[0x02, 0x00]) {
        let explicit = bytes.get(meta.end + 4..meta.end + 6).is_some_and(|vr| looks_like_vr([vr[0], vr[1]]));
        let encoding = if explicit { Encoding::EXPLICIT } else { Encoding::IMPLICIT };
        let (_, element, next) = level::one(bytes, meta.end, encoding, 0)?;
        let uid = || std::str::from_utf8(element.value).ok().and_then(Uid::new);
        match element.tag {
            Tag(2, 0x0002) => meta.sop_class = uid(),
            Tag(2, 0x0010) => meta.transfer_syntax = uid(),
            _ => {}
        }
        meta.end = next;
    }
    Ok(meta)
}

/// Encoding, deflation and pixel coding of a transfer syntax (PS3.5 section 10 and annex A).
fn transfer_syntax(uid: &Uid) -> Result<(Encoding, bool, PixelCoding), ReadError> {
    let unknown = || {
        ReadError::at_tag(
            ReadErrorKind::TransferSyntax,
            Tag(0x0002, 0x0010),
            format!("expected a transfer syntax of the standard, found {uid}"),
        )
    };
    Ok(match uid.as_str() {
        syntax::IMPLICIT_LITTLE => (Encoding::IMPLICIT, false, PixelCoding::Native),
        syntax::EXPLICIT_LITTLE => (Encoding::EXPLICIT, false, PixelCoding::Native),
        syntax::DEFLATED => (Encoding::EXPLICIT, true, PixelCoding::Native),
        syntax::EXPLICIT_BIG => (Encoding::BIG_ENDIAN, false, PixelCoding::Native),
        syntax::RLE => (Encoding::EXPLICIT, false, PixelCoding::Rle),
        other if other.starts_with(syntax::JPEG_PREFIX) || other == syntax::ENCAPSULATED_UNCOMPRESSED => {
            (Encoding::EXPLICIT, false, PixelCoding::Other(uid.clone()))
        }
        _ => return Err(unknown()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA_SET: &[u8] = b"\x08\0\x60\0CS\x02\0CT";

    fn meta(transfer_syntax: &str) -> Vec<u8> {
        let mut value = transfer_syntax.as_bytes().to_vec();
        value.resize(value.len().next_multiple_of(2), 0);
        [b"\x02\0\x10\0UI", &(value.len() as u16).to_le_bytes()[..], &value].concat()
    }

    fn file(start: &[&[u8]]) -> Vec<u8> {
        [&[0; 128][..], PREFIX, &start.concat(), DATA_SET].concat()
    }

    fn codes(start: &Start) -> Vec<Code> {
        start.warnings.iter().map(|(code, _)| *code).collect()
    }

    #[test]
    fn a_file_as_it_should_be_says_nothing() {
        let start = start(&file(&[&meta("1.2.840.10008.1.2.1")])).unwrap();
        assert_eq!((start.encoding, start.deflated, codes(&start)), (Encoding::EXPLICIT, false, vec![]));
    }

    #[test]
    fn the_bytes_overrule_a_wrong_transfer_syntax() {
        for syntax in ["1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"] {
            let start = start(&file(&[&meta(syntax)])).unwrap();
            assert_eq!((start.encoding, start.deflated), (Encoding::EXPLICIT, false), "{syntax}");
            assert_eq!(codes(&start), [files::WRONG_TRANSFER_SYNTAX], "{syntax}");
        }
    }

    #[test]
    fn preamble_prefix_and_meta_may_be_absent() {
        assert_eq!(codes(&start(DATA_SET).unwrap()), [files::NO_PREAMBLE]);
        assert_eq!(codes(&start(&file(&[])).unwrap()), [files::NO_FILE_META]);
        let without_preamble = [PREFIX, &meta("1.2.840.10008.1.2.1"), DATA_SET].concat();
        assert_eq!(codes(&start(&without_preamble).unwrap()), [files::NO_PREAMBLE]);
        let meta_alone = [&meta("1.2.840.10008.1.2.1"), DATA_SET].concat();
        assert_eq!(codes(&start(&meta_alone).unwrap()), [files::NO_PREAMBLE]);
    }

    #[test]
    fn syntaxes_of_other_makers_and_other_bytes_are_refused() {
        let kind = |bytes: &[u8]| start(bytes).unwrap_err().kind();
        assert_eq!(kind(&file(&[&meta("1.2.840.113619.5.2")])), ReadErrorKind::TransferSyntax);
        assert_eq!(kind(&file(&[&meta("1.2.840.10008.1.2.77")])), ReadErrorKind::TransferSyntax);
        assert_eq!(kind(b"hello"), ReadErrorKind::NotDicom);
        assert_eq!(kind(b""), ReadErrorKind::NotDicom);
        assert_eq!(kind(&file(&[b"nonsense"])), ReadErrorKind::Structure);
    }
}

//! An object in its file as it can be carried: identifiers, transfer syntax, and where its data set is.
//!
//! Units: bytes. Frame: none.

use super::encoding::Encoding;
use super::error::{ReadError, ReadErrorKind};
use super::file::skim;
use super::object::{Source, read_object};
use super::part10::{self, PixelCoding};
use crate::encoded::{Body, EncodedInstance};
use crate::instance::InstanceInfo;
use crate::uid::Uid;
use std::path::Path;

const IMPLICIT_LITTLE: &str = "1.2.840.10008.1.2";
const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
const EXPLICIT_BIG: &str = "1.2.840.10008.1.2.2";
const RLE: &str = "1.2.840.10008.1.2.5";

/// Finds the data set of the SOP instance in a file, of whatever class, without reading its bulk. The transfer syntax is the one that
/// the bytes are in, whatever the file meta information says.
///
/// # Errors
/// Where the file is no readable SOP instance, or its bytes contradict the compression that is stated.
pub fn encoded_instance(path: &Path) -> Result<EncodedInstance, ReadError> {
    stored_instance(path).map(|(_, instance)| instance)
}

/// As [`encoded_instance`], with what every instance carries.
///
/// # Errors
/// As [`encoded_instance`].
pub fn stored_instance(path: &Path) -> Result<(InstanceInfo, EncodedInstance), ReadError> {
    let skimmed = skim(path).map_err(|error| error.in_file(path))?;
    let info = read_object(Source::from(&skimmed), path, |object| Ok(object.info.clone()))?.value;
    let start = part10::start(&skimmed.bytes).map_err(|error| error.in_file(path))?;
    let syntax = transfer_syntax(&start).ok_or_else(|| {
        let detail = "expected compressed pixels in explicit VR little endian, found another encoding";
        ReadError::new(ReadErrorKind::TransferSyntax, detail).in_file(path)
    })?;
    let metadata = std::fs::metadata(path).map_err(|error| ReadError::io("open", error).in_file(path))?;
    let offset = start.data_set as u64;
    let body = Body::File { path: path.to_owned(), offset, len: metadata.len().saturating_sub(offset) };
    let (sop_class, sop_instance) = (info.sop_class.clone(), info.sop_instance.clone());
    Ok((info, EncodedInstance { sop_class, sop_instance, transfer_syntax: syntax, body }))
}

fn transfer_syntax(start: &part10::Start) -> Option<Uid> {
    let syntax = match (&start.pixels, start.encoding) {
        _ if start.deflated => DEFLATED,
        (PixelCoding::Native, Encoding::IMPLICIT) => IMPLICIT_LITTLE,
        (PixelCoding::Native, Encoding::EXPLICIT) => EXPLICIT_LITTLE,
        (PixelCoding::Native, Encoding::BIG_ENDIAN) => EXPLICIT_BIG,
        (PixelCoding::Rle, Encoding::EXPLICIT) => RLE,
        (PixelCoding::Other(syntax), Encoding::EXPLICIT) => return Some(syntax.clone()),
        _ => return None,
    };
    Uid::new(syntax)
}

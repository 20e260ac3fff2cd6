//! An object in its file as it can be carried: identifiers, transfer syntax, and where its data set is.
//!
//! Units: bytes. Frame: none.

use super::bytes::encoding::Encoding;
use super::bytes::file::skim;
use super::bytes::part10::{self, PixelCoding};
use super::error::{ReadError, ReadErrorKind};
use super::objects::object::{Source, read_object};
use crate::encoded::{Body, EncodedInstance};
use crate::instance::InstanceInfo;
use crate::uid::{Uid, transfer_syntax as syntax};
use std::path::Path;

/// Finds the data set of the SOP instance in a file, of whatever class, without reading its bulk. The
/// transfer syntax is the one that the bytes are in, whatever the file meta information says.
///
/// ```
/// use rt_model::read::encoded_instance;
/// use rt_model::uid::sop_class;
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let instance = encoded_instance(written.path(Role::Dose).unwrap())?;
/// assert_eq!((instance.sop_class.as_str(), instance.body.is_empty()), (sop_class::RT_DOSE, false));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Where the file is no readable SOP instance, or its bytes contradict the compression that is stated.
pub fn encoded_instance(path: &Path) -> Result<EncodedInstance, ReadError> {
    stored_instance(path).map(|(_, instance)| instance)
}

/// As [`encoded_instance`], with what every instance carries.
///
/// ```
/// use rt_model::read::stored_instance;
/// use rt_model::uid::sop_class;
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let (info, instance) = stored_instance(written.path(Role::Dose).unwrap())?;
/// assert_eq!((info.sop_class.as_str(), info.sop_instance), (sop_class::RT_DOSE, instance.sop_instance));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`encoded_instance`].
pub fn stored_instance(path: &Path) -> Result<(InstanceInfo, EncodedInstance), ReadError> {
    let skimmed = skim(path).map_err(|error| error.in_file(path))?;
    let info = read_object(Source::from(&skimmed), path, |object| Ok(object.info.clone()))?.value;
    let start = part10::start(&skimmed.bytes).map_err(|error| error.in_file(path))?;
    let syntax = syntax_of(&start).ok_or_else(|| {
        let detail = "expected compressed pixels in explicit VR little endian, found another encoding";
        ReadError::new(ReadErrorKind::TransferSyntax, detail).in_file(path)
    })?;
    let metadata = std::fs::metadata(path).map_err(|error| ReadError::io("open", error).in_file(path))?;
    let offset = start.data_set as u64;
    let body = Body::File { path: path.to_owned(), offset, len: metadata.len().saturating_sub(offset) };
    let (sop_class, sop_instance) = (info.sop_class.clone(), info.sop_instance.clone());
    Ok((info, EncodedInstance { sop_class, sop_instance, transfer_syntax: syntax, body }))
}

fn syntax_of(start: &part10::Start) -> Option<Uid> {
    let uid = match (&start.pixels, start.encoding) {
        _ if start.deflated => syntax::DEFLATED,
        (PixelCoding::Native, Encoding::IMPLICIT) => syntax::IMPLICIT_LITTLE,
        (PixelCoding::Native, Encoding::EXPLICIT) => syntax::EXPLICIT_LITTLE,
        (PixelCoding::Native, Encoding::BIG_ENDIAN) => syntax::EXPLICIT_BIG,
        (PixelCoding::Rle, Encoding::EXPLICIT) => syntax::RLE,
        (PixelCoding::Other(uid), Encoding::EXPLICIT) => return Some(uid.clone()),
        _ => return None,
    };
    Uid::new(uid)
}

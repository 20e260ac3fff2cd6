//! Encoded instances as DICOM files (PS3.10 section 7).
//!
//! Units: bytes. Frame: none.

use crate::data_set::{Coding, DataSet, Value};
use crate::error::{ExportError, ExportErrorKind};
use crate::uid::{IMPLEMENTATION_CLASS, IMPLEMENTATION_VERSION};
use dicom_core::VR;
use dicom_dictionary_std::tags;
use rt_model::encoded::{Body, EncodedInstance};
use rt_model::provenance::Provenance;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Writes an instance as a DICOM file. Whatever was at `path` is replaced as a whole: a half-written file never bears its name.
///
/// # Errors
/// Where the file cannot be written, or the instance's own file not be read.
pub fn write(instance: &EncodedInstance, path: &Path) -> Result<(), ExportError> {
    let part = path.with_extension("part");
    let written = write_part(instance, &part).and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| {
        // What is left of a failed attempt is worth nothing; that it cannot be removed either adds nothing.
        let _ = std::fs::remove_file(&part);
        ExportError::new(ExportErrorKind::Write, Provenance::of_file(path), "the file cannot be written").caused(error)
    })
}

fn write_part(instance: &EncodedInstance, path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    let mut head = vec![0; 128];
    head.extend_from_slice(b"DICM");
    head.extend(meta(instance));
    file.write_all(&head)?;
    match &instance.body {
        Body::Bytes(bytes) => file.write_all(bytes),
        Body::File { path, offset, len } => {
            let mut source = File::open(path)?;
            source.seek(SeekFrom::Start(*offset))?;
            let copied = io::copy(&mut source.take(*len), &mut file)?;
            if copied == *len { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
        }
    }
}

/// File meta information (PS3.10 section 7.1).
fn meta(instance: &EncodedInstance) -> Vec<u8> {
    let mut meta = DataSet::default();
    meta.put(tags::FILE_META_INFORMATION_VERSION, VR::OB, Value::Bytes(vec![0, 1]))
        .uid(tags::MEDIA_STORAGE_SOP_CLASS_UID, &instance.sop_class)
        .uid(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, &instance.sop_instance)
        .uid(tags::TRANSFER_SYNTAX_UID, &instance.transfer_syntax)
        .text(tags::IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_CLASS)
        .text(tags::IMPLEMENTATION_VERSION_NAME, IMPLEMENTATION_VERSION);
    let mut body = Vec::new();
    meta.encode(Coding::Explicit, &mut body);
    let mut length = DataSet::default();
    let bytes = (body.len() as u32).to_le_bytes();
    length.put(tags::FILE_META_INFORMATION_GROUP_LENGTH, VR::UL, Value::Bytes(bytes.into()));
    let mut all = Vec::new();
    length.encode(Coding::Explicit, &mut all);
    all.extend(body);
    all
}

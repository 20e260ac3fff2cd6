//! Encoded instances as DICOM files (PS3.10 section 7).
//!
//! Units: bytes. Frame: none.

use crate::error::{ExportError, ExportErrorKind};
use crate::uid::IMPLEMENTATION;
use rt_model::encoded::EncodedInstance;
use rt_model::provenance::Provenance;
use std::path::Path;

/// Writes an instance as a DICOM file. Whatever was at `path` is replaced as a whole: a half-written file
/// never bears its name.
///
/// # Errors
/// Where the file cannot be written, or the instance's own file not be read.
pub fn write(instance: &EncodedInstance, path: &Path) -> Result<(), ExportError> {
    rt_dicom::part10::write(instance, IMPLEMENTATION, path).map_err(|error| {
        let refused =
            ExportError::new(ExportErrorKind::Write, Provenance::of_file(path), "the file cannot be written");
        match error.into_source() {
            Some(source) => refused.caused(source),
            None => refused,
        }
    })
}

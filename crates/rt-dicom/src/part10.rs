//! DICOM files: preamble, file meta information, data set (PS3.10 section 7).
//!
//! Units: bytes. Frame: none.

use crate::error::WriteError;
use dicom_object::FileMetaTableBuilder;
use rt_model::encoded::{Body, EncodedInstance};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Who writes a file (PS3.7 section D.3.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Implementation {
    /// Implementation Class UID (0002,0012).
    pub class: &'static str,
    /// Implementation Version Name (0002,0013), at most 16 characters.
    pub version: &'static str,
}

/// File meta information (PS3.10 section 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileMeta<'a> {
    /// Media Storage SOP Class UID (0002,0002).
    pub sop_class: &'a str,
    /// Media Storage SOP Instance UID (0002,0003).
    pub sop_instance: &'a str,
    /// Transfer Syntax UID (0002,0010).
    pub transfer_syntax: &'a str,
    /// Who writes the file.
    pub implementation: Implementation,
    /// Source Application Entity Title (0002,0016).
    pub source: Option<&'a str>,
}

/// Bytes of the preamble.
pub const PREAMBLE: usize = 128;

/// Bytes up to the end of File Meta Information Group Length (0002,0000), which counts those that follow up
/// to the data set.
pub const GROUP_LENGTH_END: usize = PREAMBLE + 4 + 12;

/// Where the data set begins in a file that starts with these bytes, as [`FileMeta::start`] writes them.
#[must_use]
pub fn data_set_offset(start: &[u8; GROUP_LENGTH_END]) -> u64 {
    let [.., l0, l1, l2, l3] = *start;
    GROUP_LENGTH_END as u64 + u64::from(u32::from_le_bytes([l0, l1, l2, l3]))
}

impl<'a> FileMeta<'a> {
    /// That of an instance.
    #[must_use]
    pub fn of(instance: &'a EncodedInstance, implementation: Implementation) -> Self {
        Self {
            sop_class: instance.sop_class.as_str(),
            sop_instance: instance.sop_instance.as_str(),
            transfer_syntax: instance.transfer_syntax.as_str(),
            implementation,
            source: None,
        }
    }

    /// What stands before the data set: preamble, prefix and file meta information. Characters that are no
    /// ASCII, which these attributes do not have, become question marks.
    ///
    /// # Errors
    /// Where a value is longer than 64 KiB.
    pub fn start(&self) -> Result<Vec<u8>, WriteError> {
        let mut meta = FileMetaTableBuilder::new()
            .media_storage_sop_class_uid(ascii(self.sop_class))
            .media_storage_sop_instance_uid(ascii(self.sop_instance))
            .transfer_syntax(ascii(self.transfer_syntax))
            .implementation_class_uid(self.implementation.class)
            .implementation_version_name(self.implementation.version);
        if let Some(source) = self.source {
            meta = meta.source_application_entity_title(ascii(source));
        }
        let mut start = vec![0; PREAMBLE];
        start.extend_from_slice(b"DICM");
        let meta = meta.build().map_err(WriteError::data_set)?;
        meta.write(&mut start).map_err(WriteError::data_set)?;
        Ok(start)
    }
}

fn ascii(text: &str) -> String {
    text.chars().map(|character| if character.is_ascii() { character } else { '?' }).collect()
}

/// Writes an instance as a DICOM file. Whatever was at `path` is replaced as a whole: a half-written file
/// never bears its name.
///
/// # Errors
/// Where the file cannot be written, or the instance's own file not be read.
pub fn write(
    instance: &EncodedInstance,
    implementation: Implementation,
    path: &Path,
) -> Result<(), WriteError> {
    let part = path.with_extension("part");
    let start = FileMeta::of(instance, implementation).start()?;
    let written = write_part(&start, &instance.body, &part).and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| {
        // What is left of a failed attempt is worth nothing; that it cannot be removed either adds nothing.
        let _ = std::fs::remove_file(&part);
        WriteError::file(path, error)
    })
}

fn write_part(start: &[u8], body: &Body, path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(start)?;
    match body {
        Body::Bytes(bytes) => file.write_all(bytes),
        Body::File { path, offset, len } => {
            let mut source = File::open(path)?;
            source.seek(SeekFrom::Start(*offset))?;
            let copied = io::copy(&mut source.take(*len), &mut file)?;
            if copied == *len { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TransferSyntax;
    use rt_model::uid::Uid;

    const US: Implementation = Implementation { class: "2.25.7", version: "TEST_1" };

    fn instance(body: Body) -> EncodedInstance {
        let uid = |text| Uid::new(text).unwrap();
        let transfer_syntax = TransferSyntax::ExplicitLittle.to_uid();
        EncodedInstance {
            sop_class: uid("1.2.840.10008.5.1.4.1.1.2"),
            sop_instance: uid("2.25.1"),
            transfer_syntax,
            body,
        }
    }

    #[test]
    fn the_start_is_that_of_the_standard() {
        let instance = instance(Body::Bytes(Vec::new()));
        let meta = FileMeta { source: Some("ECHO"), ..FileMeta::of(&instance, US) };
        let start = meta.start().unwrap();
        let expected = b"DICM\x02\0\0\0UL\x04\0\x82\0\0\0\x02\0\x01\0OB\0\0\x02\0\0\0\0\x01\
            \x02\0\x02\0UI\x1A\x001.2.840.10008.5.1.4.1.1.2\0\x02\0\x03\0UI\x06\x002.25.1\
            \x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0\x02\0\x12\0UI\x06\x002.25.7\
            \x02\0\x13\0SH\x06\0TEST_1\x02\0\x16\0AE\x04\0ECHO";
        assert_eq!(start[..PREAMBLE], [0; PREAMBLE]);
        assert_eq!(start[PREAMBLE..], *expected);
        assert_eq!(data_set_offset(start[..GROUP_LENGTH_END].try_into().unwrap()), start.len() as u64);
    }

    #[test]
    fn what_a_sender_calls_itself_is_written_in_ascii() {
        let instance = instance(Body::Bytes(Vec::new()));
        let meta = FileMeta { source: Some("ÄЖ"), ..FileMeta::of(&instance, US) };
        assert!(meta.start().unwrap().ends_with(b"AE\x02\0??"));
        let long = "1".repeat(70_000);
        assert!(FileMeta { source: Some(&long), ..meta }.start().is_err());
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.dcm");
        write(&instance(Body::Bytes(b"data set".to_vec())), US, &path).unwrap();
        let written = std::fs::read(&path).unwrap();
        assert!(written.ends_with(b"data set"));
        let offset = written.len() as u64 - 8;
        let copy = folder.path().join("b.dcm");
        write(&instance(Body::File { path: path.clone(), offset, len: 8 }), US, &copy).unwrap();
        assert_eq!(std::fs::read(&copy).unwrap(), written);
        // A source that is shorter than it was leaves what was there.
        let error = write(&instance(Body::File { path, offset, len: 9 }), US, &copy).unwrap_err();
        assert_eq!(error.kind(), crate::WriteErrorKind::File);
        assert!(error.to_string().ends_with("b.dcm: the file cannot be written"), "{error}");
        assert_eq!(std::fs::read(&copy).unwrap(), written);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}

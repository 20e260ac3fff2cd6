//! An object in a file: its start, its data set and what every SOP instance carries.
//!
//! Units: none. Frame: none.

use super::header;
use crate::finding::{Parsed, Severity};
use crate::instance::InstanceInfo;
use crate::provenance::{Provenance, Tag as PlaceTag};
use crate::read::bytes::file::{Skimmed, StoredPixels};
use crate::read::bytes::inflate::inflate;
use crate::read::bytes::node::Node;
use crate::read::bytes::notes::Notes;
use crate::read::bytes::part10::{self, PixelCoding};
use crate::read::bytes::{level, number, sniff};
use crate::read::error::{ReadError, ReadErrorKind};
use crate::uid::Uid;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use std::borrow::Cow;
use std::path::Path;

/// A SOP instance that is being read.
pub(in crate::read) struct Object<'a, 's> {
    pub(in crate::read) root: Node<'a, 's>,
    pub(in crate::read) info: InstanceInfo,
    pub(in crate::read) pixels: PixelCoding,
    /// Attributes whose values were left in the file.
    cut: &'s [Tag],
    /// Plain Pixel Data that was left in the file.
    pub(in crate::read) stored: Option<&'s StoredPixels>,
}

/// A file's bytes: all of them, or those that are left of a skimmed one.
#[derive(Debug, Clone, Copy)]
pub(in crate::read) struct Source<'s> {
    bytes: &'s [u8],
    cut: &'s [Tag],
    stored: Option<&'s StoredPixels>,
}

impl<'s> From<&'s [u8]> for Source<'s> {
    fn from(bytes: &'s [u8]) -> Self {
        Self { bytes, cut: &[], stored: None }
    }
}

impl<'s> From<&'s Skimmed> for Source<'s> {
    fn from(skimmed: &'s Skimmed) -> Self {
        Self { bytes: &skimmed.bytes, cut: &skimmed.cut, stored: skimmed.pixels.as_ref() }
    }
}

impl Object<'_, '_> {
    /// The attribute has a value, be it left in the file.
    pub(in crate::read) fn has_value(&self, tag: Tag) -> bool {
        self.cut.contains(&tag) || self.root.element(tag).is_some_and(|element| !element.value.is_empty())
    }
}

/// Reads the object in `source` by `read`; `path` names its file.
pub(in crate::read) fn read_object<T>(
    source: Source<'_>,
    path: &Path,
    read: impl FnOnce(&Object<'_, '_>) -> Result<T, ReadError>,
) -> Result<Parsed<T>, ReadError> {
    let notes = Notes::new(path);
    let value = read_with(source, &notes, read).map_err(|error| {
        let error = error.placed(|tag| in_file(&notes, tag));
        if error.kind().is_damage() && sniff::line_ends_converted(source.bytes) {
            let cause = "the file was converted as if it were text: each line feed follows a carriage return";
            return error.explained(ReadErrorKind::LineEnds, cause);
        }
        error
    })?;
    Ok(Parsed { value, findings: notes.into_findings() })
}

fn in_file(notes: &Notes, tag: Option<PlaceTag>) -> Provenance {
    let path = tag.map(|tag| crate::read::bytes::dictionary::keyword(Tag(tag.group, tag.element)));
    Provenance { path, tag, ..notes.place() }
}

fn read_with<T>(
    source: Source<'_>,
    notes: &Notes,
    read: impl FnOnce(&Object<'_, '_>) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    let Source { bytes, cut, stored } = source;
    let start = part10::start(bytes)?;
    for (code, text) in start.warnings {
        notes.add(Severity::Warning, code, || notes.place(), text);
    }
    let body = &bytes[start.data_set..];
    let body = if start.deflated { Cow::Owned(inflate(body)?) } else { Cow::Borrowed(body) };
    let object = || {
        let root = Node::root(&body, start.encoding, notes)?;
        let info = header::instance(&root, start.sop_class)?;
        read(&Object { root, info, pixels: start.pixels, cut, stored })
    };
    object().map_err(|error| {
        let level = level::salvage(&body, start.encoding);
        let text = |tag| {
            level.find(tag).map(|element| String::from_utf8_lossy(number::trim(element.value)).into_owned())
        };
        let sop_instance = text(tags::SOP_INSTANCE_UID).and_then(|text| Uid::new(&text));
        error.placed(|tag| in_file(notes, tag)).of_object(sop_instance, text(tags::MODALITY))
    })
}

//! Why a file cannot be read.
//!
//! Units: none. Frame: none.

use crate::finding::{Code, Finding, dose, files};
use crate::provenance::{Provenance, Tag};
use crate::uid::Uid;
use std::fmt;
use std::path::Path;

/// A file, or the object in it, cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{at}: {detail}")]
pub struct ReadError {
    kind: ReadErrorKind,
    at: Box<Provenance>,
    detail: String,
    /// Modality of the object, where it could still be read.
    modality: Option<Box<str>>,
    source: Option<std::io::Error>,
}

/// What is wrong with a file. Each kind has the finding code of [`ReadErrorKind::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The operating system refuses to open or read it.
    Io,
    /// A pipe, socket, device or folder.
    NotRegularFile,
    /// Something else than DICOM.
    NotDicom,
    /// A DICOMDIR.
    Directory,
    /// It ends inside an element.
    Truncated,
    /// A header fits no encoding.
    Structure,
    /// Its line ends were converted.
    LineEnds,
    /// A length was cut to 16 bits.
    LengthOverflow,
    /// Nested deeper than 64 levels.
    TooDeep,
    /// It, or what it decodes to, exceeds a limit.
    TooLarge,
    /// Unknown transfer syntax.
    TransferSyntax,
    /// Its deflated part is damaged.
    Inflate,
    /// No SOP Instance UID.
    NoInstance,
    /// No SOP Class UID.
    NoClass,
    /// Another kind of object than asked for.
    WrongObject,
    /// A required attribute is absent or empty.
    MissingAttribute,
    /// A required value cannot be used.
    Value,
    /// Dose Grid Scaling.
    DoseGridScaling,
    /// Dose relative to a reference that is not stated.
    RelativeDose,
    /// Unknown Dose Units.
    DoseUnits,
    /// Voxels of a form that is not read.
    PixelFormat,
    /// Compressed voxels.
    Compressed,
    /// Damaged run-length encoding.
    Rle,
    /// Pixel Data of another length than the header makes it.
    PixelDataLength,
    /// Image Position (Patient).
    Position,
    /// Image Orientation (Patient).
    Orientation,
    /// Pixel Spacing.
    Spacing,
    /// No Grid Frame Offset Vector.
    NoFrameOffsets,
    /// Grid Frame Offset Vector of another length than there are frames.
    FrameOffsetCount,
    /// Grid Frame Offset Vector turns back.
    FrameOffsetOrder,
    /// Grid Frame Offset Vector is neither relative nor absolute.
    FrameOffsetStart,
    /// Negative dose that is no difference.
    NegativeDose,
}

impl ReadErrorKind {
    /// The bytes are those of a DICOM file, and damaged.
    pub(super) const fn is_damage(self) -> bool {
        !matches!(self, Self::Io | Self::NotRegularFile | Self::NotDicom | Self::Directory)
    }

    /// The code a report gives it.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Io => files::UNREADABLE_FILE,
            Self::NotRegularFile => files::NOT_A_REGULAR_FILE,
            Self::NotDicom => files::NOT_DICOM,
            Self::Directory => files::DICOM_DIRECTORY,
            Self::Truncated => files::TRUNCATED,
            Self::Structure => files::DAMAGED_STRUCTURE,
            Self::LineEnds => files::LINE_ENDS_CONVERTED,
            Self::LengthOverflow => files::LENGTH_OVERFLOW,
            Self::TooDeep => files::NESTED_TOO_DEEP,
            Self::TooLarge => files::TOO_LARGE,
            Self::TransferSyntax => files::UNKNOWN_TRANSFER_SYNTAX,
            Self::Inflate => files::BAD_DEFLATE,
            Self::NoInstance => files::NO_SOP_INSTANCE,
            Self::NoClass => files::NO_SOP_CLASS,
            Self::WrongObject => files::WRONG_OBJECT,
            Self::MissingAttribute => files::MISSING_ATTRIBUTE,
            Self::Value => files::UNUSABLE_VALUE,
            Self::DoseGridScaling => dose::DOSE_GRID_SCALING,
            Self::RelativeDose => dose::RELATIVE_DOSE,
            Self::DoseUnits => dose::UNKNOWN_DOSE_UNITS,
            Self::PixelFormat => dose::PIXEL_FORMAT,
            Self::Compressed => dose::COMPRESSED_DOSE,
            Self::Rle => dose::DAMAGED_RLE,
            Self::PixelDataLength => dose::PIXEL_DATA_LENGTH,
            Self::Position => dose::GRID_POSITION,
            Self::Orientation => dose::GRID_ORIENTATION,
            Self::Spacing => dose::GRID_SPACING,
            Self::NoFrameOffsets => dose::NO_FRAME_OFFSETS,
            Self::FrameOffsetCount => dose::FRAME_OFFSET_COUNT,
            Self::FrameOffsetOrder => dose::FRAME_OFFSET_ORDER,
            Self::FrameOffsetStart => dose::FRAME_OFFSET_START,
            Self::NegativeDose => dose::NEGATIVE_DOSE,
        }
    }
}

impl ReadError {
    /// An error whose place is filled in on its way up.
    pub(super) fn new(kind: ReadErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, at: Box::default(), detail: detail.into(), modality: None, source: None }
    }

    /// The error of an attribute that is absent or cannot be used.
    pub(super) fn at_tag(kind: ReadErrorKind, tag: dicom_core::Tag, detail: impl Into<String>) -> Self {
        let mut error = Self::new(kind, detail);
        error.at.tag = Some(Tag::new(tag.0, tag.1));
        error
    }

    /// The same error at `tag`, where it names no attribute yet.
    pub(super) fn or_tag(mut self, tag: dicom_core::Tag) -> Self {
        self.at.tag.get_or_insert(Tag::new(tag.0, tag.1));
        self
    }

    /// What the operating system said.
    pub(super) fn io(action: &str, source: std::io::Error) -> Self {
        Self { source: Some(source), ..Self::new(ReadErrorKind::Io, format!("cannot {action} the file")) }
    }

    /// The same error with what was not yet known of its place.
    pub(super) fn placed(mut self, at: impl FnOnce(Option<Tag>) -> Provenance) -> Self {
        if self.at.file.is_none() {
            *self.at = at(self.at.tag);
        }
        self
    }

    /// The same error in `file`, where nothing more is known of its place.
    pub(super) fn in_file(self, file: &Path) -> Self {
        self.placed(|tag| Provenance { tag, ..Provenance::of_file(file) })
    }

    /// The same error with what could still be read of the object.
    pub(super) fn of_object(mut self, sop_instance: Option<Uid>, modality: Option<String>) -> Self {
        self.at.sop_instance = self.at.sop_instance.take().or(sop_instance);
        self.modality = modality.map(Into::into);
        self
    }

    /// Modality of the object, where it could still be read.
    pub(super) fn into_modality(self) -> Option<String> {
        self.modality.map(Into::into)
    }

    /// The same error of another kind and text: what the damage comes from.
    pub(super) fn explained(mut self, kind: ReadErrorKind, cause: impl fmt::Display) -> Self {
        self.kind = kind;
        self.detail = format!("{cause} ({})", self.detail);
        self
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> ReadErrorKind {
        self.kind
    }

    /// File, SOP instance and attribute, as far as they were known.
    #[must_use]
    pub const fn at(&self) -> &Provenance {
        &self.at
    }

    /// What was expected and found, without the place.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The error as the finding that reports a refused file.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let text = match &self.source {
            Some(source) => format!("{}: {source}", self.detail),
            None => self.detail.clone(),
        };
        Finding::error(self.kind.code(), (*self.at).clone(), text)
    }
}

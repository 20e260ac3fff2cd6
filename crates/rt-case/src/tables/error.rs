//! Why a file holds no table of DVHs.
//!
//! Units: bytes. Frame: none.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a file holds no table of DVHs.
#[derive(Debug)]
pub struct TableError {
    path: PathBuf,
    kind: TableErrorKind,
    source: Option<std::io::Error>,
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableErrorKind {
    /// The file cannot be read.
    Io,
    /// The file is too large for a table of DVHs.
    TooLarge {
        /// Bytes that are read at most.
        most: u64,
        /// Bytes there are.
        found: u64,
    },
    /// The file is empty.
    Empty,
    /// The file is of no format that is known.
    UnknownFormat,
    /// A column is missing.
    MissingColumn {
        /// The column, or those of which one is needed.
        expected: &'static str,
        /// The columns there are.
        found: String,
    },
}

impl TableErrorKind {
    pub(super) fn in_file(self, path: &Path) -> TableError {
        TableError { path: path.to_owned(), kind: self, source: None }
    }
}

impl fmt::Display for TableErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io => f.write_str("the file cannot be read"),
            Self::TooLarge { most, found } => write!(f, "expected less than {most} bytes, found {found}"),
            Self::Empty => f.write_str("expected a table, found an empty file"),
            Self::UnknownFormat => f.write_str(
                "expected Eclipse's export, an RTDOSE, or CSV with roi_name, dose_gy and volume_percent; found neither",
            ),
            Self::MissingColumn { expected, found } => write!(f, "expected a column {expected}, found {found}"),
        }
    }
}

impl TableError {
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        Self { path: path.to_owned(), kind: TableErrorKind::Io, source: Some(source) }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> &TableErrorKind {
        &self.kind
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(_) => write!(f, "{}", self.path.display()),
            None => write!(f, "{}: {}", self.path.display(), self.kind),
        }
    }
}

impl std::error::Error for TableError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

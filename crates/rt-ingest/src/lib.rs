//! Folders and arriving files of DICOM-RT become rows.
//!
//! [`ingest()`] scans paths, matches cases, computes a few at a time and hands each finished one to a
//! [`Sink`]: a database, or nothing ([`DryRun`]). The case is the unit of failure: it is stored whole or not
//! at all, and no case stops another. [`Folder`] tells which arriving files are complete; [`Sources`] finds
//! the files of stored plans again.
//!
//! Nothing here knows of command lines, JSON or exit codes: progress is events, outcomes are types.
//!
//! Units: those of the rows' fields. Frame: DICOM patient coordinates (LPS).

#![warn(missing_debug_implementations)]

mod cancel;
mod case;
mod error;
pub mod examine;
mod folder;
mod importer;
mod ingest;
mod pool;
mod record;
mod sink;
mod sources;
mod unmatched;
mod window;

pub use cancel::Cancel;
pub use case::{CaseFiles, IngestedCase, Outcome, SourceObject};
pub use error::{IngestError, IngestErrorKind};
pub use folder::{Folder, Quiet};
pub use importer::Importer;
pub use ingest::{Ended, Event, Ingested, Job, ingest};
pub use pool::in_pool;
pub use record::{case_record, columns};
pub use sink::{Content, DatabaseSink, DryRun, Sink, SinkError, SinkErrorKind, StoredCase};
pub use sources::{NotRecomputed, Sources};
pub use unmatched::UnmatchedFile;

//! A case's products to a destination: made, held, released, sent, and proved to have arrived.
//!
//! A folder becomes one case ([`CaseFolder`]). [`prepare`] makes the products that the destination accepts
//! and puts them into a durable queue ([`Spool`]), held, with a contact sheet to look at. [`Spool::release`]
//! records who looked at it. [`push`] compares patient and study with the destination, sends what is pending,
//! and asks for the proof that it arrived. Files that exist already go the same way ([`FileSet`]).
//! [`write_product`] writes a product into a folder instead.
//!
//! A destination is whatever implements [`Destination`]: a DICOM node of rt-net, another transport, or a
//! test's own.
//!
//! Knows nothing of command lines, configuration files or exit codes. Progress is reported by [`Event`]s to a
//! callback that may stop the run. A planning system gets nothing, and what is held is not sent: [`push`]
//! checks both, whoever calls it.
//!
//! Units: bytes, MB and [`std::time::Duration`]. Frame: none.

mod classes;
mod deliver;
mod destination;
mod error;
mod event;
mod facts;
mod file_set;
mod folder;
mod job;
mod ladder;
mod options;
mod precheck;
mod prepare;
mod product;
mod push;
mod queued;
mod sheet;
mod source;
mod spool;
mod supply;
mod target;
mod verify;

pub use classes::{NamedUid, OTHER_CLASSES, PRODUCT_CLASSES, SERVICES, SYNTAXES, class_name, syntax_name};
pub use deliver::Delivery;
pub use destination::{
    AnswerSender, CommitmentAnswers, Destination, DestinationError, DestinationErrorKind, ListedStudy,
    SendEvent, SeriesKey,
};
pub use error::{DeliverError, DeliverErrorKind};
pub use event::{Event, Proof};
pub use facts::{Facts, PatientFacts};
pub use file_set::{FileNotice, FileSet};
pub use folder::{WrittenProduct, write_product};
pub use job::{JobOutcome, JobResult};
pub use ladder::{ProductChoice, choose_encoding};
pub use options::{DEFAULT_PRESET, ProductOptions, presets};
pub use precheck::{Precheck, compare};
pub use prepare::{PrepareOptions, Prepared, prepare};
pub use product::Product;
pub use push::push;
pub use source::{CaseFolder, CaseRequest, SourceError, SourceErrorKind};
pub use spool::{KeptFolder, Release, SendLock, Spool};
pub use target::{CommitmentRule, NodeKind, StudyRule, Target, VerifyRule};

// The queue's own types, which results carry.
pub use rt_sql::queue::{Job, QueuedInstance, State};

//! What keeps a case's products, or files, from their destination.
//!
//! Units: MB. Frame: none.

use crate::destination::DestinationError;
use crate::product::Product;
use rt_export::error::{ExportError, ExportErrorKind};
use rt_sql::SqlError;
use std::error::Error;
use std::fmt;
use std::path::Path;

/// A delivery can't go on. `Display` says where and what; the cause, where there is one, is the `source`.
#[derive(Debug, thiserror::Error)]
#[error("{}{detail}", Place(.place))]
pub struct DeliverError {
    kind: DeliverErrorKind,
    place: Box<str>,
    detail: Box<str>,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What keeps a delivery from going on.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum DeliverErrorKind {
    /// The queue can't be opened.
    QueueOpen,
    /// The queue can't be read or written.
    Queue,
    /// The queue has no such job.
    NoJob {
        /// The number that was asked for.
        job: i64,
    },
    /// Another program sends from this queue.
    Locked,
    /// What the queue keeps with a job is not what this version writes.
    Facts,
    /// The destination can't be asked or reached.
    Destination,
    /// The address for answers to storage commitment can't be listened on.
    Listen,
    /// The node is a planning system, to which nothing is sent.
    PlanningSystem,
    /// The node's rules do not say in which study products are filed.
    NoStudyRule,
    /// The node's rules do not allow this product.
    NotAllowed(Product),
    /// The product is plain files, which no node accepts.
    NotForNode(Product),
    /// The full report is not for a PACS.
    StaysInPhysics,
    /// The levels of dose are none, or percent of a prescription that is not settled.
    Levels,
    /// The case allows no such product, or it can't be made.
    Product,
    /// The node accepts the product in no encoding.
    NotTaken(Product),
    /// The products are larger than the rules allow.
    TooLarge {
        /// Their size, MB.
        megabytes: f64,
        /// What is allowed, MB.
        limit: f64,
    },
    /// A product can't be written, or not be read again.
    Write,
    /// A file or folder can't be read, made or written.
    File,
    /// The folder for products can't be made.
    OutputFolder,
    /// The folder for a product holds files already.
    NotEmpty,
    /// Only instances in files are queued.
    InMemory,
    /// Files whose patient's identity was removed are for no PACS.
    IdentityRemoved {
        /// How many there are.
        files: usize,
    },
    /// The files are of several patients, and the user has not agreed to that.
    SeveralPatients,
}

impl DeliverError {
    /// What keeps the delivery from going on.
    #[must_use]
    pub const fn kind(&self) -> DeliverErrorKind {
        self.kind
    }

    /// Where: a path, a node or an instance; empty where the whole job is meant.
    #[must_use]
    pub const fn place(&self) -> &str {
        &self.place
    }

    /// What was expected and found, without the place and the cause.
    #[must_use]
    pub const fn detail(&self) -> &str {
        &self.detail
    }

    /// What to do about it, where the destination's answer states it.
    #[must_use]
    pub fn remedy(&self) -> Option<&str> {
        self.source.as_deref()?.downcast_ref::<DestinationError>()?.remedy()
    }

    pub(crate) fn new(kind: DeliverErrorKind, place: impl fmt::Display, detail: impl Into<Box<str>>) -> Self {
        Self { kind, place: place.to_string().into(), detail: detail.into(), source: None }
    }

    pub(crate) fn caused(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn queue(error: SqlError) -> Self {
        Self::new(DeliverErrorKind::Queue, "", "the queue can't be used").caused(error)
    }

    pub(crate) fn file(path: &Path, error: std::io::Error) -> Self {
        Self::new(DeliverErrorKind::File, path.display(), "can't be used").caused(error)
    }

    pub(crate) fn destination(error: DestinationError) -> Self {
        Self::new(DeliverErrorKind::Destination, "", "the destination can't be used").caused(error)
    }

    /// A product that can't be made; one that can't be written is the machine's fault, not the case's.
    pub(crate) fn product(error: ExportError) -> Self {
        match error.kind() {
            ExportErrorKind::Write => Self::written(error),
            _ => Self::new(DeliverErrorKind::Product, "", "the product can't be made").caused(error),
        }
    }

    /// A product that can't be written.
    pub(crate) fn written(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(DeliverErrorKind::Write, "", "the product can't be written").caused(error)
    }
}

/// A place before what happened there.
pub(crate) struct Place<'a>(pub(crate) &'a str);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, "{}: ", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::chain::chain;

    #[test]
    fn the_cause_is_not_repeated_by_display() {
        let error = DeliverError::file(Path::new("a/b"), std::io::Error::other("no room"));
        assert_eq!(error.to_string(), "a/b: can't be used");
        assert_eq!(error.source().unwrap().to_string(), "no room");
        assert_eq!(chain(&error), "a/b: can't be used: no room");
        assert_eq!((error.kind(), error.place()), (DeliverErrorKind::File, "a/b"));
    }

    #[test]
    fn the_remedy_is_the_destinations() {
        let error = DestinationError::new("busy").with_remedy("try later");
        assert_eq!(DeliverError::destination(error).remedy(), Some("try later"));
        assert_eq!(DeliverError::new(DeliverErrorKind::Locked, "", "locked").remedy(), None);
    }
}

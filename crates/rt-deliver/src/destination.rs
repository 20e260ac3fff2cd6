//! Where products go: what a delivery asks of the other side.
//!
//! Units: bytes and [`Duration`]. Frame: none.

mod answers;
mod error;
mod node;

pub use answers::{AnswerSender, CommitmentAnswers};
pub use error::{DestinationError, DestinationErrorKind};

use crate::facts::PatientFacts;
use rt_model::uid::Uid;
use rt_net::{Commitment, CommitmentResult, Item, Outcome, SendOptions, Supply, Support};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

/// The other side of a delivery: a DICOM node ([`rt_net::Node`] implements it), another transport, or a
/// test's own.
///
/// What it answers is not trusted: only instances that were asked about count, and what neither
/// [`Self::listed`] nor a commitment names stays unproved.
pub trait Destination: Sync {
    /// What it is called in reports, such as `AE@host:port`.
    fn address(&self) -> String;

    /// Which of these pairs of SOP class and transfer syntax it accepts. Nothing is sent.
    ///
    /// # Errors
    /// Where it can't be asked.
    fn probe(
        &self,
        pairs: &[(Uid, Uid)],
    ) -> impl Future<Output = Result<Vec<Support>, DestinationError>> + Send;

    /// The studies that it lists under the patient's identifier, and those of the patient's studies that it
    /// lists at all. `None`: it answers no queries.
    ///
    /// # Errors
    /// Where it can't be asked.
    fn studies(
        &self,
        patient: &PatientFacts,
    ) -> impl Future<Output = Result<Option<Vec<ListedStudy>>, DestinationError>> + Send;

    /// Sends instances and reports each exactly once. What no event named when this returns is sent again by
    /// a later run.
    /// `on_event` may stop the run: what is on its way is finished first.
    ///
    /// # Errors
    /// Why not every instance was tried.
    fn send(
        &self,
        items: Vec<Item>,
        supply: Arc<dyn Supply>,
        options: &SendOptions,
        on_event: impl FnMut(SendEvent) -> ControlFlow<()> + Send,
    ) -> impl Future<Output = Result<(), DestinationError>> + Send;

    /// The instances that it lists of these series.
    ///
    /// # Errors
    /// Where it can't be asked.
    fn listed(
        &self,
        series: &[SeriesKey],
    ) -> impl Future<Output = Result<HashSet<Uid>, DestinationError>> + Send;

    /// Listens on `address` for answers to these transactions of storage commitment, until the answers are
    /// dropped.
    ///
    /// # Errors
    /// Where the address can't be listened on.
    fn listen(
        &self,
        address: SocketAddr,
        transactions: HashSet<Uid>,
    ) -> impl Future<Output = Result<CommitmentAnswers, DestinationError>> + Send;

    /// Asks it to commit to instances, and waits `linger` for an answer at once. `None`: the answer is still
    /// to come, and [`Self::listen`] hears it.
    ///
    /// # Errors
    /// Where it can't be asked, or does not take the request.
    fn request_commitment(
        &self,
        commitment: &Commitment,
        linger: Duration,
    ) -> impl Future<Output = Result<Option<CommitmentResult>, DestinationError>> + Send;
}

/// A study as the destination lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedStudy {
    /// Patient ID (0010,0020).
    pub patient_id: String,
    /// Patient's Name (0010,0010) without case and separators.
    pub patient_name: String,
    /// Patient's Birth Date (0010,0030) as `YYYYMMDD`.
    pub birth_date: Option<String>,
    /// Study Instance UID (0020,000D).
    pub study: String,
}

/// A series by its identifiers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// Study Instance UID.
    pub study: Uid,
    /// Series Instance UID.
    pub series: Uid,
}

/// What happens while a destination is sent instances.
#[derive(Debug)]
#[non_exhaustive]
pub enum SendEvent {
    /// An instance was sent, or can't be.
    Completed {
        /// Its place among the items.
        index: usize,
        /// What became of it.
        outcome: Outcome,
        /// Bytes of its data set that were sent.
        bytes: u64,
    },
    /// Sending stands still; the next try comes after a pause.
    Waiting {
        /// How long.
        pause: Duration,
        /// Why.
        error: DestinationError,
    },
}

//! Jobs and instances as the queue has them.
//!
//! Units: bytes. Frame: none.

use rt_model::encoded::{Body, EncodedInstance};
use rt_model::uid::Uid;
use std::path::PathBuf;

/// Where an instance is on its way. Only the last two say that it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Waits for somebody's word.
    Held,
    /// May be sent.
    Pending,
    /// The peer answered success; whether it kept it is not known.
    Sent,
    /// The peer took it with a warning; whether it kept it is not known.
    Warned,
    /// The peer does not take it, or it can't be had.
    Failed,
    /// The peer lists it.
    Verified,
    /// The peer committed to keep it.
    Committed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Held, Self::Pending, Self::Sent, Self::Warned, Self::Failed, Self::Verified, Self::Committed];

    /// The state's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Warned => "warned",
            Self::Failed => "failed",
            Self::Verified => "verified",
            Self::Committed => "committed",
        }
    }

    /// Reads a state's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The peer has it for certain.
    #[must_use]
    pub const fn is_confirmed(self) -> bool {
        matches!(self, Self::Verified | Self::Committed)
    }
}

/// A job that is to be queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// The node it is for, as the user named it.
    pub node: String,
    /// What it is, for people.
    pub title: String,
    /// What the program that queues it has to know later; the queue does not read it.
    pub facts: String,
    /// Why it is held; `None` may be sent at once.
    pub hold: Option<String>,
    /// Its instances, in order.
    pub instances: Vec<NewInstance>,
}

/// An instance that is to be queued: its data set stays in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInstance {
    /// SOP class.
    pub sop_class: Uid,
    /// SOP instance.
    pub sop_instance: Uid,
    /// Series.
    pub series: Option<Uid>,
    /// Study.
    pub study: Option<Uid>,
    /// The transfer syntax of the data set in the file.
    pub transfer_syntax: Uid,
    /// The file.
    pub path: PathBuf,
    /// Where the data set begins in it.
    pub offset: u64,
    /// Its length.
    pub len: u64,
    /// Hash of the file, where what was looked at has to be what is sent.
    pub sha256: Option<String>,
}

impl NewInstance {
    /// The instance as it is carried.
    #[must_use]
    pub fn encoded(&self) -> EncodedInstance {
        EncodedInstance {
            sop_class: self.sop_class.clone(),
            sop_instance: self.sop_instance.clone(),
            transfer_syntax: self.transfer_syntax.clone(),
            body: Body::File { path: self.path.clone(), offset: self.offset, len: self.len },
        }
    }
}

/// An instance in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedInstance {
    /// Its place in its job, from 1.
    pub number: i64,
    /// What it is.
    pub instance: NewInstance,
    /// Where it is on its way.
    pub state: State,
    /// How often its sending came to an end.
    pub attempts: u32,
    /// The last status that the peer gave.
    pub last_status: Option<u16>,
    /// What else was told with it.
    pub last_text: Option<String>,
}

/// A job in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// When it was queued, UTC.
    pub created: String,
    /// The node it is for.
    pub node: String,
    /// What it is.
    pub title: String,
    /// What the program that queued it has to know.
    pub facts: String,
    /// Why it is held.
    pub hold: Option<String>,
    /// Who released it.
    pub released_by: Option<String>,
    /// When, UTC.
    pub released_at: Option<String>,
    /// Instances by state, in the order of [`State::ALL`].
    pub counts: [u64; 7],
}

impl Job {
    /// Instances in this state.
    #[must_use]
    pub fn count(&self, state: State) -> u64 {
        State::ALL.iter().position(|one| *one == state).map_or(0, |at| self.counts[at])
    }

    /// All of its instances.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// What became of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its job.
    pub job: i64,
    /// Its place in the job.
    pub number: i64,
    /// Its state from now on.
    pub state: State,
    /// Its sending came to an end: counts as an attempt.
    pub is_attempt: bool,
    /// The peer's status; `None` keeps the last one.
    pub status: Option<u16>,
    /// What else was told; `None` keeps the last text.
    pub text: Option<String>,
}

/// Something that a person decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When, UTC.
    pub at: String,
    /// Who.
    pub who: String,
    /// What: release, drop.
    pub action: String,
    /// About which job.
    pub job: i64,
    /// Why.
    pub reason: String,
}

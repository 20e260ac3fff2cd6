//! What a push reports while it works.
//!
//! Units: bytes and [`Duration`]. Frame: none.

use crate::destination::DestinationError;
use rt_sql::queue::State;
use std::time::Duration;

/// A step of a push. The callback that receives it may stop the run: what is on its way is finished first.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Sending begins.
    Sending {
        /// Pending instances.
        instances: usize,
        /// Bytes of their data sets.
        bytes: u64,
    },
    /// An instance was sent, or can't be.
    Instance {
        /// Its state from now on.
        state: State,
        /// Bytes that were sent of it.
        bytes: u64,
    },
    /// Sending stands still; the next try comes after a pause.
    Waiting {
        /// How long.
        pause: Duration,
        /// Why.
        error: &'a DestinationError,
    },
    /// Sending has ended.
    SendingEnded,
    /// The destination is asked for a proof.
    Proving(Proof),
    /// Not everything is proved yet: the destination is waited for, or asked again.
    Unproved {
        /// Instances that are not proved, or answers that are still to come.
        open: usize,
    },
}

/// A way of proving that instances arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// The destination commits to keep them (storage commitment).
    Commitment,
    /// The destination lists them.
    Listing,
}

impl Proof {
    /// Its name in reports and configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commitment => "commitment",
            Self::Listing => "find",
        }
    }
}

//! What became of a job.
//!
//! Units: none. Frame: none.

use crate::deliver::Delivery;
use crate::destination::{Destination, DestinationError};
use crate::error::DeliverError;
use crate::event::Proof;
use crate::spool::Spool;
use crate::target::{Target, VerifyRule};
use rt_sql::queue::{Job, QueuedInstance, State};

/// A job after a run, or as the queue has it.
#[derive(Debug)]
#[non_exhaustive]
pub struct JobResult {
    /// The job.
    pub job: Job,
    /// Its instances.
    pub instances: Vec<QueuedInstance>,
    /// The destination as it is called in reports.
    pub address: String,
    /// What became of the job as a whole.
    pub outcome: JobOutcome,
    /// How sending went; `None` where nothing was sent in this run.
    pub delivery: Option<Delivery>,
    /// The proofs that were asked for in this run.
    pub proved_by: Vec<Proof>,
    /// What else there is to know: fallbacks, differences in names, answers that are still to come.
    pub warnings: Vec<String>,
}

/// What became of a job as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobOutcome {
    /// All of it is verified or committed.
    Confirmed,
    /// All of it was taken; verification is switched off.
    Sent,
    /// All of it was taken; nothing proves that it was kept.
    Unverified,
    /// It waits for a person.
    Held,
    /// Some of it was not taken, or not tried.
    Failed,
}

impl JobResult {
    /// A job as the queue has it.
    ///
    /// # Errors
    /// Where there is no such job, or the queue can't be read.
    pub async fn read<D: Destination>(
        spool: &Spool,
        target: &Target<D>,
        job: i64,
    ) -> Result<Self, DeliverError> {
        let job = spool.job(job).await?;
        let instances = spool.instances(job.id).await?;
        let outcome = JobOutcome::of(instances.iter().map(|instance| instance.state), target.verify);
        let address = target.destination.address();
        Ok(Self {
            job,
            instances,
            address,
            outcome,
            delivery: None,
            proved_by: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// Why sending ended before everything was tried.
    #[must_use]
    pub fn stopped(&self) -> Option<&DestinationError> {
        self.delivery.as_ref()?.stopped.as_ref()
    }

    /// Why it is held, or why sending ended.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        self.job.hold.clone().or_else(|| self.stopped().map(DestinationError::in_words))
    }
}

impl JobOutcome {
    /// What the states of all instances make of a job.
    ///
    /// ```
    /// use rt_deliver::{JobOutcome, State, VerifyRule};
    ///
    /// let states = [State::Verified, State::Sent];
    /// assert_eq!(JobOutcome::of(states, VerifyRule::Auto), JobOutcome::Unverified);
    /// assert_eq!(JobOutcome::of(states, VerifyRule::None), JobOutcome::Sent);
    /// ```
    #[must_use]
    pub fn of(states: impl IntoIterator<Item = State>, verify: VerifyRule) -> Self {
        let states: Vec<State> = states.into_iter().collect();
        let all = |some: &[State]| states.iter().all(|state| some.contains(state));
        let any = |state| states.contains(&state);
        if all(&[State::Verified, State::Committed]) {
            return Self::Confirmed;
        }
        if all(&[State::Verified, State::Committed, State::Sent, State::Warned]) {
            return if verify == VerifyRule::None { Self::Sent } else { Self::Unverified };
        }
        if any(State::Held) && !any(State::Failed) { Self::Held } else { Self::Failed }
    }
}

//! A job from the last look to the proof: compare with the destination, send, verify.
//!
//! Units: none. Frame: none.

use crate::deliver::deliver;
use crate::destination::Destination;
use crate::error::DeliverError;
use crate::event::Event;
use crate::facts::Facts;
use crate::job::JobResult;
use crate::precheck::precheck;
use crate::spool::Spool;
use crate::target::Target;
use crate::verify::verify;
use rt_sql::queue::State;
use std::ops::ControlFlow;

/// Sends a job that may be sent, and verifies it; of a job that is held only what was sent earlier is
/// verified. `on_event` may stop the run: what is on its way is finished, and what is not confirmed is sent
/// by the next run.
///
/// # Errors
/// Where the target is a planning system, the destination can't be asked, another program sends, or the queue
/// can't be used.
pub async fn push<D: Destination>(
    spool: &Spool,
    target: &Target<D>,
    job: i64,
    mut on_event: impl FnMut(Event<'_>) -> ControlFlow<()> + Send,
) -> Result<JobResult, DeliverError> {
    target.not_for_planning()?;
    let lock = spool.lock()?;
    let queued = spool.job(job).await?;
    let facts = Facts::from_text(job, &queued.facts)?;
    let mut warnings = [facts.fallbacks.clone(), facts.warnings.clone()].concat();
    let mut delivery = None;
    if queued.hold.is_none() && queued.count(State::Pending) > 0 {
        let checked = precheck(&target.destination, &facts).await.map_err(DeliverError::destination)?;
        warnings.extend(checked.warnings);
        if checked.holds.is_empty() {
            delivery = Some(deliver(spool, &lock, target, job, &mut on_event).await?);
        } else {
            spool.queue.hold(job, &checked.holds.join("\n  ")).await.map_err(DeliverError::queue)?;
        }
    }
    let verification = verify(spool, target, job, &mut on_event).await?;
    let mut result = JobResult::read(spool, target, job).await?;
    result.delivery = delivery;
    result.proved_by = verification.tried;
    result.warnings = [verification.notes, warnings].concat();
    Ok(result)
}

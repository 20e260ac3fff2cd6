//! A query: the destination lists the instances of each series, and the sets are compared.
//!
//! Units: seconds. Frame: none.

use super::Answer;
use crate::destination::{Destination, DestinationErrorKind, SeriesKey};
use crate::event::Event;
use crate::target::Target;
use rt_model::chain::chain;
use rt_sql::queue::QueuedInstance;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// The first pause before the destination is asked again; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(30);

/// Asks until everything is listed or the time is up: some nodes list late.
pub(super) async fn ask<D: Destination>(
    target: &Target<D>,
    instances: &[QueuedInstance],
    mut stop: bool,
    on_event: &mut (impl FnMut(Event<'_>) -> ControlFlow<()> + Send),
) -> Answer {
    let until = Instant::now() + target.verify_wait;
    let mut answer = Answer::default();
    let mut open: Vec<&QueuedInstance> = instances.iter().collect();
    let mut pause = PAUSE;
    loop {
        match target.destination.listed(&series(&open)).await {
            Ok(listed) => {
                let found = |instance: &&QueuedInstance| listed.contains(&instance.instance.sop_instance);
                answer
                    .confirmed
                    .extend(open.iter().filter(|instance| found(instance)).map(|instance| instance.number));
                open.retain(|instance| !found(instance));
                answer.note = (!open.is_empty())
                    .then(|| format!("{} instances are not listed by the node", open.len()));
            }
            Err(error) => {
                answer.note =
                    Some(format!("the node was asked for what it lists, in vain: {}", chain(&error)));
                if error.kind() == DestinationErrorKind::Permanent {
                    return answer;
                }
            }
        }
        if open.is_empty() {
            return answer;
        }
        stop |= on_event(Event::Unproved { open: open.len() }).is_break();
        if stop || Instant::now() + pause > until {
            return answer;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

/// The series that these instances belong to, each once.
fn series(instances: &[&QueuedInstance]) -> Vec<SeriesKey> {
    let key = |queued: &&QueuedInstance| {
        Some(SeriesKey { study: queued.instance.study.clone()?, series: queued.instance.series.clone()? })
    };
    instances.iter().filter_map(key).collect::<BTreeSet<_>>().into_iter().collect()
}

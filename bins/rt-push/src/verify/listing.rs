//! C-FIND: the node lists the instances of each series, and the sets are compared.
//!
//! Units: seconds. Frame: none.

use super::Answer;
use crate::config::Target;
use crate::exit::chain;
use rt_model::provenance::Tag;
use rt_model::uid::Uid;
use rt_net::{Level, NetError, Query, find};
use rt_sql::queue::QueuedInstance;
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};
use tokio::sync::watch;

const SOP_INSTANCE: Tag = Tag::new(0x0008, 0x0018);
const STUDY: Tag = Tag::new(0x0020, 0x000D);
const SERIES: Tag = Tag::new(0x0020, 0x000E);

/// The first pause before the node is asked again; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(30);

/// Asks until everything is listed or the time is up: some nodes list late.
pub(super) async fn ask(target: &Target, instances: &[QueuedInstance], stop: &watch::Receiver<bool>) -> Answer {
    let until = Instant::now() + target.verify_wait;
    let mut answer = Answer::default();
    let mut open: Vec<&QueuedInstance> = instances.iter().collect();
    let mut pause = PAUSE;
    loop {
        match listed(target, &open).await {
            Ok(listed) => {
                let found = |instance: &&QueuedInstance| listed.contains(&instance.instance.sop_instance);
                answer.confirmed.extend(open.iter().filter(|instance| found(instance)).map(|instance| instance.number));
                open.retain(|instance| !found(instance));
                answer.note = (!open.is_empty()).then(|| format!("{} instances are not listed by the node", open.len()));
            }
            Err(error) => {
                answer.note = Some(format!("the node was asked for what it lists, in vain: {}", chain(&error)));
                if !rt_net::retry::may_pass(error.kind()) {
                    return answer;
                }
            }
        }
        if open.is_empty() || *stop.borrow() || Instant::now() + pause > until {
            return answer;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

/// The instances that the node lists of the series these belong to.
async fn listed(target: &Target, instances: &[&QueuedInstance]) -> Result<HashSet<Uid>, NetError> {
    let mut series: BTreeMap<(&Uid, &Uid), usize> = BTreeMap::new();
    for queued in instances {
        if let (Some(study), Some(one)) = (&queued.instance.study, &queued.instance.series) {
            *series.entry((study, one)).or_default() += 1;
        }
    }
    let mut listed = HashSet::new();
    for (study, series) in series.into_keys() {
        let keys = vec![(STUDY, study.to_string()), (SERIES, series.to_string()), (SOP_INSTANCE, String::new())];
        let found = find(&target.node, &Query { level: Level::Image, keys }).await?;
        listed.extend(found.iter().filter_map(|found| found.uid(SOP_INSTANCE)));
    }
    Ok(listed)
}

//! Sends instances to a node: the one driver of planning, statuses and repetitions.
//!
//! Units: bytes and [`Duration`]. Frame: none.

mod feed;
mod lane;

use crate::error::{NetError, NetErrorKind};
use crate::node::Node;
use crate::retry::RetryPolicy;
use crate::status::Status;
use lane::Lane;
use rt_model::encoded::EncodedInstance;
use rt_model::uid::Uid;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// An instance that is to be sent, as far as it has to be known before it is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// SOP class.
    pub sop_class: Uid,
    /// SOP instance.
    pub sop_instance: Uid,
    /// The transfer syntaxes that it can be supplied in, the best first.
    pub transfer_syntaxes: Vec<Uid>,
    /// Its series: the instances of one series stay on one association, in order.
    pub series: Option<Uid>,
}

/// Who has the instances. Called on a thread of its own, one instance at a time per association.
pub trait Supply: Send + Sync + 'static {
    /// The instance at `index` of the items, in one of the transfer syntaxes that its item offers.
    ///
    /// # Errors
    /// Where it can't be had; the others are sent nevertheless.
    fn instance(
        &self,
        index: usize,
        transfer_syntax: &Uid,
    ) -> Result<EncodedInstance, Box<dyn std::error::Error + Send + Sync>>;
}

/// How to send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SendOptions {
    /// Associations side by side, 1 to 4.
    pub associations: usize,
    /// What is tried again.
    pub retry: RetryPolicy,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self { associations: 1, retry: RetryPolicy::PACS }
    }
}

/// What finally became of an instance. That the peer took it is not yet that it arrived for good: that takes
/// a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The peer answered success.
    Taken,
    /// The peer took it and changed or doubts something.
    TakenWithWarning {
        /// The status.
        status: Status,
        /// The peer's comment.
        comment: Option<String>,
    },
    /// The peer has an instance of this UID already.
    Duplicate {
        /// The peer's comment.
        comment: Option<String>,
    },
    /// The peer does not take it.
    Refused {
        /// The status.
        status: Status,
        /// The peer's comment.
        comment: Option<String>,
    },
    /// The peer accepts none of its transfer syntaxes, or not its SOP class.
    NoContext,
    /// It can't be had.
    NotSupplied {
        /// Why.
        problem: String,
    },
    /// The association broke each time it was sent.
    Broken {
        /// How, the last time.
        problem: String,
    },
}

/// What happens while instances are sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// An instance is done with.
    Done {
        /// Its place among the items.
        index: usize,
        /// What became of it.
        outcome: Outcome,
        /// Bytes of its data set that were sent.
        bytes: u64,
    },
    /// Nothing went on; the next try comes after a pause.
    Waiting {
        /// How long.
        pause: Duration,
        /// Why.
        error: NetError,
    },
}

/// How a run of sending ended.
#[derive(Debug)]
pub struct SendReport {
    /// Why not every instance was done with; `None` where all were.
    pub stopped: Option<NetError>,
}

/// Sends instances and tells of each. Repeats what may pass; what no event named when this returns was not
/// confirmed, and may or may not be at the peer: it has to be sent again. `on_event` may stop the run: what
/// is on its way is finished first.
pub async fn send(
    node: &Node,
    items: Vec<Item>,
    supply: Arc<dyn Supply>,
    options: &SendOptions,
    mut on_event: impl FnMut(Event) -> ControlFlow<()>,
) -> SendReport {
    let items: Arc<[Item]> = items.into();
    let (events, mut heard) = mpsc::channel(256);
    let (stop, stopped) = watch::channel(false);
    let mut lanes = JoinSet::new();
    for indices in by_series(&items, options.associations.clamp(1, 4)) {
        let lane = Lane {
            node: node.clone(),
            items: Arc::clone(&items),
            supply: Arc::clone(&supply),
            retry: options.retry,
            events: events.clone(),
            stop: stopped.clone(),
        };
        lanes.spawn(lane.run(indices));
    }
    drop(events);
    while let Some(event) = heard.recv().await {
        if on_event(event).is_break() {
            stop.send_replace(true);
        }
    }
    let mut report = SendReport { stopped: None };
    while let Some(ended) = lanes.join_next().await {
        let failure = match ended {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error,
            Err(error) => NetError::caused(NetErrorKind::Broken, error),
        };
        report.stopped.get_or_insert(failure);
    }
    report
}

/// Places of items, in order, over at most so many lanes; a series is never split.
fn by_series(items: &[Item], lanes: usize) -> Vec<Vec<usize>> {
    let mut lane_of: HashMap<Option<&Uid>, usize> = HashMap::new();
    let mut filled: Vec<Vec<usize>> = vec![Vec::new(); lanes];
    for (index, item) in items.iter().enumerate() {
        let next = lane_of.len() % lanes;
        filled[*lane_of.entry(item.series.as_ref()).or_insert(next)].push(index);
    }
    filled.retain(|lane| !lane.is_empty());
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_stays_on_one_association() {
        let item = |series: &str| Item {
            sop_class: Uid::new("1.2").unwrap(),
            sop_instance: Uid::new("1.3").unwrap(),
            transfer_syntaxes: Vec::new(),
            series: Uid::new(series),
        };
        let items = [item("1"), item("2"), item("1"), item("3"), item("2")];
        assert_eq!(by_series(&items, 2), [vec![0, 2, 3], vec![1, 4]]);
        assert_eq!(by_series(&items, 1), [vec![0, 1, 2, 3, 4]]);
        assert_eq!(by_series(&items[..1], 4), [vec![0]]);
    }
}

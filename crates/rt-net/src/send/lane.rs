//! One row of associations: each takes up where the one before ended, with what is not confirmed yet.
//!
//! Units: [`Duration`]. Frame: none.

use super::feed::{BLOCKS, Fed, Job, feed};
use super::{Event, Item, Outcome, Supply};
use crate::association::Association;
use crate::context::{self, Offer};
use crate::error::{NetError, NetErrorKind};
use crate::message::Command;
use crate::node::Node;
use crate::retry::{RetryPolicy, may_pass};
use crate::status::{Status, StoreVerdict};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// What a row of associations works with.
pub(super) struct Lane {
    pub(super) node: Node,
    pub(super) items: Arc<[Item]>,
    pub(super) supply: Arc<dyn Supply>,
    pub(super) retry: RetryPolicy,
    pub(super) events: mpsc::Sender<Event>,
    pub(super) stop: watch::Receiver<bool>,
}

/// How one association went.
#[derive(Debug, Default)]
struct Course {
    /// Instances done with.
    done: HashSet<usize>,
    /// Instances that the peer failed on; to be tried once the others are done.
    again: Vec<usize>,
    /// The instance that was on its way when the association ended before its time.
    in_flight: Option<usize>,
    /// Why it ended before its time.
    error: Option<NetError>,
    /// The peer has no room for an instance: it, and the answer.
    later: Option<(usize, NetError)>,
}

impl Lane {
    /// Sends the instances at `indices`.
    pub(super) async fn run(mut self, indices: Vec<usize>) -> Result<(), NetError> {
        let mut pending = indices;
        let mut idle_tries = 0;
        let mut breaks: HashMap<usize, u32> = HashMap::new();
        let mut failures: HashMap<usize, u32> = HashMap::new();
        while !pending.is_empty() {
            if *self.stop.borrow() {
                return Err(NetError::new(NetErrorKind::Cancelled));
            }
            let course = self.associate(&pending, &mut failures).await;
            if !course.done.is_empty() {
                idle_tries = 0;
            }
            pending.retain(|index| !course.done.contains(index) && !course.again.contains(index));
            pending.extend(&course.again);
            let pause = self.retry.wait(idle_tries, chance());
            idle_tries += 1;
            if let Some((index, error)) = course.later {
                match pause {
                    Some(pause) => self.pause(pause, error).await,
                    // Nothing went through for the whole of the waiting: this instance has had its chance.
                    None => {
                        pending.retain(|pending| *pending != index);
                        self.tell(index, refusal(error), 0).await;
                    }
                }
                continue;
            }
            let Some(error) = course.error else {
                idle_tries = 0;
                continue;
            };
            if let Some(index) = course.in_flight {
                let count = breaks.entry(index).or_default();
                *count += 1;
                if *count >= self.retry.breaks_per_instance {
                    pending.retain(|pending| *pending != index);
                    self.tell(index, Outcome::Broken { problem: error.to_string() }, 0).await;
                }
            }
            match pause {
                Some(pause) if may_pass(error.kind()) => self.pause(pause, error).await,
                _ => return Err(error),
            }
        }
        Ok(())
    }

    /// One association with as many of `pending` as it can carry.
    async fn associate(&mut self, pending: &[usize], failures: &mut HashMap<usize, u32>) -> Course {
        let mut course = Course::default();
        let offers: Vec<Offer> = pending
            .iter()
            .map(|index| &self.items[*index])
            .map(|item| Offer {
                sop_class: item.sop_class.clone(),
                transfer_syntaxes: item.transfer_syntaxes.clone(),
            })
            .collect();
        let Some(plan) = context::plan(&offers).into_iter().next() else { return course };
        let mut association = match Association::request(&self.node, plan.contexts).await {
            Ok(association) => association,
            Err(error) => {
                course.error = Some(error);
                return course;
            }
        };
        let mut jobs = Vec::new();
        for index in &pending[plan.instances] {
            match self.job(*index, &mut association) {
                Some(job) => jobs.push(job),
                None => self.done(&mut course, *index, Outcome::NoContext, 0).await,
            }
        }
        let (blocks, mut fed) = mpsc::channel(BLOCKS);
        let (used, mut recycled) = mpsc::channel(BLOCKS + 2);
        let supply = Arc::clone(&self.supply);
        let feeder = tokio::task::spawn_blocking(move || feed(jobs, &supply, &blocks, &mut recycled));
        let outcome = self.transmit(&mut association, &mut fed, &used, &mut course, failures).await;
        drop(fed);
        match outcome {
            Ok(()) => association.release().await,
            Err(error) => {
                association.abort().await;
                course.error = error;
            }
        }
        if let Err(error) = feeder.await {
            course.error.get_or_insert(NetError::caused(NetErrorKind::Broken, error));
        }
        course
    }

    /// The instance at `index` with the first of its transfer syntaxes that the peer accepts.
    fn job(&self, index: usize, association: &mut Association) -> Option<Job> {
        let item = &self.items[index];
        let (context, transfer_syntax) = item.transfer_syntaxes.iter().find_map(|syntax| {
            let agreed = association.contexts.iter().find(|context| {
                context.abstract_syntax == item.sop_class.as_str()
                    && context.transfer_syntax == syntax.as_str()
            })?;
            Some((agreed.id, syntax.clone()))
        })?;
        Some(Job {
            index,
            message_id: association.next_message_id(),
            sop_class: item.sop_class.clone(),
            sop_instance: item.sop_instance.clone(),
            transfer_syntax,
            layout: association.layout(context),
        })
    }

    /// Writes what is fed and hears the answers. `Err(None)`: the association has to end, and nobody is to
    /// blame.
    async fn transmit(
        &mut self,
        association: &mut Association,
        fed: &mut mpsc::Receiver<Fed>,
        used: &mpsc::Sender<Vec<u8>>,
        course: &mut Course,
        failures: &mut HashMap<usize, u32>,
    ) -> Result<(), Option<NetError>> {
        let mut current = None;
        while let Some(next) = fed.recv().await {
            let (bytes, ends) = match next {
                Fed::Failed { index, problem, begun } => {
                    self.done(course, index, Outcome::NotSupplied { problem }, 0).await;
                    if begun {
                        return Err(None);
                    }
                    continue;
                }
                Fed::Block { bytes, begins, ends } => {
                    if let Some(job) = begins {
                        if *self.stop.borrow() {
                            return Ok(());
                        }
                        current = Some(job);
                    }
                    (bytes, ends)
                }
            };
            let Some(job) = &current else { continue };
            course.in_flight = Some(job.index);
            association.write(&bytes).await?;
            // Only a full channel refuses it, and then it is not needed.
            let _ = used.try_send(bytes);
            let Some(size) = ends else { continue };
            let response = association.response(job.message_id).await?;
            course.in_flight = None;
            let (index, status) = (job.index, self.check(association, job, &response)?);
            let comment = response.comment();
            let outcome = match status.store_verdict() {
                StoreVerdict::Taken => Outcome::Taken,
                StoreVerdict::TakenWithWarning => Outcome::TakenWithWarning { status, comment },
                StoreVerdict::Duplicate => Outcome::Duplicate { comment },
                StoreVerdict::Refused => Outcome::Refused { status, comment },
                StoreVerdict::Again => {
                    let count = failures.entry(index).or_default();
                    *count += 1;
                    if *count < self.retry.failures_per_instance {
                        course.again.push(index);
                        continue;
                    }
                    Outcome::Refused { status, comment }
                }
                StoreVerdict::Later => {
                    course.later = Some((index, answered(status, comment, &self.node)));
                    return Ok(());
                }
                StoreVerdict::Stop => {
                    let error = answered(status, comment.clone(), &self.node);
                    self.done(course, index, Outcome::Refused { status, comment }, size).await;
                    return Err(Some(error));
                }
            };
            self.done(course, index, outcome, size).await;
        }
        Ok(())
    }

    /// The response's status, after its identifiers were compared with the request's where it has them.
    fn check(&self, association: &Association, job: &Job, response: &Command) -> Result<Status, NetError> {
        if response.sop_instance().is_some_and(|answered| answered != job.sop_instance) {
            return Err(association
                .wrong(format!("expected the answer for instance {}, found another's", job.sop_instance)));
        }
        response.status().ok_or_else(|| association.wrong("expected a status in the response, found none"))
    }

    async fn done(&self, course: &mut Course, index: usize, outcome: Outcome, bytes: u64) {
        course.done.insert(index);
        self.tell(index, outcome, bytes).await;
    }

    async fn tell(&self, index: usize, outcome: Outcome, bytes: u64) {
        // Whoever started the run listens to its end.
        let _ = self.events.send(Event::Done { index, outcome, bytes }).await;
    }

    async fn pause(&mut self, pause: Duration, error: NetError) {
        let _ = self.events.send(Event::Waiting { pause, error }).await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = self.stop.wait_for(|stop| *stop) => {}
        }
    }
}

fn answered(status: Status, comment: Option<String>, node: &Node) -> NetError {
    NetError::new(NetErrorKind::Status { status, comment }).at_peer(&node.to_string())
}

fn refusal(error: NetError) -> Outcome {
    match error.kind() {
        NetErrorKind::Status { status, comment } => {
            Outcome::Refused { status: *status, comment: comment.clone() }
        }
        _ => Outcome::Broken { problem: error.to_string() },
    }
}

/// A number from 0 to 1: the keys of the standard library's hash maps are random, and nothing better is
/// needed here.
fn chance() -> f64 {
    RandomState::new().hash_one(0) as f64 / u64::MAX as f64
}

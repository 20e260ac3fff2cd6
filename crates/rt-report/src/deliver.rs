//! The JSON report of a push: a contract. Within version 1 fields are only ever added.
//!
//! Units: in the field names. Frame: none.

use crate::engine::Engine;
use rt_deliver::{JobOutcome, JobResult, QueuedInstance, State};
use serde::Serialize;
use std::collections::BTreeMap;

/// Schema of [`PushReport`].
pub const PUSH_SCHEMA: &str = "dosebridge.push-report/1";

/// What became of a job.
#[derive(Debug, Clone, Serialize)]
pub struct PushReport {
    /// [`PUSH_SCHEMA`].
    pub schema: &'static str,
    /// What made the report.
    pub engine: Engine,
    /// The job's number in the queue.
    pub job: i64,
    /// What it is.
    pub title: String,
    /// The node as the user named it.
    pub node: String,
    /// `AE@host:port`.
    pub address: String,
    /// `confirmed`: the node lists or commits to all of it; `sent`: it took all of it, unverified as the
    /// configuration says;
    /// `unverified`: it took all of it and nothing proves that it kept it; `held`; `failed`: some of it.
    pub outcome: PushOutcome,
    /// The run ended before everything was tried.
    pub interrupted: bool,
    /// Why it is held, or why the run ended.
    pub reason: Option<String>,
    /// Instances that were sent in this run.
    pub sent_now: usize,
    /// Their size.
    pub sent_now_mb: f64,
    /// How long sending took.
    pub seconds: f64,
    /// The ways of verifying that were tried.
    pub verified_by: Vec<&'static str>,
    /// Its series.
    pub series: Vec<SeriesReport>,
    /// Instances that the node did not take, or took with a warning.
    pub problems: Vec<ProblemReport>,
    /// What else there is to know: fall-backs, differences in names, answers that are still to come.
    pub warnings: Vec<String>,
}

/// What became of a job as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PushOutcome {
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

/// A series of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SeriesReport {
    /// Series Instance UID.
    pub series_instance_uid: Option<String>,
    /// SOP class of its first instance.
    pub sop_class_uid: String,
    /// Instances.
    pub instances: usize,
    /// Size of the data sets.
    pub bytes: u64,
    /// Instances by state.
    pub states: BTreeMap<&'static str, usize>,
}

/// An instance with something to say about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProblemReport {
    /// SOP Instance UID.
    pub sop_instance_uid: String,
    /// Its state.
    pub state: &'static str,
    /// The node's last status, four hexadecimal digits.
    pub status: Option<String>,
    /// What was reported, and what to do.
    pub text: String,
}

impl From<&JobResult> for PushReport {
    fn from(result: &JobResult) -> Self {
        let (job, delivery) = (&result.job, result.delivery.as_ref());
        Self {
            schema: PUSH_SCHEMA,
            engine: Engine::current(),
            job: job.id,
            title: job.title.clone(),
            node: job.node.clone(),
            address: result.address.clone(),
            outcome: result.outcome.into(),
            interrupted: result.stopped().is_some(),
            reason: result.reason(),
            sent_now: delivery.map_or(0, |delivery| delivery.sent),
            sent_now_mb: delivery.map_or(0.0, |delivery| delivery.bytes as f64 / 1e6),
            seconds: delivery.map_or(0.0, |delivery| delivery.elapsed.as_secs_f64()),
            verified_by: result.proved_by.iter().map(|proof| proof.as_str()).collect(),
            series: series(&result.instances),
            problems: problems(&result.instances),
            warnings: result.warnings.clone(),
        }
    }
}

impl From<JobOutcome> for PushOutcome {
    fn from(outcome: JobOutcome) -> Self {
        match outcome {
            JobOutcome::Confirmed => Self::Confirmed,
            JobOutcome::Sent => Self::Sent,
            JobOutcome::Unverified => Self::Unverified,
            JobOutcome::Held => Self::Held,
            JobOutcome::Failed => Self::Failed,
        }
    }
}

fn series(instances: &[QueuedInstance]) -> Vec<SeriesReport> {
    let mut all: Vec<SeriesReport> = Vec::new();
    for queued in instances {
        let uid = queued.instance.series.as_ref().map(ToString::to_string);
        let at = all.iter().position(|series| series.series_instance_uid == uid).unwrap_or_else(|| {
            let sop_class_uid = queued.instance.sop_class.to_string();
            all.push(SeriesReport { series_instance_uid: uid, sop_class_uid, ..SeriesReport::default() });
            all.len() - 1
        });
        let series = &mut all[at];
        series.instances += 1;
        series.bytes += queued.instance.len;
        *series.states.entry(queued.state.as_str()).or_default() += 1;
    }
    all
}

fn problems(instances: &[QueuedInstance]) -> Vec<ProblemReport> {
    let reported =
        instances.iter().filter(|instance| instance.state == State::Failed || instance.last_text.is_some());
    reported
        .map(|instance| ProblemReport {
            sop_instance_uid: instance.instance.sop_instance.to_string(),
            state: instance.state.as_str(),
            status: instance.last_status.map(|status| format!("{status:04X}")),
            text: instance.last_text.clone().unwrap_or_default(),
        })
        .collect()
}

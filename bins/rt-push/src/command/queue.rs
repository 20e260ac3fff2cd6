//! `rt-push queue`, `rt-push verify`, `rt-push release`: jobs of the queue.
//!
//! Units: none. Frame: none.

use super::failure::delivery;
use super::push::{print, push};
use super::{runtime, user};
use crate::cli::{QueueAction, QueueArgs, ReleaseArgs, VerifyArgs};
use crate::config::{Layer, find_target};
use crate::view::table;
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_deliver::{Job, JobResult, Release, Spool, State};

/// Lists, shows, retries or drops jobs.
pub(crate) fn run(args: &QueueArgs, layer: &Layer) -> Result<Exit, Failure> {
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await.map_err(delivery)?;
        match &args.action {
            QueueAction::List => {
                output::print(&table::jobs(&spool.jobs().await.map_err(delivery)?), false);
                Ok(Exit::Done)
            }
            QueueAction::Show { job, json } => {
                let queued = spool.job(*job).await.map_err(delivery)?;
                let target = find_target(&queued.node, &layer.pacs, true)?;
                print(&JobResult::read(&spool, &target, *job).await.map_err(delivery)?, json.as_deref())?;
                Ok(Exit::Done)
            }
            QueueAction::Retry { job, unverified } => {
                let count = spool.retry(*job, *unverified).await.map_err(delivery)?;
                println!("job {job}: {count} instances are pending again");
                let queued = spool.job(*job).await.map_err(delivery)?;
                push(&spool, &find_target(&queued.node, &layer.pacs, true)?, *job, None).await
            }
            QueueAction::Drop { job, reason } => {
                let reason = reason.as_deref().unwrap_or("no reason given");
                if let Some(kept) = spool.drop_job(*job, &user(), reason).await.map_err(delivery)? {
                    eprintln!("rt-push: {}: {}", kept.path.display(), kept.error);
                }
                println!("job {job} was dropped");
                Ok(Exit::Done)
            }
        }
    })
}

/// Verifies jobs that are sent and not confirmed, and sends what is pending of them.
pub(crate) fn verify(args: &VerifyArgs, layer: &Layer) -> Result<Exit, Failure> {
    if let Some(path) = &args.json {
        if args.job.is_none() {
            return Err(Failure::usage("--json needs a job"));
        }
        output::check(path)?;
    }
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await.map_err(delivery)?;
        let open =
            |job: &Job| job.count(State::Sent) + job.count(State::Warned) + job.count(State::Pending) > 0;
        let jobs: Vec<i64> = match args.job {
            Some(job) => vec![job],
            None => spool
                .jobs()
                .await
                .map_err(delivery)?
                .iter()
                .filter(|job| open(job))
                .map(|job| job.id)
                .collect(),
        };
        let mut worst = Exit::Done;
        for job in jobs {
            let queued = spool.job(job).await.map_err(delivery)?;
            let target = find_target(&queued.node, &layer.pacs, true)?;
            let exit = push(&spool, &target, job, args.json.as_deref()).await?;
            if exit.number() > worst.number() {
                worst = exit;
            }
        }
        Ok(worst)
    })
}

/// Releases a held job on somebody's word and sends it.
pub(crate) fn release(args: &ReleaseArgs, layer: &Layer) -> Result<Exit, Failure> {
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await.map_err(delivery)?;
        let job = spool.job(args.job).await.map_err(delivery)?;
        let target = find_target(&job.node, &layer.pacs, false)?;
        target.not_for_planning().map_err(delivery)?;
        let name = args.name.trim();
        if name.is_empty() {
            return Err(Failure::usage("--as: expected the name of whoever looked at the contact sheet"));
        }
        if !spool.release(args.job, Release::LookedAt { name, user: &user() }).await.map_err(delivery)? {
            return Err(Failure::usage(format!("job {} is not held", args.job)));
        }
        push(&spool, &target, args.job, args.json.as_deref()).await
    })
}

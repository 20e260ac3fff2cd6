//! `rt-push queue`, `rt-push verify`, `rt-push release`: jobs of the queue.
//!
//! Units: none. Frame: none.

use super::runtime;
use crate::cli::{QueueAction, QueueArgs, ReleaseArgs, VerifyArgs};
use crate::config::{Layer, Target};
use crate::exit::{Exit, Failure, chain};
use crate::push;
use crate::spool::{Spool, user};
use crate::table::table;
use rt_cli::output;
use rt_sql::queue::{Job, State};

fn failed(error: rt_sql::SqlError) -> Failure {
    Failure::stopped(chain(&error))
}

/// Lists, shows, retries or drops jobs.
///
/// # Errors
/// Where the queue can't be used, or there is no such job.
pub fn run(args: &QueueArgs, layer: &Layer) -> Result<Exit, Failure> {
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await?;
        match &args.action {
            QueueAction::List => list(&spool).await,
            QueueAction::Show { job, json } => {
                let queued = spool.job(*job).await?;
                let target = Target::find(&queued.node, &layer.pacs, true)?;
                let report = push::report(&spool, &target, *job, None).await?;
                push::print(&report, json.as_deref())?;
                Ok(Exit::Done)
            }
            QueueAction::Retry { job, unverified } => {
                spool.job(*job).await?;
                let count = spool.queue.retry(*job, *unverified).await.map_err(failed)?;
                println!("job {job}: {count} instances are pending again");
                let queued = spool.job(*job).await?;
                let target = Target::find(&queued.node, &layer.pacs, true)?;
                push::push(&spool, &target, *job, None).await
            }
            QueueAction::Drop { job, reason } => drop_job(&spool, *job, reason.as_deref().unwrap_or("no reason given")).await,
        }
    })
}

async fn list(spool: &Spool) -> Result<Exit, Failure> {
    let jobs = spool.queue.jobs().await.map_err(failed)?;
    let mut rows = table(&["job", "queued (UTC)", "node", "what", "instances", "state"], &[0, 4]);
    for job in &jobs {
        rows.add_row([
            job.id.to_string(),
            job.created.chars().take(16).collect(),
            job.node.clone(),
            job.title.clone(),
            job.total().to_string(),
            state(job),
        ]);
    }
    output::print(&format!("{}\n", rows.trim_fmt()), false);
    Ok(Exit::Done)
}

fn state(job: &Job) -> String {
    let counts = State::ALL.into_iter().filter(|state| job.count(*state) > 0);
    let counts: Vec<String> = counts.map(|state| format!("{} {}", job.count(state), state.as_str())).collect();
    counts.join(", ")
}

async fn drop_job(spool: &Spool, id: i64, reason: &str) -> Result<Exit, Failure> {
    let _lock = spool.lock()?;
    spool.job(id).await?;
    let instances = spool.queue.instances(id).await.map_err(failed)?;
    spool.queue.remove(id, &user(), reason).await.map_err(failed)?;
    // What was prepared goes with its job; files of the user stay where they are.
    let prepared =
        instances.first().and_then(|first| first.instance.path.parent()).filter(|folder| folder.starts_with(spool.folder()));
    if let Some(folder) = prepared
        && let Err(error) = std::fs::remove_dir_all(folder)
    {
        eprintln!("rt-push: {}: {error}", folder.display());
    }
    println!("job {id} was dropped");
    Ok(Exit::Done)
}

/// Verifies jobs that are sent and not confirmed, and sends what is pending of them.
///
/// # Errors
/// Where the queue or a node can't be used.
pub fn verify(args: &VerifyArgs, layer: &Layer) -> Result<Exit, Failure> {
    if let Some(path) = &args.json {
        if args.job.is_none() {
            return Err(Failure::usage("--json needs a job"));
        }
        output::check(path)?;
    }
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await?;
        let open = |job: &Job| job.count(State::Sent) + job.count(State::Warned) + job.count(State::Pending) > 0;
        let ids: Vec<i64> = match args.job {
            Some(id) => vec![id],
            None => spool.queue.jobs().await.map_err(failed)?.iter().filter(|job| open(job)).map(|job| job.id).collect(),
        };
        let mut worst = Exit::Done;
        for id in ids {
            let job = spool.job(id).await?;
            let target = Target::find(&job.node, &layer.pacs, true)?;
            let exit = push::push(&spool, &target, id, args.json.as_deref()).await?;
            if exit.number() > worst.number() {
                worst = exit;
            }
        }
        Ok(worst)
    })
}

/// Releases a held job on somebody's word and sends it.
///
/// # Errors
/// Where there is no such job, or it is not held.
pub fn release(args: &ReleaseArgs, layer: &Layer) -> Result<Exit, Failure> {
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await?;
        let job = spool.job(args.job).await?;
        let target = Target::find(&job.node, &layer.pacs, false)?;
        target.not_for_planning()?;
        let name = args.name.trim();
        if name.is_empty() {
            return Err(Failure::usage("--as: expected the name of whoever looked at the contact sheet"));
        }
        let reason = format!("contact sheet looked at; released by user {}", user());
        if !spool.queue.release(args.job, name, &reason).await.map_err(failed)? {
            return Err(Failure::usage(format!("job {} is not held", args.job)));
        }
        push::push(&spool, &target, args.job, args.json.as_deref()).await
    })
}

//! `rt-push prepare`, `rt-push case`: a case into the queue, held, with a contact sheet.
//!
//! Units: MB. Frame: none.

use super::export::request;
use super::failure::{delivery, source};
use super::push::{exit, print, push};
use super::{runtime, user};
use crate::cli::CaseArgs;
use crate::config::{Layer, Settings, find_target};
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_deliver::{CaseFolder, JobResult, PrepareOptions, Prepared, Release, Spool, Target, prepare};
use rt_export::case::ExportCase;
use rt_export::gate::Permissions;
use std::io::{BufRead, IsTerminal, Write};

/// A job that was prepared, with what it takes to send it.
struct Held {
    spool: Spool,
    target: Target,
    prepared: Prepared,
}

/// Prepares a case and leaves it held, unless the node releases such cases by itself.
pub(crate) fn run(args: &CaseArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = find_target(&args.node, &layer.pacs, false)?;
    let (options, case) = load(args, layer, &target)?;
    runtime()?.block_on(async {
        let held = queue(target, &case, &options, args).await?;
        if held.prepared.releases_itself {
            held.release(Release::ByRule, args).await
        } else {
            held.show(args).await
        }
    })
}

/// Prepares a case, shows it, asks, and sends it on a yes.
pub(crate) fn ask(args: &CaseArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = find_target(&args.node, &layer.pacs, false)?;
    let (options, case) = load(args, layer, &target)?;
    runtime()?.block_on(async {
        let held = queue(target, &case, &options, args).await?;
        let left_held = held.show(args).await?;
        if !held.prepared.may_be_released || !std::io::stdin().is_terminal() {
            return Ok(left_held);
        }
        eprint!(
            "look at {}\nyour name to release it, nothing to leave it held: ",
            held.prepared.sheet.display()
        );
        let mut name = String::new();
        let read = std::io::stderr().flush().and_then(|()| std::io::stdin().lock().read_line(&mut name));
        if read.is_err() || name.trim().is_empty() {
            return Ok(left_held);
        }
        held.release(Release::LookedAt { name: name.trim(), user: &user() }, args).await
    })
}

/// Prepares a case that is left held whatever the node's rules say.
pub(super) fn hold(args: &CaseArgs, layer: &Layer, target: Target) -> Result<Exit, Failure> {
    let (options, case) = load(args, layer, &target)?;
    runtime()?.block_on(async { queue(target, &case, &options, args).await?.show(args).await })
}

fn load(args: &CaseArgs, layer: &Layer, target: &Target) -> Result<(PrepareOptions, ExportCase), Failure> {
    target.not_for_planning().map_err(delivery)?;
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    let study = target.study_choice(args.test).map_err(delivery)?;
    let mut layer = layer.clone();
    if args.products.products.is_empty()
        && let Some(products) = &target.products
    {
        layer.export.products = Some(products.iter().map(|product| product.as_str().to_owned()).collect());
    }
    let settings = Settings::new(&layer)?;
    let mut options = PrepareOptions::new(settings.products, settings.making);
    (options.max_mb, options.is_test) = (args.max_mb, args.test);
    options.check(target).map_err(delivery)?;
    let permissions = Permissions { unapproved: settings.allow_unapproved, identity_removed: false };
    let mut request = request(&args.source, permissions)?;
    request.export.study = study;
    request.export.test = args.test;
    let case =
        CaseFolder::read(&args.case, &request).and_then(|folder| folder.load(&request)).map_err(source)?;
    Ok((options, case))
}

async fn queue(
    target: Target,
    case: &ExportCase,
    options: &PrepareOptions,
    args: &CaseArgs,
) -> Result<Held, Failure> {
    let spool = Spool::open(&args.queue.queue).await.map_err(delivery)?;
    let prepared = prepare(&spool, &target, case, options).await.map_err(delivery)?;
    Ok(Held { spool, target, prepared })
}

impl Held {
    async fn show(&self, args: &CaseArgs) -> Result<Exit, Failure> {
        let Self { spool, target, prepared } = self;
        let mut result = JobResult::read(spool, target, prepared.job).await.map_err(delivery)?;
        result.warnings.clone_from(&prepared.warnings);
        print(&result, args.json.as_deref())?;
        eprintln!("contact sheet: {}", prepared.sheet.display());
        if prepared.may_be_released {
            eprintln!("release it with: rt-push release {} --as NAME", prepared.job);
        }
        Ok(exit(&result))
    }

    async fn release(&self, release: Release<'_>, args: &CaseArgs) -> Result<Exit, Failure> {
        let job = self.prepared.job;
        self.spool.release(job, release).await.map_err(delivery)?;
        push(&self.spool, &self.target, job, args.json.as_deref()).await
    }
}

//! `rt-push send`: any DICOM files to a node.
//!
//! Units: none. Frame: none.

use super::failure::{delivery, source};
use super::push::push;
use super::runtime;
use crate::cli::SendArgs;
use crate::config::{Layer, find_target};
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_deliver::{DeliverErrorKind, FileNotice, FileSet, Spool};
use std::io::{BufRead, IsTerminal, Write};

/// Queues the files and sends them. Files that an unfinished job of this node has already are not queued
/// twice.
pub(crate) fn run(args: &SendArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = find_target(&args.node, &layer.pacs, true)?;
    target.not_for_planning().map_err(delivery)?;
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    let files = FileSet::read(&args.paths).map_err(source)?;
    for notice in files.notices() {
        match notice {
            FileNotice::Unreadable(finding) => eprintln!("{finding}"),
            FileNotice::Copy { path, first } => {
                eprintln!(
                    "rt-push: {}: the same SOP instance as {}: left out",
                    path.display(),
                    first.display()
                );
            }
            _ => {}
        }
    }
    if files.is_empty() {
        return Err(Failure::usage("no DICOM file in what was named"));
    }
    let agreed = args.yes || agree(&files, &args.node)?;
    files.check(agreed).map_err(delivery)?;
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await.map_err(delivery)?;
        let job = match files.known_job(&spool, &args.node).await.map_err(delivery)? {
            Some(job) if !args.again => {
                eprintln!("rt-push: these files are job {} of the queue already: what is not confirmed of it is sent", job.id);
                job.id
            }
            _ => files.queue(&spool, &args.node, agreed).await.map_err(delivery)?,
        };
        let exit = push(&spool, &target, job, args.json.as_deref()).await?;
        Ok(if exit == Exit::Done && files.unreadable() > 0 { Exit::SomeRefused } else { exit })
    })
}

/// Asks about files of several patients, where there are such and a user can answer.
fn agree(files: &FileSet, node: &str) -> Result<bool, Failure> {
    let question = match files.check(false) {
        Err(error) if error.kind() == DeliverErrorKind::SeveralPatients && std::io::stdin().is_terminal() => {
            error
        }
        _ => return Ok(false),
    };
    eprint!("{question}\nsend all of them to {node}? [y/N] ");
    let mut answer = String::new();
    std::io::stderr()
        .flush()
        .and_then(|()| std::io::stdin().lock().read_line(&mut answer))
        .map(drop)
        .unwrap_or_default();
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(true),
        _ => Err(Failure::usage("nothing was sent")),
    }
}

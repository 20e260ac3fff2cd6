//! `rt-push send`: any DICOM files to a node.
//!
//! Units: none. Frame: none.

use super::runtime;
use crate::cli::SendArgs;
use crate::config::{Layer, Target};
use crate::exit::{Exit, Failure, chain};
use crate::facts::Facts;
use crate::push;
use crate::spool::Spool;
use rayon::prelude::*;
use rt_cli::output;
use rt_model::finding::Severity;
use rt_model::instance::InstanceInfo;
use rt_model::read::{ScanOptions, scan, stored_instance};
use rt_sql::queue::{Job, NewInstance, NewJob};
use std::collections::HashMap;
use std::io::{BufRead, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Queues the files and sends them. Files that an unfinished job of this node has already are not queued twice.
///
/// # Errors
/// Where a path can't be read, files are of several patients and nobody agreed, or the node or the queue can't be used.
pub fn run(args: &SendArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = Target::find(&args.node, &layer.pacs, true)?;
    target.not_for_planning()?;
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    let files = Files::read(&args.paths)?;
    files.check(args)?;
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await?;
        let id = match known(&spool, &args.node, &files.instances).await? {
            Some(job) if !args.again => {
                eprintln!("rt-push: these files are job {} of the queue already: what is not confirmed of it is sent", job.id);
                job.id
            }
            _ => add(&spool, args, &files).await?,
        };
        let exit = push::push(&spool, &target, id, args.json.as_deref()).await?;
        Ok(if exit == Exit::Done && files.unreadable > 0 { Exit::SomeRefused } else { exit })
    })
}

/// The files that are to be sent.
struct Files {
    instances: Vec<NewInstance>,
    facts: Facts,
    /// Files that claim to be DICOM and can't be read.
    unreadable: usize,
    without_identity: usize,
}

impl Files {
    fn read(paths: &[PathBuf]) -> Result<Self, Failure> {
        let paths: Vec<PathBuf> = paths
            .iter()
            .map(|path| std::path::absolute(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display()))))
            .collect::<Result<_, _>>()?;
        let inventory = scan(&paths, &ScanOptions::default(), &|_| ControlFlow::Continue(()))
            .map_err(|error| Failure::usage(chain(&error)))?;
        let mut unreadable = 0;
        for rejected in inventory.rejected.iter().filter(|rejected| rejected.finding.severity == Severity::Error) {
            unreadable += 1;
            eprintln!("{}", rejected.finding);
        }
        let read: Vec<_> = inventory.instances.par_iter().map(|instance| stored_instance(&instance.info.path)).collect();
        let mut files = Self { instances: Vec::new(), facts: Facts::default(), unreadable, without_identity: 0 };
        let mut places: HashMap<_, PathBuf> = HashMap::new();
        for one in read {
            let (info, encoded) = match one {
                Ok(one) => one,
                Err(error) => {
                    files.unreadable += 1;
                    eprintln!("{}", error.finding());
                    continue;
                }
            };
            // Copies of one instance are common; the node would take the first as well.
            if let Some(first) = places.get(&info.sop_instance) {
                eprintln!("rt-push: {}: the same SOP instance as {}: left out", info.path.display(), first.display());
                continue;
            }
            places.insert(info.sop_instance.clone(), info.path.clone());
            files.without_identity += usize::from(info.patient.identity_removed);
            files.facts.add(&info);
            files.instances.push(new_instance(&info, &encoded, None)?);
        }
        if files.instances.is_empty() {
            return Err(Failure::usage("no DICOM file in what was named"));
        }
        Ok(files)
    }

    fn check(&self, args: &SendArgs) -> Result<(), Failure> {
        if self.without_identity > 0 {
            return Err(Failure::usage(format!(
                "{} files say that the patient's identity was removed: they belong on no PACS",
                self.without_identity
            )));
        }
        let patients = self.facts.patient_ids();
        if patients.len() < 2 || args.yes {
            return Ok(());
        }
        let question = format!("these files are of {} patients: {}", patients.len(), patients.join(", "));
        if !std::io::stdin().is_terminal() {
            return Err(Failure::usage(format!("{question}; agree with --yes")));
        }
        eprint!("{question}\nsend all of them to {}? [y/N] ", args.node);
        let mut answer = String::new();
        std::io::stderr().flush().and_then(|()| std::io::stdin().lock().read_line(&mut answer)).map(drop).unwrap_or_default();
        match answer.trim() {
            "y" | "Y" | "yes" => Ok(()),
            _ => Err(Failure::usage("nothing was sent")),
        }
    }
}

/// An instance for the queue.
///
/// # Errors
/// Where the body is in memory: only files are queued.
pub fn new_instance(
    info: &InstanceInfo,
    encoded: &rt_model::encoded::EncodedInstance,
    sha256: Option<String>,
) -> Result<NewInstance, Failure> {
    let rt_model::encoded::Body::File { path, offset, len } = &encoded.body else {
        return Err(Failure::stopped(format!("[{}]: expected an instance in a file, found one in memory", info.sop_instance)));
    };
    Ok(NewInstance {
        sop_class: encoded.sop_class.clone(),
        sop_instance: encoded.sop_instance.clone(),
        series: info.series_instance.clone(),
        study: info.study.instance_uid.clone(),
        transfer_syntax: encoded.transfer_syntax.clone(),
        path: path.clone(),
        offset: *offset,
        len: *len,
        sha256,
    })
}

/// The latest job of this node with the same files.
async fn known(spool: &Spool, node: &str, instances: &[NewInstance]) -> Result<Option<Job>, Failure> {
    let failed = |error: rt_sql::SqlError| Failure::stopped(chain(&error));
    let jobs = spool.queue.jobs().await.map_err(failed)?;
    for job in jobs.into_iter().rev().filter(|job| job.node == node && job.total() == instances.len() as u64) {
        let queued = spool.queue.instances(job.id).await.map_err(failed)?;
        if queued.iter().map(|queued| &queued.instance).eq(instances) {
            return Ok(Some(job));
        }
    }
    Ok(None)
}

async fn add(spool: &Spool, args: &SendArgs, files: &Files) -> Result<i64, Failure> {
    let facts = serde_json::to_string(&files.facts).map_err(|error| Failure::stopped(error.to_string()))?;
    let title = format!("{} files of {}", files.instances.len(), files.facts.patient_ids().join(", "));
    let job = NewJob { node: args.node.clone(), title, facts, hold: None, instances: files.instances.clone() };
    spool.queue.add(job).await.map_err(|error| Failure::stopped(chain(&error)))
}

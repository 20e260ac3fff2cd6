//! The import: scan, match; then case by case compute, and store while the next ones are computed.
//!
//! Reading and computing run on a pool of threads of their own, a few cases at a time with their ROIs in
//! parallel; the next case begins as soon as one is finished. A bounded channel leads to the one task that
//! talks to the sink, in the order of the cases whatever the number of threads.
//!
//! Units: none. Frame: none.

use crate::cancel::Cancel;
use crate::case::{IngestedCase, Outcome};
use crate::error::{Cause, IngestError};
use crate::importer::Importer;
use crate::pool::in_pool;
use crate::record::{case_record, columns};
use crate::sink::{Content, Sink, SinkError, SinkErrorKind, StoredCase};
use crate::unmatched::UnmatchedFile;
use crate::window::{Limits, in_order};
use rt_case::{CaseError, CaseErrorKind, CaseOptions, evaluate, prepare};
use rt_model::finding::Finding;
use rt_model::finding::matching::SELECTION_UNUSED;
use rt_model::instance::Inventory;
use rt_model::matching::{CaseMatch, Matching, match_cases};
use rt_model::provenance::Provenance;
use rt_model::read::{ScanOptions, compare_duplicates, scan};
use rt_model::uid::Uid;
use rt_sql::digest_text;
use rt_sql::record::CaseRecord;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;

/// What to import and how.
#[derive(Debug, Clone)]
pub struct Job {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// How.
    pub options: CaseOptions,
    /// Threads; 0 is as many as the computer has.
    pub threads: usize,
    /// Only cases that one of these files is part of, and of unmatched files only these; `None` for all.
    pub only: Option<HashSet<PathBuf>>,
    /// Do not compute a content again that the sink has.
    pub skip_stored: bool,
}

impl Job {
    /// A job on everything at `paths`, on as many threads as the computer has.
    #[must_use]
    pub const fn new(paths: Vec<PathBuf>, options: CaseOptions) -> Self {
        Self { paths, options, threads: 0, only: None, skip_stored: false }
    }

    fn concerns(&self, path: &Path) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(path))
    }
}

/// What happens during an import.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// Headers are being read.
    Scanned {
        /// Files read.
        done: usize,
        /// Files there are.
        files: usize,
    },
    /// A case is finished: stored, or not.
    Case {
        /// Cases finished before it.
        done: usize,
        /// Cases there are.
        cases: usize,
        /// The case.
        case: Box<IngestedCase>,
    },
}

/// An import that came to an end.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Ingested {
    /// Every file that is in no case, by path.
    pub unmatched: Vec<UnmatchedFile>,
    /// What concerns the import as a whole.
    pub findings: Vec<Finding>,
    /// Why it ended before its last case, if it did.
    pub ended: Option<Ended>,
}

/// Why an import ended early. What is stored is whole; the next import does the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The user asked to stop.
    Cancelled,
    /// The sink is gone; why.
    SinkLost(String),
}

/// Cases that are computed at the same time at most: while one reads its files the others keep the processors
/// busy, and each holds its dose and contours in memory.
const AT_ONCE: usize = 4;
/// Cases that are begun and not on their way to the sink at most: so many wait for a slow one before them.
const AHEAD: usize = 12;
/// Cases that wait for the sink at most, without their doses and contours.
const WAITING: usize = 8;

/// A case on its way to the sink.
struct Computed {
    case: Box<IngestedCase>,
    record: Option<Box<CaseRecord>>,
    /// The record is of a content that the sink has, without ROIs.
    known: bool,
}

/// What the working threads report.
enum Message {
    Scanned { done: usize, files: usize },
    Case { cases: usize, computed: Computed },
}

/// What the working threads leave behind.
type Remainder = (Vec<UnmatchedFile>, Vec<Finding>);

/// Imports a job into a sink. Runs on a tokio runtime of any kind; the work is done on threads of its own.
///
/// # Errors
/// If it cannot begin: a path is absent or cannot be listed, the sink cannot be asked, threads cannot be had,
/// or the user asked to stop before cases were known.
pub async fn ingest<S: Sink>(
    job: Job,
    sink: &mut S,
    cancel: &Cancel,
    on_event: &mut impl FnMut(Event) -> ControlFlow<()>,
) -> Result<Ingested, IngestError> {
    if let Some(absent) = job.paths.iter().find(|path| !path.exists()) {
        return Err(Cause::Absent(absent.clone()).into());
    }
    let known =
        if job.skip_stored { sink.stored_contents().await.map_err(Cause::Sink)? } else { HashSet::new() };
    let job = Arc::new(job);
    let (sender, mut receiver) = mpsc::channel::<Message>(WAITING);
    let worker = {
        let (cancel, job) = (cancel.clone(), Arc::clone(&job));
        tokio::task::spawn_blocking(move || in_pool(job.threads, || work(&job, &cancel, &known, &sender)))
    };
    let mut done = 0;
    let mut lost: Option<String> = None;
    while let Some(message) = receiver.recv().await {
        let event = match message {
            Message::Scanned { done, files } => Event::Scanned { done, files },
            // What was not stored before the stop is left to the next import.
            Message::Case { computed, .. }
                if computed.record.is_some() && lost.is_none() && cancel.is_set() =>
            {
                continue;
            }
            Message::Case { cases, computed } => {
                let case = finish(sink, computed, &mut lost).await;
                done += 1;
                Event::Case { done: done - 1, cases, case }
            }
        };
        if on_event(event).is_break() {
            cancel.set();
        }
    }
    let worker = worker.await.map_err(|error| Cause::Worker(error.to_string()))?;
    let (unmatched, findings) = worker.flatten()?;
    let ended = if cancel.is_set() { Some(Ended::Cancelled) } else { lost.map(Ended::SinkLost) };
    Ok(Ingested { unmatched, findings, ended })
}

/// Hands a case to the sink, unless the sink is lost.
async fn finish(sink: &mut impl Sink, computed: Computed, lost: &mut Option<String>) -> Box<IngestedCase> {
    let Computed { mut case, record, known } = computed;
    let Some(record) = record else { return case };
    if let Some(reason) = lost {
        case.outcome = Outcome::Failed(format!("not stored: {reason}"));
        return case;
    }
    let stored = if known { sink.add_files(&record).await } else { sink.store(&record).await };
    if let Err(error) = &stored
        && error.kind() == SinkErrorKind::Lost
    {
        *lost = Some(error.to_string());
    }
    settle(&mut case, stored);
    case
}

fn settle(case: &mut IngestedCase, stored: Result<StoredCase, SinkError>) {
    case.outcome = match stored {
        Ok(StoredCase { plan, unchanged, supersedes, findings }) => {
            case.findings.extend(findings);
            match plan.filter(|_| unchanged) {
                Some(plan) => Outcome::Unchanged { plan },
                None => Outcome::Stored { plan, supersedes },
            }
        }
        Err(error) if error.kind() == SinkErrorKind::Refused => Outcome::Refused(error.to_string()),
        Err(error) => Outcome::Failed(error.to_string()),
    };
}

/// Scans, matches, and computes a few cases at a time.
fn work(
    job: &Job,
    cancel: &Cancel,
    known: &HashSet<Content>,
    sender: &mpsc::Sender<Message>,
) -> Result<Remainder, IngestError> {
    let options = &job.options;
    let inventory = scan(&job.paths, &ScanOptions::default(), &|step| {
        // Progress events that the caller has no time for are dropped.
        let _ = sender.try_send(Message::Scanned { done: step.done, files: step.files });
        if cancel.is_set() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let inventory = inventory.map_err(Cause::Scan)?;
    let duplicates = compare_duplicates(&inventory, &options.prepare.read);
    let matching = match_cases(&inventory, &duplicates, &options.matching);
    let importer = Importer::current();
    let one = |matched: &CaseMatch| {
        let attempt = || compute(matched, &inventory, options, known, cancel, &importer);
        // A defect of this program must not take the other cases with it.
        catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|_| {
            let mut case = Box::new(IngestedCase::of_match(matched, &inventory));
            case.outcome = Outcome::Failed("internal error; the message is on standard error".to_owned());
            Some(Computed { case, record: None, known: false })
        })
    };
    let concerned =
        |matched: &&CaseMatch| matched.instances().any(|at| job.concerns(&inventory.instances[at].info.path));
    let cases: Vec<&CaseMatch> = matching.cases.iter().filter(concerned).collect();
    let send = |computed: Option<Computed>| {
        computed.is_some_and(|computed| {
            sender.blocking_send(Message::Case { cases: cases.len(), computed }).is_ok()
        })
    };
    let limits = Limits { at_once: rayon::current_num_threads().min(AT_ONCE), ahead: AHEAD };
    in_order(cases.len(), limits, |at| one(cases[at]), send);
    let mut unmatched = UnmatchedFile::all(&inventory, &matching);
    unmatched.retain(|file| job.concerns(&file.path));
    let mut findings = matching.findings.clone();
    findings.extend(unused_prescriptions(options, &inventory, &matching));
    Ok((unmatched, findings))
}

/// Prepares and evaluates a case; of a content that the sink has, no ROIs. `None` if the user asked to stop.
fn compute(
    matched: &CaseMatch,
    inventory: &Inventory,
    options: &CaseOptions,
    known: &HashSet<Content>,
    cancel: &Cancel,
    importer: &Importer,
) -> Option<Computed> {
    if cancel.is_set() {
        return None;
    }
    let case = IngestedCase::of_match(matched, inventory);
    let stopped = |case: IngestedCase, error: &CaseError| match error.kind() {
        CaseErrorKind::Cancelled => None,
        // What is known of a case when the user asks to stop may be half the truth.
        _ if cancel.is_set() => None,
        _ => Some(Computed { case: Box::new(case.stopped(error)), record: None, known: false }),
    };
    let prepared = match prepare(matched, inventory, &options.prepare) {
        Ok(prepared) => prepared,
        Err(error) => return stopped(case, &error),
    };
    let case = IngestedCase {
        total: Some(prepared.facts().total.clone()),
        summary: Some(prepared.facts().summary.clone()),
        findings: prepared.facts().findings.clone(),
        ..case
    };
    let is_known = known.contains(&(matched.mrn.clone(), digest_text(&prepared.facts().digest)));
    let rois = if is_known {
        Vec::new()
    } else {
        let go_on = |_| if cancel.is_set() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        match evaluate(&prepared, &options.evaluate, &mut { go_on }) {
            Ok(result) => result.rois,
            Err(error) => return stopped(case, &error),
        }
    };
    // Contours and voxels are not needed again: a case waits for the sink without them.
    let facts = prepared.into_facts();
    let record = Box::new(case_record(&facts, &rois, options, importer));
    let columns = columns(&record);
    Some(Computed {
        case: Box::new(IngestedCase { rois, columns, ..case }),
        record: Some(record),
        known: is_known,
    })
}

/// Prescriptions of plans that are not there.
fn unused_prescriptions(options: &CaseOptions, inventory: &Inventory, matching: &Matching) -> Vec<Finding> {
    let is_plan = |uid: &Uid| {
        matching.cases.iter().any(|case| inventory.instances[case.plan].info.sop_instance == *uid)
    };
    let unused = options.prepare.prescriptions.iter().filter(|(uid, _)| !is_plan(uid));
    unused
        .map(|(uid, dose)| {
            let text = format!("expected a plan {uid} for the prescription of {dose:.2}, found none");
            Finding::warning(SELECTION_UNUSED, Provenance::unknown(), text)
        })
        .collect()
}

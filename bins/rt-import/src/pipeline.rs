//! The run: folder, scan, match; then case by case compute, and store while the next ones are computed.
//!
//! Reading and computing run on a pool of threads of their own, a few cases at a time with their ROIs in parallel, the next begun as
//! soon as one is done; a bounded channel leads to the one task that talks to the database, in the order of the cases whatever the number of threads. The case is the unit of
//! failure: it is stored whole in one transaction or not at all, and no case stops another.
//!
//! Units: none. Frame: none.

mod interrupt;
mod runner;
mod window;

pub use runner::Runner;

use crate::case::{blank_report, process};
use crate::config::{Settings, password};
use crate::exit::{Exit, Failure, chain};
use crate::progress::{Progress, Step};
use crate::record::{Importer, case_record, columns};
use crate::report::{
    CaseOutcome, CaseReport, Engine, FindingReport, IMPORT_SCHEMA, ImportReport, UnmatchedReport, path_text, severity,
};
use interrupt::Flag;
use rt_model::finding::Finding;
use rt_model::finding::matching::SELECTION_UNUSED;
use rt_model::instance::Inventory;
use rt_model::matching::{CaseMatch, Matching, match_cases};
use rt_model::provenance::Provenance;
use rt_model::read::{ScanErrorKind, ScanOptions, compare_duplicates, scan};
use rt_model::uid::Uid;
use rt_sql::record::CaseRecord;
use rt_sql::{Database, OpenOptions, Outcome, SqlErrorKind, digest_text};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use window::{Limits, in_order};

/// What to import and how.
#[derive(Debug)]
pub struct Job {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// How.
    pub settings: Settings,
    /// Store nothing, write nothing.
    pub dry_run: bool,
    /// The options as the report repeats them.
    pub options: Map<String, Value>,
    /// Only cases that one of these files is part of, and of unmatched files only these; `None` for all.
    pub only: Option<HashSet<PathBuf>>,
    /// A content that is stored already is taken note of and not computed again.
    pub skip_stored: bool,
}

impl Job {
    /// A job on all that lies at `paths`.
    #[must_use]
    pub fn new(paths: Vec<PathBuf>, settings: Settings, dry_run: bool, options: Map<String, Value>) -> Self {
        Self { paths, settings, dry_run, options, only: None, skip_stored: false }
    }

    fn concerns(&self, path: &Path) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(path))
    }
}

/// A run that came to an end.
#[derive(Debug)]
pub struct Finished {
    /// What it did.
    pub report: ImportReport,
    /// How the program ends, where the run did not go to its end.
    pub ended: Option<Exit>,
    /// Why it did not.
    pub reason: Option<String>,
}

/// Cases that are computed at the same time at most: while one reads its files the others keep the processors busy, and each holds
/// its dose and contours in memory.
const AT_ONCE: usize = 4;
/// Cases that are begun and not on their way to the database at most: so many wait for a slow one before them.
const AHEAD: usize = 12;
/// Cases that wait for the database at most, without their doses and contours.
const WAITING: usize = 8;
/// Pauses before a case is handed to a server once more that was gone: being restarted takes it a few seconds.
const PATIENCE: [Duration; 5] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// A case on its way to the database.
struct Done {
    report: CaseReport,
    record: Option<Box<CaseRecord>>,
    /// The record is of a content that is stored already, without ROIs.
    known: bool,
}

/// What the working threads leave behind.
struct Left {
    unmatched: Vec<UnmatchedReport>,
    findings: Vec<Finding>,
}

/// Runs a job, asking for the database's password where nothing tells it.
///
/// # Errors
/// Where it can't begin: a path that is not there, a database that can't be reached.
pub fn run(job: Job) -> Result<Finished, Failure> {
    if let Some(missing) = job.paths.iter().find(|path| !path.exists()) {
        return Err(Failure::usage(format!("{}: expected a file or folder, found none", missing.display())));
    }
    let secret = if job.dry_run { None } else { password(&job.settings.database)? };
    Runner::new()?.run(job, secret)
}

/// Runs `work` on a pool of `jobs` threads; 0 is as many as the computer has.
///
/// # Errors
/// Where threads can't be had.
pub fn in_pool<T: Send>(jobs: usize, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    Ok(pool.map_err(|error| Failure::stopped(format!("threads: {error}")))?.install(work))
}

async fn drive(job: Job, secret: Option<String>, flag: Flag) -> Result<Finished, Failure> {
    let database = if job.dry_run {
        None
    } else {
        let options = OpenOptions { password: secret, tls: job.settings.database.tls.clone(), ..OpenOptions::default() };
        let opened = tokio::select! {
            opened = Database::open(&job.settings.database.url, &options) => opened,
            () = flag.wait() => return Err(interrupted()),
        };
        Some(opened.map_err(|error| Failure::usage(chain(&error)))?)
    };
    let known = match &database {
        Some(database) if job.skip_stored => database.stored_contents().await.map_err(|error| Failure::usage(chain(&error)))?,
        _ => HashSet::new(),
    };
    let job = Arc::new(job);
    let (sender, mut receiver) = mpsc::channel::<Done>(WAITING);
    let worker = {
        let (flag, job) = (flag.clone(), Arc::clone(&job));
        tokio::task::spawn_blocking(move || in_pool(job.settings.jobs, || work(&job, &flag, &known, &sender)))
    };

    let mut cases = Vec::new();
    let mut lost = None;
    while let Some(Done { mut report, record, known }) = receiver.recv().await {
        if let (Some(record), None) = (&record, &database) {
            if let Err(error) = record.check() {
                fail(&mut report, CaseOutcome::Refused, chain(&error));
            }
        } else if let (Some(record), Some(database)) = (record, &database) {
            if let Some(reason) = &lost {
                fail(&mut report, CaseOutcome::Failed, format!("not stored: {reason}"));
            } else if flag.is_set() {
                // What was not begun is left to the next run.
                continue;
            } else {
                let on_server = job.settings.database.url.sqlite_path().is_none();
                let patience: &[Duration] = if on_server { &PATIENCE } else { &[] };
                lost = store(database, &record, known, &mut report, patience, &flag).await;
            }
        }
        cases.push(report);
    }
    let left = worker.await.map_err(|error| Failure::stopped(format!("a working thread ended: {error}")))?;
    if let Some(database) = database {
        database.close().await;
    }
    let Left { unmatched, findings } = left.flatten()?;
    let ended = if flag.is_set() { Some(Exit::Interrupted) } else { lost.as_ref().map(|_| Exit::Stopped) };
    let report = ImportReport {
        schema: IMPORT_SCHEMA,
        engine: Engine::current(),
        options: job.options.clone(),
        dry_run: job.dry_run,
        interrupted: ended.is_some(),
        cases,
        unmatched,
        findings: FindingReport::all(&findings),
    };
    Ok(Finished { report, ended, reason: lost })
}

fn interrupted() -> Failure {
    Failure { exit: Exit::Interrupted, text: "interrupted".to_owned() }
}

/// Stores a case and tells its report; the answer is why the run must stop, where it must. A server that is gone is waited for:
/// storing a case twice stores it once.
async fn store(
    database: &Database,
    record: &CaseRecord,
    known: bool,
    report: &mut CaseReport,
    patience: &[Duration],
    flag: &Flag,
) -> Option<String> {
    let mut pauses = patience.iter();
    let outcome = loop {
        let outcome = match known {
            true => database.add_files(record).await,
            false => database.store_case(record).await.map(Some),
        };
        let gone = matches!(&outcome, Err(error) if *error.kind() == SqlErrorKind::Lost);
        match pauses.next() {
            Some(pause) if gone && !flag.is_set() => tokio::select! {
                () = tokio::time::sleep(*pause) => {}
                () = flag.wait() => break outcome,
            },
            _ => break outcome,
        }
    };
    match outcome {
        Ok(None) => {
            fail(report, CaseOutcome::Failed, "deleted from the database while it was read; import it once more".to_owned());
            None
        }
        Ok(Some(stored)) => {
            report.status = match stored.outcome {
                Outcome::Stored => CaseOutcome::Stored,
                Outcome::Unchanged => CaseOutcome::Unchanged,
            };
            report.plan_id = Some(stored.plan_id.0);
            report.supersedes = stored.supersedes.map(|older| older.0);
            report.findings.extend(FindingReport::all(&stored.findings));
            None
        }
        Err(error) => {
            let text = chain(&error);
            let outcome = if error.refuses_case() { CaseOutcome::Refused } else { CaseOutcome::Failed };
            fail(report, outcome, text.clone());
            matches!(error.kind(), SqlErrorKind::Lost).then_some(text)
        }
    }
}

fn fail(report: &mut CaseReport, outcome: CaseOutcome, reason: String) {
    report.status = outcome;
    report.reason = Some(reason);
}

/// Scans, matches, and computes a few cases at a time.
fn work(job: &Job, flag: &Flag, known: &HashSet<(String, String)>, sender: &mpsc::Sender<Done>) -> Result<Left, Failure> {
    let settings = &job.settings;
    let progress = Progress::new();
    let inventory = scan(&job.paths, &ScanOptions::default(), &|step| {
        progress.show(Step::Scanned { done: step.done, files: step.files });
        if flag.is_set() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let inventory = inventory.map_err(|error| match error.kind() {
        ScanErrorKind::Cancelled => interrupted(),
        _ => Failure::usage(chain(&error)),
    })?;
    let duplicates = compare_duplicates(&inventory, &settings.read);
    let matching = match_cases(&inventory, &duplicates, &settings.matching);
    let importer = Importer::current();
    let cancelled = || flag.is_set();
    let one = |matched: &CaseMatch| {
        let attempt = || {
            let is_known = |mrn: &str, digest: &[u8; 32]| known.contains(&(mrn.to_owned(), digest_text(digest)));
            let mut result = process(matched, &inventory, settings, &is_known, &cancelled)?;
            let known = result.computed.as_ref().is_some_and(|computed| computed.known);
            let record = result.computed.map(|computed| Box::new(case_record(matched, &computed, settings, &importer)));
            result.report.columns = record.as_deref().map(columns).unwrap_or_default();
            Some(Done { report: result.report, record, known })
        };
        // A defect of this program must not take the other cases with it.
        catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|_| {
            let mut report = blank_report(matched, &inventory);
            fail(&mut report, CaseOutcome::Failed, "internal error; the message is on standard error".to_owned());
            Some(Done { report, record: None, known: false })
        })
    };
    let concerned = |matched: &&CaseMatch| matched.instances().any(|at| job.concerns(&inventory.instances[at].info.path));
    let cases: Vec<&CaseMatch> = matching.cases.iter().filter(concerned).collect();
    let mut done = 0;
    let send = |case: Option<Done>| {
        progress.show(Step::Cases { done, cases: cases.len() });
        done += 1;
        case.is_some_and(|case| sender.blocking_send(case).is_ok())
    };
    let limits = Limits { at_once: rayon::current_num_threads().min(AT_ONCE), ahead: AHEAD };
    in_order(cases.len(), limits, |at| one(cases[at]), send);
    progress.finish();
    let mut unmatched = unmatched(&inventory, &matching);
    unmatched.retain(|file| job.concerns(Path::new(&file.path)));
    let mut findings = matching.findings.clone();
    findings.extend(unused_prescriptions(settings, &inventory, &matching));
    Ok(Left { unmatched, findings })
}

/// Prescriptions of plans that are not there.
fn unused_prescriptions(settings: &Settings, inventory: &Inventory, matching: &Matching) -> Vec<Finding> {
    let is_plan = |uid: &Uid| matching.cases.iter().any(|case| inventory.instances[case.plan].info.sop_instance == *uid);
    let unused = settings.prescriptions.iter().filter(|(uid, _)| !is_plan(uid));
    unused
        .map(|(uid, dose)| {
            let text = format!("expected a plan {uid} for the prescription of {dose:.2}, found none");
            Finding::warning(SELECTION_UNUSED, Provenance::unknown(), text)
        })
        .collect()
}

/// Every file that is in no case, by path.
fn unmatched(inventory: &Inventory, matching: &Matching) -> Vec<UnmatchedReport> {
    let report = |path: &PathBuf, modality: Option<String>, uid: Option<String>, reason: &Finding| UnmatchedReport {
        path: path_text(path),
        modality,
        sop_instance_uid: uid,
        reason: reason.text.clone(),
        code: reason.code.to_string(),
        severity: severity(reason.severity),
    };
    let instances = matching.unmatched.iter().map(|file| {
        let info = &inventory.instances[file.instance].info;
        let modality = (!info.modality.is_empty()).then(|| info.modality.clone());
        report(&info.path, modality, Some(info.sop_instance.to_string()), &file.reason)
    });
    let rejected = inventory.rejected.iter().map(|file| {
        report(&file.path, file.modality.clone(), file.sop_instance.as_ref().map(ToString::to_string), &file.finding)
    });
    let mut all: Vec<UnmatchedReport> = instances.chain(rejected).collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

//! An import with its report: what `run`, `check`, `demo` and `watch` share.
//!
//! Units: none. Frame: none.

use super::runner::Runner;
use crate::config::{Settings, password};
use crate::view::progress::Progress;
use rt_cli::exit::{Exit, Failure};
use rt_ingest::{Ended, Event, Job};
use rt_model::finding::Severity;
use rt_report::import::{CaseReport, CaseStatus, ImportReport};
use rt_report::options::ImportOptions;
use std::path::PathBuf;

/// An import that came to an end.
pub(super) struct Finished {
    pub(super) report: ImportReport,
    /// How the program ends where the import did not go to its end.
    pub(super) ended: Option<Exit>,
    /// Why it did not.
    pub(super) reason: Option<String>,
}

/// Imports `paths`, or computes them alone in a dry run.
pub(super) fn import(paths: Vec<PathBuf>, settings: &Settings, dry_run: bool) -> Result<Finished, Failure> {
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        return Err(Failure::usage(format!("{}: expected a file or folder, found none", missing.display())));
    }
    let secret = if dry_run { None } else { password(&settings.database)? };
    let options = options(&paths, settings);
    let job = Job { threads: settings.jobs, ..Job::new(paths, settings.case.clone()) };
    run(&Runner::new()?, job, settings, (!dry_run).then_some(secret), options)
}

/// Runs a job; `store` holds the password where it is stored.
pub(super) fn run(
    runner: &Runner,
    job: Job,
    settings: &Settings,
    store: Option<Option<String>>,
    options: ImportOptions,
) -> Result<Finished, Failure> {
    let progress = Progress::new();
    let mut cases = Vec::new();
    let dry_run = store.is_none();
    let mut on_event = |event: Event| {
        progress.show(&event);
        if let Event::Case { case, .. } = event {
            cases.push(CaseReport::new(&case, settings.curves));
        }
    };
    let ingested = match store {
        Some(password) => runner.run(job, settings, password, &mut on_event),
        None => runner.dry_run(job, &mut on_event),
    };
    progress.finish();
    let ingested = ingested?;
    let (ended, reason) = match &ingested.ended {
        None => (None, None),
        Some(Ended::Cancelled) => (Some(Exit::Interrupted), None),
        Some(Ended::SinkLost(reason)) => (Some(Exit::Stopped), Some(reason.clone())),
    };
    Ok(Finished { report: ImportReport::new(options, dry_run, cases, &ingested), ended, reason })
}

/// What the user asked for, for the report.
pub(super) fn options(paths: &[PathBuf], settings: &Settings) -> ImportOptions {
    ImportOptions {
        database: settings.database.url.to_string(),
        curves: settings.curves,
        strict: settings.strict,
        ..ImportOptions::new(paths, &settings.case)
    }
}

impl Finished {
    /// How the program ends.
    pub(super) fn exit(&self, strict: bool) -> Exit {
        if let Some(ended) = self.ended {
            return ended;
        }
        let report = &self.report;
        let any = |statuses: &[CaseStatus]| report.cases.iter().any(|case| statuses.contains(&case.status));
        let damaged = report.unmatched.iter().any(|file| file.severity == Severity::Error);
        // A text file beside the data has neither modality nor instance: nothing of the data is missing.
        let unmatched = report.unmatched.iter().any(|file| file.sop_instance_uid.is_some());
        let refused = any(&[CaseStatus::Refused, CaseStatus::Failed]) || damaged;
        match refused || strict && (any(&[CaseStatus::Incomplete]) || unmatched) {
            true => Exit::SomeRefused,
            false => Exit::Done,
        }
    }
}

//! An import as the program runs it: D95% of every ROI, distances from targets, the preset of the program's
//! default.

use rt_case::{CaseOptions, DvhOptions, EvaluateOptions, PrepareOptions};
use rt_ingest::{Cancel, DatabaseSink, DryRun, Event, Ingested, Job, Outcome, ingest};
use rt_model::matching::MatchOptions;
use rt_sql::{Database, OpenOptions};
use std::ops::ControlFlow;
use std::path::Path;

/// The options of an import without flags.
///
/// # Panics
/// If the default preset or metric is missing.
#[must_use]
pub fn options() -> CaseOptions {
    let evaluate = EvaluateOptions::new(DvhOptions::preset("dosebridge-2").expect("a preset"));
    CaseOptions {
        matching: MatchOptions::default(),
        prepare: PrepareOptions { fall_back_to_maximum: true, ..PrepareOptions::default() },
        evaluate: EvaluateOptions {
            metrics: vec!["D95%".parse().expect("a metric")],
            relate_to_targets: true,
            ..evaluate
        },
    }
}

/// Imports a folder into the database at `url`, or computes it alone; gives the number of stored cases.
///
/// # Panics
/// If the import cannot begin or ends early.
#[must_use]
pub fn import(folder: &Path, url: Option<&str>, password: Option<&str>) -> usize {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a thread");
    let (cancel, mut stored) = (Cancel::new(), 0);
    let mut count = |event: Event| {
        if let Event::Case { case, .. } = event {
            stored += usize::from(matches!(case.outcome, Outcome::Stored { .. }));
        }
        ControlFlow::Continue(())
    };
    let job = Job::new(vec![folder.to_owned()], options());
    let ingested: Ingested = runtime.block_on(async {
        let Some(url) = url else {
            return ingest(job, &mut DryRun, &cancel, &mut count).await.expect("an import");
        };
        let url = url.parse().expect("a URL");
        let options = OpenOptions { password: password.map(str::to_owned), ..OpenOptions::default() };
        let database = Database::open(&url, &options).await.expect("a database");
        let mut sink = DatabaseSink::new(database.clone(), url.sqlite_path().is_some(), cancel.clone());
        let ingested = ingest(job, &mut sink, &cancel, &mut count).await.expect("an import");
        database.close().await;
        ingested
    });
    assert!(ingested.ended.is_none(), "{:?}", ingested.ended);
    stored
}

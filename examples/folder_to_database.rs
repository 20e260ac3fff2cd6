//! A folder of DICOM-RT becomes rows of an SQLite database:
//! `cargo run --example folder_to_database [FOLDER]`.
//!
//! Without an argument it imports the demo case. A program of its own decides where progress goes: here to
//! standard output.

use rt_case::{CaseOptions, DvhOptions, EvaluateOptions, PrepareOptions};
use rt_ingest::{Cancel, DatabaseSink, Event, Job, Outcome, ingest};
use rt_model::matching::MatchOptions;
use rt_sql::{Database, OpenOptions};
use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args_os().nth(1) {
        Some(folder) => run(Path::new(&folder)),
        None => of_the_demo_case(),
    }
}

fn of_the_demo_case() -> Result<(), Box<dyn Error>> {
    let demo = tempfile::tempdir()?;
    rt_phantom::demo::write(demo.path())?;
    run(demo.path())
}

fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    let place = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(import(folder, &place.path().join("dvh.sqlite")))
}

async fn import(folder: &Path, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut evaluate = EvaluateOptions::new(DvhOptions::preset("dosebridge-2").ok_or("no such preset")?);
    evaluate.metrics = vec!["D95%".parse()?];
    let options =
        CaseOptions { matching: MatchOptions::default(), prepare: PrepareOptions::default(), evaluate };

    let url = format!("sqlite:{}", file.display()).parse()?;
    let database = Database::open(&url, &OpenOptions::default()).await?;
    let cancel = Cancel::new();
    let mut sink = DatabaseSink::new(database.clone(), true, cancel.clone());
    let mut stored = 0;
    let mut on_event = |event: Event| {
        if let Event::Case { done, cases, case } = event {
            println!("{} of {cases}: {} {:?}", done + 1, case.plan_label, case.outcome);
            stored += usize::from(matches!(case.outcome, Outcome::Stored { .. }));
        }
        ControlFlow::Continue(())
    };
    let ingested =
        ingest(Job::new(vec![folder.to_owned()], options), &mut sink, &cancel, &mut on_event).await?;
    for file in &ingested.unmatched {
        println!("in no case: {}: {}", file.path.display(), file.reason);
    }

    let plans = database.list(None).await?;
    database.close().await;
    assert_eq!(plans.len(), stored);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_holds() -> Result<(), Box<dyn Error>> {
    of_the_demo_case()
}

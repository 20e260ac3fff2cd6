//! What runs imports, one after the other, until the user asks to stop.
//!
//! Units: none. Frame: none.

use super::connection::runtime;
use super::failure::{database as database_failure, ingest as ingest_failure, interrupted};
use crate::config::Settings;
use rt_cli::exit::Failure;
use rt_ingest::{Cancel, DatabaseSink, DryRun, Event, Ingested, Job, ingest};
use rt_sql::{Database, OpenOptions};
use std::ops::ControlFlow;
use std::time::Duration;
use tokio::runtime::Runtime;

/// Runs imports and hears of interrupts, from its making on.
pub(super) struct Runner {
    runtime: Runtime,
    cancel: Cancel,
}

const INTERRUPTED: &str = "rt-import: interrupted; finishing what is being stored (again: end at once)";

impl Runner {
    /// A runner that has not been interrupted yet.
    pub(super) fn new() -> Result<Self, Failure> {
        let (runtime, cancel) = (runtime()?, Cancel::new());
        let stop = cancel.clone();
        runtime.spawn(rt_cli::interrupt::listen(INTERRUPTED, move || stop.set()));
        Ok(Self { runtime, cancel })
    }

    /// Runs a job into the configured database with its password.
    pub(super) fn run(
        &self,
        job: Job,
        settings: &Settings,
        password: Option<String>,
        on_event: &mut impl FnMut(Event),
    ) -> Result<Ingested, Failure> {
        self.runtime.block_on(async {
            let url = &settings.database.url;
            let options = OpenOptions { password, tls: settings.database.tls.clone(), ..OpenOptions::default() };
            let database = tokio::select! {
                opened = Database::open(url, &options) => opened.map_err(|error| Failure::usage(database_failure(&error).text))?,
                () = self.cancel.wait() => return Err(interrupted()),
            };
            let is_file = url.sqlite_path().is_some();
            let mut sink = DatabaseSink::new(database.clone(), is_file, self.cancel.clone());
            let ingested = ingest(job, &mut sink, &self.cancel, &mut go_on(on_event)).await;
            database.close().await;
            ingested.map_err(ingest_failure)
        })
    }

    /// Runs a job that stores nothing.
    pub(super) fn dry_run(&self, job: Job, on_event: &mut impl FnMut(Event)) -> Result<Ingested, Failure> {
        let (mut sink, mut on_event) = (DryRun, go_on(on_event));
        self.runtime.block_on(ingest(job, &mut sink, &self.cancel, &mut on_event)).map_err(ingest_failure)
    }

    /// The user asked to stop.
    #[must_use]
    pub(super) fn is_interrupted(&self) -> bool {
        self.cancel.is_set()
    }

    /// Waits so long, or until the user asks to stop.
    pub(super) fn wait(&self, pause: Duration) {
        self.runtime.block_on(async {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.cancel.wait() => {}
            }
        });
    }
}

/// A callback that never asks to stop: the interrupt does.
fn go_on(on_event: &mut impl FnMut(Event)) -> impl FnMut(Event) -> ControlFlow<()> {
    |event| {
        on_event(event);
        ControlFlow::Continue(())
    }
}

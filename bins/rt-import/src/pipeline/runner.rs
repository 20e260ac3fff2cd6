//! What runs jobs, one after the other, until somebody asks to stop.
//!
//! Units: none. Frame: none.

use super::interrupt::{Flag, listen};
use super::{Finished, Job, drive};
use crate::connection::runtime;
use crate::exit::Failure;
use std::time::Duration;
use tokio::runtime::Runtime;

/// Runs jobs and hears of interrupts, from its making on.
pub struct Runner {
    runtime: Runtime,
    flag: Flag,
}

impl Runner {
    /// A runner that nobody has interrupted yet.
    ///
    /// # Errors
    /// Where threads can't be had.
    pub fn new() -> Result<Self, Failure> {
        let (runtime, flag) = (runtime()?, Flag::new());
        runtime.spawn(listen(flag.clone()));
        Ok(Self { runtime, flag })
    }

    /// Runs a job with the database's password.
    ///
    /// # Errors
    /// Where it can't begin: a path that is not there, a database that can't be reached.
    pub fn run(&self, job: Job, secret: Option<String>) -> Result<Finished, Failure> {
        self.runtime.block_on(drive(job, secret, self.flag.clone()))
    }

    /// Somebody asked to stop.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.flag.is_set()
    }

    /// Waits so long, or until somebody asks to stop.
    pub fn wait(&self, pause: Duration) {
        self.runtime.block_on(async {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.flag.wait() => {}
            }
        });
    }
}

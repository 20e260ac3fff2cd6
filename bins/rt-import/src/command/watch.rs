//! `rt-import watch`: imports what lands in a folder.
//!
//! Looks at the folder every few seconds, since a network share does not announce what another computer
//! writes to it. A file is whole once its size and time have not changed for a while. The cases that new
//! files are part of are imported, together with the files that were there before.
//!
//! Units: seconds. Frame: none.

use super::import::{self, Finished, options};
use super::runner::Runner;
use crate::cli::WatchArgs;
use crate::config::{Layer, Settings, password};
use crate::view::table;
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_ingest::{Folder, Importer, Job, Quiet};
use std::time::Duration;

/// Watches a folder until the user asks to stop.
///
/// # Errors
/// Where the folder is not there or the database can't be reached at the start. Later troubles are reported
/// and tried again.
pub(crate) fn run(args: &WatchArgs, layer: &Layer) -> Result<Exit, Failure> {
    let mut settings = Settings::new(layer)?;
    args.choice.apply(&mut settings);
    if !args.folder.is_dir() {
        return Err(Failure::usage(format!("{}: expected a folder, found none", args.folder.display())));
    }
    if let Some(path) = &args.store.result.json {
        output::check(path)?;
    }
    let secret = password(&settings.database)?;
    let runner = Runner::new()?;
    // Whether the database can be reached is told now, not when the first export lands.
    runner.run(Job::new(Vec::new(), settings.case.clone()), &settings, secret.clone(), &mut |_| {})?;
    let say = |text: &str| output::print(text, json_on_standard_output(args));
    say(&format!("watching {} · database: {}\n", args.folder.display(), settings.database.in_words()));
    let mut folder = Folder::new(Duration::from_secs_f64(args.quiet));
    while !runner.is_interrupted() {
        let Quiet { files, fresh } = folder.look(&args.folder);
        if !fresh.is_empty() {
            let options = options(std::slice::from_ref(&args.folder), &settings);
            let only = Some(fresh.iter().cloned().collect());
            // What a watch that ended has imported is there again, whole.
            let job = Job {
                only,
                skip_stored: true,
                threads: settings.jobs,
                ..Job::new(files, settings.case.clone())
            };
            match import::run(&runner, job, &settings, Some(secret.clone()), options) {
                Ok(finished) => {
                    report(args, &finished);
                    if let Some(reason) = &finished.reason {
                        eprintln!("rt-import: {reason}");
                    }
                    if finished.ended.is_none() {
                        folder.done(&fresh);
                    }
                }
                // A file that went between two looks, a server that is gone: the next look tries again.
                Err(failure) => eprintln!("rt-import: {failure}"),
            }
        }
        runner.wait(Duration::from_secs_f64(args.interval));
    }
    say("stopped\n");
    Ok(Exit::Done)
}

fn json_on_standard_output(args: &WatchArgs) -> bool {
    args.store.result.json.as_deref().is_some_and(output::is_standard_output)
}

/// Tells what an import did; a report that can't be written does not end the watch.
fn report(args: &WatchArgs, finished: &Finished) {
    if finished.report.cases.is_empty() && finished.report.unmatched.is_empty() {
        return;
    }
    let text = format!("\n{} UTC\n", Importer::current().at) + &table::run(&finished.report, None);
    output::print(&text, json_on_standard_output(args));
    if let Some(path) = &args.store.result.json
        && let Err(failure) = output::append_json(path, &finished.report)
    {
        eprintln!("rt-import: {failure}");
    }
}

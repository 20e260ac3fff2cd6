//! `rt-import watch`: imports what lands in a folder.
//!
//! Looks at the folder every few seconds, since a network share tells nobody what another computer writes to it. A file is whole once
//! its size and time have not changed for a while. The cases that new files are part of are imported, together with the files that
//! were there before.
//!
//! Units: seconds. Frame: none.

use super::run::options;
use crate::cli::WatchArgs;
use crate::config::{Layer, Settings, password};
use crate::exit::{Exit, Failure};
use crate::folder::{Folder, Quiet};
use crate::pipeline::{Finished, Job, Runner};
use crate::{output, table};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Watches a folder until somebody asks to stop.
///
/// # Errors
/// Where the folder is not there or the database can't be reached at the start. Later troubles are told and tried again.
pub fn run(args: &WatchArgs, layer: &Layer) -> Result<Exit, Failure> {
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
    runner.run(Job::new(Vec::new(), settings.clone(), false, Default::default()), secret.clone())?;
    let say = |text: &str| output::print(text, json_on_standard_output(args));
    say(&format!("watching {} · database: {}\n", args.folder.display(), settings.database.in_words()));
    let mut folder = Folder::new(Duration::from_secs_f64(args.quiet));
    while !runner.is_interrupted() {
        let Quiet { files, fresh } = folder.look(&args.folder);
        if !fresh.is_empty() {
            let options = options(std::slice::from_ref(&args.folder), &settings);
            let only = Some(fresh.iter().cloned().collect());
            // What a watch that ended has imported is there again, whole.
            let job = Job { only, skip_stored: true, ..Job::new(files, settings.clone(), false, options) };
            match runner.run(job, secret.clone()) {
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
    let text = format!("\n{} UTC\n", crate::record::Importer::current().at) + &table::run(&finished.report, None);
    output::print(&text, json_on_standard_output(args));
    if let Some(path) = &args.store.result.json
        && let Err(failure) = append(path, finished)
    {
        eprintln!("rt-import: {failure}");
    }
}

/// Appends a report as one line.
fn append(path: &Path, finished: &Finished) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::stopped(format!("{}: {error}", path.display()));
    let mut line = serde_json::to_vec(&finished.report).map_err(|error| failed(error.into()))?;
    line.push(b'\n');
    if output::is_standard_output(path) {
        return std::io::stdout().lock().write_all(&line).map_err(failed);
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).and_then(|mut file| file.write_all(&line)).map_err(failed)
}

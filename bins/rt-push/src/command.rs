//! The subcommands.
//!
//! Units: none. Frame: none.

mod case;
mod echo;
mod export;
mod failure;
mod find;
mod push;
mod queue;
mod send;
mod sheet;
mod test;

use crate::cli::{Cli, Command};
use crate::config;
use clap::Parser;
use rt_cli::exit::{Exit, Failure};
use std::process::ExitCode;
use tokio::runtime::Runtime;

/// Runs the program with the process's arguments.
pub(crate) fn main() -> Result<ExitCode, Failure> {
    let cli = Cli::parse();
    let layer = config::load(cli.config.as_deref())?.under(cli.layer());
    if cli.print_config {
        print!("{}", config::print(&layer));
        return Ok(Exit::Done.into());
    }
    let exit = match &cli.command {
        Some(Command::Export(args)) => export::run(args, &layer)?,
        Some(Command::Echo(args)) => echo::echo(args, &layer)?,
        Some(Command::Probe(args)) => echo::probe(args, &layer)?,
        Some(Command::Find(args)) => find::run(args, &layer)?,
        Some(Command::Send(args)) => send::run(args, &layer)?,
        Some(Command::Prepare(args)) => case::run(args, &layer)?,
        Some(Command::Release(args)) => queue::release(args, &layer)?,
        Some(Command::Case(args)) => case::ask(args, &layer)?,
        Some(Command::Queue(args)) => queue::run(args, &layer)?,
        Some(Command::Verify(args)) => queue::verify(args, &layer)?,
        Some(Command::Test(args)) => test::run(args, &layer)?,
        Some(Command::Sheet(args)) => sheet::run(args, &layer)?,
        None => return Err(Failure::usage("expected a command; see --help")),
    };
    Ok(exit.into())
}

/// What the commands that speak to nodes run on.
fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| Failure::stopped(format!("no runtime: {error}")))
}

/// The name of whoever runs the program, for the audit.
fn user() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned())
}

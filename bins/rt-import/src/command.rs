//! The subcommands: each turns its arguments into work and its results into reports.
//!
//! Units: none. Frame: none.

mod change;
mod check;
mod compare;
mod confirm;
mod connection;
mod delete;
mod demo;
mod doctor;
mod dvh;
mod exclude;
mod export;
mod failure;
mod import;
mod init;
mod list;
mod purge;
mod recompute;
mod relocate;
mod run;
mod runner;
mod selftest;
mod show;
mod watch;

use crate::cli::{Cli, Command};
use crate::config::{self, Layer};
use clap::Parser;
use rt_cli::exit::{Exit, Failure};
use std::process::ExitCode;

/// Runs the program with the process's arguments.
///
/// # Errors
/// Where it can't go on; the failure says how to end.
pub(crate) fn main() -> Result<ExitCode, Failure> {
    let cli = Cli::parse();
    let layer = config::load(cli.config.as_deref())?
        .under(cli.command.as_ref().map(Command::layer).unwrap_or_default());
    if cli.print_config {
        print!("{}", config::print(&layer));
        return Ok(Exit::Done.into());
    }
    match &cli.command {
        Some(command) => dispatch(command, &layer).map(ExitCode::from),
        None => Err(Failure::usage("expected a command; see --help")),
    }
}

fn dispatch(command: &Command, layer: &Layer) -> Result<Exit, Failure> {
    match command {
        Command::Run(args) => run::run(args, layer),
        Command::Dvh(args) => dvh::run(args, layer),
        Command::Compare(args) => compare::run(args, layer),
        Command::Selftest(args) => selftest::run(args),
        Command::Demo(args) => demo::run(args, layer),
        Command::Check(args) => check::run(args, layer),
        Command::Watch(args) => watch::run(args, layer),
        Command::List(args) => list::run(args, layer),
        Command::Show(args) => show::run(args, layer),
        Command::Export(args) => export::run(args, layer),
        Command::Delete(args) => delete::run(args, layer),
        Command::Move(args) => relocate::run(args, layer),
        Command::Exclude(args) => exclude::run(args, layer),
        Command::Purge(args) => purge::run(args, layer),
        Command::Recompute(args) => recompute::run(args, layer),
        Command::Init(args) => init::run(args, layer),
        Command::Doctor(args) => doctor::run(args, layer),
    }
}

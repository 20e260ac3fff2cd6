//! `rt-import move`.
//!
//! Units: none. Frame: none.

use super::change::{self, Done};
use crate::cli::MoveArgs;
use crate::config::Layer;
use rt_cli::exit::{Exit, Failure};
use rt_report::change::ChangeReport;

/// Gives a plan and its versions another MRN.
///
/// # Errors
/// Where it is not stored, the MRN is another person's, or the database refuses.
pub(crate) fn run(args: &MoveArgs, layer: &Layer) -> Result<Exit, Failure> {
    let (mrn, to) = (&args.mrn, &args.to);
    change::run(&args.change, layer, |connection, act| {
        let moved =
            connection.ask(|database| async move { database.move_plan(mrn, args.plan, to, &act).await })?;
        let line = |step: &rt_sql::Moved| {
            format!("plan {} of MRN {mrn} is now plan {} of MRN {to}\n", step.from, step.to)
        };
        Ok(Done { text: moved.iter().map(line).collect(), report: ChangeReport::moved(mrn, to, &moved) })
    })
}

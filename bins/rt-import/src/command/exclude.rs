//! `rt-import exclude`.
//!
//! Units: none. Frame: none.

use super::change::{self, Done};
use crate::cli::ExcludeArgs;
use crate::config::Layer;
use rt_cli::exit::{Exit, Failure};
use rt_report::change::ChangeReport;

/// Keeps a plan or a patient out of the cohort views, or takes it back in.
///
/// # Errors
/// Where it is not stored or not excluded, or the database refuses.
pub(crate) fn run(args: &ExcludeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let (mrn, plan) = (&args.mrn, args.plan);
    let what =
        plan.map_or_else(|| format!("every plan of MRN {mrn}"), |plan| format!("plan {plan} of MRN {mrn}"));
    change::run(&args.change, layer, |connection, act| {
        connection.ask(|database| async move {
            if args.undo {
                database.include(mrn, plan, &act).await
            } else {
                database.exclude(mrn, plan, &act).await
            }
        })?;
        let text = match args.undo {
            true => format!("{what} is no longer excluded\n"),
            false => format!("{what} is kept out of the cohort views; nothing was deleted\n"),
        };
        Ok(Done { text, report: ChangeReport::excluded(mrn, plan, args.undo) })
    })
}

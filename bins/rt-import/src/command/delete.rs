//! `rt-import delete`.
//!
//! Units: none. Frame: none.

use super::change::{self, Done};
use super::confirm::confirm;
use crate::cli::DeleteArgs;
use crate::config::Layer;
use rt_cli::exit::{Exit, Failure};
use rt_report::change::ChangeReport;

/// Deletes a plan.
///
/// # Errors
/// Where it is not stored, the user does not want it, or the database refuses.
pub(crate) fn run(args: &DeleteArgs, layer: &Layer) -> Result<Exit, Failure> {
    let (mrn, plan) = (&args.mrn, args.plan);
    change::run(&args.change, layer, |connection, act| {
        // Told before the question is asked.
        let listed = connection.ask(|database| async move { database.list(Some(mrn)).await })?;
        if listed.iter().any(|listed| listed.plan.plan_id == plan) {
            confirm(&format!("Delete plan {plan} of MRN {mrn} with its DVHs?"), args.yes)?;
        }
        let deleted =
            connection.ask(|database| async move { database.delete_plan(mrn, plan, &act).await })?;
        let mut text =
            format!("plan {plan} of MRN {mrn} deleted: {} DVHs; its number stays used\n", deleted.dvhs);
        for older in &deleted.current_again {
            text += &format!("plan {older}, which it had superseded, is current again\n");
        }
        Ok(Done { text, report: ChangeReport::deleted(mrn, plan, &deleted) })
    })
}

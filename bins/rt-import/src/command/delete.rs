//! `rt-import delete`.
//!
//! Units: none. Frame: none.

use super::change::{self, Done};
use crate::cli::DeleteArgs;
use crate::config::Layer;
use crate::confirm::confirm;
use crate::exit::{Exit, Failure};
use serde_json::json;

/// Deletes a plan.
///
/// # Errors
/// Where it is not stored, the user does not want it, or the database refuses.
pub fn run(args: &DeleteArgs, layer: &Layer) -> Result<Exit, Failure> {
    let (mrn, plan) = (&args.mrn, args.plan);
    change::run("delete", &args.change, layer, |connection, act| {
        // Told before the question is asked.
        let listed = connection.ask(|database| async move { database.list(Some(mrn)).await })?;
        if listed.iter().any(|listed| listed.plan.plan_id == plan) {
            confirm(&format!("Delete plan {plan} of MRN {mrn} with its DVHs?"), args.yes)?;
        }
        let deleted = connection.ask(|database| async move { database.delete_plan(mrn, plan, &act).await })?;
        let mut text = format!("plan {plan} of MRN {mrn} deleted: {} DVHs; its number stays used\n", deleted.dvhs);
        for older in &deleted.current_again {
            text += &format!("plan {older}, which it had superseded, is current again\n");
        }
        let current: Vec<u16> = deleted.current_again.iter().map(|id| id.0).collect();
        let report = json!({ "mrn": mrn, "plan_id": plan.0, "dvhs": deleted.dvhs, "current_again": current });
        Ok(Done { text, report })
    })
}

//! `rt-import exclude`.
//!
//! Units: none. Frame: none.

use super::change::{self, Done};
use crate::cli::ExcludeArgs;
use crate::config::Layer;
use crate::exit::{Exit, Failure};
use serde_json::json;

/// Keeps a plan or a patient out of the cohort views, or takes it back in.
///
/// # Errors
/// Where it is not stored or not excluded, or the database refuses.
pub fn run(args: &ExcludeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let (mrn, plan) = (&args.mrn, args.plan);
    let what = plan.map_or_else(|| format!("every plan of MRN {mrn}"), |plan| format!("plan {plan} of MRN {mrn}"));
    let action = if args.undo { "include" } else { "exclude" };
    change::run(action, &args.change, layer, |connection, act| {
        connection.ask(|database| async move {
            if args.undo { database.include(mrn, plan, &act).await } else { database.exclude(mrn, plan, &act).await }
        })?;
        let text = match args.undo {
            true => format!("{what} is no longer excluded\n"),
            false => format!("{what} is kept out of the cohort views; nothing was deleted\n"),
        };
        Ok(Done { text, report: json!({ "mrn": mrn, "plan_id": plan.map(|id| id.0) }) })
    })
}

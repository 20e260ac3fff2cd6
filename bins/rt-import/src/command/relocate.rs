//! `rt-import move`.
//!
//! Units: none. Frame: none.

use super::change::{self, Done};
use crate::cli::MoveArgs;
use crate::config::Layer;
use crate::exit::{Exit, Failure};
use serde_json::{Value, json};

/// Gives a plan and its versions another MRN.
///
/// # Errors
/// Where it is not stored, the MRN is another person's, or the database refuses.
pub fn run(args: &MoveArgs, layer: &Layer) -> Result<Exit, Failure> {
    let (mrn, to) = (&args.mrn, &args.to);
    change::run("move", &args.change, layer, |connection, act| {
        let moved = connection.ask(|database| async move { database.move_plan(mrn, args.plan, to, &act).await })?;
        let line = |step: &rt_sql::Moved| format!("plan {} of MRN {mrn} is now plan {} of MRN {to}\n", step.from, step.to);
        let steps: Vec<Value> = moved.iter().map(|step| json!({ "from": step.from.0, "to": step.to.0 })).collect();
        Ok(Done { text: moved.iter().map(line).collect(), report: json!({ "mrn": mrn, "to_mrn": to, "plans": steps }) })
    })
}

//! A stored plan that was computed anew, for people.
//!
//! Units: those of the columns. Frame: DICOM patient coordinates (LPS).

use super::columns::columns;
use rt_sql::{Change, StoredImport, Value};
use std::collections::HashMap;

/// Longer values (curves, the evidence for a technique) are shown by their length; `OldValues` has them
/// whole.
const LONGEST: usize = 80;

/// What became of a plan: the values that moved, or the reason why it cannot be computed.
pub(crate) fn text(
    import: &StoredImport,
    outcome: &Result<Vec<Change>, String>,
    names: &HashMap<String, String>,
    dry_run: bool,
) -> String {
    let head = format!("{} · plan {} · ", import.mrn, import.plan_id);
    match outcome {
        Err(reason) => head + &format!("not recomputed: {reason}\n"),
        Ok(changes) if changes.is_empty() => head + "nothing moved\n",
        Ok(changes) => {
            let verb = if dry_run { "would move" } else { "moved" };
            let row = |change: &Change| {
                let name = change.row.split(' ').next().and_then(|number| names.get(number));
                let name = name.filter(|_| matches!(change.table, "RoiDetails" | "Metrics"));
                vec![
                    change.table.to_owned(),
                    name.map_or_else(|| change.row.clone(), |name| format!("{} ({name})", change.row)),
                    change.column.clone(),
                    shown(change.old.as_ref()),
                    shown(change.new.as_ref()),
                ]
            };
            let table = columns(&["table", "row", "column", ">old", ">new"], changes.iter().map(row));
            format!("{head}{} values {verb}; OldValues keeps the old ones\n{table}", changes.len())
        }
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "(no row)".to_owned(),
        Some(Value::Null) => "-".to_owned(),
        Some(value) => {
            let text = value.to_string();
            if text.len() > LONGEST { format!("({} characters)", text.chars().count()) } else { text }
        }
    }
}

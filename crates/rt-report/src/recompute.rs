//! The report of stored plans that were computed anew.
//!
//! Units: those of the columns. Frame: DICOM patient coordinates (LPS).

use crate::engine::Engine;
use crate::path_text;
use crate::stored::json;
use rt_sql::{Change, StoredImport};
use serde::Serialize;
use serde_json::Value as Json;

/// Schema of [`RecomputeReport`].
pub const RECOMPUTE_SCHEMA: &str = "dosebridge.recompute/1";

/// Stored plans that were computed anew.
#[derive(Debug, Clone, Serialize)]
pub struct RecomputeReport {
    /// Nothing was written.
    pub dry_run: bool,
    /// What computed the numbers.
    pub engine: Engine,
    /// The plans.
    pub plans: Vec<RecomputedPlan>,
    /// [`RECOMPUTE_SCHEMA`].
    pub schema: &'static str,
}

/// A plan that was computed anew, or could not be.
#[derive(Debug, Clone, Serialize)]
pub struct RecomputedPlan {
    changes: Vec<ChangedValue>,
    files: Vec<String>,
    former: Former,
    mrn: String,
    plan_id: u16,
    reason: Option<String>,
    recomputed: bool,
}

/// What stored the former values.
#[derive(Debug, Clone, Serialize)]
struct Former {
    dvh_options: String,
    engine_version: String,
}

/// A value that moved; null is no row or no value.
#[derive(Debug, Clone, Serialize)]
struct ChangedValue {
    column: String,
    new: Json,
    old: Json,
    row: String,
    table: &'static str,
}

impl RecomputeReport {
    /// The report of these plans.
    #[must_use]
    pub fn new(plans: Vec<RecomputedPlan>, dry_run: bool) -> Self {
        Self { dry_run, engine: Engine::current(), plans, schema: RECOMPUTE_SCHEMA }
    }
}

impl RecomputedPlan {
    /// A plan with the values that moved, or the reason why it could not be computed.
    #[must_use]
    pub fn new(import: &StoredImport, outcome: Result<&[Change], &str>) -> Self {
        let changes = outcome.unwrap_or_default().iter().map(|change| ChangedValue {
            column: change.column.clone(),
            new: change.new.as_ref().map_or(Json::Null, json),
            old: change.old.as_ref().map_or(Json::Null, json),
            row: change.row.clone(),
            table: change.table,
        });
        Self {
            changes: changes.collect(),
            files: import.import.files.iter().map(|file| path_text(&file.path)).collect(),
            former: Former {
                dvh_options: import.import.dvh_options.clone(),
                engine_version: import.import.engine_version.clone(),
            },
            mrn: import.mrn.clone(),
            plan_id: import.plan_id.0,
            reason: outcome.err().map(str::to_owned),
            recomputed: outcome.is_ok(),
        }
    }
}

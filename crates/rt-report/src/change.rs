//! The report of a change of what is stored.
//!
//! Units: none. Frame: none.

use crate::path_text;
use rt_sql::record::PlanId;
use rt_sql::{Deleted, Moved, Purged};
use serde::Serialize;

/// Schema of [`ChangeReport`].
pub const CHANGE_SCHEMA: &str = "dosebridge.change/1";

/// What was changed, and why. Each action fills its own fields.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChangeReport {
    /// delete, move, exclude, include or purge.
    pub action: &'static str,
    /// Older plans that are current again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_again: Option<Vec<u16>>,
    /// DVHs that were deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dvhs: Option<usize>,
    /// Files that would bring the patient back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<String>>,
    /// Texts about others that named the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentions: Option<usize>,
    /// Medical record number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrn: Option<String>,
    /// Number of the plan under it; null for all of the patient's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<Option<u16>>,
    /// Plans: how many were removed, or the numbers of those that moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plans: Option<ChangedPlans>,
    /// The user's reason.
    pub reason: String,
    /// [`CHANGE_SCHEMA`].
    pub schema: &'static str,
    /// What the log says in place of the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stands_in: Option<String>,
    /// The medical record number that plans were moved to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_mrn: Option<String>,
}

/// Plans of a change.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum ChangedPlans {
    /// How many.
    Count(usize),
    /// Their numbers before and after.
    Moved(Vec<MovedPlan>),
}

/// Numbers of a plan before and after.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct MovedPlan {
    /// Before.
    pub from: u16,
    /// After.
    pub to: u16,
}

impl ChangeReport {
    fn blank(action: &'static str) -> Self {
        Self { action, schema: CHANGE_SCHEMA, ..Self::default() }
    }

    /// The report with the user's reason.
    #[must_use]
    pub fn because(self, reason: &str) -> Self {
        Self { reason: reason.to_owned(), ..self }
    }

    /// A plan was deleted.
    #[must_use]
    pub fn deleted(mrn: &str, plan: PlanId, deleted: &Deleted) -> Self {
        Self {
            mrn: Some(mrn.to_owned()),
            plan_id: Some(Some(plan.0)),
            dvhs: Some(deleted.dvhs),
            current_again: Some(deleted.current_again.iter().map(|id| id.0).collect()),
            ..Self::blank("delete")
        }
    }

    /// Plans were moved to another patient.
    #[must_use]
    pub fn moved(mrn: &str, to_mrn: &str, moved: &[Moved]) -> Self {
        let plans = moved.iter().map(|step| MovedPlan { from: step.from.0, to: step.to.0 }).collect();
        Self {
            mrn: Some(mrn.to_owned()),
            to_mrn: Some(to_mrn.to_owned()),
            plans: Some(ChangedPlans::Moved(plans)),
            ..Self::blank("move")
        }
    }

    /// A plan, or all of a patient's, was excluded or included again.
    #[must_use]
    pub fn excluded(mrn: &str, plan: Option<PlanId>, undone: bool) -> Self {
        Self {
            mrn: Some(mrn.to_owned()),
            plan_id: Some(plan.map(|id| id.0)),
            ..Self::blank(if undone { "include" } else { "exclude" })
        }
    }

    /// Everything of a patient was removed.
    #[must_use]
    pub fn purged(purged: &Purged) -> Self {
        Self {
            plans: Some(ChangedPlans::Count(purged.plans)),
            stands_in: Some(purged.stands_in.clone()),
            mentions: Some(purged.mentions),
            files: Some(purged.files.iter().map(|file| path_text(file)).collect()),
            ..Self::blank("purge")
        }
    }
}

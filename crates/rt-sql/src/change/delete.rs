//! Deleting one plan. Its number stays used: `Imports` keeps a row for it.
//!
//! Units: none. Frame: none.

use super::{audit, expect_plan, key};
use crate::database::Database;
use crate::error::SqlError;
use crate::record::{Act, PlanId};
use crate::schema::Schema;
use crate::session::Session;
use crate::store::IMPORTS;
use crate::tables::RESULTS;
use crate::value::Value;

/// What deleting a plan did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Rows of `DVHs` that went.
    pub dvhs: usize,
    /// Older versions of the plan that are current again, since the version that took their place is gone.
    pub current_again: Vec<PlanId>,
}

/// Stands for a content that nobody knows: the original importer kept no digest.
const NO_DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Stands for an unknown SOP Instance UID: the UID of the nil UUID (PS3.5 annex B.2).
const NO_UID: &str = "2.25.0";

impl Database {
    /// Deletes a plan with all that was computed of it, also one of the original importer. What stays is its
    /// row in `Imports` and the paths of its files: the number is never used again, and importing the files
    /// stores the case under a new one.
    ///
    /// # Errors
    /// [`crate::SqlErrorKind::NotStored`]; where the database refuses.
    pub async fn delete_plan(&self, mrn: &str, plan_id: PlanId, act: &Act) -> Result<Deleted, SqlError> {
        let mut session = self.session().await?;
        session.begin(&[mrn]).await?;
        let outcome = self.delete_in(&mut session, mrn, plan_id, act).await;
        session.finish(outcome).await
    }

    async fn delete_in(
        &self,
        session: &mut Session,
        mrn: &str,
        plan_id: PlanId,
        act: &Act,
    ) -> Result<Deleted, SqlError> {
        let schema = self.schema();
        expect_plan(session, schema, mrn, plan_id).await?;
        let current_again = unlink(session, mrn, plan_id).await?;
        let here = format!("{} AND PlanID = ?", schema.mrn_is());
        let dvhs =
            session.number(&format!("SELECT COUNT(*) FROM DVHs WHERE {here}"), key(mrn, plan_id)).await?;
        for table in ["DVHs", "Plans"] {
            session.execute(&format!("DELETE FROM {table} WHERE {here}"), key(mrn, plan_id)).await?;
        }
        let results = RESULTS.iter().map(|table| table.name);
        for table in results.chain(["OldValues", "Recomputations", "Exclusions"]) {
            session
                .execute(&format!("DELETE FROM {table} WHERE MRN = ? AND PlanID = ?"), key(mrn, plan_id))
                .await?;
        }
        // Whoever imports it once more under the MRN it was moved from means it.
        session.execute("DELETE FROM Moves WHERE ToMRN = ? AND ToPlanID = ?", key(mrn, plan_id)).await?;
        leave_number(session, mrn, plan_id, "deleted", act).await?;
        let what = match &current_again[..] {
            [] => format!("{dvhs} DVHs deleted"),
            older => format!("{dvhs} DVHs deleted, current again: plan {}", listed(older)),
        };
        audit::write(self, session, act, audit::Entry { action: "delete", mrn, plan_id: plan_id.0, what })
            .await?;
        Ok(Deleted { dvhs: usize::try_from(dvhs).unwrap_or_default(), current_again })
    }
}

/// Takes a plan out of the chain of its versions: what it took the place of is now superseded by its own
/// successor, or current.
async fn unlink(session: &mut Session, mrn: &str, plan_id: PlanId) -> Result<Vec<PlanId>, SqlError> {
    let successor = "SELECT SupersededBy FROM PlanStatus WHERE MRN = ? AND PlanID = ?";
    let successor: Option<u16> = match session.query(successor, key(mrn, plan_id)).await?.first_mut() {
        Some(row) => row.next()?,
        None => None,
    };
    let mut older = Vec::new();
    let superseded = "SELECT PlanID FROM PlanStatus WHERE MRN = ? AND SupersededBy = ? ORDER BY PlanID";
    for mut row in session.query(superseded, key(mrn, plan_id)).await? {
        older.push(PlanId(row.next()?));
    }
    for id in &older {
        let link = vec![Value::from(successor), mrn.into(), id.0.into()];
        session.execute("UPDATE PlanStatus SET SupersededBy = ? WHERE MRN = ? AND PlanID = ?", link).await?;
        if successor.is_none() {
            session
                .execute("UPDATE Imports SET State = 'stored' WHERE MRN = ? AND PlanID = ?", key(mrn, *id))
                .await?;
        }
    }
    Ok(if successor.is_none() { older } else { Vec::new() })
}

/// Sees to it that `Imports` remembers a number that left `Plans`, and how it left. What the original
/// importer stored has no row there yet.
pub(super) async fn leave_number(
    session: &mut Session,
    mrn: &str,
    plan_id: PlanId,
    state: &str,
    act: &Act,
) -> Result<(), SqlError> {
    if session.number("SELECT COUNT(*) FROM Imports WHERE MRN = ? AND PlanID = ?", key(mrn, plan_id)).await?
        > 0
    {
        let values = vec![state.into(), mrn.into(), plan_id.0.into()];
        return session.execute("UPDATE Imports SET State = ? WHERE MRN = ? AND PlanID = ?", values).await;
    }
    let row = vec![
        mrn.into(),
        plan_id.0.into(),
        NO_UID.into(),
        Value::Null,
        NO_DIGEST.into(),
        state.into(),
        Value::Null,
        act.at.into(),
        (&act.who).into(),
        (&act.host).into(),
        Value::Null,
        Value::Null,
        "".into(),
    ];
    session.insert("Imports", IMPORTS, vec![row]).await
}

/// `1, 2`
fn listed(ids: &[PlanId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The largest number that an MRN ever had; 0 where it had none.
pub(super) async fn largest_number(
    session: &mut Session,
    schema: &Schema,
    mrn: &str,
) -> Result<u32, SqlError> {
    let plans = format!("SELECT MAX(PlanID) FROM Plans WHERE {}", schema.mrn_is());
    let plans = session.number(&plans, vec![mrn.into()]).await?;
    let imports = session.number("SELECT MAX(PlanID) FROM Imports WHERE MRN = ?", vec![mrn.into()]).await?;
    Ok(u32::try_from(plans.max(imports)).unwrap_or_default())
}

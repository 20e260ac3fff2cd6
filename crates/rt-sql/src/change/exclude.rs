//! Keeping a patient or a plan out of the cohort views, and taking it back in.
//!
//! Units: none. Frame: none.

use super::{audit, expect_plan};
use crate::database::Database;
use crate::error::{SqlError, SqlErrorKind};
use crate::record::{Act, PlanId};
use crate::session::Session;
use crate::value::Value;

/// The PlanID of a row of `Exclusions` that is about all of a patient's plans.
const WHOLE_PATIENT: u16 = 0;

impl Database {
    /// Keeps a plan, or with `None` all of a patient's plans, also later ones, out of the cohort views.
    /// Nothing is deleted.
    ///
    /// # Errors
    /// [`SqlErrorKind::NotStored`]; where the database refuses.
    pub async fn exclude(&self, mrn: &str, plan_id: Option<PlanId>, act: &Act) -> Result<(), SqlError> {
        let mut session = self.session().await?;
        session.begin(&[mrn]).await?;
        let outcome = self.exclude_in(&mut session, mrn, plan_id, act).await;
        session.finish(outcome).await
    }

    /// Takes back [`Self::exclude`]. What was excluded plan by plan is taken back plan by plan.
    ///
    /// # Errors
    /// [`SqlErrorKind::NotExcluded`]; where the database refuses.
    pub async fn include(&self, mrn: &str, plan_id: Option<PlanId>, act: &Act) -> Result<(), SqlError> {
        let mut session = self.session().await?;
        session.begin(&[mrn]).await?;
        let outcome = self.include_in(&mut session, mrn, plan_id, act).await;
        session.finish(outcome).await
    }

    async fn exclude_in(
        &self,
        session: &mut Session,
        mrn: &str,
        plan_id: Option<PlanId>,
        act: &Act,
    ) -> Result<(), SqlError> {
        match plan_id {
            Some(plan_id) => expect_plan(session, self.schema(), mrn, plan_id).await?,
            None => expect_patient(self, session, mrn).await?,
        }
        remove(session, mrn, plan_id).await?;
        let row = vec![mrn.into(), number(plan_id).into(), act.at.into(), (&act.reason).into()];
        session.insert("Exclusions", &["MRN", "PlanID", "ExcludedAt_UTC", "Reason"], vec![row]).await?;
        let entry = audit::Entry { action: "exclude", mrn, plan_id: number(plan_id), what: String::new() };
        audit::write(self, session, act, entry).await
    }

    async fn include_in(
        &self,
        session: &mut Session,
        mrn: &str,
        plan_id: Option<PlanId>,
        act: &Act,
    ) -> Result<(), SqlError> {
        let sql = "SELECT COUNT(*) FROM Exclusions WHERE MRN = ? AND PlanID = ?";
        if session.number(sql, key(mrn, plan_id)).await? == 0 {
            return Err(SqlError::new(SqlErrorKind::NotExcluded { mrn: mrn.to_owned(), plan_id }));
        }
        remove(session, mrn, plan_id).await?;
        let entry = audit::Entry { action: "include", mrn, plan_id: number(plan_id), what: String::new() };
        audit::write(self, session, act, entry).await
    }
}

/// Refuses where nothing is stored under the MRN.
pub(super) async fn expect_patient(
    database: &Database,
    session: &mut Session,
    mrn: &str,
) -> Result<(), SqlError> {
    let sql = format!("SELECT COUNT(*) FROM Plans WHERE {}", database.schema().mrn_is());
    if session.number(&sql, vec![mrn.into()]).await? == 0 {
        return Err(SqlError::new(SqlErrorKind::NotStored { mrn: mrn.to_owned(), plan_id: None }));
    }
    Ok(())
}

async fn remove(session: &mut Session, mrn: &str, plan_id: Option<PlanId>) -> Result<(), SqlError> {
    session.execute("DELETE FROM Exclusions WHERE MRN = ? AND PlanID = ?", key(mrn, plan_id)).await
}

fn number(plan_id: Option<PlanId>) -> u16 {
    plan_id.map_or(WHOLE_PATIENT, |id| id.0)
}

fn key(mrn: &str, plan_id: Option<PlanId>) -> Vec<Value> {
    vec![mrn.into(), number(plan_id).into()]
}

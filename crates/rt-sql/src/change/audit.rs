//! Rows of `Audit`.
//!
//! Units: none. Frame: none.

use crate::database::Database;
use crate::error::SqlError;
use crate::record::{Act, PlanId};
use crate::session::Session;
use crate::store::AUDIT;
use crate::writer::Writer;
use rt_model::provenance::Provenance;

/// What was done to what, in the database's words.
pub(super) struct Entry<'a> {
    pub(super) action: &'a str,
    pub(super) mrn: &'a str,
    /// 0 where it concerns the whole patient or the database.
    pub(super) plan_id: u16,
    /// What came of it; the user's reason follows.
    pub(super) what: String,
}

/// Writes a row in the transaction of the change.
pub(super) async fn write(
    database: &Database,
    session: &mut Session,
    act: &Act,
    entry: Entry<'_>,
) -> Result<(), SqlError> {
    let parts = [entry.what.as_str(), act.reason.as_str()];
    let reason = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    let row = vec![
        act.at.into(),
        (&act.who).into(),
        (&act.host).into(),
        (&act.version).into(),
        entry.action.into(),
        entry.mrn.into(),
        entry.plan_id.into(),
        reason.into(),
    ];
    Writer::new(session, database.schema(), Provenance::unknown()).insert("Audit", AUDIT, vec![row]).await
}

impl Database {
    /// Writes that something was done which is no change of a plan: the database was made.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn record_act(
        &self,
        action: &str,
        mrn: &str,
        plan_id: Option<PlanId>,
        act: &Act,
    ) -> Result<(), SqlError> {
        let mut session = self.session().await?;
        let entry = Entry { action, mrn, plan_id: plan_id.map_or(0, |id| id.0), what: String::new() };
        write(self, &mut session, act, entry).await
    }
}

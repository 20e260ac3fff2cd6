//! Changes of what is stored, by somebody's decision: each in one transaction, with its row in `Audit`.
//!
//! Units: none. Frame: none.

mod audit;
mod delete;
mod exclude;
mod purge;
mod recompute;
mod relocate;

pub use delete::Deleted;
pub use purge::Purged;
pub use recompute::{Change, Recomputed};
pub use relocate::Moved;

use crate::error::{SqlError, SqlErrorKind};
use crate::record::PlanId;
use crate::schema::Schema;
use crate::session::Session;
use crate::value::Value;

/// Parameters of a condition on MRN and PlanID.
fn key(mrn: &str, plan_id: PlanId) -> Vec<Value> {
    vec![mrn.into(), plan_id.0.into()]
}

/// Refuses where `Plans` has no such row.
async fn expect_plan(
    session: &mut Session,
    schema: &Schema,
    mrn: &str,
    plan_id: PlanId,
) -> Result<(), SqlError> {
    let sql = format!("SELECT COUNT(*) FROM Plans WHERE {} AND PlanID = ?", schema.mrn_is());
    if session.number(&sql, key(mrn, plan_id)).await? == 0 {
        return Err(SqlError::new(SqlErrorKind::NotStored { mrn: mrn.to_owned(), plan_id: Some(plan_id) }));
    }
    Ok(())
}

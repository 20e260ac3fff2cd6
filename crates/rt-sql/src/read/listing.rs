//! Every plan on a line.
//!
//! Units: Gy. Frame: none.

use super::plan::StoredPlan;
use crate::database::Database;
use crate::error::SqlError;
use crate::record::PlanId;
use crate::session::Session;
use crate::value::{Row, Value};
use rt_model::date::DateTime;
use std::collections::HashMap;

/// A plan and its standing.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedPlan {
    /// Its row of `Plans`.
    pub plan: StoredPlan,
    /// What this program knows of it; `None` for a plan of the original importer.
    pub standing: Option<Standing>,
}

/// What this program knows of a plan it has stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The version that took its place.
    pub superseded_by: Option<PlanId>,
    /// Made to check a machine or another plan.
    pub qa: bool,
    /// Excluded by itself or with its patient.
    pub excluded: bool,
    /// Approval Status (300E,0002) as written.
    pub approval: Option<String>,
    /// The rule behind `Plans.RxDose`.
    pub rx_source: Option<String>,
    /// `Plans.RxDose` is a prescription that nothing speaks against.
    pub rx_settled: bool,
    /// When it was stored, UTC.
    pub imported_at: DateTime,
    /// By which version of the engine it was computed.
    pub engine_version: Option<String>,
}

const STANDING: &str = "SELECT i.MRN, i.PlanID, s.SupersededBy, s.QA, \
     EXISTS (SELECT 1 FROM Exclusions AS e WHERE e.MRN = i.MRN AND e.PlanID IN (0, i.PlanID)), s.Approval, r.Source, \
     COALESCE(r.Settled, 0), i.ImportedAt_UTC, i.EngineVersion FROM Imports AS i \
     JOIN PlanStatus AS s ON s.MRN = i.MRN AND s.PlanID = i.PlanID \
     LEFT JOIN Prescriptions AS r ON r.MRN = i.MRN AND r.PlanID = i.PlanID AND r.Chosen = 1";

impl Database {
    /// The plans of one MRN or all, also those of the original importer, by MRN and PlanID.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn list(&self, mrn: Option<&str>) -> Result<Vec<ListedPlan>, SqlError> {
        let plans = self.plans(mrn).await?;
        let mut known = standings(&mut self.session().await?, mrn).await?;
        let listed = plans.into_iter().map(|plan| {
            let standing = known.remove(&(plan.mrn.clone(), plan.plan_id));
            ListedPlan { plan, standing }
        });
        Ok(listed.collect())
    }
}

async fn standings(
    session: &mut Session,
    mrn: Option<&str>,
) -> Result<HashMap<(String, PlanId), Standing>, SqlError> {
    let (condition, values): (_, Vec<Value>) = match mrn {
        Some(mrn) => ("WHERE i.MRN = ?", vec![mrn.into()]),
        None => ("", Vec::new()),
    };
    session.query(&format!("{STANDING} {condition}"), values).await?.into_iter().map(standing).collect()
}

fn standing(mut row: Row) -> Result<((String, PlanId), Standing), SqlError> {
    let key = (row.next()?, PlanId(row.next()?));
    let standing = Standing {
        superseded_by: row.next::<Option<u16>>()?.map(PlanId),
        qa: row.next()?,
        excluded: row.next()?,
        approval: row.next()?,
        rx_source: row.next()?,
        rx_settled: row.next()?,
        imported_at: row.next()?,
        engine_version: row.next()?,
    };
    Ok((key, standing))
}

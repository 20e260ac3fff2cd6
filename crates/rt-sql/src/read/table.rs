//! Whole tables and views, a plan or patient at a time: every column there is, also those that a newer schema
//! added.
//!
//! Units: those of the columns' names. Frame: DICOM patient coordinates (LPS) for points.

use crate::database::Database;
use crate::error::SqlError;
use crate::record::{AuditRow, PlanId};
use crate::tables::below_imports;
use crate::value::Value;

/// Rows of one table or view.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The columns in order.
    pub columns: Vec<String>,
    /// A value per column.
    pub rows: Vec<Vec<Value>>,
}

/// A table or view that analysts take whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `Plans`.
    Plans,
    /// `DVHs`.
    Dvhs,
    /// `Metrics`, with the ROI's name.
    Metrics,
    /// The view `CohortPlans`.
    CohortPlans,
    /// The view `CohortDVHs`.
    CohortDvhs,
    /// `Metrics` of the plans in `CohortPlans`, with the ROI's name.
    CohortMetrics,
}

const METRICS: &str = "SELECT m.MRN, m.PlanID, m.ROINumber, r.ROIName, r.Type, m.Metric, m.Value, m.Unit, m.Low, m.High, \
     m.Reason FROM Metrics AS m JOIN RoiDetails AS r ON r.MRN = m.MRN AND r.PlanID = m.PlanID AND r.ROINumber = m.ROINumber \
     WHERE m.MRN = ? AND m.PlanID = ?";

const DECISIONS: &str = "SELECT a.Action, a.Reason FROM Audit AS a WHERE (a.MRN = ? AND a.PlanID = ?) OR EXISTS \
     (SELECT 1 FROM Moves AS m WHERE m.ToMRN = ? AND m.ToPlanID = ? AND m.MRN = a.MRN AND m.PlanID = a.PlanID) \
     ORDER BY a.AuditID";

const ASKED: &str =
    "SELECT Metric FROM Metrics WHERE MRN = ? AND PlanID = ? GROUP BY Metric ORDER BY MIN(Number)";

impl Database {
    /// The metrics that are stored of a plan, by the strings that asked for them, in the order they were
    /// asked in.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn metrics_asked(&self, mrn: &str, plan_id: PlanId) -> Result<Vec<String>, SqlError> {
        let rows = self.session().await?.query(ASKED, vec![mrn.into(), plan_id.0.into()]).await?;
        rows.into_iter().map(|mut row| row.next()).collect()
    }

    /// The rows of a plan in a source, in a stable order.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn rows(&self, source: Source, mrn: &str, plan_id: PlanId) -> Result<Table, SqlError> {
        let mrn_is = self.schema().mrn_is();
        let here = "WHERE MRN = ? AND PlanID = ?";
        let in_cohort =
            "AND EXISTS (SELECT 1 FROM CohortPlans AS c WHERE c.MRN = m.MRN AND c.PlanID = m.PlanID)";
        let (name, sql) = match source {
            Source::Plans => ("Plans", format!("SELECT * FROM Plans WHERE {mrn_is} AND PlanID = ?")),
            Source::Dvhs => {
                ("DVHs", format!("SELECT * FROM DVHs WHERE {mrn_is} AND PlanID = ? ORDER BY ROIName"))
            }
            Source::Metrics => ("Metrics", format!("{METRICS} ORDER BY m.ROINumber, m.Number")),
            Source::CohortPlans => ("CohortPlans", format!("SELECT * FROM CohortPlans {here}")),
            Source::CohortDvhs => ("CohortDVHs", format!("SELECT * FROM CohortDVHs {here} ORDER BY ROIName")),
            Source::CohortMetrics => {
                ("Metrics", format!("{METRICS} {in_cohort} ORDER BY m.ROINumber, m.Number"))
            }
        };
        let (columns, rows) = self.session().await?.table(&sql, vec![mrn.into(), plan_id.0.into()]).await?;
        Ok(Table { name: name.to_owned(), columns, rows })
    }

    /// Everything that is stored about a plan, table by table, also of one that the original importer stored.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn plan_tables(&self, mrn: &str, plan_id: PlanId) -> Result<Vec<Table>, SqlError> {
        let mut tables =
            vec![self.rows(Source::Plans, mrn, plan_id).await?, self.rows(Source::Dvhs, mrn, plan_id).await?];
        let mut session = self.session().await?;
        for name in ["Imports"].into_iter().chain(below_imports()).chain(["Exclusions", "Audit"]) {
            let sql = format!("SELECT * FROM {name} WHERE MRN = ? AND PlanID = ?");
            let (columns, rows) = session.table(&sql, vec![mrn.into(), plan_id.0.into()]).await?;
            tables.push(Table { name: name.to_owned(), columns, rows });
        }
        Ok(tables)
    }

    /// The log of decisions about one patient or all, oldest first.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn audit(&self, mrn: Option<&str>) -> Result<Table, SqlError> {
        let (condition, values) = match mrn {
            Some(mrn) => ("WHERE MRN = ?", vec![mrn.into()]),
            None => ("", Vec::new()),
        };
        let sql = format!("SELECT * FROM Audit {condition} ORDER BY AuditID");
        let (columns, rows) = self.session().await?.table(&sql, values).await?;
        Ok(Table { name: "Audit".to_owned(), columns, rows })
    }

    /// The user's decisions that a plan rests on, also those made while it was under another MRN, oldest
    /// first.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn decisions(&self, mrn: &str, plan_id: PlanId) -> Result<Vec<AuditRow>, SqlError> {
        let key = || -> [Value; 2] { [mrn.into(), plan_id.0.into()] };
        let rows = self.session().await?.query(DECISIONS, [key(), key()].concat()).await?;
        rows.into_iter().map(|mut row| Ok(AuditRow { action: row.next()?, reason: row.next()? })).collect()
    }
}

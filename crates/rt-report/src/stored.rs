//! What is stored, as JSON: the list of plans, the tables of a plan, rows of an export, rights.
//!
//! Units: as the columns' names say. Frame: DICOM patient coordinates (LPS) for points.

use crate::finite;
use rt_sql::record::PlanId;
use rt_sql::{DvhRow, ListedPlan, Table, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Schema of [`List`].
pub const LIST_SCHEMA: &str = "dosebridge.list/1";
/// Schema of [`Show`].
pub const SHOW_SCHEMA: &str = "dosebridge.show/1";
/// Schema of an export.
pub const EXPORT_SCHEMA: &str = "dosebridge.export/1";
/// Schema of [`Init`].
pub const INIT_SCHEMA: &str = "dosebridge.init/1";

/// The stored plans.
#[derive(Debug, Clone, Serialize)]
pub struct List {
    /// The plans.
    pub plans: Vec<ListedPlanReport>,
    /// [`LIST_SCHEMA`].
    pub schema: &'static str,
}

/// A stored plan.
#[derive(Debug, Clone, Serialize)]
pub struct ListedPlanReport {
    approval: Option<String>,
    engine_version: Option<String>,
    fractions: Option<u32>,
    imported_at_utc: Option<String>,
    in_cohort: bool,
    label: Option<String>,
    mrn: String,
    plan_id: u16,
    rx_dose_gy: Option<f64>,
    rx_settled: Option<bool>,
    rx_source: Option<String>,
    standing: String,
    study_date: Option<String>,
    superseded_by: Option<u16>,
    technique: Option<String>,
}

impl List {
    /// The list of these plans.
    #[must_use]
    pub fn new(plans: &[ListedPlan]) -> Self {
        Self { plans: plans.iter().map(ListedPlanReport::from).collect(), schema: LIST_SCHEMA }
    }
}

impl From<&ListedPlan> for ListedPlanReport {
    fn from(listed: &ListedPlan) -> Self {
        let plan = &listed.plan.plan;
        let standing = listed.standing.as_ref();
        Self {
            approval: standing.and_then(|standing| standing.approval.clone()),
            engine_version: standing.and_then(|standing| standing.engine_version.clone()),
            fractions: plan.fractions,
            imported_at_utc: standing.map(|standing| standing.imported_at.to_string()),
            in_cohort: standing.is_some_and(|standing| {
                standing.superseded_by.is_none() && !standing.excluded && !standing.qa
            }),
            label: plan.tx_site.clone(),
            mrn: listed.plan.mrn.clone(),
            plan_id: listed.plan.plan_id.0,
            rx_dose_gy: plan.rx_dose.map(|dose| dose.0),
            rx_settled: standing.map(|standing| standing.rx_settled),
            rx_source: standing.and_then(|standing| standing.rx_source.clone()),
            standing: self::standing(listed),
            study_date: plan.sim_study_date.map(|date| date.to_string()),
            superseded_by: standing.and_then(|standing| standing.superseded_by).map(|id| id.0),
            technique: plan.tx_modality.clone(),
        }
    }
}

/// Where a plan stands, in words.
#[must_use]
pub fn standing(listed: &ListedPlan) -> String {
    let Some(standing) = &listed.standing else { return "original importer".to_owned() };
    let mut words = Vec::new();
    words.extend(standing.superseded_by.map(|newer| format!("superseded by {newer}")));
    words.extend(standing.excluded.then(|| "excluded".to_owned()));
    words.extend(standing.qa.then(|| "quality assurance".to_owned()));
    if words.is_empty() { "current".to_owned() } else { words.join(", ") }
}

/// What is stored of a patient.
#[derive(Debug, Clone, Serialize)]
pub struct Show {
    audit: Vec<Map<String, Json>>,
    mrn: String,
    plans: Vec<ShownPlan>,
    schema: &'static str,
}

/// What is stored of a plan: its tables by name.
#[derive(Debug, Clone, Serialize)]
struct ShownPlan {
    plan_id: u16,
    tables: BTreeMap<String, Vec<Map<String, Json>>>,
}

impl Show {
    /// Plans with their tables, and the log of the patient.
    #[must_use]
    pub fn new(mrn: &str, plans: &[(PlanId, Vec<Table>)], audit: &Table) -> Self {
        let plan = |(id, tables): &(PlanId, Vec<Table>)| ShownPlan {
            plan_id: id.0,
            tables: tables.iter().map(|table| (table.name.clone(), objects(table))).collect(),
        };
        Self {
            audit: objects(audit),
            mrn: mrn.to_owned(),
            plans: plans.iter().map(plan).collect(),
            schema: SHOW_SCHEMA,
        }
    }
}

/// A value of the database as JSON.
#[must_use]
pub fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => finite(*number).into(),
        Value::Text(text) => text.as_str().into(),
    }
}

/// The rows of a table as objects.
#[must_use]
pub fn objects(table: &Table) -> Vec<Map<String, Json>> {
    let object = |row: &Vec<Value>| table.columns.iter().cloned().zip(row.iter().map(json)).collect();
    table.rows.iter().map(object).collect()
}

/// One row of an export as one line of JSON.
#[must_use]
pub fn line(row: &impl Serialize) -> String {
    serde_json::to_string(row).unwrap_or_default()
}

/// A cumulative curve of an export.
#[derive(Debug, Clone, Serialize)]
pub struct StoredCurve<'a> {
    #[serde(rename = "Cumulative_cm3")]
    cumulative: &'a [f64],
    #[serde(rename = "DoseBinSize_Gy")]
    bin: f64,
    #[serde(rename = "MRN")]
    mrn: &'a str,
    #[serde(rename = "PlanID")]
    plan_id: u16,
    #[serde(rename = "ROIName")]
    roi_name: &'a str,
}

impl<'a> StoredCurve<'a> {
    /// The curve of a stored DVH; `None` if it has none.
    #[must_use]
    pub fn new(mrn: &'a str, plan: PlanId, dvh: &'a DvhRow) -> Option<Self> {
        let curve = dvh.curve.as_ref()?;
        let (cumulative, bin) = (&curve.cumulative[..], curve.bin.0);
        Some(Self { cumulative, bin, mrn, plan_id: plan.0, roi_name: &dvh.roi_name })
    }
}

/// A database that was made ready, with the statements that give each role its rights.
#[derive(Debug, Clone, Serialize)]
pub struct Init {
    /// The database's address.
    pub database: String,
    /// Statements by account.
    pub grants: BTreeMap<&'static str, Vec<String>>,
    /// [`INIT_SCHEMA`].
    pub schema: &'static str,
}

/// Schema of [`Doctor`].
pub const DOCTOR_SCHEMA: &str = "dosebridge.doctor/1";

/// What was examined.
#[derive(Debug, Clone, Serialize)]
pub struct Doctor<'a> {
    /// What was examined, one by one.
    pub looks: Vec<Examined<'a>>,
    /// [`DOCTOR_SCHEMA`].
    pub schema: &'static str,
}

/// One thing that was examined.
#[derive(Debug, Clone, Serialize)]
pub struct Examined<'a> {
    /// What was found.
    pub found: &'a str,
    /// What to do.
    pub remedy: Option<&'a str>,
    /// good, mind or bad.
    pub state: &'static str,
    /// What was examined.
    pub what: &'static str,
}

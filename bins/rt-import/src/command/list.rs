//! `rt-import list`.
//!
//! Units: Gy. Frame: none.

use crate::cli::ListArgs;
use crate::columns::{columns, number};
use crate::config::{Layer, Settings};
use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::output;
use rt_sql::ListedPlan;
use serde_json::{Value, json};

/// Schema of the list as JSON.
pub const LIST_SCHEMA: &str = "dosebridge.list/1";

/// Lists the stored plans.
///
/// # Errors
/// Where the database can't be reached or read.
pub fn run(args: &ListArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    let connection = Connection::open(&settings.database)?;
    let plans = connection.ask(|database| async move { database.list(args.mrn.as_deref()).await })?;
    connection.close();
    output::print(&table(&plans), args.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.json {
        let rows: Vec<Value> = plans.iter().map(object).collect();
        output::write_json(path, &json!({ "schema": LIST_SCHEMA, "plans": rows }))?;
    }
    Ok(Exit::Done)
}

/// The plans for people.
#[must_use]
pub(super) fn table(plans: &[ListedPlan]) -> String {
    let headers =
        ["MRN", ">plan", "label", "standing", ">RxDose Gy", "source", ">fractions", "technique", "study", "stored (UTC)"];
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let row = |listed: &ListedPlan| {
        let plan = &listed.plan.plan;
        let standing = listed.standing.as_ref();
        vec![
            listed.plan.mrn.clone(),
            listed.plan.plan_id.to_string(),
            text(plan.tx_site.clone()),
            self::standing(listed),
            number(plan.rx_dose.map(|dose| dose.0), 2),
            text(standing.and_then(|standing| standing.rx_source.clone())),
            text(plan.fractions.map(|count| count.to_string())),
            text(plan.tx_modality.clone()),
            text(plan.sim_study_date.map(|date| date.to_string())),
            text(standing.map(|standing| standing.imported_at.to_string())),
        ]
    };
    if plans.is_empty() {
        return "no plans\n".to_owned();
    }
    let count = plans.len();
    columns(&headers, plans.iter().map(row)) + &format!("{count} plan{}\n", if count == 1 { "" } else { "s" })
}

/// Where a plan stands, in words.
fn standing(listed: &ListedPlan) -> String {
    let Some(standing) = &listed.standing else { return "original importer".to_owned() };
    let mut words = Vec::new();
    words.extend(standing.superseded_by.map(|newer| format!("superseded by {newer}")));
    words.extend(standing.excluded.then(|| "excluded".to_owned()));
    words.extend(standing.qa.then(|| "quality assurance".to_owned()));
    if words.is_empty() { "current".to_owned() } else { words.join(", ") }
}

/// A plan of the list as JSON.
pub(super) fn object(listed: &ListedPlan) -> Value {
    let plan = &listed.plan.plan;
    let standing = listed.standing.as_ref();
    json!({
        "mrn": listed.plan.mrn,
        "plan_id": listed.plan.plan_id.0,
        "label": plan.tx_site,
        "standing": self::standing(listed),
        "in_cohort": standing.is_some_and(|standing| standing.superseded_by.is_none() && !standing.excluded && !standing.qa),
        "superseded_by": standing.and_then(|standing| standing.superseded_by).map(|id| id.0),
        "approval": standing.and_then(|standing| standing.approval.clone()),
        "rx_dose_gy": plan.rx_dose.map(|dose| dose.0),
        "rx_source": standing.and_then(|standing| standing.rx_source.clone()),
        "rx_settled": standing.map(|standing| standing.rx_settled),
        "fractions": plan.fractions,
        "technique": plan.tx_modality,
        "study_date": plan.sim_study_date.map(|date| date.to_string()),
        "imported_at_utc": standing.map(|standing| standing.imported_at.to_string()),
        "engine_version": standing.and_then(|standing| standing.engine_version.clone()),
    })
}

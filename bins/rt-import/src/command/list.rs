//! `rt-import list`.
//!
//! Units: Gy. Frame: none.

use super::connection::Connection;
use crate::cli::ListArgs;
use crate::config::{Layer, Settings};
use crate::view::columns::{columns, number};
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_report::stored::{List, standing};
use rt_sql::ListedPlan;

/// Lists the stored plans.
///
/// # Errors
/// Where the database can't be reached or read.
pub(crate) fn run(args: &ListArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    let connection = Connection::open(&settings.database)?;
    let plans = connection.ask(|database| async move { database.list(args.mrn.as_deref()).await })?;
    connection.close();
    output::print(&table(&plans), args.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.json {
        output::write_json(path, &List::new(&plans))?;
    }
    Ok(Exit::Done)
}

/// The plans for people.
#[must_use]
pub(super) fn table(plans: &[ListedPlan]) -> String {
    let headers = [
        "MRN",
        ">plan",
        "label",
        "standing",
        ">RxDose Gy",
        "source",
        ">fractions",
        "technique",
        "study",
        "stored (UTC)",
    ];
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let row = |listed: &ListedPlan| {
        let plan = &listed.plan.plan;
        let stored = listed.standing.as_ref();
        vec![
            listed.plan.mrn.clone(),
            listed.plan.plan_id.to_string(),
            text(plan.tx_site.clone()),
            standing(listed),
            number(plan.rx_dose.map(|dose| dose.0), 2),
            text(stored.and_then(|stored| stored.rx_source.clone())),
            text(plan.fractions.map(|count| count.to_string())),
            text(plan.tx_modality.clone()),
            text(plan.sim_study_date.map(|date| date.to_string())),
            text(stored.map(|stored| stored.imported_at.to_string())),
        ]
    };
    if plans.is_empty() {
        return "no plans\n".to_owned();
    }
    let count = plans.len();
    columns(&headers, plans.iter().map(row)) + &format!("{count} plan{}\n", if count == 1 { "" } else { "s" })
}

//! `rt-import recompute`: stored plans anew from their files, with today's engine and options.
//!
//! Units: those of the columns. Frame: DICOM patient coordinates (LPS).

use super::connection::Connection;
use super::failure;
use crate::cli::RecomputeArgs;
use crate::config::{Layer, Settings};
use crate::view::recompute;
use rt_case::{Basis, CaseOptions, Decision, Scope};
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_ingest::{Importer, Sources, in_pool};
use rt_report::recompute::{RecomputeReport, RecomputedPlan};
use rt_sql::record::AuditRow;
use rt_sql::{Change, StoredImport};
use std::collections::HashMap;

/// The values that moved, or the reason why a plan cannot be computed.
type Outcome = Result<Vec<Change>, String>;

/// Computes stored plans anew.
///
/// # Errors
/// Where the database can't be reached, or nothing of the patient is stored. A plan whose files are gone is
/// told, and no error.
pub(crate) fn run(args: &RecomputeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    if let Some(path) = &args.result.json {
        output::check(path)?;
    }
    let connection = Connection::open(&settings.database)?;
    let wanted = wanted(&connection, args)?;
    let to_standard_error = args.result.json.as_deref().is_some_and(output::is_standard_output);
    let (mut all_done, mut report) = (true, Vec::new());
    in_pool(settings.jobs, || -> Result<(), Failure> {
        let files = wanted.iter().flat_map(|import| &import.import.files);
        let sources = Sources::scan(files).map_err(failure::ingest)?;
        for import in &wanted {
            let (outcome, names) = compute_again(&connection, &sources, import, args, &settings)?;
            all_done &= outcome.is_ok();
            output::print(&recompute::text(import, &outcome, &names, args.dry_run), to_standard_error);
            report.push(RecomputedPlan::new(
                import,
                outcome.as_ref().map(Vec::as_slice).map_err(String::as_str),
            ));
        }
        Ok(())
    })
    .map_err(failure::ingest)??;
    connection.close();
    if let Some(path) = &args.result.json {
        output::write_json(path, &RecomputeReport::new(report, args.dry_run))?;
    }
    Ok(if all_done { Exit::Done } else { Exit::SomeRefused })
}

/// The imports of the plans that are to be computed.
fn wanted(connection: &Connection, args: &RecomputeArgs) -> Result<Vec<StoredImport>, Failure> {
    let mrn = args.mrn.as_deref();
    let imports = connection.ask(|database| async move { database.imports(mrn).await })?;
    let present = |import: &StoredImport| matches!(import.state.as_str(), "stored" | "superseded");
    let asked = |import: &StoredImport| args.plan.is_none_or(|plan| import.plan_id == plan);
    let wanted: Vec<StoredImport> =
        imports.into_iter().filter(|import| present(import) && asked(import)).collect();
    match mrn {
        Some(mrn) if wanted.is_empty() => {
            let text = format!("nothing that this program has stored of MRN {mrn:?} can be computed anew");
            Err(Failure { exit: Exit::SomeRefused, text })
        }
        _ => Ok(wanted),
    }
}

/// Computes a plan and replaces its rows; with the names of its ROIs.
fn compute_again(
    connection: &Connection,
    sources: &Sources,
    import: &StoredImport,
    args: &RecomputeArgs,
    settings: &Settings,
) -> Result<(Outcome, HashMap<String, String>), Failure> {
    let (mrn, plan) = (&import.mrn, import.plan_id);
    let rows = connection.ask(|database| async move { database.decisions(mrn, plan).await })?;
    let asked = connection.ask(|database| async move { database.metrics_asked(mrn, plan).await })?;
    let options = repeated(&settings.case, &rows, &asked, &import.import.dvh_options);
    let record = match sources.compute(import, &options) {
        Ok(record) => record,
        Err(reason) => return Ok((Err(reason.to_string()), HashMap::new())),
    };
    let names = record.rois.iter().map(|roi| (roi.number.to_string(), roi.name.clone())).collect();
    let act = Importer::current().act(&args.reason);
    let outcome = connection
        .ask(|database| async move { database.recompute(mrn, plan, &record, &act, args.dry_run).await });
    match outcome {
        Ok(recomputed) => Ok((Ok(recomputed.changes), names)),
        Err(failure) if failure.exit == Exit::SomeRefused => Ok((Err(failure.text), names)),
        Err(failure) => Err(failure),
    }
}

/// The options with the decisions that a case was imported with, and with the metrics that it has.
fn repeated(options: &CaseOptions, rows: &[AuditRow], asked: &[String], basis: &str) -> CaseOptions {
    let mut options = options.clone();
    let decisions = rows.iter().filter(|row| Scope::parse(&row.action).is_some());
    for decision in decisions.filter_map(|row| row.reason.parse::<Decision>().ok()) {
        decision.apply(&mut options);
    }
    options.repeat(asked, &Basis::read(basis));
    // It was included on import.
    options.matching.include_qa = true;
    options
}

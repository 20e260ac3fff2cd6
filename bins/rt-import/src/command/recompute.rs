//! `rt-import recompute`: stored plans anew from their files, with today's engine and options.
//!
//! Units: those of the columns. Frame: DICOM patient coordinates (LPS).

use crate::cli::RecomputeArgs;
use crate::columns::{columns, json as value_json};
use crate::config::{Layer, Settings};
use crate::connection::Connection;
use crate::decisions;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::pipeline::in_pool;
use crate::record::Importer;
use crate::report::{Engine, path_text};
use crate::sources::Sources;
use rt_sql::record::CaseRecord;
use rt_sql::{Change, StoredImport, Value};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// Schema of the report as JSON.
pub const RECOMPUTE_SCHEMA: &str = "dosebridge.recompute/1";

/// Longer values (curves, the evidence for a technique) are told by their length; `OldValues` has them whole.
const LONGEST: usize = 80;

/// What became of a plan.
enum Outcome {
    Recomputed(Vec<Change>),
    Impossible(String),
}

/// Computes stored plans anew.
///
/// # Errors
/// Where the database can't be reached, or nothing of the patient is stored. A plan whose files are gone is told, and no error.
pub fn run(args: &RecomputeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    if let Some(path) = &args.result.json {
        output::check(path)?;
    }
    let connection = Connection::open(&settings.database)?;
    let wanted = wanted(&connection, args)?;
    let to_standard_error = args.result.json.as_deref().is_some_and(output::is_standard_output);
    let (mut all_done, mut report) = (true, Vec::new());
    in_pool(settings.jobs, || -> Result<(), Failure> {
        let sources = Sources::scan(wanted.iter().flat_map(|import| &import.import.files))?;
        for import in &wanted {
            let (outcome, names) = recompute(&connection, &sources, import, args, &settings)?;
            all_done &= matches!(outcome, Outcome::Recomputed(_));
            output::print(&text(import, &outcome, &names, args.dry_run), to_standard_error);
            report.push(object(import, &outcome));
        }
        Ok(())
    })??;
    connection.close();
    if let Some(path) = &args.result.json {
        let engine = Engine::current();
        let report = json!({ "schema": RECOMPUTE_SCHEMA, "engine": engine, "dry_run": args.dry_run, "plans": report });
        output::write_json(path, &report)?;
    }
    Ok(if all_done { Exit::Done } else { Exit::SomeRefused })
}

/// The imports of the plans that are to be computed.
fn wanted(connection: &Connection, args: &RecomputeArgs) -> Result<Vec<StoredImport>, Failure> {
    let mrn = args.mrn.as_deref();
    let imports = connection.ask(|database| async move { database.imports(mrn).await })?;
    let present = |import: &StoredImport| matches!(import.state.as_str(), "stored" | "superseded");
    let asked = |import: &StoredImport| args.plan.is_none_or(|plan| import.plan_id == plan);
    let wanted: Vec<StoredImport> = imports.into_iter().filter(|import| present(import) && asked(import)).collect();
    match mrn {
        Some(mrn) if wanted.is_empty() => {
            let text = format!("nothing that this program has stored of MRN {mrn:?} can be computed anew");
            Err(Failure { exit: Exit::SomeRefused, text })
        }
        _ => Ok(wanted),
    }
}

/// Computes a plan and replaces its rows; with the names of its ROIs.
fn recompute(
    connection: &Connection,
    sources: &Sources,
    import: &StoredImport,
    args: &RecomputeArgs,
    settings: &Settings,
) -> Result<(Outcome, HashMap<String, String>), Failure> {
    let (mrn, plan) = (&import.mrn, import.plan_id);
    let rows = connection.ask(|database| async move { database.decisions(mrn, plan).await })?;
    let asked = connection.ask(|database| async move { database.metrics_asked(mrn, plan).await })?;
    let mut settings = settings.clone();
    decisions::repeat(&rows, &mut settings);
    decisions::repeat_metrics(&asked, &import.import.dvh_options, &mut settings);
    // It was taken on import.
    settings.matching.include_qa = true;
    let record: CaseRecord = match sources.compute(import, &settings) {
        Ok(record) => record,
        Err(reason) => return Ok((Outcome::Impossible(reason), HashMap::new())),
    };
    let names = record.rois.iter().map(|roi| (roi.number.to_string(), roi.name.clone())).collect();
    let act = Importer::current().act(&args.reason);
    let outcome = connection.ask(|database| async move { database.recompute(mrn, plan, &record, &act, args.dry_run).await });
    match outcome {
        Ok(recomputed) => Ok((Outcome::Recomputed(recomputed.changes), names)),
        Err(failure) if failure.exit == Exit::SomeRefused => Ok((Outcome::Impossible(failure.text), names)),
        Err(failure) => Err(failure),
    }
}

fn text(import: &StoredImport, outcome: &Outcome, names: &HashMap<String, String>, dry_run: bool) -> String {
    let head = format!("{} · plan {} · ", import.mrn, import.plan_id);
    match outcome {
        Outcome::Impossible(reason) => head + &format!("not recomputed: {reason}\n"),
        Outcome::Recomputed(changes) if changes.is_empty() => head + "nothing moved\n",
        Outcome::Recomputed(changes) => {
            let verb = if dry_run { "would move" } else { "moved" };
            let row = |change: &Change| {
                let name = change.row.split(' ').next().and_then(|number| names.get(number));
                let name = name.filter(|_| matches!(change.table, "RoiDetails" | "Metrics"));
                vec![
                    change.table.to_owned(),
                    name.map_or_else(|| change.row.clone(), |name| format!("{} ({name})", change.row)),
                    change.column.clone(),
                    shown(change.old.as_ref()),
                    shown(change.new.as_ref()),
                ]
            };
            let table = columns(&["table", "row", "column", ">old", ">new"], changes.iter().map(row));
            format!("{head}{} values {verb}; OldValues keeps the old ones\n{table}", changes.len())
        }
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "(no row)".to_owned(),
        Some(Value::Null) => "-".to_owned(),
        Some(value) => {
            let text = value.to_string();
            if text.len() > LONGEST { format!("({} characters)", text.chars().count()) } else { text }
        }
    }
}

fn object(import: &StoredImport, outcome: &Outcome) -> Json {
    let side = |value: Option<&Value>| value.map_or(Json::Null, value_json);
    let change = |change: &Change| {
        json!({
            "table": change.table,
            "row": change.row,
            "column": change.column,
            "old": side(change.old.as_ref()),
            "new": side(change.new.as_ref()),
        })
    };
    let (done, reason, changes) = match outcome {
        Outcome::Recomputed(changes) => (true, None, changes.iter().map(change).collect()),
        Outcome::Impossible(reason) => (false, Some(reason), Vec::new()),
    };
    let files: Vec<String> = import.import.files.iter().map(|file| path_text(&file.path)).collect();
    json!({
        "mrn": import.mrn,
        "plan_id": import.plan_id.0,
        "recomputed": done,
        "reason": reason,
        "former": { "engine_version": import.import.engine_version, "dvh_options": import.import.dvh_options },
        "files": files,
        "changes": changes,
    })
}

//! `rt-import run`.
//!
//! Units: none. Frame: none.

use crate::cli::{ResultArgs, RunArgs};
use crate::config::{Layer, Settings};
use crate::exit::{Exit, Failure};
use crate::pipeline::{self, Job};
use crate::report::ImportReport;
use crate::{output, table};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Runs the import that `args` ask for.
///
/// # Errors
/// Where it can't begin, or stops.
pub fn run(args: &RunArgs, layer: &Layer) -> Result<Exit, Failure> {
    let mut settings = Settings::new(layer)?;
    args.choice.apply(&mut settings);
    import(args.paths.clone(), settings, args.dry_run, &args.store.result)
}

/// Imports `paths` and reports.
pub(super) fn import(paths: Vec<PathBuf>, settings: Settings, dry_run: bool, result: &ResultArgs) -> Result<Exit, Failure> {
    if let Some(json) = &result.json {
        output::check(json)?;
    }
    let strict = settings.strict;
    let database = (!dry_run).then(|| settings.database.in_words());
    let options = options(&paths, &settings);
    let finished = pipeline::run(Job::new(paths, settings, dry_run, options))?;
    let exit = finished.ended.unwrap_or_else(|| exit(&finished.report, strict));
    let json_on_standard_output = result.json.as_deref().is_some_and(output::is_standard_output);
    output::print(&table::run(&finished.report, database.as_deref()), json_on_standard_output);
    if let Some(reason) = &finished.reason {
        eprintln!("rt-import: {reason}");
    }
    if let Some(path) = &result.json {
        output::write_json(path, &finished.report)?;
    }
    Ok(exit)
}

/// How a run that went to its end ends.
pub(super) fn exit(report: &ImportReport, strict: bool) -> Exit {
    use crate::report::CaseOutcome::{Failed, Incomplete, Refused};
    let case = |outcomes: &[_]| report.cases.iter().any(|case| outcomes.contains(&case.status));
    let damaged = report.unmatched.iter().any(|file| file.severity == "error");
    // A text file beside the data has neither modality nor instance: nothing of the data is missing.
    let unmatched = report.unmatched.iter().any(|file| file.sop_instance_uid.is_some());
    if case(&[Refused, Failed]) || damaged || strict && (case(&[Incomplete]) || unmatched) {
        Exit::SomeRefused
    } else {
        Exit::Done
    }
}

/// What the user asked for, for the report.
pub(super) fn options(paths: &[PathBuf], settings: &Settings) -> Map<String, Value> {
    let matching = &settings.matching;
    let texts = |items: Vec<String>| Value::from(items);
    let mut map = Map::new();
    map.insert("paths".into(), texts(paths.iter().map(|path| path.display().to_string()).collect()));
    map.insert("database".into(), settings.database.url.to_string().into());
    map.insert("metrics".into(), texts(settings.metrics.iter().map(|metric| metric.text.clone()).collect()));
    map.insert("dvh".into(), settings.dvh.to_string().into());
    map.insert("curves".into(), settings.curves.into());
    map.insert("bands".into(), settings.bands.into());
    map.insert("alpha_beta".into(), texts(settings.alpha_beta.texts()));
    map.insert("strict".into(), settings.strict.into());
    map.insert("include_qa".into(), matching.include_qa.into());
    map.insert("rx_fallback".into(), if settings.fall_back_to_maximum { "max" } else { "none" }.into());
    map.insert("select".into(), texts(matching.select.iter().map(ToString::to_string).collect()));
    let pairs = matching.accept_patient_mismatch.iter().map(|(a, b)| format!("{a}={b}")).collect();
    map.insert("accept_patient_mismatch".into(), texts(pairs));
    let scopes = matching.dose_is.iter().map(|(uid, scope)| format!("{uid}={scope:?}").to_lowercase()).collect();
    map.insert("dose_is".into(), texts(scopes));
    map.insert("mrn".into(), json!(matching.mrn));
    let stated = settings.prescriptions.iter().map(|(uid, dose)| format!("{uid}={dose:.2}")).collect();
    map.insert("rx".into(), texts(stated));
    map.insert("relative_dose_gy".into(), json!(settings.read.relative_dose_reference.map(|dose| dose.0)));
    map.insert("assume_spacing".into(), settings.read.assume_spacing.into());
    map.insert("assume_offsets".into(), json!(settings.read.assume_offsets.map(|how| format!("{how:?}").to_lowercase())));
    map
}

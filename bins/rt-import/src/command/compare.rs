//! `rt-import compare`: our DVHs against another system's.
//!
//! Units: Gy, cm3, percent. Frame: DICOM patient coordinates (LPS).

use super::failure;
use crate::cli::CompareArgs;
use crate::config::{Layer, Settings};
use crate::view::comparison;
use rt_case::compare::{CompareOptions, Comparison, compare};
use rt_case::tables::{self, TableError, TableErrorKind, TpsTables};
use rt_case::{Criteria, FileFacts, FileOptions, PreparedCase, prepare_files};
use rt_cli::exit::{Exit, Failure, chain};
use rt_cli::output;
use rt_ingest::in_pool;
use rt_model::units::Gy;
use rt_report::FindingReport;
use rt_report::compare::{COMPARE_SCHEMA, CompareReport, ComparedRoi};
use rt_report::engine::Engine;

/// Compares what `args` name.
pub(crate) fn run(args: &CompareArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    if let Some(json) = &args.json {
        output::check(json)?;
    }
    let report = in_pool(settings.jobs, || compared(args, &settings)).map_err(failure::ingest)??;
    output::print(
        &comparison::comparison(&report),
        args.json.as_deref().is_some_and(output::is_standard_output),
    );
    if let Some(path) = &args.json {
        output::write_json(path, &report)?;
    }
    let all_pass = !report.rois.is_empty() && report.rois.iter().all(|roi| roi.pass == Some(true));
    Ok(if all_pass { Exit::Done } else { Exit::SomeRefused })
}

fn compared(args: &CompareArgs, settings: &Settings) -> Result<CompareReport, Failure> {
    let files = FileOptions {
        read: args.read.options(),
        accept_patient_mismatch: settings.case.matching.accept_patient_mismatch.clone(),
        prescriptions: settings.case.prepare.prescriptions.clone(),
    };
    let case =
        prepare_files(&args.structures, &args.dose, args.plan.as_deref(), &files).map_err(failure::files)?;
    let tables = tables::read(&args.tps, &files.read).map_err(unreadable)?;
    let (reference, of) = reference(args, &case);
    let options = CompareOptions {
        dvh: settings.case.evaluate.dvh.clone(),
        criteria: Criteria {
            dose: reference * (args.dose_percent / 100.0),
            volume: args.volume_percent / 100.0,
        },
        pass_percent: args.pass_percent,
        volume_percent: args.volume_percent,
    };
    Ok(report(args, case.facts(), &tables, &compare(&case, &tables, &options), &options, of))
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn unreadable(error: TableError) -> Failure {
    match error.kind() {
        TableErrorKind::Io => Failure::usage(chain(&error)),
        _ => Failure { exit: Exit::SomeRefused, text: chain(&error) },
    }
}

/// The dose that the criterion is percent of, and what that is.
fn reference(args: &CompareArgs, case: &PreparedCase<FileFacts>) -> (Gy, &'static str) {
    let maximum = case.dose().range().1;
    match (case.facts().prescription, &args.plan) {
        (Some(prescription), _) => (prescription, "the prescription"),
        (None, Some(_)) => (maximum, "the largest dose, since no prescription is settled"),
        (None, None) => (maximum, "the largest dose"),
    }
}

fn report(
    args: &CompareArgs,
    facts: &FileFacts,
    tables: &TpsTables,
    comparison: &Comparison,
    options: &CompareOptions,
    of: &'static str,
) -> CompareReport {
    let left_out = comparison.left_out.iter().map(ToString::to_string);
    CompareReport {
        schema: COMPARE_SCHEMA,
        engine: Engine::current(),
        dvh_options: options.dvh.to_string(),
        table_format: tables.format,
        dose_criterion_gy: options.criteria.dose.0,
        dose_percent_of: of,
        volume_criterion_percent: args.volume_percent,
        pass_percent: args.pass_percent,
        rois: comparison.rois.iter().map(ComparedRoi::from).collect(),
        notes: tables.notes.iter().cloned().chain(left_out).collect(),
        findings: FindingReport::all(&facts.findings),
    }
}

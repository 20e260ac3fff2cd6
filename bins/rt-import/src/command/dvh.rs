//! `rt-import dvh`: DVHs of a structure set and doses, without a plan and a database.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS), shared by structure set and doses.

use super::failure;
use crate::cli::DvhArgs;
use crate::config::{Layer, Settings};
use crate::view::{csv, table};
use rt_case::{CaseResult, EvaluateOptions, FileFacts, FileOptions, PreparedCase, evaluate, prepare_files};
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_ingest::in_pool;
use rt_report::dvh::DvhReport;
use std::ops::ControlFlow;

/// Computes the DVHs that `args` ask for.
pub(crate) fn run(args: &DvhArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    for path in args.result.json.iter().chain(&args.csv) {
        output::check(path)?;
    }
    let files = FileOptions {
        read: args.read.options(),
        accept_patient_mismatch: settings.case.matching.accept_patient_mismatch.clone(),
        prescriptions: Vec::new(),
    };
    let (facts, options, result) = in_pool(settings.jobs, || {
        let case = prepare_files(&args.structures, &args.dose, None, &files).map_err(failure::files)?;
        let rois = wanted(&case, &args.roi)?;
        let options = EvaluateOptions { rois, relate_to_targets: false, ..settings.case.evaluate.clone() };
        let result = evaluate(&case, &options, &mut |_| ControlFlow::Continue(())).map_err(failure::files)?;
        Ok((case.into_facts(), options, result))
    })
    .map_err(failure::ingest)??;
    report(args, settings.curves, &facts, &options, &result)
}

/// The numbers of the ROIs with one of `names`; `None` for all.
fn wanted(case: &PreparedCase<FileFacts>, names: &[String]) -> Result<Option<Vec<i32>>, Failure> {
    let rois = case.rois();
    if let Some(unknown) = names.iter().find(|name| !rois.iter().any(|roi| roi.name == **name)) {
        let known: Vec<&str> = rois.iter().map(|roi| roi.name.as_str()).collect();
        return Err(Failure::usage(format!("no ROI is named {unknown:?}; there are: {}", known.join(", "))));
    }
    let named = rois.iter().filter(|roi| names.contains(&roi.name)).map(|roi| roi.number);
    Ok((!names.is_empty()).then(|| named.collect()))
}

fn report(
    args: &DvhArgs,
    curves: bool,
    facts: &FileFacts,
    options: &EvaluateOptions,
    result: &CaseResult,
) -> Result<Exit, Failure> {
    let report = DvhReport::new(facts, result, options, &args.roi, curves);
    let to_standard_output =
        args.result.json.iter().chain(&args.csv).any(|path| output::is_standard_output(path));
    let text = table::rois(&report.rois) + &table::findings(&report.findings, None);
    output::print(&text, to_standard_output);
    if let Some(path) = &args.result.json {
        output::write_json(path, &report)?;
    }
    if let Some(path) = &args.csv {
        output::write(path, |out| csv::write_curves(&result.rois, out))?;
    }
    Ok(Exit::Done)
}

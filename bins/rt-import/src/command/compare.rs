//! `rt-import compare`: our DVHs against another system's, from files at hand.
//!
//! Units: Gy, cm3, percent. Frame: DICOM patient coordinates (LPS).

use super::dvh::{belong_together, sum, unreadable};
use crate::cli::CompareArgs;
use crate::compare::Comparison;
use crate::config::{Layer, Settings};
use crate::exit::{Exit, Failure};
use crate::report::{COMPARE_SCHEMA, CompareReport, ComparedRoi, Engine, FindingReport};
use crate::tps::{self, TpsDvh, same_name};
use crate::{output, pipeline, table};
use rayon::prelude::*;
use rt_dvh::Criteria;
use rt_geometry::stack::nominal_spacing;
use rt_model::case::Case;
use rt_model::derive::{self, RxRule};
use rt_model::dose::{Dose, DoseGrid};
use rt_model::finding::Finding;
use rt_model::read::{read_dose, read_plan, read_structure_set};
use rt_model::structure_set::{Roi, StructureSet};
use rt_model::units::Gy;

/// Compares what `args` name.
///
/// # Errors
/// Where a file can't be read or the files do not belong together.
pub fn run(args: &CompareArgs, layer: &Layer) -> Result<Exit, Failure> {
    let mut settings = Settings::new(layer)?;
    settings.read = args.read.options();
    if let Some(json) = &args.json {
        output::check(json)?;
    }
    pipeline::in_pool(settings.jobs, || compare(args, &settings))?
}

fn compare(args: &CompareArgs, settings: &Settings) -> Result<Exit, Failure> {
    let set = read_structure_set(&args.structures, &settings.read).map_err(unreadable)?;
    let mut findings = set.findings;
    let set = set.value;
    let mut doses = Vec::new();
    for path in &args.dose {
        let dose = read_dose(path, &settings.read).map_err(unreadable)?;
        findings.extend(dose.findings);
        doses.push(dose.value);
    }
    belong_together(&set, &doses, settings, &mut findings)?;
    let tables = tps::read(&args.tps, &settings.read)?;
    let grid = sum(&doses, &mut findings)?.into_owned();
    let mut notes = tables.notes;
    let (set, reference, of) = reference(args, settings, set, doses, &grid, &mut findings)?;
    let comparison = Comparison {
        dose: &grid,
        options: &settings.dvh,
        spacing: nominal_spacing(&set.rois),
        criteria: Criteria { dose: reference * (args.dose_percent / 100.0), volume: args.volume_percent / 100.0 },
        pass_percent: args.pass_percent,
        volume_percent: args.volume_percent,
    };
    let mut pairs: Vec<(&Roi, &TpsDvh)> = Vec::new();
    for theirs in &tables.dvhs {
        match find(&set, theirs) {
            Ok(roi) => pairs.push((roi, theirs)),
            Err(why) => notes.push(why),
        }
    }
    let rois: Vec<ComparedRoi> =
        pairs.into_par_iter().map(|(roi, theirs)| ComparedRoi::new(roi, theirs, comparison.compare(roi, theirs))).collect();
    let all_pass = !rois.is_empty() && rois.iter().all(|roi| roi.pass == Some(true));
    let report = CompareReport {
        schema: COMPARE_SCHEMA,
        engine: Engine::current(),
        dvh_options: settings.dvh.to_string(),
        table_format: tables.format,
        dose_criterion_gy: comparison.criteria.dose.0,
        dose_percent_of: of,
        volume_criterion_percent: args.volume_percent,
        pass_percent: args.pass_percent,
        rois,
        notes,
        findings: FindingReport::all(&findings),
    };
    output::print(&table::comparison(&report), args.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.json {
        output::write(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &report)?;
            writeln!(out)
        })?;
    }
    Ok(if all_pass { Exit::Done } else { Exit::SomeRefused })
}

/// The dose that the criterion is percent of, and what that is.
fn reference(
    args: &CompareArgs,
    settings: &Settings,
    set: StructureSet,
    doses: Vec<Dose>,
    grid: &DoseGrid,
    findings: &mut Vec<Finding>,
) -> Result<(StructureSet, Gy, &'static str), Failure> {
    let maximum = grid.range().1;
    let Some(path) = &args.plan else { return Ok((set, maximum, "the largest dose")) };
    let plan = read_plan(path, &settings.read).map_err(unreadable)?;
    findings.extend(plan.findings);
    let (plan_info, plan) = plan.value;
    let rule = RxRule { stated: settings.stated_prescription(&plan_info.sop_instance), fall_back_to_maximum: false };
    let case = Case { plan_info, plan, structure_set: set, doses, images: None };
    let summary = derive::summarise(&case, Some(grid), rule).value;
    let reference = match summary.prescription.settled {
        Some(prescription) => (prescription, "the prescription"),
        None => (maximum, "the largest dose, since no prescription is settled"),
    };
    Ok((case.structure_set, reference.0, reference.1))
}

/// The ROI that a table is of: by number, by name, by the letters of its name.
fn find<'s>(set: &'s StructureSet, theirs: &TpsDvh) -> Result<&'s Roi, String> {
    let one = |same: &dyn Fn(&Roi) -> bool| {
        let mut found = set.rois.iter().filter(|roi| same(roi));
        found.next().filter(|_| found.next().is_none())
    };
    let by_number =
        theirs.number.and_then(|number| one(&|roi| roi.number == number && (theirs.name.is_empty() || roi.name == theirs.name)));
    by_number
        .or_else(|| one(&|roi| roi.name == theirs.name))
        .or_else(|| one(&|roi| same_name(&roi.name, &theirs.name)))
        .ok_or_else(|| match theirs.number {
            Some(number) if theirs.name.is_empty() => format!("ROI {number} of the table is not in the structure set: left out"),
            _ => format!("{:?} of the table is no one ROI of the structure set: left out", theirs.name),
        })
}

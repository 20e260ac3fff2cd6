//! `rt-import dvh`: DVHs of files at hand, no plan, no database.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS), shared by structure set and doses.

use crate::cli::DvhArgs;
use crate::config::{Layer, Settings};
use crate::exit::{Exit, Failure, chain};
use crate::report::{DVH_SCHEMA, DvhFiles, DvhReport, Engine, FileReport, FindingReport, RoiReport, path_text};
use crate::roi::{RoiContext, RoiResult, compute_all};
use crate::{csv, output, pipeline, table};
use rt_dvh::Reason;
use rt_geometry::compose;
use rt_model::dose::{Dose, DoseGrid, Summation};
use rt_model::finding::{Finding, Parsed, matching as code};
use rt_model::instance::InstanceInfo;
use rt_model::read::{ReadError, ReadErrorKind, read_dose, read_structure_set};
use rt_model::structure_set::{Roi, StructureSet};
use serde_json::Map;
use std::borrow::Cow;

/// Computes the DVHs that `args` ask for.
///
/// # Errors
/// Where a file can't be read or the files do not belong together.
pub fn run(args: &DvhArgs, layer: &Layer) -> Result<Exit, Failure> {
    let mut settings = Settings::new(layer)?;
    settings.read = args.read.options();
    for path in args.result.json.iter().chain(&args.csv) {
        output::check(path)?;
    }
    pipeline::in_pool(settings.jobs, || compute(args, &settings))?
}

fn compute(args: &DvhArgs, settings: &Settings) -> Result<Exit, Failure> {
    let (set, read) = rayon::join(
        || read_structure_set(&args.structures, &settings.read).map_err(unreadable),
        || args.dose.iter().map(|path| read_dose(path, &settings.read).map_err(unreadable)).collect::<Result<Vec<_>, _>>(),
    );
    let Parsed { value: set, mut findings } = set?;
    let mut doses = Vec::new();
    for dose in read? {
        findings.extend(dose.findings);
        doses.push(dose.value);
    }
    belong_together(&set, &doses, settings, &mut findings)?;
    let grid = sum(&doses, &mut findings)?;
    let rois = wanted(&set, &args.roi)?;
    let no_prescription = |_: i32| Err("DVHs of files at hand have no plan and no prescription".to_owned());
    let context = RoiContext {
        dose: &grid,
        options: &settings.dvh,
        metrics: &settings.metrics,
        prescription: &no_prescription,
        fractions: Err(Reason::NeedsFractions),
        alpha_beta: &settings.alpha_beta,
        bands: settings.bands,
        relate_to_targets: false,
        cancelled: &|| false,
    };
    let results = compute_all(&set, &rois, &context);
    report(args, settings, &set, &doses, &results, &findings)
}

/// A file that is not there is wrong usage; a file that can't be read is refused.
pub(super) fn unreadable(error: ReadError) -> Failure {
    let exit = match error.kind() {
        ReadErrorKind::Io | ReadErrorKind::NotRegularFile | ReadErrorKind::WrongObject => Exit::Usage,
        _ => Exit::SomeRefused,
    };
    Failure { exit, text: chain(&error) }
}

/// Structure set and doses are one patient's, lie in one frame of reference, and add up to something.
pub(super) fn belong_together(
    set: &StructureSet,
    doses: &[Dose],
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Result<(), Failure> {
    let refused =
        |info: &InstanceInfo, text: String| Failure { exit: Exit::SomeRefused, text: format!("{}: {text}", info.provenance()) };
    let patient = &set.info.patient;
    for (at, dose) in doses.iter().enumerate() {
        let info = &dose.info;
        let pairs = &settings.matching.accept_patient_mismatch;
        let (a, b) = (&patient.id, &info.patient.id);
        if a != b {
            if !pairs.iter().any(|(one, other)| (one, other) == (a, b) || (one, other) == (b, a)) {
                let pair = format!("{a}={b}");
                let text = format!("expected patient {a:?} as in the structure set, found {b:?}");
                let text = format!("{text}; if both are one: --accept-patient-mismatch {pair:?}");
                return Err(refused(info, text));
            }
            let text = format!("patient {b:?} was accepted by the user as {a:?}");
            findings.push(Finding::warning(code::PATIENT_MISMATCH_ACCEPTED, info.provenance(), text));
        }
        if let (Some(one), Some(other)) = (patient.birth_date, info.patient.birth_date)
            && one != other
        {
            return Err(refused(info, "the patient's birth date differs from the structure set's".to_owned()));
        }
        match &info.frame_of_reference {
            Some(frame) if set.header.frames_of_reference.is_empty() || set.header.frames_of_reference.contains(frame) => {}
            Some(frame) => {
                let expected = &set.header.frames_of_reference[0];
                return Err(refused(info, format!("expected frame of reference {expected}, found {frame}")));
            }
            None => {
                let text = "the file states no frame of reference; that it lies in the structure set's is assumed";
                findings.push(Finding::warning(code::FRAME_UNKNOWN, info.provenance(), text));
            }
        }
        if dose.header.dose_type != doses[0].header.dose_type {
            let text = format!(
                "expected a {} dose like the first, found {}",
                doses[0].header.dose_type.as_str(),
                dose.header.dose_type.as_str()
            );
            return Err(refused(info, text));
        }
        if doses[..at].iter().any(|other| other.info.sop_instance == info.sop_instance) {
            return Err(refused(info, "this dose was given twice".to_owned()));
        }
        let kind = &dose.header.summation;
        if *kind != Summation::Plan || doses.len() > 1 {
            let session = matches!(
                kind,
                Summation::FractionSession | Summation::BeamSession | Summation::BrachySession | Summation::ControlPoint
            );
            let text = match session {
                true => format!("a {} dose is of one fraction; it is taken once", kind.as_str()),
                false => format!("a {} dose: without a plan nothing tells whether the treatment is complete", kind.as_str()),
            };
            findings.push(Finding::warning(code::DOSE_COMPOSED, info.provenance(), text));
        }
    }
    Ok(())
}

pub(super) fn sum<'a>(doses: &'a [Dose], findings: &mut Vec<Finding>) -> Result<Cow<'a, DoseGrid>, Failure> {
    let refused = |text: String| Failure { exit: Exit::SomeRefused, text };
    let grid = |dose: &'a Dose| {
        let missing = || refused(format!("{}: the object holds no dose grid", dose.info.provenance()));
        dose.grid.as_ref().ok_or_else(missing)
    };
    if let [dose] = doses {
        return grid(dose).map(Cow::Borrowed);
    }
    let parts = doses.iter().map(|dose| Ok((grid(dose)?, 1.0))).collect::<Result<Vec<_>, Failure>>()?;
    let sum = compose::sum(&parts).map_err(|error| refused(format!("the doses can't be added: {}", chain(&error))))?;
    findings.extend(sum.findings);
    Ok(Cow::Owned(sum.value))
}

/// The ROIs with one of `names`, or all.
fn wanted<'a>(set: &'a StructureSet, names: &[String]) -> Result<Vec<&'a Roi>, Failure> {
    if let Some(unknown) = names.iter().find(|name| !set.rois.iter().any(|roi| roi.name == **name)) {
        let known: Vec<&str> = set.rois.iter().map(|roi| roi.name.as_str()).collect();
        return Err(Failure::usage(format!("no ROI is named {unknown:?}; there are: {}", known.join(", "))));
    }
    Ok(set.rois.iter().filter(|roi| names.is_empty() || names.contains(&roi.name)).collect())
}

fn report(
    args: &DvhArgs,
    settings: &Settings,
    set: &StructureSet,
    doses: &[Dose],
    results: &[RoiResult],
    findings: &[Finding],
) -> Result<Exit, Failure> {
    let file = |info: &InstanceInfo| FileReport { path: path_text(&info.path), sop_instance_uid: info.sop_instance.to_string() };
    let mut options = Map::new();
    options.insert("rois".into(), args.roi.clone().into());
    options.insert("metrics".into(), settings.metrics.iter().map(|metric| metric.text.clone()).collect::<Vec<_>>().into());
    options.insert("dvh".into(), settings.dvh.to_string().into());
    let report = DvhReport {
        schema: DVH_SCHEMA,
        engine: Engine::current(),
        options,
        dose_type: doses[0].header.dose_type.as_str().to_owned(),
        files: DvhFiles { structure_set: file(&set.info), doses: doses.iter().map(|dose| file(&dose.info)).collect() },
        rois: results.iter().map(|roi| RoiReport::new(roi, settings.curves)).collect(),
        findings: FindingReport::all(findings),
    };
    let to_standard_output = args.result.json.iter().chain(&args.csv).any(|path| output::is_standard_output(path));
    let text = table::rois(&report.rois) + &table::findings(&report.findings, None);
    output::print(&text, to_standard_output);
    if let Some(path) = &args.result.json {
        output::write(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &report)?;
            writeln!(out)
        })?;
    }
    if let Some(path) = &args.csv {
        output::write(path, |out| csv::write_curves(results, out))?;
    }
    Ok(Exit::Done)
}

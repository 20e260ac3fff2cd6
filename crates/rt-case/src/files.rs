//! A structure set and doses that no matching looked at.
//!
//! Units: Gy. Frame: DICOM patient coordinates (LPS), shared by structure set and doses.

use crate::error::{CaseError, CaseErrorKind};
use crate::prepared::{Levels, NoLevel, PreparedCase};
use rayon::prelude::*;
use rt_dvh::Reason;
use rt_geometry::compose;
use rt_model::case::Case;
use rt_model::derive::{self, RxRule};
use rt_model::dose::{Dose, DoseGrid, DoseType, Summation};
use rt_model::finding::{Finding, Parsed, matching as code};
use rt_model::instance::InstanceInfo;
use rt_model::provenance::Provenance;
use rt_model::read::{ReadError, ReadErrorKind, ReadOptions, read_dose, read_plan, read_structure_set};
use rt_model::structure_set::StructureSet;
use rt_model::uid::Uid;
use rt_model::units::Gy;
use std::path::{Path, PathBuf};

/// How files are read that no matching looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileOptions {
    /// How to read data that leaves a question open.
    pub read: ReadOptions,
    /// Pairs of Patient IDs that are one patient, in either order.
    pub accept_patient_mismatch: Vec<(String, String)>,
    /// Prescriptions that the user stated, total, by the plan's SOP Instance UID.
    pub prescriptions: Vec<(Uid, Gy)>,
}

/// What is known of a structure set and doses besides contours and voxels.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FileFacts {
    /// The structure set's instance.
    pub structure_set_info: InstanceInfo,
    /// The doses, each added once.
    pub doses: Vec<InstanceInfo>,
    /// PHYSICAL, or EFFECTIVE for Gy(RBE): the same for all doses.
    pub dose_type: DoseType,
    /// The prescription of the plan, if one was given and settles it.
    pub prescription: Option<Gy>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Reads a structure set and doses, checks that these belong together, and adds the doses, each once.
///
/// With a plan, its settled prescription is in the facts. Nothing is checked about the plan: neither its
/// patient nor whether the doses are its total.
///
/// ```
/// use rt_case::{FileOptions, prepare_files};
/// use rt_phantom::case::Role;
///
/// let folder = tempfile::tempdir().unwrap();
/// let demo = rt_phantom::demo::write(folder.path()).unwrap();
/// let (structures, dose) = (demo.path(Role::StructureSet).unwrap(), demo.path(Role::Dose).unwrap());
/// let case = prepare_files(structures, &[dose.to_owned()], None, &FileOptions::default()).unwrap();
/// assert!(case.rois().iter().any(|roi| roi.name == "BODY"));
/// ```
///
/// # Errors
/// [`CaseErrorKind::NoInput`] if a file is absent or holds another object; [`CaseErrorKind::Refused`] if a
/// file cannot be read, or the files do not belong together or do not add up.
pub fn prepare_files(
    structures: &Path,
    doses: &[PathBuf],
    plan: Option<&Path>,
    options: &FileOptions,
) -> Result<PreparedCase<FileFacts>, CaseError> {
    let read = &options.read;
    let (set, doses) = rayon::join(
        || read_structure_set(structures, read).map_err(unreadable),
        || {
            doses
                .par_iter()
                .map(|path| read_dose(path, read).map_err(unreadable))
                .collect::<Result<Vec<_>, _>>()
        },
    );
    let Parsed { value: mut set, mut findings } = set?;
    let (mut doses, of_doses): (Vec<Dose>, Vec<_>) =
        doses?.into_iter().map(|dose| (dose.value, dose.findings)).unzip();
    findings.extend(of_doses.into_iter().flatten());
    belong_together(&set, &doses, options, &mut findings)?;
    set.mark_foreign(doses.first().and_then(|dose| dose.info.frame_of_reference.as_ref()));
    let dose = sum(&mut doses, &mut findings)?;
    let dose_type = doses[0].header.dose_type.clone();
    let (set, doses, prescription) = match plan {
        None => (set, doses, None),
        Some(plan) => with_plan(plan, set, doses, &dose, options, &mut findings)?,
    };
    Ok(PreparedCase {
        rois: set.rois,
        structure_set: set.info.provenance(),
        dose,
        dose_place: doses[0].info.provenance(),
        levels: Levels::Without(NoLevel::NoPlan),
        fractions: Err(Reason::NeedsFractions),
        must_overlap: false,
        facts: FileFacts {
            structure_set_info: set.info,
            doses: doses.into_iter().map(|dose| dose.info).collect(),
            dose_type,
            prescription,
            findings,
        },
    })
}

/// A file that is not there is wrong usage; a file that cannot be read is refused.
fn unreadable(error: ReadError) -> CaseError {
    let kind = match error.kind() {
        ReadErrorKind::Io | ReadErrorKind::NotRegularFile | ReadErrorKind::WrongObject => {
            CaseErrorKind::NoInput
        }
        _ => CaseErrorKind::Refused,
    };
    let at = error.finding().at;
    CaseError::of(kind, error).at_place(&at)
}

fn refused(at: &Provenance, text: impl std::fmt::Display) -> CaseError {
    CaseError::new(CaseErrorKind::Refused, format!("{at}: {text}")).at_place(at)
}

/// Structure set and doses are one patient's, lie in one frame of reference, and are of one kind.
fn belong_together(
    set: &StructureSet,
    doses: &[Dose],
    options: &FileOptions,
    findings: &mut Vec<Finding>,
) -> Result<(), CaseError> {
    for (at, dose) in doses.iter().enumerate() {
        let place = dose.info.provenance();
        one_patient(set, &dose.info, options, findings)?;
        match &dose.info.frame_of_reference {
            Some(frame)
                if set.header.frames_of_reference.is_empty()
                    || set.header.frames_of_reference.contains(frame) => {}
            Some(frame) => {
                let expected = &set.header.frames_of_reference[0];
                return Err(refused(
                    &place,
                    format!("expected frame of reference {expected}, found {frame}"),
                ));
            }
            None => {
                let text =
                    "the file states no frame of reference; that it lies in the structure set's is assumed";
                findings.push(Finding::warning(code::FRAME_UNKNOWN, place.clone(), text));
            }
        }
        let (first, own) = (&doses[0].header.dose_type, &dose.header.dose_type);
        if own != first {
            let text = format!("expected a {} dose like the first, found {}", first.as_str(), own.as_str());
            return Err(refused(&place, text));
        }
        if doses[..at].iter().any(|other| other.info.sop_instance == dose.info.sop_instance) {
            return Err(refused(&place, "this dose was given twice"));
        }
        if dose.header.summation != Summation::Plan || doses.len() > 1 {
            findings.push(Finding::warning(
                code::DOSE_COMPOSED,
                place,
                of_unknown_scope(&dose.header.summation),
            ));
        }
    }
    Ok(())
}

fn one_patient(
    set: &StructureSet,
    info: &InstanceInfo,
    options: &FileOptions,
    findings: &mut Vec<Finding>,
) -> Result<(), CaseError> {
    let patient = &set.info.patient;
    let (a, b) = (&patient.id, &info.patient.id);
    if a != b {
        let accepted = |(one, other): &(String, String)| (one, other) == (a, b) || (one, other) == (b, a);
        if !options.accept_patient_mismatch.iter().any(accepted) {
            let pair = format!("{a}={b}");
            let text = format!("expected patient {a:?} as in the structure set, found {b:?}");
            let text = format!("{text}; if both are one: --accept-patient-mismatch {pair:?}");
            return Err(refused(&info.provenance(), text));
        }
        let text = format!("patient {b:?} was accepted by the user as {a:?}");
        findings.push(Finding::warning(code::PATIENT_MISMATCH_ACCEPTED, info.provenance(), text));
    }
    match (patient.birth_date, info.patient.birth_date) {
        (Some(one), Some(other)) if one != other => {
            Err(refused(&info.provenance(), "the patient's birth date differs from the structure set's"))
        }
        _ => Ok(()),
    }
}

fn of_unknown_scope(kind: &Summation) -> String {
    use Summation::{BeamSession, BrachySession, ControlPoint, FractionSession};
    match kind {
        FractionSession | BeamSession | BrachySession | ControlPoint => {
            format!("a {} dose is of one fraction; it is taken once", kind.as_str())
        }
        _ => format!(
            "a {} dose: without a plan nothing tells whether the treatment is complete",
            kind.as_str()
        ),
    }
}

/// The doses, each added once. Their grids are taken out of them.
fn sum(doses: &mut [Dose], findings: &mut Vec<Finding>) -> Result<DoseGrid, CaseError> {
    if let Some(dose) = doses.iter().find(|dose| dose.grid.is_none()) {
        return Err(refused(&dose.info.provenance(), "the object holds no dose grid"));
    }
    let sum = compose::whole(doses, std::iter::repeat(1.0))
        .map_err(|error| CaseError::new(CaseErrorKind::Refused, "the doses can't be added").caused(error))?;
    findings.extend(sum.findings);
    Ok(sum.value)
}

type WithPlan = (StructureSet, Vec<Dose>, Option<Gy>);

/// The settled prescription of a plan.
fn with_plan(
    path: &Path,
    structure_set: StructureSet,
    doses: Vec<Dose>,
    dose: &DoseGrid,
    options: &FileOptions,
    findings: &mut Vec<Finding>,
) -> Result<WithPlan, CaseError> {
    let plan = read_plan(path, &options.read).map_err(unreadable)?;
    findings.extend(plan.findings);
    let (plan_info, plan) = plan.value;
    let stated =
        options.prescriptions.iter().find(|(uid, _)| *uid == plan_info.sop_instance).map(|(_, dose)| *dose);
    let case = Case { plan_info, plan, structure_set, doses, images: None };
    let summary = derive::summarise(&case, Some(dose), RxRule { stated, fall_back_to_maximum: false }).value;
    Ok((case.structure_set, case.doses, summary.prescription.settled))
}

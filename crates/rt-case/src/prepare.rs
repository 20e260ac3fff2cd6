//! From a matched case to its contours, its summed and checked dose and the plan's derived columns.
//!
//! Units: Gy. Frame: DICOM patient coordinates (LPS).

use crate::error::{CaseError, CaseErrorKind, Known};
use crate::facts::{CaseFacts, is_weighted};
use crate::prepared::{Levels, NoLevel, PreparedCase};
use rt_dvh::Reason;
use rt_geometry::{compose, sample};
use rt_model::case::Case;
use rt_model::derive::{self, RxRule, TotalDose};
use rt_model::dose::{Dose, DoseType, DoseUnits};
use rt_model::finding::{Finding, Severity, matching as code};
use rt_model::identity;
use rt_model::image::ImageHeader;
use rt_model::instance::{Content, Inventory};
use rt_model::matching::{CaseMatch, CaseStatus};
use rt_model::plan::Plan;
use rt_model::provenance::Provenance;
use rt_model::read::ReadOptions;
use rt_model::structure_set::StructureSet;
use rt_model::uid::Uid;
use rt_model::units::Gy;

/// How a matched case is read and its prescription derived.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PrepareOptions {
    /// How to read data that leaves a question open.
    pub read: ReadOptions,
    /// Prescriptions that the user stated, total, by the plan's SOP Instance UID.
    pub prescriptions: Vec<(Uid, Gy)>,
    /// Without a prescription, `RxDose` is the largest dose of the grid.
    pub fall_back_to_maximum: bool,
    /// Read a RELATIVE dose without a stated reference as percent: for pictures, never for a DVH in gray.
    pub relative_as_percent: bool,
}

impl PrepareOptions {
    /// The prescription that the user stated for the plan `uid`.
    #[must_use]
    pub fn prescription_of(&self, uid: &Uid) -> Option<Gy> {
        self.prescriptions.iter().find(|(plan, _)| plan == uid).map(|(_, dose)| *dose)
    }

    fn rule(&self, plan: &Uid) -> RxRule {
        RxRule { stated: self.prescription_of(plan), fall_back_to_maximum: self.fall_back_to_maximum }
    }
}

/// Reads a matched case, sums its doses, checks the total against the plan and derives the plan's columns.
///
/// ```no_run
/// use rt_case::{PrepareOptions, prepare};
/// use rt_model::matching::{MatchOptions, match_cases};
/// use rt_model::read::{ReadOptions, ScanOptions, compare_duplicates, scan};
/// use std::ops::ControlFlow;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let inventory = scan(&["exports".into()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
/// let duplicates = compare_duplicates(&inventory, &ReadOptions::default());
/// for matched in match_cases(&inventory, &duplicates, &MatchOptions::default()).cases {
///     let case = prepare(&matched, &inventory, &PrepareOptions::default())?;
///     println!("{}: {}", case.facts().plan.label, case.facts().total.in_words());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If the match is incomplete or refused, a file cannot be read, the doses do not add up, or the total dose
/// contradicts the plan. The error carries what was noticed until then.
pub fn prepare(
    matched: &CaseMatch,
    inventory: &Inventory,
    options: &PrepareOptions,
) -> Result<PreparedCase, CaseError> {
    let mut known = Known { findings: matched.findings.clone(), ..Known::default() };
    let used = std::iter::once(matched.plan)
        .chain(matched.structure_set)
        .chain(matched.doses.iter().map(|dose| dose.instance));
    for at in used {
        push_new(&mut known.findings, &inventory.instances[at].findings);
    }
    let prepared = with(matched, inventory, options, &mut known);
    prepared.map_err(|error| error.knowing(known))
}

fn with(
    matched: &CaseMatch,
    inventory: &Inventory,
    options: &PrepareOptions,
    known: &mut Known,
) -> Result<PreparedCase, CaseError> {
    match &matched.status {
        CaseStatus::Complete => {}
        CaseStatus::Incomplete(reason) => return Err(CaseError::new(CaseErrorKind::Incomplete, reason)),
        CaseStatus::Refused(reason) => return Err(CaseError::new(CaseErrorKind::Refused, reason)),
    }
    let mut case = load(matched, inventory, options, &mut known.findings)?;
    let digest = digest(matched, &case);
    look_at(&case, matched, inventory, &mut known.findings);
    let factors = matched.doses.iter().map(|dose| dose.factor);
    let summed = compose::whole(&mut case.doses, factors).map_err(|error| {
        CaseError::new(CaseErrorKind::NotSummable, "the plan's doses make no whole")
            .at_place(&case.plan_info.provenance())
            .caused(error)
    })?;
    known.findings.extend(summed.findings);
    let dose = summed.value;
    let dose_place = case.doses.first().map_or_else(Provenance::unknown, |dose| dose.info.provenance());
    let dose_type = case
        .doses
        .first()
        .map_or_else(|| DoseType::Other(String::new()), |dose| dose.header.dose_type.clone());

    let relative = |dose: &Dose| dose.header.units == DoseUnits::Relative;
    let in_percent = options.relative_as_percent && case.doses.iter().any(relative);
    let total = if in_percent {
        TotalDose::NotConfirmed(RELATIVE.to_owned())
    } else {
        let weighted = case.plan.ion && dose_type == DoseType::Effective;
        derive::check(&case.plan, weighted, |point| sample::trilinear(&dose, point))
    };
    known.total = Some(total.clone());
    if !in_percent {
        settle_total(matched, &total, &dose_place, &mut known.findings)?;
    }

    let summary = derive::summarise(&case, Some(&dose), options.rule(&case.plan_info.sop_instance));
    push_new(&mut known.findings, &summary.findings);
    let summary = summary.value;
    let Case { plan_info, plan, structure_set, doses, images } = case;
    let StructureSet { info: structure_set_info, header: structure_set, rois } = structure_set;
    Ok(PreparedCase {
        rois,
        structure_set: structure_set_info.provenance(),
        dose,
        dose_place,
        levels: if in_percent {
            Levels::Without(NoLevel::RelativeDose)
        } else {
            let weighted = is_weighted(&plan, &dose_type);
            Levels::Plan { prescription: summary.prescription.clone(), weighted }
        },
        fractions: fractions(&plan),
        must_overlap: true,
        facts: CaseFacts {
            mrn: matched.mrn.clone(),
            mismatch_accepted: matched.mismatch_accepted,
            plan_info,
            plan,
            structure_set_info,
            structure_set,
            doses,
            images,
            digest,
            dose_type,
            in_percent,
            total,
            summary,
            findings: std::mem::take(&mut known.findings),
        },
    })
}

/// Why the total of a relative dose is not checked.
const RELATIVE: &str = "the dose is relative";
/// The reference that makes percent of a relative dose.
const PERCENT: Gy = Gy(100.0);

fn load(
    matched: &CaseMatch,
    inventory: &Inventory,
    options: &PrepareOptions,
    findings: &mut Vec<Finding>,
) -> Result<Case, CaseError> {
    let mut read = options.read;
    if options.relative_as_percent {
        read.relative_dose_reference = Some(PERCENT);
    }
    let unsettled =
        || CaseError::new(CaseErrorKind::Incomplete, "plan, structure set and dose are not settled");
    let loaded = matched.load(inventory, &read).ok_or_else(unsettled)?.map_err(|error| {
        let finding = error.finding();
        let at = finding.at.clone();
        findings.push(finding);
        CaseError::of(CaseErrorKind::Unreadable, error).at_place(&at)
    })?;
    push_new(findings, &loaded.findings);
    Ok(loaded.value)
}

fn digest(matched: &CaseMatch, case: &Case) -> [u8; 32] {
    let doses: Vec<_> =
        case.doses.iter().zip(&matched.doses).map(|(dose, part)| (dose, part.factor)).collect();
    identity::case_digest(&case.plan, &case.structure_set, &doses)
}

/// Notices what is unusual about doses, contours and images before they are used.
fn look_at(case: &Case, matched: &CaseMatch, inventory: &Inventory, findings: &mut Vec<Finding>) {
    for dose in &case.doses {
        findings.extend(dose.grid.as_ref().and_then(|grid| derive::clipped(grid, dose.info.provenance())));
    }
    let header = |at: &usize| match &inventory.instances[*at].content {
        Content::Image(header) => Some(&**header),
        _ => None,
    };
    let images: Vec<&ImageHeader> = matched.images.iter().filter_map(header).collect();
    findings.extend(derive::outside_images(&case.structure_set, &images));
    if let Some(first) = matched.images.first() {
        findings.extend(derive::image_stack(&images, &inventory.instances[*first].info.provenance()));
    }
}

/// What the total-dose check means for the case.
fn settle_total(
    matched: &CaseMatch,
    total: &TotalDose,
    dose: &Provenance,
    findings: &mut Vec<Finding>,
) -> Result<(), CaseError> {
    let mut finding = total.finding(dose.clone());
    if let TotalDose::NotTotal { .. } = total {
        if !matched.scope_stated {
            let error = CaseError::new(CaseErrorKind::TotalContradicted, &finding.text).at_place(dose);
            findings.push(finding);
            return Err(error);
        }
        finding.severity = Severity::Warning;
    }
    findings.push(finding);
    if matched.needs_confirmed_total && !total.is_confirmed() {
        let uid = dose.sop_instance.as_ref().map(ToString::to_string).unwrap_or_default();
        let reason = format!(
            "the only dose is of another manufacturer than the plan's and its total is {}; take it with --select dose={uid}",
            total.in_words(),
        );
        findings.push(Finding::warning(code::DOSE_SECONDARY, dose.clone(), reason.clone()));
        return Err(CaseError::new(CaseErrorKind::TotalNotConfirmed, reason).at_place(dose));
    }
    Ok(())
}

/// The fractions of the whole dose, if one fraction group gives it.
fn fractions(plan: &Plan) -> Result<u32, Reason> {
    match &plan.fraction_groups[..] {
        [only] => only.fractions_planned.ok_or(Reason::NeedsFractions),
        [] => Err(Reason::NeedsFractions),
        _ => Err(Reason::SeveralFractionGroups),
    }
}

/// Scanning and loading a file notice the same things.
fn push_new(findings: &mut Vec<Finding>, more: &[Finding]) {
    for finding in more {
        if !findings.contains(finding) {
            findings.push(finding.clone());
        }
    }
}

//! What the plan prescribes, and how sure that is.
//!
//! The order: the user's word, a point named `rx: ...`, TARGET references linked from the fraction group,
//! unlinked TARGET SITE or VOLUME. The maximum of the dose can stand in for a missing one in the column
//! RxDose alone; it is never a prescription.
//!
//! Units: Gy in total. Frame: none.

mod level;
mod source;

pub use level::LevelError;
pub use source::RxSource;

use super::rx_name;
use crate::finding::{Finding, Parsed, plan as code};
use crate::plan::{DoseReference, FractionGroup, Plan};
use crate::provenance::{Provenance, Tag};
use crate::structure_set::{ContourKind, Roi};
use crate::units::Gy;
use std::collections::BTreeSet;

/// The prescription of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Prescription {
    /// Everything that states a dose, the chosen one included.
    pub candidates: Vec<RxCandidate>,
    /// The value for the column RxDose: the chosen candidate's.
    pub rx_dose: Option<Gy>,
    /// The prescription where nothing speaks against it.
    pub settled: Option<Gy>,
    /// Why nothing is settled.
    pub reason: Option<String>,
}

/// One statement of a dose.
#[derive(Debug, Clone, PartialEq)]
pub struct RxCandidate {
    /// Total dose, where it can be told.
    pub dose: Option<Gy>,
    /// The rule that found it.
    pub source: RxSource,
    /// A ROI's name or a dose reference's number and description.
    pub reference: Option<String>,
    /// The ROI it is linked to.
    pub roi_number: Option<i32>,
    /// Its place in the files.
    pub at: Provenance,
    /// It is the one in RxDose.
    pub chosen: bool,
    /// Differs by more than 1 % from the best candidate of another rank.
    pub conflict: bool,
    /// Why it gives no dose or is not settled.
    pub reason: Option<String>,
}

/// What the user says about a prescription.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RxRule {
    /// The prescription of this plan, total, whatever its files say.
    pub stated: Option<Gy>,
    /// A missing prescription lets RxDose be the maximum.
    pub fall_back_to_maximum: bool,
}

impl Default for RxRule {
    fn default() -> Self {
        Self { stated: None, fall_back_to_maximum: true }
    }
}

/// What a prescription is derived from.
pub struct RxInput<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The plan's file.
    pub plan_at: Provenance,
    /// The structure set's ROIs.
    pub rois: &'a [Roi],
    /// The structure set's file.
    pub structures_at: Provenance,
    /// The largest dose of the plan's dose grid, with the dose's file.
    pub maximum: Option<(Gy, Provenance)>,
    /// What the user says.
    pub rule: RxRule,
    /// Brachytherapy and Gamma Knife: a prescription far from the maximum is usual.
    pub magnitude_exempt: bool,
}

/// Doses that differ by more than this part of the larger are in conflict.
const CONFLICT: f64 = 0.01;
/// A prescription above this part of the maximum is implausible.
const IMPLAUSIBLE_ABOVE: f64 = 1.02;
/// A prescription below this part of the maximum is implausible.
const IMPLAUSIBLE_BELOW: f64 = 0.4;

/// Derives the prescription.
///
/// ```
/// use rt_model::derive::{RxInput, RxRule, RxSource, prescription};
/// use rt_model::plan::Plan;
/// use rt_model::provenance::Provenance;
/// use rt_model::structure_set::Roi;
/// use rt_model::units::Gy;
///
/// let rois = [Roi { number: 1, name: "rx: 2 Gy x 30".into(), ..Roi::default() }];
/// let rx = prescription(&RxInput {
///     plan: &Plan::default(),
///     plan_at: Provenance::of_file("RP.dcm"),
///     rois: &rois,
///     structures_at: Provenance::of_file("RS.dcm"),
///     maximum: Some((Gy(64.0), Provenance::of_file("RD.dcm"))),
///     rule: RxRule::default(),
///     magnitude_exempt: false,
/// })
/// .value;
/// assert_eq!((rx.settled, rx.level_of(1)), (Some(Gy(60.0)), Ok(Gy(60.0))));
/// assert_eq!(rx.candidates[0].source, RxSource::RxPoint);
/// ```
#[must_use]
pub fn prescription(input: &RxInput<'_>) -> Parsed<Prescription> {
    let mut findings = Vec::new();
    let mut candidates = candidates(input);
    for candidate in candidates
        .iter()
        .filter(|candidate| candidate.source == RxSource::RxPoint && candidate.reason.is_some())
    {
        let text = candidate.reason.clone().unwrap_or_default();
        findings.push(Finding::warning(code::RX_POINT_UNCLEAR, candidate.at.clone(), text));
    }
    let point = agreed_point(&candidates, &mut findings);
    let mut reason = None;
    let target = match target_group(input.plan) {
        Some(source) => best(&candidates, |candidate| candidate.source == source),
        None => {
            if point.is_none() {
                findings.push(Finding::warning(code::RX_GROUPS_DIFFER, input.plan_at.clone(), GROUPS_DIFFER));
            }
            reason = Some(GROUPS_DIFFER.to_owned());
            None
        }
    };
    let several_groups = reason.is_some();
    let stated = best(&candidates, |candidate| candidate.source == RxSource::Override);
    let mut chosen = stated.or(point).or(target);
    if let Some(stated) = stated {
        tell_overridden(&mut candidates, stated, &[point, target], &mut findings);
        reason = None;
    } else if let (Some(point), Some(target)) = (point, target)
        && let (Some(a), Some(b)) = (candidates[point].dose, candidates[target].dose)
        && (a.0 - b.0).abs() > CONFLICT * a.0.max(b.0)
    {
        let text = format!("the prescription is {a:.2} by its point and {b:.2} by the plan's dose reference");
        findings.push(Finding::warning(code::RX_CONFLICT, candidates[point].at.clone(), text.clone()));
        candidates[point].conflict = true;
        candidates[target].conflict = true;
        reason = Some(text);
    } else if chosen.is_some() {
        reason = None;
    }
    if let (Some(at), Some((maximum, _)), None) = (chosen, &input.maximum, &reason)
        && let Some(rx) = candidates[at].dose
        && !input.magnitude_exempt
        && (rx.0 > IMPLAUSIBLE_ABOVE * maximum.0 || rx.0 < IMPLAUSIBLE_BELOW * maximum.0)
    {
        let text = format!("the prescription of {rx:.2} is implausible: the largest dose is {maximum:.2}");
        findings.push(Finding::warning(code::RX_IMPLAUSIBLE, candidates[at].at.clone(), text.clone()));
        reason = Some(text);
    }
    if chosen.is_none() {
        let text = reason.get_or_insert_with(|| "the plan states no prescription".to_owned()).clone();
        if !several_groups && input.rule.fall_back_to_maximum {
            chosen = candidates.iter().position(|candidate| candidate.source == RxSource::DoseMaximum);
        }
        let text =
            if chosen.is_some() { format!("{text}; RxDose is the largest dose of the grid") } else { text };
        findings.push(Finding::warning(code::RX_ABSENT, input.plan_at.clone(), text));
    }
    if let Some(at) = chosen {
        candidates[at].chosen = true;
        candidates[at].reason = reason.clone();
    }
    let rx_dose = chosen.and_then(|at| candidates[at].dose);
    let settled = rx_dose.filter(|_| reason.is_none());
    Parsed { value: Prescription { candidates, rx_dose, settled, reason }, findings }
}

/// Marks what the user's word differs from.
fn tell_overridden(
    candidates: &mut [RxCandidate],
    stated: usize,
    others: &[Option<usize>],
    findings: &mut Vec<Finding>,
) {
    let Some(dose) = candidates[stated].dose else { return };
    for at in others.iter().flatten().copied() {
        let Some(other) = candidates[at].dose else { continue };
        if (dose.0 - other.0).abs() > CONFLICT * dose.0.max(other.0) {
            let text =
                format!("the prescription is {dose:.2} by the user's word; the plan states {other:.2}");
            findings.push(Finding::warning(code::RX_OVERRIDDEN, candidates[at].at.clone(), text));
            candidates[at].conflict = true;
            candidates[stated].conflict = true;
        }
    }
}

/// The `rx` points' dose where all agree.
fn agreed_point(candidates: &[RxCandidate], findings: &mut Vec<Finding>) -> Option<usize> {
    let points: Vec<usize> =
        (0..candidates.len()).filter(|at| candidates[*at].source == RxSource::RxPoint).collect();
    let first = *points.first()?;
    let dose = candidates[first].dose?;
    if points.iter().all(|at| candidates[*at].dose.is_some_and(|other| (other.0 - dose.0).abs() < 1e-6)) {
        return Some(first);
    }
    let text = format!("{} points state a prescription and they differ", points.len());
    findings.push(Finding::warning(code::RX_POINT_UNCLEAR, candidates[first].at.clone(), text));
    None
}

const GROUPS_DIFFER: &str = "several fraction groups do not link one prescription";

/// Which kind of TARGET reference prescribes; `None` where the fraction groups do not link one.
fn target_group(plan: &Plan) -> Option<RxSource> {
    let linked: Vec<BTreeSet<i32>> = plan.fraction_groups.iter().map(|group| linked(plan, group)).collect();
    match &linked[..] {
        [] => Some(RxSource::UnlinkedTarget),
        [only] if only.is_empty() => Some(RxSource::UnlinkedTarget),
        [_] => Some(RxSource::LinkedTarget),
        [first, others @ ..] if first.len() == 1 && others.iter().all(|other| other == first) => {
            Some(RxSource::LinkedTarget)
        }
        _ => None,
    }
}

fn linked(plan: &Plan, group: &FractionGroup) -> BTreeSet<i32> {
    let prescribes = |number: &&i32| {
        plan.dose_references
            .iter()
            .any(|reference| reference.number == **number && is_target(reference) && !is_point(reference))
    };
    group.dose_references.iter().filter(prescribes).copied().collect()
}

fn is_target(reference: &DoseReference) -> bool {
    reference.reference_type == "TARGET"
        && reference.target_prescription_dose.is_some_and(|dose| dose.0 > 0.0)
}

fn is_point(reference: &DoseReference) -> bool {
    reference.structure_type == "COORDINATES"
}

fn best(candidates: &[RxCandidate], of: impl Fn(&RxCandidate) -> bool) -> Option<usize> {
    (0..candidates.len())
        .filter(|at| of(&candidates[*at]) && candidates[*at].dose.is_some())
        .reduce(|a, b| if candidates[b].dose > candidates[a].dose { b } else { a })
}

fn candidates(input: &RxInput<'_>) -> Vec<RxCandidate> {
    let candidate = |dose: Option<Gy>, source: RxSource, at: Provenance| RxCandidate {
        dose,
        source,
        reference: None,
        roi_number: None,
        at,
        chosen: false,
        conflict: false,
        reason: (!source.is_prescription()).then(|| "a dose, not a prescription".to_owned()),
    };
    let mut all = Vec::new();
    if let Some(dose) = input.rule.stated {
        all.push(candidate(Some(dose), RxSource::Override, Provenance::unknown()));
    }
    for (item, roi) in input.rois.iter().enumerate() {
        // A prescription is written into the name of a point, never of something that is drawn.
        if roi.contours.iter().any(|contour| contour.kind != ContourKind::Point) {
            continue;
        }
        let Some(parsed) = rx_name::parse(&roi.name) else { continue };
        let path = format!("StructureSetROISequence[{item}] > ROIName");
        let at = input.structures_at.clone().attribute(path, Tag::new(0x3006, 0x26));
        let mut point = candidate(parsed.as_ref().ok().map(|name| name.dose), RxSource::RxPoint, at);
        point.reference = Some(roi.name.clone());
        point.reason = match parsed {
            Ok(name) => name.other.map(|other| {
                format!("its name also says {other}: fractions times dose, {}, counts", name.dose)
            }),
            Err(error) => Some(error.to_string()),
        };
        all.push(point);
    }
    let any_link: BTreeSet<i32> =
        input.plan.fraction_groups.iter().flat_map(|group| linked(input.plan, group)).collect();
    for (item, reference) in input.plan.dose_references.iter().enumerate() {
        let at = |keyword: &str, element: u16| {
            let path = format!("DoseReferenceSequence[{item}] > {keyword}");
            input.plan_at.clone().attribute(path, Tag::new(0x300A, element))
        };
        let mut push = |mut found: RxCandidate| {
            let description = reference.description.as_deref().unwrap_or_default();
            found.reference = Some(format!("{} {description}", reference.number).trim_end().to_owned());
            found.roi_number = reference.roi_number;
            all.push(found);
        };
        if is_target(reference) {
            let source = match reference.structure_type.as_str() {
                "COORDINATES" => Some(RxSource::TargetCoordinates),
                _ if any_link.contains(&reference.number) => Some(RxSource::LinkedTarget),
                "SITE" | "VOLUME" => Some(RxSource::UnlinkedTarget),
                _ => None,
            };
            if let Some(source) = source {
                push(candidate(
                    reference.target_prescription_dose,
                    source,
                    at("TargetPrescriptionDose", 0x26),
                ));
            }
        }
        if reference.delivery_maximum_dose.is_some() {
            let dose = reference.delivery_maximum_dose;
            push(candidate(dose, RxSource::DeliveryMaximum, at("DeliveryMaximumDose", 0x23)));
        }
    }
    if let Some(dose) = beam_doses(input.plan) {
        let at = input.plan_at.clone().attribute("FractionGroupSequence", Tag::new(0x300A, 0x70));
        all.push(candidate(Some(dose), RxSource::BeamDoses, at));
    }
    if let Some((maximum, at)) = &input.maximum {
        all.push(candidate(Some(*maximum), RxSource::DoseMaximum, at.clone()));
    }
    all
}

/// Beam doses of the treatment beams times the fractions of their groups; `None` where one is not stated.
fn beam_doses(plan: &Plan) -> Option<Gy> {
    let mut total = 0.0;
    let mut any = false;
    for (group, beam) in plan.treatment_beams() {
        total += beam.dose?.0 * f64::from(group.fractions_planned?);
        any = true;
    }
    any.then_some(Gy(total))
}

#[cfg(test)]
mod tests;

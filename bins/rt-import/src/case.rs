//! One case from its files to everything that is known of it.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS).

use crate::config::Settings;
use crate::exit::chain;
use crate::metric::fractions;
use crate::report::{CaseFiles, CaseOutcome, CaseReport, FileReport, FindingReport, PrescriptionReport, RoiReport, path_text};
use crate::roi::{RoiContext, RoiResult, compute_all};
use rt_geometry::{compose, sample};
use rt_model::case::Case;
use rt_model::derive::{self, PlanSummary, RxRule, TotalDose};
use rt_model::dose::DoseType;
use rt_model::finding::{Finding, matching as code};
use rt_model::identity;
use rt_model::image::ImageHeader;
use rt_model::instance::{Content, Inventory};
use rt_model::matching::{CaseMatch, CaseStatus};
use rt_model::provenance::Provenance;
use rt_model::structure_set::Roi;
use std::collections::BTreeMap;

/// A case and what became of it before any database was asked.
#[derive(Debug)]
pub struct CaseResult {
    /// The report, its status as if the database took it.
    pub report: CaseReport,
    /// What is to be stored, where the case is sound.
    pub computed: Option<Box<Computed>>,
}

/// What was computed of a sound case.
#[derive(Debug)]
pub struct Computed {
    /// The case without its voxels and contours.
    pub case: Case,
    /// Digest of its decoded content.
    pub digest: [u8; 32],
    /// Its derived columns.
    pub summary: PlanSummary,
    /// Whether the grid agrees with the plan.
    pub total: TotalDose,
    /// What the dose is.
    pub dose_type: DoseType,
    /// Its ROIs.
    pub rois: Vec<RoiResult>,
    /// What was noticed about the case as a whole.
    pub findings: Vec<Finding>,
    /// The same content was there before: its ROIs were not computed again.
    pub known: bool,
}

/// Why a case is not sound.
struct Stop {
    outcome: CaseOutcome,
    reason: String,
}

/// What a case is known by: MRN and digest of its content.
pub type IsKnown<'a> = dyn Fn(&str, &[u8; 32]) -> bool + Sync + 'a;

/// Loads and computes a matched case; of a content that `known` knows, no ROIs. `None` where `cancelled` asked to stop.
#[must_use]
pub fn process(
    matched: &CaseMatch,
    inventory: &Inventory,
    settings: &Settings,
    known: &IsKnown<'_>,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Option<CaseResult> {
    let mut report = blank_report(matched, inventory);
    let mut findings = matched.findings.clone();
    let used = std::iter::once(matched.plan).chain(matched.structure_set).chain(matched.doses.iter().map(|dose| dose.instance));
    for at in used {
        push_new(&mut findings, &inventory.instances[at].findings);
    }
    let computed = compute(matched, inventory, settings, known, cancelled, &mut findings, &mut report);
    if cancelled() {
        return None;
    }
    let computed = match computed {
        Ok(computed) => Some(Box::new(Computed { findings: findings.clone(), ..computed })),
        Err(stop) => {
            report.status = stop.outcome;
            report.reason = Some(stop.reason);
            None
        }
    };
    report.findings = FindingReport::all(&findings);
    if let Some(computed) = &computed {
        report.rois = computed.rois.iter().map(|roi| RoiReport::new(roi, settings.curves)).collect();
    }
    Some(CaseResult { report, computed })
}

fn compute(
    matched: &CaseMatch,
    inventory: &Inventory,
    settings: &Settings,
    known: &IsKnown<'_>,
    cancelled: &(dyn Fn() -> bool + Sync),
    findings: &mut Vec<Finding>,
    report: &mut CaseReport,
) -> Result<Computed, Stop> {
    let stop = |outcome, reason: String| Stop { outcome, reason };
    match &matched.status {
        CaseStatus::Complete => {}
        CaseStatus::Incomplete(reason) => return Err(stop(CaseOutcome::Incomplete, reason.clone())),
        CaseStatus::Refused(reason) => return Err(stop(CaseOutcome::Refused, reason.clone())),
    }
    let Some(loaded) = matched.load(inventory, &settings.read) else {
        return Err(stop(CaseOutcome::Incomplete, "plan, structure set and dose are not settled".into()));
    };
    let loaded = loaded.map_err(|error| {
        findings.push(error.finding());
        stop(CaseOutcome::Failed, chain(&error))
    })?;
    push_new(findings, &loaded.findings);
    let mut case = loaded.value;
    let digest = digest(matched, &case);
    for dose in &case.doses {
        findings.extend(dose.grid.as_ref().and_then(|grid| derive::clipped(grid, dose.info.provenance())));
    }
    let images: Vec<&ImageHeader> = matched.images.iter().filter_map(|at| image(inventory, *at)).collect();
    findings.extend(derive::outside_images(&case.structure_set, &images));
    if let Some(first) = matched.images.first() {
        findings.extend(derive::image_stack(&images, &inventory.instances[*first].info.provenance()));
    }
    let whole = compose::whole(&mut case.doses, matched.doses.iter().map(|dose| dose.factor));
    let whole = whole.map_err(|error| stop(CaseOutcome::Failed, format!("the plan's doses make no whole: {}", chain(&error))))?;
    findings.extend(whole.findings);
    let dose = whole.value;
    let dose_type = case.doses.first().map_or(DoseType::Other(String::new()), |dose| dose.header.dose_type.clone());

    let total =
        derive::check(&case.plan, case.plan.ion && dose_type == DoseType::Effective, |point| sample::trilinear(&dose, point));
    report.total_dose = Some(total.in_words());
    settle_total(matched, &case, &total, settings, findings)?;

    let rule = RxRule {
        stated: settings.stated_prescription(&case.plan_info.sop_instance),
        fall_back_to_maximum: settings.fall_back_to_maximum,
    };
    let summary = derive::summarise(&case, Some(&dose), rule);
    push_new(findings, &summary.findings);
    let summary = summary.value;
    report.prescription = Some(prescription_report(&summary));
    let weighted = !case.plan.ion || dose_type == DoseType::Effective;
    let prescription = |roi: i32| {
        if !weighted {
            return Err("the dose is physical, not RBE weighted".to_owned());
        }
        summary.prescription.level_of(roi).map_err(|error| error.to_string())
    };
    let known = known(&matched.mrn, &digest);
    let rois: Vec<&Roi> = case.structure_set.rois.iter().filter(|_| !known).collect();
    let context = RoiContext {
        dose: &dose,
        options: &settings.dvh,
        metrics: &settings.metrics,
        prescription: &prescription,
        fractions: fractions(&case.plan),
        alpha_beta: &settings.alpha_beta,
        bands: settings.bands,
        relate_to_targets: true,
        cancelled,
    };
    let rois = compute_all(&case.structure_set, &rois, &context);
    let outside = |roi: &RoiResult| roi.dvh.as_ref().is_some_and(|dvh| dvh.coverage().0 == 0.0);
    let drawn = || rois.iter().filter(|roi| roi.dvh.is_some());
    if !dose.geometry().size().contains(&1) && drawn().next().is_some() && drawn().all(outside) {
        let text = "the dose grid and the structures have no place in common".to_owned();
        let at = case.doses.first().map_or_else(Provenance::unknown, |dose| dose.info.provenance());
        findings.push(Finding::error(code::DOSE_ELSEWHERE, at, text.clone()));
        return Err(stop(CaseOutcome::Refused, text));
    }
    // Contours are not needed again; a case waits for the database without them.
    case.structure_set.rois.clear();
    Ok(Computed { case, digest, summary, total, dose_type, rois, findings: Vec::new(), known })
}

fn image(inventory: &Inventory, at: usize) -> Option<&ImageHeader> {
    match &inventory.instances[at].content {
        Content::Image(header) => Some(header),
        _ => None,
    }
}

fn digest(matched: &CaseMatch, case: &Case) -> [u8; 32] {
    let doses: Vec<_> = case.doses.iter().zip(&matched.doses).map(|(dose, part)| (dose, part.factor)).collect();
    identity::case_digest(&case.plan, &case.structure_set, &doses)
}

/// What the total-dose check means for the case.
fn settle_total(
    matched: &CaseMatch,
    case: &Case,
    total: &TotalDose,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Result<(), Stop> {
    let Some(first) = case.doses.first() else { return Ok(()) };
    let stated = settings.matching.dose_is.iter().any(|(uid, _)| case.doses.iter().any(|dose| dose.info.sop_instance == *uid));
    let mut finding = total.finding(first.info.provenance());
    if let TotalDose::NotTotal { .. } = total {
        if stated {
            finding.severity = rt_model::finding::Severity::Warning;
        } else {
            let reason = finding.text.clone();
            findings.push(finding);
            return Err(Stop { outcome: CaseOutcome::Refused, reason });
        }
    }
    findings.push(finding);
    if matched.needs_confirmed_total && !total.is_confirmed() {
        let reason = format!(
            "the only dose is of another manufacturer than the plan's and its total is {}; take it with --select dose={}",
            total.in_words(),
            first.info.sop_instance
        );
        findings.push(Finding::warning(code::DOSE_SECONDARY, first.info.provenance(), reason.clone()));
        return Err(Stop { outcome: CaseOutcome::Incomplete, reason });
    }
    Ok(())
}

fn prescription_report(summary: &PlanSummary) -> PrescriptionReport {
    let rx = &summary.prescription;
    PrescriptionReport {
        rx_dose_gy: rx.rx_dose.map(|dose| dose.0),
        source: rx.candidates.iter().find(|candidate| candidate.chosen).map(|candidate| candidate.source.as_str()),
        settled: rx.settled.is_some(),
        fractions: summary.fractions.as_ref().map(|fractions| fractions.value),
        reason: rx.reason.clone(),
    }
}

/// The report of a case of which nothing is known but its files.
#[must_use]
pub fn blank_report(matched: &CaseMatch, inventory: &Inventory) -> CaseReport {
    let instance = |at: usize| &inventory.instances[at];
    let plan = &instance(matched.plan);
    let Content::Plan(content) = &plan.content else { unreachable!("a case's plan is a plan") };
    let dose_type = matched.doses.first().and_then(|dose| match &instance(dose.instance).content {
        Content::Dose(header) => Some(header.dose_type.as_str().to_owned()),
        _ => None,
    });
    let file = |at: usize| FileReport {
        path: path_text(&instance(at).info.path),
        sop_instance_uid: instance(at).info.sop_instance.to_string(),
    };
    CaseReport {
        mrn: matched.mrn.clone(),
        plan_id: None,
        plan_label: content.label.clone(),
        plan_uid: plan.info.sop_instance.to_string(),
        dose_type,
        status: CaseOutcome::Stored,
        reason: None,
        supersedes: None,
        prescription: None,
        total_dose: None,
        files: CaseFiles {
            plan: path_text(&plan.info.path),
            structure_set: matched.structure_set.map(|set| path_text(&instance(set).info.path)),
            structure_set_uid: matched.structure_set.map(|set| instance(set).info.sop_instance.to_string()),
            doses: matched.doses.iter().map(|dose| file(dose.instance)).collect(),
            other_doses: matched.other_doses.iter().copied().map(file).collect(),
            images: matched.images.iter().map(|image| path_text(&instance(*image).info.path)).collect(),
        },
        rois: Vec::new(),
        findings: Vec::new(),
        columns: BTreeMap::new(),
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

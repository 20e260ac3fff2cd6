//! Plans that are left out, doses that find a plan without naming it, and why every other file belongs to no
//! case.
//!
//! Units: none. Frame: none.

use super::agreement::Link;
use super::case_match::{CaseMatch, Matching, Unmatched};
use super::index::Index;
use super::options::{MatchOptions, Selection};
use crate::dose::DoseHeader;
use crate::finding::{Finding, matching as code};
use crate::instance::Content;
use crate::plan::Plan;
use std::collections::BTreeSet;

/// Why plan `at` makes no case, where it makes none.
pub(super) fn why_skipped(
    index: &Index<'_>,
    at: usize,
    plan: &Plan,
    options: &MatchOptions,
) -> Option<Finding> {
    let info = index.info(at);
    if options.plans().next().is_some() && !options.plans().any(|uid| *uid == info.sop_instance) {
        return Some(Finding::info(code::NOT_SELECTED, info.provenance(), "the user chose another plan"));
    }
    let reason = plan.not_for_cohort().filter(|_| !options.include_qa)?;
    let text = format!("{reason}: not meant for treating a patient; --include-qa takes it");
    Some(Finding::warning(code::NOT_FOR_COHORT, info.provenance(), text))
}

/// Doses that belong to one of `plans` although no reference says so, as (dose, plan, how): by the user's
/// choice, or by equal study and frame of reference where neither file carries a reference.
pub(super) fn adopt(
    index: &Index<'_>,
    plans: &[(usize, &Plan)],
    options: &MatchOptions,
) -> Vec<(usize, usize, Link)> {
    let mut adopted = Vec::new();
    for (dose, header) in index.doses().filter(|(dose, header)| is_homeless(index, *dose, header)) {
        let near = |at: usize, plan: &Plan| {
            let sets = plan.structure_sets.iter().filter_map(|uid| index.structure_set(uid));
            index.share_frame(at, dose) || sets.into_iter().any(|set| index.share_frame(set, dose))
        };
        let by_user = options.doses().any(|uid| *uid == index.info(dose).sop_instance);
        let without_reference = header.plans.is_empty() && header.structure_sets.is_empty();
        let mut fitting = plans.iter().filter(|(at, plan)| {
            near(*at, plan)
                && (by_user || without_reference && plan.doses.is_empty() && index.share_study(*at, dose))
        });
        if let (Some((at, _)), None) = (fitting.next(), fitting.next()) {
            adopted.push((dose, *at, if by_user { Link::Uid } else { Link::Study }));
        }
    }
    adopted
}

/// What an adopted dose's case says about it.
pub(super) fn adoption_finding(index: &Index<'_>, dose: usize, link: Link) -> Finding {
    let place = index.info(dose).provenance();
    match link {
        Link::Study => {
            let text = "the dose names no plan; it shares study and frame of reference with this one alone";
            Finding::warning(code::LINKED_BY_STUDY, place, text)
        }
        Link::Uid => {
            let text = "the user chose this dose; it does not name this plan";
            Finding::warning(code::PLAN_REFERENCE_OVERRULED, place, text)
        }
    }
}

/// No plan that is there is named by the dose or names it.
fn is_homeless(index: &Index<'_>, dose: usize, header: &DoseHeader) -> bool {
    let uid = &index.info(dose).sop_instance;
    header.plans.iter().all(|plan| index.plan(plan).is_none())
        && index.plans().all(|(_, plan)| !plan.doses.contains(uid))
}

/// The cases, and a reason for every file that is in none.
pub(super) fn account(index: &Index<'_>, cases: Vec<CaseMatch>, options: &MatchOptions) -> Matching {
    let placed: BTreeSet<usize> = cases.iter().flat_map(CaseMatch::instances).collect();
    let unmatched = (0..index.inventory.instances.len())
        .filter(|at| !placed.contains(at))
        .map(|at| Unmatched { instance: at, reason: reason(index, at, options) })
        .collect();
    let unused = |choice: &&Selection| match choice {
        Selection::Plan(uid) => !cases.iter().any(|case| index.info(case.plan).sop_instance == *uid),
        Selection::Structures(uid) => !cases
            .iter()
            .filter_map(|case| case.structure_set)
            .any(|set| index.info(set).sop_instance == *uid),
        Selection::Dose(uid) => !cases
            .iter()
            .flat_map(|case| &case.doses)
            .any(|dose| index.info(dose.instance).sop_instance == *uid),
    };
    let findings = options
        .select
        .iter()
        .filter(unused)
        .map(|choice| {
            let text = format!("no case takes {choice}");
            Finding::warning(code::SELECTION_UNUSED, crate::provenance::Provenance::unknown(), text)
        })
        .collect();
    Matching { cases, unmatched, findings }
}

fn reason(index: &Index<'_>, at: usize, options: &MatchOptions) -> Finding {
    let instance = index.instance(at);
    let place = instance.info.provenance();
    if index.conflicts(at) {
        let text = format!(
            "another file holds {} with different content; neither is used",
            instance.info.sop_instance
        );
        return Finding::error(code::CONFLICTING_INSTANCE, place, text);
    }
    if let Some(first) = index.copy_of(at) {
        let text = format!("equal in content to {}", index.info(first).path.display());
        return Finding::info(code::DUPLICATE_INSTANCE, place, text);
    }
    match &instance.content {
        Content::Plan(plan) => why_skipped(index, at, plan, options)
            .unwrap_or_else(|| Finding::info(code::NOT_PART_OF_A_CASE, place, "the plan is in no case")),
        Content::Dose(header) => {
            Finding::warning(code::PLAN_ABSENT, place, why_dose_is_unused(index, at, header))
        }
        Content::StructureSet(_) => {
            Finding::info(code::STRUCTURE_SET_UNUSED, place, "no plan of this run uses this structure set")
        }
        Content::Image(_) => Finding::info(code::IMAGE_UNUSED, place, "no case of this run uses this image"),
        Content::Other => {
            Finding::info(code::NOT_PART_OF_A_CASE, place, "no case is made of objects of this kind")
        }
    }
}

fn why_dose_is_unused(index: &Index<'_>, at: usize, header: &DoseHeader) -> String {
    let absent: Vec<_> = header.plans.iter().filter(|plan| index.plan(plan).is_none()).collect();
    if header.plans.is_empty() {
        return "the dose names no plan".to_owned();
    }
    let Some(first) = absent.first() else { return "the dose's plan is left out".to_owned() };
    let mut text = format!("the dose's plan is absent: {first}");
    if let Some(file) = index.rejected(first) {
        text += &format!("; {} can't be read: {}", file.path.display(), file.finding.text);
    }
    let near: Vec<usize> =
        index.plans().map(|(plan, _)| plan).filter(|plan| index.share_frame(*plan, at)).collect();
    if !near.is_empty() {
        text += &format!(
            "; plans of the same frame of reference: {}; --select dose={} takes it for the only one that fits, --select plan=UID narrows them",
            index.list(&near),
            index.info(at).sop_instance
        );
    }
    text
}

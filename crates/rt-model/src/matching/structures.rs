//! Which structure set is a plan's.
//!
//! Units: none. Frame: none.

use super::case_match::CaseStatus;
use super::index::Index;
use super::options::MatchOptions;
use crate::finding::{Finding, matching as code};
use crate::plan::Plan;
use crate::uid::Uid;

/// The structure set settled on for a plan.
pub(super) struct StructureChoice {
    pub(super) structure_set: Option<usize>,
    pub(super) status: CaseStatus,
    pub(super) findings: Vec<Finding>,
}

/// Chooses the structure set of plan `at`, whose doses are `doses`.
pub(super) fn choose(
    index: &Index<'_>,
    at: usize,
    plan: &Plan,
    doses: &[usize],
    options: &MatchOptions,
) -> StructureChoice {
    let place = index.info(at).provenance();
    let of_doses: Vec<&Uid> =
        doses.iter().filter_map(|dose| index.dose(*dose)).flat_map(|d| &d.structure_sets).collect();
    let mut findings = Vec::new();
    let named: Vec<&Uid> =
        if plan.structure_sets.is_empty() { of_doses.clone() } else { plan.structure_sets.iter().collect() };
    let mut present: Vec<usize> = named.iter().filter_map(|uid| index.structure_set(uid)).collect();
    present.sort_unstable();
    present.dedup();

    let chosen = |candidates: &[usize]| -> Option<usize> {
        options.structures().filter_map(|uid| index.structure_set(uid)).find(|set| candidates.contains(set))
    };
    let selected = |set: usize, mut findings: Vec<Finding>| {
        let text = "this structure set was chosen by the user in place of the one that the plan names";
        findings.push(Finding::warning(code::SELECTED, index.info(set).provenance(), text));
        StructureChoice { structure_set: Some(set), status: CaseStatus::Complete, findings }
    };

    if let [set] = present[..] {
        if plan.structure_sets.is_empty() {
            let text = "the plan names no structure set; the one that its dose names is taken";
            findings.push(Finding::warning(code::STRUCTURE_SET_DISAGREES, place, text));
        } else if !of_doses.is_empty() && !of_doses.contains(&&index.info(set).sop_instance) {
            let text = format!("the dose names another structure set: {}", list_uids(&of_doses));
            findings.push(Finding::warning(code::STRUCTURE_SET_DISAGREES, place, text));
        }
        return StructureChoice { structure_set: Some(set), status: CaseStatus::Complete, findings };
    }
    if present.len() > 1 {
        if let Some(set) = chosen(&present) {
            return selected(set, findings);
        }
        let reason = format!(
            "several structure sets are named: {}; take one with --select structures=UID",
            index.list(&present)
        );
        findings.push(Finding::warning(code::STRUCTURE_SET_AMBIGUOUS, place, reason.clone()));
        return StructureChoice { structure_set: None, status: CaseStatus::Incomplete(reason), findings };
    }

    // Nothing that is named is there: only the user may put another in its place.
    let near =
        |set: &usize| index.share_frame(at, *set) || doses.iter().any(|dose| index.share_frame(*dose, *set));
    let candidates: Vec<usize> = index.structure_sets().map(|(set, _)| set).filter(near).collect();
    if let Some(set) = chosen(&candidates) {
        return selected(set, findings);
    }
    if named.is_empty() {
        let linked: Vec<usize> =
            candidates.iter().copied().filter(|set| index.share_study(at, *set)).collect();
        if let [set] = linked[..] {
            let text = "no file names a structure set; this one shares study and frame of reference";
            findings.push(Finding::warning(code::LINKED_BY_STUDY, index.info(set).provenance(), text));
            return StructureChoice { structure_set: Some(set), status: CaseStatus::Complete, findings };
        }
    }
    let mut reason = if named.is_empty() {
        "no structure set is named".to_owned()
    } else {
        format!("the structure set that is named is absent: {}", list_uids(&named))
    };
    for file in named.iter().filter_map(|uid| index.rejected(uid)) {
        reason += &format!("; {} can't be read: {}", file.path.display(), file.finding.text);
    }
    if !candidates.is_empty() {
        reason += &format!(
            "; candidates of the same frame of reference: {}; take one with --select structures=UID",
            index.list(&candidates)
        );
    }
    findings.push(Finding::warning(code::STRUCTURE_SET_ABSENT, place, reason.clone()));
    StructureChoice { structure_set: None, status: CaseStatus::Incomplete(reason), findings }
}

fn list_uids(uids: &[&Uid]) -> String {
    let mut uids: Vec<String> = uids.iter().map(ToString::to_string).collect();
    uids.dedup();
    uids.join(", ")
}

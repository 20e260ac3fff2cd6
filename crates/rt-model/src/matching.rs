//! How the files of a folder become cases: by references, never by file time.
//!
//! A reference that names an absent object is never replaced by another: the case is incomplete, the
//! candidates are named, and the user may take one. Equal study and frame of reference join only files that
//! carry no reference at all.
//!
//! Units: none. Frame: only whether frames of reference are the same.

mod agreement;
mod case_match;
mod compose;
mod doses;
mod duplicates;
mod images;
mod index;
mod options;
mod structures;
mod unmatched;

pub use case_match::{CaseMatch, CaseStatus, Composition, DoseUse, Matching, Unmatched};
pub use duplicates::{DuplicateGroup, Duplicates, repeated_instances};
pub use options::{DoseScope, DoseScopeError, MatchOptions, Selection, SelectionError};

use crate::approval::ApprovalStatus;
use crate::finding::{Finding, matching as code};
use crate::instance::Inventory;
use crate::plan::Plan;
use agreement::Link;
use index::Index;

/// Sorts an inventory into cases, one for each plan, and the rest with a reason for every file.
///
/// `duplicates` says which files of one SOP Instance UID hold the same content; the first of equal files is
/// used, of differing ones none.
///
/// ```
/// use rt_model::matching::{CaseStatus, MatchOptions, match_cases};
/// use rt_model::read::{ReadOptions, ScanOptions, compare_duplicates, scan};
/// use std::ops::ControlFlow;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let inventory = scan(&[folder.path().to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
/// let duplicates = compare_duplicates(&inventory, &ReadOptions::default());
/// let matching = match_cases(&inventory, &duplicates, &MatchOptions::default());
/// assert_eq!(matching.cases[0].status, CaseStatus::Complete);
/// assert!(matching.unmatched.is_empty());
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn match_cases(inventory: &Inventory, duplicates: &Duplicates, options: &MatchOptions) -> Matching {
    let index = Index::new(inventory, duplicates);
    let wanted: Vec<(usize, &Plan)> = index
        .plans()
        .filter(|(at, plan)| unmatched::why_skipped(&index, *at, plan, options).is_none())
        .collect();
    let adopted = unmatched::adopt(&index, &wanted, options);
    let cases: Vec<CaseMatch> = wanted
        .iter()
        .map(|(at, plan)| {
            let adopted: Vec<_> = adopted
                .iter()
                .filter(|(_, plan, _)| plan == at)
                .map(|(dose, _, link)| (*dose, *link))
                .collect();
            case(&index, *at, plan, &adopted, options)
        })
        .collect();
    unmatched::account(&index, cases, options)
}

fn case(
    index: &Index<'_>,
    at: usize,
    plan: &Plan,
    adopted: &[(usize, Link)],
    options: &MatchOptions,
) -> CaseMatch {
    let adopted_doses: Vec<usize> = adopted.iter().map(|(dose, _)| *dose).collect();
    let dose = doses::choose(index, at, plan, &adopted_doses, options);
    let used: Vec<usize> = dose.doses.iter().map(|part| part.instance).collect();
    // A structure set is looked for even where the dose is not settled, so that one run tells all that is
    // missing.
    let near = if used.is_empty() { &dose.others } else { &used };
    let set = structures::choose(index, at, plan, near, options);
    let images = set.structure_set.map_or_else(Vec::new, |set| images::of_structure_set(index, set));
    let (frame_status, frame_findings) = agreement::frame(index, at, set.structure_set, &used);

    let by_study = |finding: &Finding| finding.code == code::LINKED_BY_STUDY;
    let set_link = if set.findings.iter().any(by_study) { Link::Study } else { Link::Uid };
    let dose_link =
        |dose: usize| adopted.iter().find(|(other, _)| *other == dose).map_or(Link::Uid, |(_, link)| *link);
    let others: Vec<(usize, Link)> = set
        .structure_set
        .map(|set| (set, set_link))
        .into_iter()
        .chain(used.iter().map(|dose| (*dose, dose_link(*dose))))
        .collect();
    let owner = agreement::patient(index, at, &others, options);

    let mut status = owner.status.and(frame_status).and(dose.status).and(set.status);
    let mut findings = standing(index, at, plan);
    for at in std::iter::once(at).chain(others.iter().map(|(at, _)| *at)).filter(|at| index.conflicts(*at)) {
        let info = index.info(at);
        let text = format!("several files hold {} with different content", info.sop_instance);
        findings.push(Finding::error(code::CONFLICTING_INSTANCE, info.provenance(), text.clone()));
        status = status.and(CaseStatus::Refused(text));
    }
    for (dose, link) in adopted {
        findings.push(unmatched::adoption_finding(index, *dose, *link));
    }
    findings.extend(owner.findings);
    findings.extend(frame_findings);
    findings.extend(dose.findings);
    findings.extend(set.findings);
    let scope_stated = used.iter().any(|dose| options.scope(&index.info(*dose).sop_instance).is_some());
    CaseMatch {
        plan: at,
        structure_set: set.structure_set,
        doses: dose.doses,
        composition: dose.composition,
        other_doses: dose.others,
        images,
        mrn: owner.mrn,
        mismatch_accepted: owner.mismatch_accepted,
        needs_confirmed_total: dose.needs_confirmed_total,
        scope_stated,
        status,
        findings,
    }
}

/// Plans that are not approved, and those that are taken although they treat nobody, carry a finding.
fn standing(index: &Index<'_>, at: usize, plan: &Plan) -> Vec<Finding> {
    let place = || index.info(at).provenance();
    let unapproved = (!plan.is_approved()).then(|| {
        let approval = plan.approval_status.as_ref().map_or("", ApprovalStatus::as_str);
        let text = format!("expected approval status {}, found {approval:?}", ApprovalStatus::Approved);
        Finding::info(code::NOT_APPROVED, place(), text)
    });
    let not_treating = plan.not_for_cohort().map(|reason| {
        let text = format!("{reason}: taken by the user's choice, kept out of cohorts");
        Finding::warning(code::NOT_FOR_COHORT, place(), text)
    });
    unapproved.into_iter().chain(not_treating).collect()
}

#[cfg(test)]
mod tests;

//! Which doses are a plan's dose.
//!
//! Units: none. Frame: none.

use super::case_match::{CaseStatus, Composition, DoseUse};
use super::compose::{KINDS, Part, Partial, compose};
use super::index::Index;
use super::options::{DoseScope, MatchOptions};
use crate::dose::{DoseType, DoseUnits, Summation};
use crate::finding::{Code, Finding, matching as code};
use crate::plan::Plan;
use crate::provenance::Provenance;
use std::collections::BTreeSet;

/// The doses settled on for a plan.
pub(super) struct DoseChoice {
    pub(super) doses: Vec<DoseUse>,
    pub(super) composition: Option<Composition>,
    pub(super) others: Vec<usize>,
    pub(super) needs_confirmed_total: bool,
    pub(super) status: CaseStatus,
    pub(super) findings: Vec<Finding>,
}

/// Chooses among the doses that belong to plan `at`. `adopted` are doses that the user or equal study and
/// frame gave to it.
pub(super) fn choose(
    index: &Index<'_>,
    at: usize,
    plan: &Plan,
    adopted: &[usize],
    options: &MatchOptions,
) -> DoseChoice {
    let uid = &index.info(at).sop_instance;
    let named: Vec<usize> = plan.doses.iter().filter_map(|dose| index.dose_with(dose)).collect();
    let mut own: BTreeSet<usize> =
        index.doses().filter(|(_, dose)| dose.plans.contains(uid)).map(|(dose, _)| dose).collect();
    own.extend(&named);
    own.extend(adopted);
    let chosen: Vec<usize> =
        options.doses().filter_map(|dose| index.dose_with(dose)).filter(|dose| own.contains(dose)).collect();
    let place = index.info(at).provenance();
    let mut choosing = Choosing {
        index,
        place,
        plan,
        options,
        chosen: chosen.clone(),
        others: Vec::new(),
        other_type: Vec::new(),
        findings: Vec::new(),
    };

    let mut candidates: Vec<usize> =
        own.iter().copied().filter(|dose| choosing.is_one_plans_grid(*dose)).collect();
    let relative = |dose: usize| index.dose(dose).is_some_and(|header| header.units == DoseUnits::Relative);
    if candidates.iter().any(|dose| !relative(*dose)) {
        choosing.set_aside(&mut candidates, |dose| !relative(dose), "a relative dose beside one in gray");
    }
    if !chosen.is_empty() {
        choosing.set_aside(&mut candidates, |dose| chosen.contains(&dose), "the user chose another dose");
        for dose in &candidates {
            let text = "this dose was chosen by the user";
            choosing.findings.push(Finding::info(code::SELECTED, index.info(*dose).provenance(), text));
        }
        return choosing.settle(candidates, false);
    }
    if !plan.doses.is_empty() && named.is_empty() {
        return choosing.dangling(at, &own);
    }
    if candidates.is_empty() {
        return choosing.none(at, &own);
    }
    if let Err(refused) = choosing.one_dose_type(&mut candidates) {
        return choosing.stop(refused);
    }
    if candidates.iter().any(|dose| named.contains(dose)) {
        choosing.set_aside(
            &mut candidates,
            |dose| named.contains(&dose),
            "the plan itself names another dose",
        );
    }
    let own_maker: BTreeSet<usize> = candidates
        .iter()
        .copied()
        .filter(|dose| named.contains(dose) || !choosing.other_maker(at, *dose))
        .collect();
    let derived = |dose: usize| index.dose(dose).is_some_and(|header| header.derived);
    if candidates.iter().any(|dose| own_maker.contains(dose) && !derived(*dose)) {
        let keep = |dose: usize| own_maker.contains(&dose) && !derived(dose);
        choosing.set_aside(
            &mut candidates,
            keep,
            "a secondary dose: of another manufacturer than the plan's, or derived",
        );
        return choosing.settle(candidates, false);
    }
    for dose in &candidates {
        let text = if derived(*dose) {
            "derived from another dose"
        } else {
            "of another manufacturer than the plan's"
        };
        choosing.findings.push(Finding::warning(code::DOSE_SECONDARY, index.info(*dose).provenance(), text));
    }
    if candidates.iter().any(|dose| derived(*dose)) {
        let reason = format!(
            "only secondary doses (derived from another dose): {}; take one with --select dose=UID",
            index.list(&candidates)
        );
        return choosing.stop(CaseStatus::Incomplete(reason));
    }
    choosing.settle(candidates, true)
}

struct Choosing<'a, 'b> {
    index: &'b Index<'a>,
    plan: &'b Plan,
    options: &'b MatchOptions,
    /// The plan's file.
    place: Provenance,
    /// Doses of the plan that the user chose.
    chosen: Vec<usize>,
    others: Vec<usize>,
    /// Those of `others` that were set aside for their dose type alone.
    other_type: Vec<usize>,
    findings: Vec<Finding>,
}

impl<'a> Choosing<'a, '_> {
    /// Sets aside, with a finding, what can never be the dose of one plan, in gray or, where the user takes
    /// it, relative.
    fn is_one_plans_grid(&mut self, dose: usize) -> bool {
        let Some(header) = self.index.dose(dose) else { return false };
        let several =
            matches!(header.summation, Summation::MultiPlan | Summation::PlanOverview | Summation::Record)
                || header.dose_type == DoseType::Error
                || [header.summation.as_str(), header.dose_type.as_str()].contains(&"CODED")
                || header.plans.len() > 1;
        let (code, text) = if several {
            let text = format!(
                "a {} {} dose for {} plans is never the dose of one plan",
                header.summation.as_str(),
                header.dose_type.as_str(),
                header.plans.len()
            );
            (code::DOSE_OF_SEVERAL_PLANS, text)
        } else if header.units == DoseUnits::Relative
            && !(self.options.relative_doses || self.options.relative_dose_stated)
        {
            let text = "the dose is relative; say how many gray a relative dose of 1 stands for with --relative-dose";
            (code::DOSE_NOT_GRAY, text.to_owned())
        } else if matches!(header.units, DoseUnits::Unknown(_)) {
            (code::DOSE_NOT_GRAY, "the dose is not in gray".to_owned())
        } else if header.size.is_none() {
            (code::DOSE_WITHOUT_GRID, "the object holds no dose grid".to_owned())
        } else if !KINDS.iter().any(|(kind, _)| *kind == header.summation) {
            let text = format!(
                "expected PLAN, FRACTION, BEAM, BRACHY or CONTROL_POINT, found {:?}",
                header.summation.as_str()
            );
            (code::DOSE_NOT_USED, text)
        } else if let DoseType::Other(term) = &header.dose_type {
            let place = self.index.info(dose).provenance();
            if term.is_empty() && self.chosen.contains(&dose) {
                let text = "the dose does not state whether it is PHYSICAL or EFFECTIVE; the user chose it";
                self.findings.push(Finding::warning(code::DOSE_NOT_USED, place, text));
                return true;
            }
            let text = format!("expected dose type PHYSICAL or EFFECTIVE, found {term:?}");
            let uid = &self.index.info(dose).sop_instance;
            let remedy = format!("{text}; if it is the plan's, take it with --select dose={uid}");
            (code::DOSE_NOT_USED, if term.is_empty() { remedy } else { text })
        } else {
            return true;
        };
        self.others.push(dose);
        self.findings.push(Finding::warning(code, self.index.info(dose).provenance(), text));
        false
    }

    fn set_aside(&mut self, candidates: &mut Vec<usize>, keep: impl Fn(usize) -> bool, why: &str) {
        let aside: Vec<usize> = candidates.iter().copied().filter(|dose| !keep(*dose)).collect();
        candidates.retain(|dose| keep(*dose));
        for dose in aside {
            self.findings.push(Finding::info(code::DOSE_NOT_USED, self.index.info(dose).provenance(), why));
            self.others.push(dose);
        }
    }

    /// EFFECTIVE is the clinical dose of an ion plan, and of nothing else.
    fn one_dose_type(&mut self, candidates: &mut Vec<usize>) -> Result<(), CaseStatus> {
        let effective = |index: &Index<'_>, dose: usize| {
            index.dose(dose).is_some_and(|d| d.dose_type == DoseType::Effective)
        };
        let index = self.index;
        let any_effective = candidates.iter().any(|dose| effective(index, *dose));
        let any_physical = candidates.iter().any(|dose| !effective(index, *dose));
        if any_effective && any_physical {
            self.other_type =
                candidates.iter().copied().filter(|dose| effective(index, *dose) != self.plan.ion).collect();
        }
        match (self.plan.ion, any_effective, any_physical) {
            (true, true, true) => {
                self.set_aside(
                    candidates,
                    |dose| effective(index, dose),
                    "physical dose beside the effective one",
                );
            }
            (false, true, true) => self.set_aside(
                candidates,
                |dose| !effective(index, dose),
                "effective dose on a plan that is no ion plan: biologically scaled, model unknown",
            ),
            (false, true, false) => {
                for dose in candidates.iter() {
                    let text =
                        "effective dose on a plan that is no ion plan: biologically scaled, model unknown";
                    self.findings.push(Finding::error(
                        code::DOSE_MODEL_UNKNOWN,
                        index.info(*dose).provenance(),
                        text,
                    ));
                }
                let reason = format!(
                    "the plan's only dose is biologically scaled, model unknown: {}; take it with --select dose=UID",
                    index.list(candidates)
                );
                return Err(CaseStatus::Refused(reason));
            }
            _ => {}
        }
        Ok(())
    }

    fn other_maker(&self, plan: usize, dose: usize) -> bool {
        let maker = |at: usize| {
            let name = self.index.info(at).equipment.manufacturer.as_deref()?.trim().to_lowercase();
            (!name.is_empty()).then_some(name)
        };
        matches!((maker(plan), maker(dose)), (Some(plan), Some(dose)) if plan != dose)
    }

    /// The whole dose out of the candidates: the first kind that is complete.
    fn settle(mut self, candidates: Vec<usize>, needs_confirmed_total: bool) -> DoseChoice {
        let index = self.index;
        let mut first_failure: Option<Partial> = None;
        for (kind, composition) in KINDS {
            let parts = self.parts(&candidates, &kind);
            if parts.is_empty() {
                continue;
            }
            match compose(self.plan, &kind, &parts) {
                Ok(doses) => {
                    let mut rest = candidates;
                    let used = |dose: usize| doses.iter().any(|part| part.instance == dose);
                    self.set_aside(&mut rest, used, &format!("the {} dose is preferred", kind.as_str()));
                    self.describe(&doses, composition, &kind);
                    let (others, findings) = (self.others, self.findings);
                    let composition = Some(composition);
                    return DoseChoice {
                        doses,
                        composition,
                        others,
                        needs_confirmed_total,
                        status: CaseStatus::Complete,
                        findings,
                    };
                }
                Err(partial) => first_failure = first_failure.or(Some(partial)),
            }
        }
        let both_types: Vec<usize> = candidates.iter().chain(&self.other_type).copied().collect();
        let mixed = |(kind, _): &(Summation, Composition)| {
            compose(self.plan, kind, &self.parts(&both_types, kind)).is_ok()
        };
        if !self.other_type.is_empty() && KINDS[1..].iter().any(mixed) {
            let text = "physical and effective doses are parts of one dose: they are never added".to_owned();
            self.findings.push(Finding::error(code::DOSE_TYPES_MIXED, self.place.clone(), text.clone()));
            self.others.extend(candidates);
            return self.stop(CaseStatus::Refused(text));
        }
        let Partial { code, text } =
            first_failure.unwrap_or(Partial { code: code::DOSE_ABSENT, text: "no usable dose".to_owned() });
        let reason = if code == code::DOSE_PARTS_MISSING {
            text
        } else {
            format!("{text}: {}; take one with --select dose=UID", index.list(&candidates))
        };
        self.others.extend(candidates);
        self.incomplete(code, reason)
    }

    /// The doses of one kind, with what the user says of them.
    fn parts(&self, doses: &[usize], kind: &Summation) -> Vec<Part<'a>> {
        doses
            .iter()
            .filter_map(|dose| Some((*dose, self.index.dose(*dose)?)))
            .filter(|(_, header)| header.summation == *kind)
            .map(|(instance, header)| {
                let scope = self.options.scope(&self.index.info(instance).sop_instance);
                Part { instance, header, scope }
            })
            .collect()
    }

    /// Findings on doses that are settled.
    fn describe(&mut self, doses: &[DoseUse], composition: Composition, kind: &Summation) {
        let index = self.index;
        for dose in doses {
            let info = index.info(dose.instance);
            match self.options.scope(&info.sop_instance) {
                Some(DoseScope::Fraction) => {
                    let text = format!(
                        "the user says that this dose is for one fraction; it counts {} times",
                        dose.factor
                    );
                    self.findings.push(Finding::warning(code::DOSE_SCOPE_STATED, info.provenance(), text));
                }
                Some(DoseScope::Total) => {
                    let text = "the user says that this dose is for the whole treatment";
                    self.findings.push(Finding::warning(code::DOSE_SCOPE_STATED, info.provenance(), text));
                }
                None => {}
            }
        }
        let Some(first) = doses.first().map(|dose| dose.instance) else { return };
        if composition != Composition::Plan {
            let text = format!("the plan's dose is the sum of {} {} doses", doses.len(), kind.as_str());
            self.findings.push(Finding::info(code::DOSE_COMPOSED, index.info(first).provenance(), text));
        }
        let effective = index.dose(first).is_some_and(|header| header.dose_type == DoseType::Effective);
        if self.plan.ion && !effective {
            let text = "an ion plan with physical dose alone: not RBE weighted, no percent of the prescription is told";
            self.findings.push(Finding::warning(
                code::DOSE_NOT_RBE_WEIGHTED,
                index.info(first).provenance(),
                text,
            ));
        }
        if !self.plan.ion && effective {
            let text = "biologically scaled, model unknown; taken by the user's choice";
            self.findings.push(Finding::warning(
                code::DOSE_MODEL_UNKNOWN,
                index.info(first).provenance(),
                text,
            ));
        }
    }

    /// The plan names doses and none of them is there: another one is never taken in their place.
    fn dangling(mut self, at: usize, own: &BTreeSet<usize>) -> DoseChoice {
        let absent: Vec<String> = self.plan.doses.iter().map(ToString::to_string).collect();
        let mut reason = format!("the dose that the plan names is absent: {}", absent.join(", "));
        reason += &self.damaged();
        reason += &self.candidates(at, own);
        self.others
            .extend(own.iter().filter(|dose| !self.others.contains(dose)).copied().collect::<Vec<_>>());
        self.incomplete(code::DOSE_ABSENT, reason)
    }

    fn none(self, at: usize, own: &BTreeSet<usize>) -> DoseChoice {
        let mut reason =
            if own.is_empty() { "no dose names this plan" } else { "no usable dose names this plan" }
                .to_owned();
        reason += &self.damaged();
        reason += &self.candidates(at, own);
        self.incomplete(code::DOSE_ABSENT, reason)
    }

    /// Doses that share the plan's frame of reference and name no plan that is there.
    fn candidates(&self, at: usize, own: &BTreeSet<usize>) -> String {
        let homeless = |header: &crate::dose::DoseHeader| {
            header.plans.iter().all(|plan| self.index.plan(plan).is_none())
        };
        let near: Vec<usize> = self
            .index
            .doses()
            .filter(|(dose, header)| {
                own.contains(dose) || (homeless(header) && self.index.share_frame(at, *dose))
            })
            .map(|(dose, _)| dose)
            .filter(|dose| !self.others.contains(dose))
            .collect();
        if near.is_empty() {
            return String::new();
        }
        format!("; candidates: {}; take one with --select dose=UID", self.index.list(&near))
    }

    /// Files of the named doses that could not be read.
    fn damaged(&self) -> String {
        let files = self.plan.doses.iter().filter_map(|uid| self.index.rejected(uid));
        files.map(|file| format!("; {} can't be read: {}", file.path.display(), file.finding.text)).collect()
    }

    fn incomplete(mut self, code: Code, reason: String) -> DoseChoice {
        self.findings.push(Finding::warning(code, self.place.clone(), reason.clone()));
        self.stop(CaseStatus::Incomplete(reason))
    }

    fn stop(self, status: CaseStatus) -> DoseChoice {
        DoseChoice {
            doses: Vec::new(),
            composition: None,
            others: self.others,
            needs_confirmed_total: false,
            status,
            findings: self.findings,
        }
    }
}

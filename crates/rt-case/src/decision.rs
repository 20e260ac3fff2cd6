//! Decisions of a user that a case's results rest on: each has one text, which is stored in `Audit` and reads
//! back.
//!
//! Units: gray. Frame: none.

use crate::facts::CaseFacts;
use crate::options::CaseOptions;
use rt_model::dose::DoseUnits;
use rt_model::finding::dose::{FRAME_OFFSETS_ASSUMED, FRAME_SPACING_ASSUMED};
use rt_model::matching::{DoseScope, Selection};
use rt_model::read::AssumeOffsets;
use rt_model::uid::Uid;
use rt_model::units::Gy;
use std::fmt;
use std::str::FromStr;

/// One decision. `Display` and `FromStr` are each other's inverse.
///
/// ```
/// use rt_case::Decision;
///
/// let decision: Decision = "dose 1.2.3 is fraction".parse().unwrap();
/// assert_eq!(decision.to_string(), "dose 1.2.3 is fraction");
/// assert!("dose 1.2.3 is half".parse::<Decision>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Decision {
    /// Two Patient IDs are one patient; the first holds no `=`.
    SamePatient(String, String),
    /// An object to take where references do not settle it.
    Select(Selection),
    /// What a dose covers.
    DoseIs(Uid, DoseScope),
    /// The prescription of a plan, total.
    Prescription(Uid, Gy),
    /// The dose that a relative dose of 1 stands for.
    RelativeDose(Gy),
    /// The medical record number of a plan without a Patient ID.
    Mrn(String),
    /// How to read frame offsets that leave their meaning open.
    AssumeOffsets(AssumeOffsets),
    /// The distance of frames is the slice thickness.
    AssumeSpacing,
}

/// What a decision does to a rule, as `Audit` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A contradiction was accepted.
    Accept,
    /// A value was put in place of another, or of none.
    Override,
}

impl Scope {
    /// The word in `Audit`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Override => "override",
        }
    }

    /// Reads the word; `None` for acts that are not decisions about a case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Accept, Self::Override].into_iter().find(|scope| scope.as_str() == text)
    }
}

impl Decision {
    /// What it does.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        match self {
            Self::SamePatient(..) => Scope::Accept,
            _ => Scope::Override,
        }
    }

    /// The decisions among `options` that the results of this case rest on.
    #[must_use]
    pub fn of_case(facts: &CaseFacts, options: &CaseOptions) -> Vec<Self> {
        let (matching, prepare) = (&options.matching, &options.prepare);
        let plan = &facts.plan_info.sop_instance;
        let is_dose = |uid: &Uid| facts.doses.iter().any(|dose| dose.info.sop_instance == *uid);
        let mut decisions = Vec::new();
        if facts.mismatch_accepted {
            let pairs =
                matching.accept_patient_mismatch.iter().filter(|(a, b)| *a == facts.mrn || *b == facts.mrn);
            decisions.extend(pairs.map(|(a, b)| Self::SamePatient(a.clone(), b.clone())));
        }
        let selected = matching.select.iter().filter(|choice| match choice {
            Selection::Plan(uid) => uid == plan,
            Selection::Structures(uid) => *uid == facts.structure_set_info.sop_instance,
            Selection::Dose(uid) => is_dose(uid),
        });
        decisions.extend(selected.cloned().map(Self::Select));
        let scopes = matching.dose_is.iter().filter(|(uid, _)| is_dose(uid));
        decisions.extend(scopes.map(|(uid, scope)| Self::DoseIs(uid.clone(), *scope)));
        decisions.extend(prepare.prescription_of(plan).map(|dose| Self::Prescription(plan.clone(), dose)));
        if facts.doses.iter().any(|dose| dose.header.units == DoseUnits::Relative) {
            decisions.extend(prepare.read.relative_dose_reference.map(Self::RelativeDose));
        }
        if facts.plan_info.patient.id.is_empty() {
            decisions.push(Self::Mrn(facts.mrn.clone()));
        }
        let found = |code| facts.findings.iter().any(|finding| finding.code == code);
        if found(FRAME_OFFSETS_ASSUMED) {
            decisions.extend(prepare.read.assume_offsets.map(Self::AssumeOffsets));
        }
        decisions.extend(found(FRAME_SPACING_ASSUMED).then_some(Self::AssumeSpacing));
        decisions
    }

    /// Takes the decision over into options: computing a case anew rests on the same ones.
    pub fn apply(&self, options: &mut CaseOptions) {
        let (matching, prepare) = (&mut options.matching, &mut options.prepare);
        match self.clone() {
            Self::SamePatient(a, b) => matching.accept_patient_mismatch.push((a, b)),
            Self::Select(choice) => matching.select.push(choice),
            Self::DoseIs(uid, scope) => matching.dose_is.push((uid, scope)),
            Self::Prescription(plan, dose) => prepare.prescriptions.push((plan, dose)),
            Self::RelativeDose(dose) => {
                prepare.read.relative_dose_reference = Some(dose);
                matching.relative_dose_stated = true;
            }
            Self::Mrn(mrn) => matching.mrn = Some(mrn),
            Self::AssumeOffsets(how) => prepare.read.assume_offsets = Some(how),
            Self::AssumeSpacing => prepare.read.assume_spacing = true,
        }
    }
}

const SAME_PATIENT: &str = "patient mismatch ";
const SELECT: &str = "select ";
const DOSE: &str = "dose ";
const PRESCRIPTION: &str = "prescription of ";
const RELATIVE_DOSE: &str = "a relative dose of 1 is ";
const MRN: &str = "mrn ";
const ASSUME_OFFSETS: &str = "assume offsets ";
const ASSUME_SPACING: &str = "assume spacing";

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SamePatient(a, b) => write!(f, "{SAME_PATIENT}{a}={b}"),
            Self::Select(choice) => write!(f, "{SELECT}{choice}"),
            Self::DoseIs(uid, scope) => write!(f, "{DOSE}{uid} is {}", scope.as_str()),
            Self::Prescription(plan, dose) => write!(f, "{PRESCRIPTION}{plan} is {dose}"),
            Self::RelativeDose(dose) => write!(f, "{RELATIVE_DOSE}{dose}"),
            Self::Mrn(mrn) => write!(f, "{MRN}{mrn}"),
            Self::AssumeOffsets(how) => write!(f, "{ASSUME_OFFSETS}{}", how.as_str()),
            Self::AssumeSpacing => f.write_str(ASSUME_SPACING),
        }
    }
}

/// A text that is not a decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a decision as Audit stores it, found {0:?}")]
pub struct DecisionError(String);

impl FromStr for Decision {
    type Err = DecisionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| DecisionError(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Decision> {
    let gray = |text: &str| text.strip_suffix(" Gy")?.parse().ok().map(Gy);
    if text == ASSUME_SPACING {
        return Some(Decision::AssumeSpacing);
    }
    if let Some(pair) = text.strip_prefix(SAME_PATIENT) {
        let (a, b) = pair.split_once('=')?;
        return Some(Decision::SamePatient(a.to_owned(), b.to_owned()));
    }
    if let Some(choice) = text.strip_prefix(SELECT) {
        return choice.parse().ok().map(Decision::Select);
    }
    if let Some(mrn) = text.strip_prefix(MRN) {
        return Some(Decision::Mrn(mrn.to_owned()));
    }
    if let Some(how) = text.strip_prefix(ASSUME_OFFSETS) {
        return how.parse().ok().map(Decision::AssumeOffsets);
    }
    if let Some(dose) = text.strip_prefix(RELATIVE_DOSE) {
        return gray(dose).map(Decision::RelativeDose);
    }
    if let Some((plan, dose)) = text.strip_prefix(PRESCRIPTION).and_then(|rest| rest.split_once(" is ")) {
        return Some(Decision::Prescription(Uid::new(plan)?, gray(dose)?));
    }
    let (uid, scope) = text.strip_prefix(DOSE)?.split_once(" is ")?;
    Some(Decision::DoseIs(Uid::new(uid)?, scope.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EvaluateOptions, PrepareOptions};
    use proptest::prelude::*;
    use rt_dvh::DvhOptions;
    use rt_model::matching::MatchOptions;

    fn uid() -> impl Strategy<Value = Uid> {
        proptest::collection::vec(0u32..10_000, 1..6).prop_map(|parts| {
            let text: Vec<String> = parts.iter().map(ToString::to_string).collect();
            Uid::new(&format!("1.{}", text.join("."))).unwrap()
        })
    }

    fn decision() -> impl Strategy<Value = Decision> {
        let gray = || (1u32..1_000_000).prop_map(|thousandths| Gy(f64::from(thousandths) / 1000.0));
        let scope = prop_oneof![Just(DoseScope::Total), Just(DoseScope::Fraction)];
        let offsets = prop_oneof![Just(AssumeOffsets::Relative), Just(AssumeOffsets::Absolute)];
        prop_oneof![
            ("[^=]{0,12}", ".{0,12}").prop_map(|(a, b)| Decision::SamePatient(a, b)),
            uid().prop_map(|uid| Decision::Select(Selection::Plan(uid))),
            uid().prop_map(|uid| Decision::Select(Selection::Structures(uid))),
            uid().prop_map(|uid| Decision::Select(Selection::Dose(uid))),
            (uid(), scope).prop_map(|(uid, scope)| Decision::DoseIs(uid, scope)),
            (uid(), gray()).prop_map(|(uid, dose)| Decision::Prescription(uid, dose)),
            gray().prop_map(Decision::RelativeDose),
            ".{0,16}".prop_map(Decision::Mrn),
            offsets.prop_map(Decision::AssumeOffsets),
            Just(Decision::AssumeSpacing),
        ]
    }

    proptest! {
        #[test]
        fn a_decision_reads_back(decision in decision()) {
            prop_assert_eq!(decision.to_string().parse::<Decision>(), Ok(decision));
        }
    }

    #[test]
    fn decisions_are_taken_over() {
        let mut options = CaseOptions {
            matching: MatchOptions::default(),
            prepare: PrepareOptions::default(),
            evaluate: EvaluateOptions::new(DvhOptions::preset("dosebridge-2").unwrap()),
        };
        for text in [
            "patient mismatch A=B",
            "select dose=1.2",
            "dose 1.2 is fraction",
            "mrn M-7",
            "assume offsets absolute",
            "assume spacing",
            "prescription of 1.3 is 50.4 Gy",
            "a relative dose of 1 is 0.7 Gy",
        ] {
            text.parse::<Decision>().unwrap().apply(&mut options);
        }
        let (matching, prepare) = (options.matching, options.prepare);
        assert_eq!(matching.accept_patient_mismatch, [("A".to_owned(), "B".to_owned())]);
        assert_eq!(matching.select[0].to_string(), "dose=1.2");
        assert_eq!(matching.dose_is, [(Uid::new("1.2").unwrap(), DoseScope::Fraction)]);
        assert_eq!(matching.mrn.as_deref(), Some("M-7"));
        assert!(matching.relative_dose_stated);
        assert_eq!(prepare.prescriptions, [(Uid::new("1.3").unwrap(), Gy(50.4))]);
        assert_eq!(prepare.read.relative_dose_reference, Some(Gy(0.7)));
        assert_eq!(prepare.read.assume_offsets, Some(AssumeOffsets::Absolute));
        assert!(prepare.read.assume_spacing);
    }
}

//! Whether the files of a case are one patient's and lie in one frame of reference.
//!
//! Wrong-patient data is the worst error there is: files of one case that name different patients are
//! refused, and only an exact pair of identifiers that the user vouches for is let through. Names and birth
//! dates never appear in a message.
//!
//! Units: none. Frame: none.

use super::case_match::CaseStatus;
use super::index::Index;
use super::options::MatchOptions;
use crate::finding::{Finding, matching as code};

/// Whose the case is.
pub(super) struct Owner {
    pub(super) mrn: String,
    pub(super) mismatch_accepted: bool,
    pub(super) status: CaseStatus,
    pub(super) findings: Vec<Finding>,
}

/// Compares the patient of plan `at` with that of the other files of its case, each with how it is linked.
pub(super) fn patient(
    index: &Index<'_>,
    at: usize,
    others: &[(usize, Link)],
    options: &MatchOptions,
) -> Owner {
    let plan = index.info(at);
    let mut owner = Owner {
        mrn: plan.patient.id.clone(),
        mismatch_accepted: false,
        status: CaseStatus::Complete,
        findings: Vec::new(),
    };
    if owner.mrn.is_empty() {
        owner.claim_empty_plan(index, at, options);
    }
    let mut refused_pairs = Vec::new();
    let mut name_told = false;
    for (other, link) in others {
        let info = index.info(*other);
        let (a, b) = (&plan.patient, &info.patient);
        if b.id.is_empty() {
            let text = "the file has no patient identifier; it is linked by its UID";
            match link {
                Link::Uid => {
                    owner.findings.push(Finding::warning(code::PATIENT_ID_EMPTY, info.provenance(), text))
                }
                Link::Study => {
                    let text = "the file has no patient identifier and no reference links it";
                    owner.findings.push(Finding::error(code::PATIENT_ID_EMPTY, info.provenance(), text));
                    owner.refuse(format!("{}: {text}", info.path.display()));
                }
            }
        } else if b.id != owner.mrn && !owner.mrn.is_empty() {
            let pair = (owner.mrn.clone(), b.id.clone());
            if !refused_pairs.contains(&pair) {
                owner.compare_ids(index, *other, &pair, options);
                refused_pairs.push(pair);
            }
        }
        if let (Some(a), Some(b)) = (&a.issuer, &b.issuer)
            && a != b
        {
            let text = format!("the patient identifiers are from different issuers: {a:?} and {b:?}");
            owner.findings.push(Finding::error(code::PATIENT_MISMATCH, info.provenance(), text.clone()));
            owner.refuse(text);
        }
        if let (Some(a), Some(b)) = (a.birth_date, b.birth_date)
            && a != b
        {
            let text = "the patient's birth date differs from the plan's";
            owner.findings.push(Finding::error(code::BIRTH_DATE_MISMATCH, info.provenance(), text));
            owner.refuse(format!("{}: {text}", info.path.display()));
        }
        let names = [a.normalised_name(), b.normalised_name()];
        if !name_told && names[0] != names[1] && names.iter().all(|name| !name.is_empty()) {
            let text = "the patient's name is written differently from the plan's";
            owner.findings.push(Finding::warning(code::PATIENT_NAME_DIFFERS, info.provenance(), text));
            name_told = true;
        }
    }
    owner
}

/// How a file came into the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// By a reference or the user's choice.
    Uid,
    /// By equal study and frame of reference.
    Study,
}

impl Owner {
    fn refuse(&mut self, reason: String) {
        self.status =
            std::mem::replace(&mut self.status, CaseStatus::Complete).and(CaseStatus::Refused(reason));
    }

    fn claim_empty_plan(&mut self, index: &Index<'_>, at: usize, options: &MatchOptions) {
        let place = index.info(at).provenance();
        match options.mrn.as_deref().filter(|mrn| !mrn.is_empty()) {
            Some(mrn) => {
                mrn.clone_into(&mut self.mrn);
                let text = format!("the plan has no patient identifier; the user gave {mrn:?}");
                self.findings.push(Finding::warning(code::PATIENT_ID_GIVEN, place, text));
            }
            None => {
                let text = "the plan has no patient identifier; give one with --mrn";
                self.findings.push(Finding::error(code::PATIENT_ID_EMPTY, place, text));
                self.refuse(text.to_owned());
            }
        }
    }

    fn compare_ids(
        &mut self,
        index: &Index<'_>,
        other: usize,
        pair: &(String, String),
        options: &MatchOptions,
    ) {
        let (plan, file) = pair;
        let place = index.info(other).provenance();
        let accepted = options
            .accept_patient_mismatch
            .iter()
            .any(|(a, b)| (a, b) == (plan, file) || (b, a) == (plan, file));
        if accepted {
            self.mismatch_accepted = true;
            let text =
                format!("patient {file:?} was accepted by the user as {plan:?}; the case can't be exported");
            self.findings.push(Finding::warning(code::PATIENT_MISMATCH_ACCEPTED, place, text));
        } else {
            let text = format!("expected patient {plan:?} as in the plan, found {file:?}");
            self.findings.push(Finding::error(code::PATIENT_MISMATCH, place, text.clone()));
            let pair = format!("{plan}={file}");
            self.refuse(format!("{text}; if both are one patient: --accept-patient-mismatch {pair:?}"));
        }
    }
}

/// Compares the frames of reference of plan, structure set and doses.
pub(super) fn frame(
    index: &Index<'_>,
    plan: usize,
    structure_set: Option<usize>,
    doses: &[usize],
) -> (CaseStatus, Vec<Finding>) {
    let mut status = CaseStatus::Complete;
    let mut findings = Vec::new();
    let mut compare = |a: usize, b: usize, what: &str| {
        let (left, right) = (index.frames(a), index.frames(b));
        if left.is_empty() || right.is_empty() || index.share_frame(a, b) {
            return;
        }
        let text = format!("{what}: expected frame of reference {}, found {}", left[0], right[0]);
        findings.push(Finding::error(code::FRAME_MISMATCH, index.info(b).provenance(), text.clone()));
        status = std::mem::replace(&mut status, CaseStatus::Complete).and(CaseStatus::Refused(text));
    };
    for dose in doses {
        compare(plan, *dose, "plan and dose");
        if let Some(set) = structure_set {
            compare(set, *dose, "structure set and dose");
        }
    }
    if let Some(set) = structure_set {
        compare(plan, set, "plan and structure set");
    }
    for pair in doses.windows(2) {
        compare(pair[0], pair[1], "two doses");
    }
    for at in structure_set.into_iter().chain(doses.iter().copied()) {
        if index.frames(at).is_empty() {
            let text = "the file states no frame of reference; that it lies in the plan's is assumed";
            findings.push(Finding::warning(code::FRAME_UNKNOWN, index.info(at).provenance(), text));
        }
    }
    (status, findings)
}

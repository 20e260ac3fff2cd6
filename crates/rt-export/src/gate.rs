//! What may leave the house: one patient's, for treatment, approved, in one frame of reference.
//!
//! Units: none. Frame: only whether frames of reference are the same.

use crate::error::{ExportError, ExportErrorKind};
use rt_model::approval::ApprovalStatus;
use rt_model::finding::{Finding, matching as codes};
use rt_model::instance::InstanceInfo;
use rt_model::matching::{CaseMatch, CaseStatus};
use rt_model::plan::Plan;
use rt_model::provenance::Provenance;

/// What the user allows beyond the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions {
    /// Plans that are not approved; UNAPPROVED PLAN is burned across every picture.
    pub unapproved: bool,
    /// Files without a patient's identity, to be written to a folder for research and teaching. Nothing of
    /// the kind belongs on a PACS.
    pub identity_removed: bool,
}

/// Whether a matched plan may be exported at all.
pub(crate) fn plan(
    matched: &CaseMatch,
    info: &InstanceInfo,
    plan: &Plan,
    permitted: Permissions,
) -> Result<(), ExportError> {
    let refuse = |kind, detail: String| Err(ExportError::new(kind, info.provenance(), detail));
    match &matched.status {
        CaseStatus::Complete => {}
        CaseStatus::Incomplete(reason) | CaseStatus::Refused(reason) => {
            return refuse(ExportErrorKind::NotMatched, reason.clone());
        }
    }
    if matched.mismatch_accepted {
        let detail =
            "its files name different patients and the user accepted that: such a case is never exported";
        return refuse(ExportErrorKind::Patient, detail.to_owned());
    }
    if let Some(reason) = plan.not_for_cohort() {
        return refuse(ExportErrorKind::NotATreatment, format!("{reason}: such a plan is never exported"));
    }
    if !plan.is_approved() && !permitted.unapproved {
        let approval = plan.approval_status.as_ref().map_or("", ApprovalStatus::as_str);
        let detail = format!(
            "expected approval status {}, found {approval:?}; allow it with --allow-unapproved",
            ApprovalStatus::Approved
        );
        return refuse(ExportErrorKind::Unapproved, detail);
    }
    Ok(())
}

/// Whether all files are one patient's: the same Patient ID, and a second identifier, name or birth date,
/// that agrees.
pub(crate) fn patient<'a>(
    plan: &'a InstanceInfo,
    others: impl IntoIterator<Item = &'a InstanceInfo>,
    permitted: Permissions,
    findings: &mut Vec<Finding>,
) -> Result<(), ExportError> {
    let refuse =
        |kind, info: &InstanceInfo, detail: &str| Err(ExportError::new(kind, info.provenance(), detail));
    if plan.patient.id.trim().is_empty() {
        return refuse(ExportErrorKind::Patient, plan, "the plan has no patient identifier");
    }
    let mut name_told = false;
    for info in std::iter::once(plan).chain(others) {
        let (a, b) = (&plan.patient, &info.patient);
        if b.identity_removed && !permitted.identity_removed {
            let detail = "the patient's identity was removed from the file: it belongs on no PACS";
            return refuse(ExportErrorKind::IdentityRemoved, info, detail);
        }
        if a.id.trim() != b.id.trim() {
            let detail = format!("expected patient {:?} as in the plan, found {:?}", a.id, b.id);
            return refuse(ExportErrorKind::Patient, info, &detail);
        }
        if let (Some(issuer), Some(other)) = (&a.issuer, &b.issuer)
            && issuer != other
        {
            return refuse(
                ExportErrorKind::Patient,
                info,
                "the patient identifiers are from different issuers",
            );
        }
        let birth_dates = a.birth_date.zip(b.birth_date).map(|(a, b)| a == b);
        if birth_dates == Some(false) {
            return refuse(
                ExportErrorKind::Patient,
                info,
                "the patient's birth date differs from the plan's",
            );
        }
        let names = [a.normalised_name(), b.normalised_name()];
        let same_name = !names[0].is_empty() && names[0] == names[1];
        if birth_dates != Some(true) && !same_name {
            let detail =
                "no second identifier agrees with the plan's: neither the patient's name nor the birth date";
            return refuse(ExportErrorKind::Patient, info, detail);
        }
        if !same_name && !name_told {
            let text = "the patient's name is written differently from the plan's";
            findings.push(Finding::warning(codes::PATIENT_NAME_DIFFERS, info.provenance(), text));
            name_told = true;
        }
    }
    Ok(())
}

/// Whether dose and images are in one frame of reference.
pub(crate) fn frame<'a>(
    doses: impl IntoIterator<Item = &'a InstanceInfo>,
    images: &[&'a InstanceInfo],
) -> Result<(), ExportError> {
    let Some(first) = images.first() else { return Ok(()) };
    for info in images.iter().copied().chain(doses) {
        let (expected, found) = (&first.frame_of_reference, &info.frame_of_reference);
        if expected.is_none() || expected != found {
            let text = |uid: &Option<_>| uid.as_ref().map_or("none".to_owned(), ToString::to_string);
            let detail =
                format!("expected the images' frame of reference {}, found {}", text(expected), text(found));
            return Err(ExportError::new(ExportErrorKind::Frame, info.provenance(), detail));
        }
    }
    Ok(())
}

/// An error about the whole case.
pub(crate) fn refused(kind: ExportErrorKind, info: &InstanceInfo, detail: impl Into<String>) -> ExportError {
    let at: Provenance = info.provenance();
    ExportError::new(kind, at, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::date::Date;
    use rt_model::instance::{Equipment, Study};
    use rt_model::patient::Patient;
    use rt_model::uid::Uid;

    fn info(id: &str, name: &str, born: Option<u8>) -> InstanceInfo {
        InstanceInfo {
            path: "x.dcm".into(),
            sop_class: Uid::new("1.2").unwrap(),
            sop_instance: Uid::new("1.3").unwrap(),
            modality: "CT".into(),
            patient: Patient {
                id: id.into(),
                name: name.into(),
                birth_date: born.and_then(|day| Date::new(1970, 1, day)),
                ..Patient::default()
            },
            study: Study::default(),
            series_instance: None,
            frame_of_reference: Uid::new("1.4"),
            equipment: Equipment::default(),
        }
    }

    #[test]
    fn two_identifiers_have_to_agree() {
        let plan = info("1", "DOE^JANE", Some(1));
        for (other, agrees) in [
            (info("1", "DOE^JANE", Some(1)), true),
            (info("1 ", "Doe^Jane^", None), true),
            (info("1", "MILLER^JANE", Some(1)), true),
            (info("2", "DOE^JANE", Some(1)), false),
            (info("1", "DOE^JANE", Some(2)), false),
            (info("1", "MILLER^JANE", None), false),
            (info("1", "", None), false),
        ] {
            let outcome = patient(&plan, [&other], Permissions::default(), &mut Vec::new());
            assert_eq!(outcome.is_ok(), agrees, "{:?}", other.patient);
        }
        assert!(
            patient(&info("", "DOE^JANE", Some(1)), [], Permissions::default(), &mut Vec::new()).is_err()
        );
    }

    #[test]
    fn a_removed_identity_needs_permission() {
        let mut plan = info("1", "ANON", None);
        plan.patient.identity_removed = true;
        let error = patient(&plan, [], Permissions::default(), &mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), ExportErrorKind::IdentityRemoved);
        let permitted = Permissions { identity_removed: true, ..Permissions::default() };
        assert!(patient(&plan, [], permitted, &mut Vec::new()).is_ok());
    }

    #[test]
    fn frames_are_stated_and_the_same() {
        let (image, mut dose) = (info("1", "A", None), info("1", "A", None));
        assert!(frame([&dose], &[&image]).is_ok());
        dose.frame_of_reference = Uid::new("1.5");
        assert_eq!(frame([&dose], &[&image]).unwrap_err().kind(), ExportErrorKind::Frame);
        dose.frame_of_reference = None;
        assert!(frame([&dose], &[&image]).is_err());
        assert!(frame([&dose], &[]).is_ok());
    }
}

//! A case that went through an import, and what became of it.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS).

use rt_case::{CaseError, CaseErrorKind, RoiResult};
use rt_model::derive::{PlanSummary, TotalDose};
use rt_model::dose::DoseType;
use rt_model::finding::Finding;
use rt_model::instance::{Content, Inventory};
use rt_model::matching::CaseMatch;
use rt_model::uid::Uid;
use rt_sql::record::PlanId;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A case that went through an import, and what became of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct IngestedCase {
    /// Medical record number.
    pub mrn: String,
    /// RT Plan Label.
    pub plan_label: String,
    /// SOP Instance UID of the plan.
    pub plan_uid: Uid,
    /// PHYSICAL, or EFFECTIVE for Gy(RBE); `None` without a dose.
    pub dose_type: Option<DoseType>,
    /// Its files.
    pub files: CaseFiles,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the dose grid agrees with the plan's beam doses, if the check was reached.
    pub total: Option<TotalDose>,
    /// The plan's derived columns, if they were reached.
    pub summary: Option<PlanSummary>,
    /// Its ROIs.
    pub rois: Vec<RoiResult>,
    /// What was noticed about it.
    pub findings: Vec<Finding>,
    /// The columns of `Plans` and what is in them as text, without MRN and PlanID.
    pub columns: BTreeMap<&'static str, Option<String>>,
}

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// New rows; in a dry run there would be.
    Stored {
        /// Number of the plan under its MRN; `None` in a dry run.
        plan: Option<PlanId>,
        /// The older version of this plan whose place it took.
        supersedes: Option<PlanId>,
    },
    /// The same content was in the database.
    Unchanged {
        /// Number of the plan under its MRN.
        plan: PlanId,
    },
    /// Something is missing or ambiguous.
    Incomplete(String),
    /// The files contradict each other or the database.
    Refused(String),
    /// A file or the database failed.
    Failed(String),
}

impl Outcome {
    /// Why the case is not in the database.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Stored { .. } | Self::Unchanged { .. } => None,
            Self::Incomplete(reason) | Self::Refused(reason) | Self::Failed(reason) => Some(reason),
        }
    }

    /// Number of the plan under its MRN, if it is in the database.
    #[must_use]
    pub const fn plan(&self) -> Option<PlanId> {
        match self {
            Self::Stored { plan, .. } => *plan,
            Self::Unchanged { plan } => Some(*plan),
            _ => None,
        }
    }
}

/// The files of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaseFiles {
    /// The plan.
    pub plan: PathBuf,
    /// The structure set.
    pub structure_set: Option<SourceObject>,
    /// The doses that make the plan's dose.
    pub doses: Vec<SourceObject>,
    /// Doses of the plan that are not part of that.
    pub other_doses: Vec<SourceObject>,
    /// The planning images, sorted along their normal.
    pub images: Vec<PathBuf>,
}

/// A file with the SOP instance that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceObject {
    /// The file.
    pub path: PathBuf,
    /// Its SOP instance.
    pub sop_instance: Uid,
}

impl IngestedCase {
    /// A case of which nothing is known but its files; its outcome is that of a sound one in a dry run.
    pub(crate) fn of_match(matched: &CaseMatch, inventory: &Inventory) -> Self {
        let instance = |at: usize| &inventory.instances[at];
        let object = |at: usize| {
            let info = &instance(at).info;
            SourceObject { path: info.path.clone(), sop_instance: info.sop_instance.clone() }
        };
        let plan = instance(matched.plan);
        let plan_label = match &plan.content {
            Content::Plan(content) => content.label.clone(),
            _ => String::new(),
        };
        let dose_type = matched.doses.first().and_then(|dose| match &instance(dose.instance).content {
            Content::Dose(header) => Some(header.dose_type.clone()),
            _ => None,
        });
        Self {
            mrn: matched.mrn.clone(),
            plan_label,
            plan_uid: plan.info.sop_instance.clone(),
            dose_type,
            files: CaseFiles {
                plan: plan.info.path.clone(),
                structure_set: matched.structure_set.map(object),
                doses: matched.doses.iter().map(|dose| object(dose.instance)).collect(),
                other_doses: matched.other_doses.iter().copied().map(object).collect(),
                images: matched.images.iter().map(|image| instance(*image).info.path.clone()).collect(),
            },
            outcome: Outcome::Stored { plan: None, supersedes: None },
            total: None,
            summary: None,
            rois: Vec::new(),
            findings: Vec::new(),
            columns: BTreeMap::new(),
        }
    }

    /// The same case, stopped by an error.
    pub(crate) fn stopped(self, error: &CaseError) -> Self {
        let reason = error.reason();
        Self {
            outcome: match error.kind() {
                CaseErrorKind::Incomplete | CaseErrorKind::TotalNotConfirmed => Outcome::Incomplete(reason),
                CaseErrorKind::Refused | CaseErrorKind::TotalContradicted | CaseErrorKind::NoOverlap => {
                    Outcome::Refused(reason)
                }
                _ => Outcome::Failed(reason),
            },
            total: error.total().cloned().or(self.total),
            summary: error.summary().cloned().or(self.summary),
            findings: [&self.findings, error.findings()].concat(),
            ..self
        }
    }
}

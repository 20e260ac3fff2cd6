//! What is known of a matched case besides its contours and its dose grid.
//!
//! Units: Gy, MU as [`PlanSummary`] states. Frame: DICOM patient coordinates (LPS).

use rt_model::derive::{PlanSummary, TotalDose};
use rt_model::dose::{Dose, DoseType};
use rt_model::finding::Finding;
use rt_model::image::ImageSeries;
use rt_model::instance::InstanceInfo;
use rt_model::plan::Plan;
use rt_model::structure_set::StructureSetHeader;

/// What is known of a matched case besides its contours and its dose grid: small enough to wait in a queue.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CaseFacts {
    /// Medical record number: the plan's Patient ID, or the user's where that is empty.
    pub mrn: String,
    /// The user accepted that the files name different patients: the case is never exported.
    pub mismatch_accepted: bool,
    /// The plan's instance.
    pub plan_info: InstanceInfo,
    /// The plan.
    pub plan: Plan,
    /// The structure set's instance.
    pub structure_set_info: InstanceInfo,
    /// Label, date and references of the structure set.
    pub structure_set: StructureSetHeader,
    /// The doses that make the plan's dose, without their grids.
    pub doses: Vec<Dose>,
    /// The planning images, where they are present. They never change a number.
    pub images: Option<ImageSeries>,
    /// Digest of everything that was decoded: plan, structure set, and the doses with their factors.
    pub digest: [u8; 32],
    /// PHYSICAL, or EFFECTIVE for Gy(RBE).
    pub dose_type: DoseType,
    /// The dose is relative and was read as percent of an unknown reference.
    pub in_percent: bool,
    /// Whether the dose grid agrees with the plan's beam doses.
    pub total: TotalDose,
    /// The plan's derived columns.
    pub summary: PlanSummary,
    /// What was noticed about the case as a whole.
    pub findings: Vec<Finding>,
}

impl CaseFacts {
    /// Every instance that makes the case: plan, structure set, doses.
    pub fn instances(&self) -> impl Iterator<Item = &InstanceInfo> {
        [&self.plan_info, &self.structure_set_info]
            .into_iter()
            .chain(self.doses.iter().map(|dose| &dose.info))
    }

    /// The dose is comparable with a prescription: physical dose of a photon plan, RBE-weighted dose of an
    /// ion plan.
    #[must_use]
    pub fn is_weighted(&self) -> bool {
        is_weighted(&self.plan, &self.dose_type)
    }
}

pub(crate) fn is_weighted(plan: &Plan, dose_type: &DoseType) -> bool {
    !plan.ion || *dose_type == DoseType::Effective
}

//! A case: a plan with the structure set and the doses that belong to it, loaded.
//!
//! Units: as stated by its parts. Frame: DICOM patient coordinates (LPS); plan, structure set and doses share
//! one frame of reference.

use crate::dose::Dose;
use crate::image::ImageSeries;
use crate::instance::InstanceInfo;
use crate::plan::Plan;
use crate::structure_set::StructureSet;

/// One plan's objects, in full.
#[derive(Debug, Clone)]
pub struct Case {
    /// The plan's instance.
    pub plan_info: InstanceInfo,
    /// The plan.
    pub plan: Plan,
    /// The structure set the plan was made on (or the one that was chosen).
    pub structure_set: StructureSet,
    /// The doses that make the plan's dose: one PLAN dose, or the parts to be summed.
    pub doses: Vec<Dose>,
    /// The planning images, where they are at hand. They never change a number.
    pub images: Option<ImageSeries>,
}

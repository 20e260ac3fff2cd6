//! Reading back what is stored.
//!
//! Units: Gy, cm3, seconds, as the types say. Frame: DICOM patient coordinates (LPS) for points.

mod case;
mod delivery;
mod dvh;
mod finding;
mod import;
mod plan;

pub use dvh::DvhRow;
pub use import::StoredImport;
pub use plan::{CohortPlan, StoredPlan};

//! Reading back what is stored.
//!
//! Units: Gy, cm3, seconds, as the types say. Frame: DICOM patient coordinates (LPS) for points.

mod case;
mod delivery;
mod dvh;
mod finding;
mod import;
mod listing;
mod plan;
mod point;
mod table;

pub use dvh::DvhRow;
pub use import::StoredImport;
pub use listing::{ListedPlan, Standing};
pub use plan::{CohortPlan, StoredPlan};
pub use table::{Source, Table};

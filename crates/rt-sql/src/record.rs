//! A case as rows: what the caller hands over to be stored, and what it gets back.
//!
//! Plain data. Every row type has the fields of its table; what the database derives by itself (the PlanID,
//! what supersedes what) is not among them.
//!
//! Units: Gy (Gy(RBE) where the dose type is EFFECTIVE), cm3, mm, percent, as each type says.
//! Frame: DICOM patient coordinates (LPS) for points.

mod act;
mod delivery;
mod import;
mod plan;
mod roi;

pub use act::Act;
pub use delivery::{BeamRow, ChannelRow, Delivery, DwellRow, LayerRow, SourceRow, Turn};
pub use import::{AuditRow, FieldSource, ImportRow, SourceFile, SourceRole};
pub use plan::{PlanRow, PlanStatusRow, PrescriptionRow};
pub use roi::{Curve, MAX_BINS, MetricRow, RoiRow, StoredDvhRow, TargetRow};

use rt_model::date::Date;
use rt_model::finding::Finding;
use rt_model::patient::Sex;
use rt_model::uid::Uid;
use std::fmt;

/// One case, ready to be stored in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRecord {
    /// Whose case it is, which plan, and the digest of its content.
    pub identity: CaseIdentity,
    /// The columns of `Plans` that identity does not hold.
    pub plan: PlanRow,
    /// What the plan is for and what is known of its dose.
    pub status: PlanStatusRow,
    /// Every candidate of the prescription, the chosen one included.
    pub prescriptions: Vec<PrescriptionRow>,
    /// Beams, energy layers, brachytherapy sources and channels.
    pub delivery: Delivery,
    /// Every ROI of the structure set, also those without a DVH.
    pub rois: Vec<RoiRow>,
    /// Where the columns of `Plans` come from.
    pub field_sources: Vec<FieldSource>,
    /// What was noticed about the case as a whole; a ROI's own findings are with the ROI.
    pub findings: Vec<Finding>,
    /// The import that made this record.
    pub import: ImportRow,
    /// Decisions of the user that this import rests on (an accepted mismatch, an override), for `Audit`.
    pub audit: Vec<AuditRow>,
}

/// Whose case it is, which plan, and the digest of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseIdentity {
    /// Patient ID (0010,0020), not empty; compared byte for byte.
    pub mrn: String,
    /// Issuer of Patient ID (0010,0021).
    pub issuer: Option<String>,
    /// Patient's Birth Date (0010,0030).
    pub birth_date: Option<Date>,
    /// Patient's Sex (0010,0040).
    pub sex: Option<Sex>,
    /// SOP Instance UID of the plan.
    pub plan_uid: Uid,
    /// Digest of the decoded content (dose, ROIs, the plan's clinical values): the same content has the same
    /// digest whatever its bytes, UIDs and dates are.
    pub digest: [u8; 32],
}

/// Number of a plan under its MRN, from 1; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanId(pub u16);

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

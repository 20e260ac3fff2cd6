//! The facts of a report, and its pages: PDF, SVG of the DVH, CSV.
//!
//! Units: Gy and cm³ unless a field says otherwise. Frame: none.

use crate::canvas::Canvas;
use crate::labels::CaseLabels;
use rt_dvh::Dvh;
use rt_model::finding::Finding;

/// What a report tells.
#[derive(Debug, Clone)]
pub struct Report {
    /// What pictures say too.
    pub labels: CaseLabels,
    /// Whose plan it is.
    pub identity: Identity,
    /// Plan, prescription and its source, approval, check of the total dose, planning system, dates: label and value, in order.
    pub plan: Vec<(String, String)>,
    /// ROIs in the structure set's order.
    pub rois: Vec<ReportRoi>,
    /// Slices worth a look: the hottest, the targets' centres.
    pub key_slices: Vec<KeySlice>,
    /// What was noticed about the case; for physics, not for the PACS.
    pub findings: Vec<Finding>,
    /// Program, version, engine options, SOP instances: label and value, in order.
    pub provenance: Vec<(String, String)>,
    /// Date and time of the dose (`20240131101500`), the only date a report has: the same inputs make the same bytes.
    pub dose_date: Option<String>,
}

/// Whose plan it is; printed in reports only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Patient ID.
    pub id: String,
    /// Patient's Name, components parted by `^`.
    pub name: String,
    /// Patient's Birth Date as `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Patient's Sex.
    pub sex: Option<char>,
}

/// A ROI of the report.
#[derive(Debug, Clone)]
pub struct ReportRoi {
    /// ROI Name.
    pub name: String,
    /// ROI Display Color, where it has one.
    pub colour: Option<[u8; 3]>,
    /// RT ROI Interpreted Type.
    pub interpreted_type: Option<String>,
    /// Its DVH, or why it has none.
    pub dvh: Result<Dvh, String>,
}

/// A picture of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySlice {
    /// What it shows, in a few words.
    pub caption: String,
    /// The picture.
    pub canvas: Canvas,
}

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// One page for the PACS: identity, plan, prescription, DVH plot, table, key slices, provenance; no goals, no bands.
    Pacs,
    /// The full report: metrics, bands, findings, options, engine version.
    Physics,
}

/// Paper size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// 210 mm x 297 mm.
    A4,
    /// 8.5 in x 11 in.
    Letter,
}

//! Structure sets: named regions of interest drawn as contours.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS) of the structure set's frame of reference.

mod target;

pub use target::TargetKind;

use crate::approval::ApprovalStatus;
use crate::date::DateTime;
use crate::frame::{PatientPoint, PatientVector};
use crate::instance_info::InstanceInfo;
use crate::uid::Uid;
use crate::units::Mm;

/// What a scan reads of an RT Structure Set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StructureSetHeader {
    /// Structure Set Label (3006,0002).
    pub label: Option<String>,
    /// Structure Set Name (3006,0004).
    pub name: Option<String>,
    /// Structure Set Date (3006,0008) and Time (3006,0009).
    pub timestamp: Option<DateTime>,
    /// Frames of reference named anywhere in the object: Referenced Frame of Reference Sequence, each ROI's
    /// own, and the top level; distinct, in order of appearance.
    pub frames_of_reference: Vec<Uid>,
    /// Series Instance UIDs of the images it was drawn on (RT Referenced Series Sequence).
    pub referenced_series: Vec<Uid>,
    /// Approval Status (300E,0002).
    pub approval_status: Option<ApprovalStatus>,
}

/// An RT Structure Set in full.
#[derive(Debug, Clone, PartialEq)]
pub struct StructureSet {
    /// What every instance carries.
    pub info: InstanceInfo,
    /// Label, date, references.
    pub header: StructureSetHeader,
    /// Regions of interest in the order of Structure Set ROI Sequence; numbers are unique.
    pub rois: Vec<Roi>,
}

impl StructureSet {
    /// Marks the ROIs that state another frame of reference than a dose. A ROI that states none lies in the
    /// structure set's; a registration is never applied.
    ///
    /// ```
    /// use rt_model::structure_set::StructureSet;
    /// use rt_model::uid::Uid;
    ///
    /// fn foreign(mut set: StructureSet, dose: &Uid) -> usize {
    ///     set.mark_foreign(Some(dose));
    ///     set.rois.iter().filter(|roi| roi.is_foreign).count()
    /// }
    /// ```
    pub fn mark_foreign(&mut self, dose: Option<&Uid>) {
        for roi in &mut self.rois {
            let own = roi.frame_of_reference.as_ref();
            roi.is_foreign = own.zip(dose).is_some_and(|(own, dose)| own != dose);
        }
    }
}

/// A region of interest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Roi {
    /// ROI Number (3006,0022): the key inside its structure set.
    pub number: i32,
    /// ROI Name (3006,0026); may be empty and need not be unique.
    pub name: String,
    /// RT ROI Interpreted Type (3006,00A4); `None` where absent or empty.
    pub interpreted_type: Option<String>,
    /// ROI Display Color (3006,002A), red, green, blue.
    pub colour: Option<[u8; 3]>,
    /// Referenced Frame of Reference UID (3006,0024).
    pub frame_of_reference: Option<Uid>,
    /// Its contours in file order.
    pub contours: Vec<Contour>,
    /// Contours of the file that could not be used and are missing above; each has its finding. A volume or
    /// dose of what is left would be wrong in silence.
    pub unusable_contours: usize,
    /// It lies in another frame of reference than the dose of its case ([`StructureSet::mark_foreign`]): a
    /// dose of it would be of another place.
    pub is_foreign: bool,
    /// The planes it was drawn on (Source Pixel Planes Characteristics Sequence), where stated: a plane of
    /// these without a contour is a gap (PS3.3 C.8.8.6.4).
    pub source_planes: Option<SourcePlanes>,
}

/// The stack of planes a ROI was drawn on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourcePlanes {
    /// A point of the first plane.
    pub origin: PatientPoint,
    /// Unit normal; later planes follow along it.
    pub normal: PatientVector,
    /// Distance between planes.
    pub spacing: Mm,
    /// Number of planes.
    pub count: usize,
}

/// A contour: one polygon, polyline or point.
#[derive(Debug, Clone, PartialEq)]
pub struct Contour {
    /// Position in its Contour Sequence, from 0, for messages.
    pub index: usize,
    /// Contour Geometric Type (3006,0042).
    pub kind: ContourKind,
    /// Vertices in mm; a closed contour does not repeat its first.
    pub points: Vec<PatientPoint>,
    /// Contour Slab Thickness (3006,0044).
    pub slab_thickness: Option<Mm>,
}

/// Contour Geometric Type (3006,0042).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContourKind {
    /// POINT
    Point,
    /// OPEN_PLANAR
    OpenPlanar,
    /// OPEN_NONPLANAR
    OpenNonplanar,
    /// CLOSED_PLANAR
    ClosedPlanar,
    /// CLOSEDPLANAR_XOR: combined with the plane's other contours by exclusive or.
    ClosedPlanarXor,
}

impl ContourKind {
    /// Encloses an area.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::ClosedPlanar | Self::ClosedPlanarXor)
    }
}

//! Planning images: where each slice lies, as a scan sees it, and what it shows.
//!
//! Units: millimetres; pixel values as the modality has them (Hounsfield units for CT). Frame: DICOM patient
//! coordinates (LPS).

use crate::date::Date;
use crate::frame::{PatientPoint, PatientVector};
use crate::instance_info::InstanceInfo;
use crate::provenance::Provenance;
use crate::uid::Uid;
use crate::units::Mm;

/// What a scan reads of a CT, MR or PET image.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImageHeader {
    /// Centre of the first pixel (Image Position (Patient), 0020,0032).
    pub position: Option<PatientPoint>,
    /// Unit vectors along a row and down the rows (Image Orientation (Patient), 0020,0037).
    pub orientation: Option<[PatientVector; 2]>,
    /// Pixel spacing along i (columns) and j (rows): the second and the first value of Pixel Spacing
    /// (0028,0030).
    pub spacing: Option<[Mm; 2]>,
    /// Pixels along i (Columns) and j (Rows).
    pub size: [usize; 2],
    /// Number of Frames (0028,0008), 1 where absent.
    pub frames: usize,
    /// Image Type (0008,0008).
    pub image_type: Vec<String>,
    /// Patient Position (0018,5100).
    pub patient_position: Option<String>,
    /// Instance Number (0020,0013), for messages; never used to sort.
    pub instance_number: Option<i32>,
}

/// Images of one series that belong together, sorted along their normal.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageSeries {
    /// Series Instance UID.
    pub series_instance: Uid,
    /// Modality.
    pub modality: String,
    /// Study Instance UID, where all of them state the same.
    pub study_instance: Option<Uid>,
    /// Study Date of the first that states one.
    pub study_date: Option<Date>,
    /// That image's file.
    pub study_date_at: Provenance,
    /// SOP Instance UIDs, sorted along the normal.
    pub instances: Vec<Uid>,
    /// Median distance between neighbouring slices, where there are two or more.
    pub slice_spacing: Option<Mm>,
}

/// An image with its pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// What every instance carries.
    pub info: InstanceInfo,
    /// Where it lies.
    pub header: ImageHeader,
    /// Pixel values after Rescale Slope and Intercept, row by row; NaN for padding.
    pub values: Vec<f32>,
    /// The windows it recommends, in order.
    pub windows: Vec<Window>,
    /// The lowest values are white (MONOCHROME1).
    pub inverted: bool,
}

/// A window (PS3.3 C.11.2): which values are spread from black to white.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Window Center (0028,1050).
    pub centre: f64,
    /// Window Width (0028,1051).
    pub width: f64,
}

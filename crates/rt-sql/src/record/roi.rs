//! The rows about a ROI: `DVHs`, `RoiDetails`, `Metrics`.
//!
//! Units: Gy, cm3, percent, mm. Frame: DICOM patient coordinates (LPS) for points.

use rt_model::finding::Finding;
use rt_model::frame::PatientPoint;
use rt_model::units::{Cm3, Gy, Mm, Percent};

/// A curve has at most this many entries.
pub const MAX_BINS: usize = 1 << 16;

/// A ROI with its DVH or the reason why it has none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoiRow {
    /// ROI Number (3006,0022), unique in the case.
    pub number: i32,
    /// ROI Name (3006,0026); need not be unique.
    pub name: String,
    /// RT ROI Interpreted Type (3006,00A4).
    pub roi_type: Option<String>,
    /// ROI Display Color (3006,002A).
    pub colour: Option<[u8; 3]>,
    /// Volume of the whole ROI, also outside the dose grid. `None` where it encloses none: then there is no
    /// row in `DVHs`.
    pub volume: Option<Cm3>,
    /// Part of the volume that lies inside the dose grid.
    pub coverage: Option<Percent>,
    /// Smallest dose of the covered part.
    pub min: Option<Gy>,
    /// Mean dose of the covered part.
    pub mean: Option<Gy>,
    /// Largest dose of the covered part.
    pub max: Option<Gy>,
    /// Where the smallest dose is.
    pub min_at: Option<PatientPoint>,
    /// Where the largest dose is.
    pub max_at: Option<PatientPoint>,
    /// Centre of the volume.
    pub centroid: Option<PatientPoint>,
    /// How contours became a volume, as the DVH options name it.
    pub volume_model: Option<String>,
    /// The cumulative DVH of the covered part.
    pub curve: Option<Curve>,
    /// Why there is no DVH, or only a part of one.
    pub reason: Option<String>,
    /// The planning system's own DVH of this ROI, where the dose file holds one.
    pub stored_dvh: Option<StoredDvhRow>,
    /// Where it lies from the targets, where the plan has targets and the ROI a volume.
    pub targets: Option<TargetRow>,
    /// Metrics that were asked for.
    pub metrics: Vec<MetricRow>,
    /// What was noticed about this ROI.
    pub findings: Vec<Finding>,
}

/// A cumulative DVH: entry `i` is the volume that receives at least `i` times the bin width.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Width of a bin.
    pub bin: Gy,
    /// Volumes in cm3, never rising, from 0 Gy up to and including the first zero; at most [`MAX_BINS`].
    pub cumulative: Vec<f64>,
}

/// The planning system's own DVH of a ROI, in short.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoredDvhRow {
    /// Its volume.
    pub volume: Option<Cm3>,
    /// Its smallest dose.
    pub min: Option<Gy>,
    /// Its mean dose.
    pub mean: Option<Gy>,
    /// Its largest dose.
    pub max: Option<Gy>,
    /// How it agrees with ours, in words.
    pub agreement: Option<String>,
}

/// A ROI and the volume that the targets enclose together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetRow {
    /// ROI Numbers of the targets, parted by commas.
    pub targets: String,
    /// The least distance from the ROI's surface to that of the targets, below 0 inside them.
    pub least: Option<Mm>,
    /// The mean of it over the ROI's surface.
    pub mean: Option<Mm>,
    /// The largest.
    pub most: Option<Mm>,
    /// Volume that the ROI shares with the targets.
    pub overlap: Option<Cm3>,
    /// Why a value is missing or not exact.
    pub reason: Option<String>,
}

/// A metric of a ROI. What cannot be told has no value but a reason.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetricRow {
    /// The metric as it was asked for: `D95%`.
    pub metric: String,
    /// Its value, of the covered part.
    pub value: Option<f64>,
    /// Unit of value, low and high.
    pub unit: String,
    /// The least it can be.
    pub low: Option<f64>,
    /// The most it can be.
    pub high: Option<f64>,
    /// Why there is no value.
    pub reason: Option<String>,
}

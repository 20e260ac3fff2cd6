//! Dose grids and what an RTDOSE says about them.
//!
//! Units: gray; Gy(RBE) where the dose type is [`DoseType::Effective`]. Frame: DICOM patient coordinates
//! (LPS).

use crate::date::DateTime;
use crate::frame::GridIndex;
use crate::grid::GridGeometry;
use crate::instance_info::InstanceInfo;
use crate::uid::Uid;
use crate::units::{Cm3, Gy};

/// What a scan reads of an RT Dose.
#[derive(Debug, Clone, PartialEq)]
pub struct DoseHeader {
    /// Dose Units (3004,0002).
    pub units: DoseUnits,
    /// Dose Type (3004,0004).
    pub dose_type: DoseType,
    /// Dose Summation Type (3004,000A).
    pub summation: Summation,
    /// Content Date (0008,0023) and Time (0008,0033).
    pub timestamp: Option<DateTime>,
    /// Plans this dose was calculated for (Referenced RT Plan Sequence).
    pub plans: Vec<Uid>,
    /// Its own structure set references (Referenced Structure Set Sequence), mostly of the stored DVHs.
    pub structure_sets: Vec<Uid>,
    /// The fraction groups and beams it is for (nested in Referenced RT Plan Sequence); empty where it is for
    /// all.
    pub parts: Vec<DosePart>,
    /// Dose Comment (3004,0006).
    pub comment: Option<String>,
    /// Derived from another dose: Derivation Code Sequence is present, or Spatial Transform of Dose is RIGID
    /// or NON_RIGID.
    pub derived: bool,
    /// Voxels along i (Columns), j (Rows), k (frames), where it holds a grid.
    pub size: Option<[usize; 3]>,
    /// Holds a DVH Sequence.
    pub has_dvhs: bool,
}

/// A part of a plan that a dose is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DosePart {
    /// Referenced Fraction Group Number (300C,0022).
    pub fraction_group: i32,
    /// Referenced Beam Number (300C,0006) or Referenced Brachy Application Setup Number (300C,000C); `None`:
    /// the whole group.
    pub beam: Option<i32>,
    /// Referenced Start and Stop Control Point Index (300C,00F4 and 00F6) within the beam; `None`: the whole
    /// beam.
    pub control_points: Option<[i32; 2]>,
}

/// Dose Units (3004,0002).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoseUnits {
    /// GY
    Gray,
    /// CGY: not a defined term, written by some systems, hundredths of a gray.
    Centigray,
    /// RELATIVE: needs a reference dose to become gray.
    Relative,
    /// Anything else, as written.
    Unknown(String),
}

/// Dose Type (3004,0004).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoseType {
    /// PHYSICAL
    Physical,
    /// EFFECTIVE: weighted by a biological effect, Gy(RBE) for ions.
    Effective,
    /// ERROR: a difference of doses, may be negative.
    Error,
    /// Any other term, as written; empty where absent.
    Other(String),
}

impl DoseType {
    /// The term as DICOM writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Physical => "PHYSICAL",
            Self::Effective => "EFFECTIVE",
            Self::Error => "ERROR",
            Self::Other(text) => text,
        }
    }

    /// Reads the term, in capitals or not; unknown ones are kept as written.
    ///
    /// ```
    /// use rt_model::dose::DoseType;
    ///
    /// assert_eq!(DoseType::parse("Physical"), DoseType::Physical);
    /// assert_eq!(DoseType::parse("").as_str(), "");
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        const TERMS: [DoseType; 3] = [DoseType::Physical, DoseType::Effective, DoseType::Error];
        let is_meant = |term: &Self| term.as_str().eq_ignore_ascii_case(text);
        TERMS.into_iter().find(is_meant).unwrap_or_else(|| Self::Other(text.to_owned()))
    }
}

/// Dose Summation Type (3004,000A).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Summation {
    /// PLAN: all fraction groups of one plan.
    Plan,
    /// MULTI_PLAN
    MultiPlan,
    /// PLAN_OVERVIEW
    PlanOverview,
    /// FRACTION: one fraction group, whole delivery.
    Fraction,
    /// BEAM: one or more beams, whole delivery.
    Beam,
    /// BRACHY: one or more application setups, whole delivery.
    Brachy,
    /// FRACTION_SESSION: one fraction of a fraction group.
    FractionSession,
    /// BEAM_SESSION: one fraction of beams.
    BeamSession,
    /// BRACHY_SESSION: one fraction of application setups.
    BrachySession,
    /// CONTROL_POINT: control points of one beam for a single fraction.
    ControlPoint,
    /// RECORD: from treatment records.
    Record,
    /// Any other term, as written; empty where absent.
    Other(String),
}

impl Summation {
    /// The term as DICOM writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plan => "PLAN",
            Self::MultiPlan => "MULTI_PLAN",
            Self::PlanOverview => "PLAN_OVERVIEW",
            Self::Fraction => "FRACTION",
            Self::Beam => "BEAM",
            Self::Brachy => "BRACHY",
            Self::FractionSession => "FRACTION_SESSION",
            Self::BeamSession => "BEAM_SESSION",
            Self::BrachySession => "BRACHY_SESSION",
            Self::ControlPoint => "CONTROL_POINT",
            Self::Record => "RECORD",
            Self::Other(text) => text,
        }
    }

    /// Reads the term, in capitals or not; unknown ones are kept as written.
    ///
    /// ```
    /// use rt_model::dose::Summation;
    ///
    /// assert_eq!(Summation::parse("PLAN"), Summation::Plan);
    /// assert_eq!(Summation::parse("SUM").as_str(), "SUM");
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        const TERMS: [Summation; 11] = [
            Summation::Plan,
            Summation::MultiPlan,
            Summation::PlanOverview,
            Summation::Fraction,
            Summation::Beam,
            Summation::Brachy,
            Summation::FractionSession,
            Summation::BeamSession,
            Summation::BrachySession,
            Summation::ControlPoint,
            Summation::Record,
        ];
        let is_meant = |term: &Self| term.as_str().eq_ignore_ascii_case(text);
        TERMS.into_iter().find(is_meant).unwrap_or_else(|| Self::Other(text.to_owned()))
    }
}

/// An RT Dose in full.
#[derive(Debug, Clone)]
pub struct Dose {
    /// What every instance carries.
    pub info: InstanceInfo,
    /// Units, type, summation, references.
    pub header: DoseHeader,
    /// The voxels in Gy; `None` where the object holds DVHs alone.
    pub grid: Option<DoseGrid>,
    /// The planning system's own DVHs.
    pub stored_dvhs: Vec<StoredDvh>,
}

/// Dose at the voxel centres of a grid; trilinear between them, unknown beyond them.
#[derive(Debug, Clone, PartialEq)]
pub struct DoseGrid {
    geometry: GridGeometry,
    voxels: Vec<f32>,
    step: Gy,
    range: (Gy, Gy),
}

/// Voxels do not fit a grid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DoseGridError {
    /// As many voxels are needed as the geometry has.
    #[error("expected {expected} voxels, found {found}")]
    Count {
        /// Voxels of the geometry.
        expected: usize,
        /// Voxels given.
        found: usize,
    },
    /// A voxel is NaN or infinite.
    #[error("voxel {0} is not finite")]
    NotFinite(usize),
}

/// The smallest and the largest value; `None` where one is not finite. Sixteen at a time: a single chain of
/// comparisons would wait for each voxel.
fn range(voxels: &[f32]) -> Option<(f32, f32)> {
    const LANES: usize = 16;
    let (mut low, mut high, mut finite) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES], true);
    let (lanes, rest) = voxels.as_chunks::<LANES>();
    let padded = rest.first().map(|first| std::array::from_fn(|lane| *rest.get(lane).unwrap_or(first)));
    for dose in lanes.iter().chain(&padded) {
        for lane in 0..LANES {
            low[lane] = if dose[lane] < low[lane] { dose[lane] } else { low[lane] };
            high[lane] = if dose[lane] > high[lane] { dose[lane] } else { high[lane] };
            finite &= dose[lane].is_finite();
        }
    }
    finite.then(|| {
        (low.into_iter().fold(f32::INFINITY, f32::min), high.into_iter().fold(f32::NEG_INFINITY, f32::max))
    })
}

impl DoseGrid {
    /// Dose `voxels` in Gy, i running fastest and k slowest, one for each voxel of `geometry`. `step` is the
    /// dose of one stored unit (Dose Grid Scaling), 0 where the dose is not quantised.
    ///
    /// ```
    /// use rt_model::dose::DoseGrid;
    /// use rt_model::frame::{GridIndex, PatientPoint, PatientVector};
    /// use rt_model::grid::GridGeometry;
    /// use rt_model::units::{Gy, Mm};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (row, column) = (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0));
    /// let geometry = GridGeometry::new(PatientPoint::default(), row, column, [Mm(1.0), Mm(1.0)], [2, 1], vec![0.0])?;
    /// let grid = DoseGrid::new(geometry, vec![1.0, 2.0], Gy(0.0))?;
    /// assert_eq!((grid.at(GridIndex { i: 1, j: 0, k: 0 }), grid.range()), (Gy(2.0), (Gy(1.0), Gy(2.0))));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where the count differs or a voxel is not finite.
    pub fn new(geometry: GridGeometry, voxels: Vec<f32>, step: Gy) -> Result<Self, DoseGridError> {
        if voxels.len() != geometry.voxel_count() {
            return Err(DoseGridError::Count { expected: geometry.voxel_count(), found: voxels.len() });
        }
        let Some((low, high)) = range(&voxels) else {
            return Err(DoseGridError::NotFinite(
                voxels.iter().position(|dose| !dose.is_finite()).unwrap_or_default(),
            ));
        };
        let range = (Gy(f64::from(low)), Gy(f64::from(high)));
        Ok(Self { geometry, voxels, step, range })
    }

    /// Where the voxels lie.
    #[must_use]
    pub const fn geometry(&self) -> &GridGeometry {
        &self.geometry
    }

    /// Dose in Gy, i running fastest and k slowest.
    #[must_use]
    pub fn voxels(&self) -> &[f32] {
        &self.voxels
    }

    /// The dose of one stored unit; 0 where the dose is not quantised.
    #[must_use]
    pub const fn step(&self) -> Gy {
        self.step
    }

    /// The dose at a voxel centre.
    ///
    /// # Panics
    /// Where the index is outside the grid.
    #[must_use]
    pub fn at(&self, index: GridIndex) -> Gy {
        let [ni, nj, _] = self.geometry.size();
        assert!(index.i < ni && index.j < nj, "voxel index outside the grid");
        Gy(f64::from(self.voxels[self.geometry.linear(index)]))
    }

    /// The smallest and the largest voxel.
    #[must_use]
    pub const fn range(&self) -> (Gy, Gy) {
        self.range
    }
}

/// A DVH that the planning system stored in its RTDOSE (PS3.3 C.8.8.4), made cumulative or differential as it
/// was, axis in Gy.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDvh {
    /// The ROIs it is for: INCLUDED ones first, then EXCLUDED, each with its contribution.
    pub rois: Vec<(i32, DvhContribution)>,
    /// DVH Type (3004,0001).
    pub kind: StoredDvhKind,
    /// Lower dose edge of each bin, then the upper edge of the last: one longer than `volumes`.
    pub edges: Vec<Gy>,
    /// Volume of each bin (differential) or receiving at least its lower edge (cumulative).
    pub volumes: Vec<f64>,
    /// Whether `volumes` are cm³ or percent of the structure.
    pub volume_unit: StoredVolumeUnit,
    /// DVH Minimum, Mean and Maximum Dose where stated.
    pub minimum: Option<Gy>,
    /// See `minimum`.
    pub mean: Option<Gy>,
    /// See `minimum`.
    pub maximum: Option<Gy>,
}

impl StoredDvh {
    /// The volume in cm³ that the curve starts with, where it is cumulative and absolute.
    #[must_use]
    pub fn total_volume(&self) -> Option<Cm3> {
        match (self.kind, self.volume_unit) {
            (StoredDvhKind::Cumulative, StoredVolumeUnit::Cm3) => self.volumes.first().copied().map(Cm3),
            (StoredDvhKind::Differential, StoredVolumeUnit::Cm3) => Some(Cm3(self.volumes.iter().sum())),
            _ => None,
        }
    }
}

/// DVH ROI Contribution Type (3004,0062).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DvhContribution {
    /// INCLUDED
    Included,
    /// EXCLUDED
    Excluded,
}

/// DVH Type (3004,0001).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredDvhKind {
    /// DIFFERENTIAL (NATURAL ones are differential on a logarithmic axis and are kept as such).
    Differential,
    /// CUMULATIVE
    Cumulative,
}

/// DVH Volume Units (3004,0054).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredVolumeUnit {
    /// CM3
    Cm3,
    /// PERCENT
    Percent,
    /// PER_U
    PerU,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{PatientPoint, PatientVector};
    use crate::units::Mm;

    fn grid(voxels: Vec<f32>) -> Result<DoseGrid, DoseGridError> {
        let (x, y) = (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0));
        let geometry =
            GridGeometry::new(PatientPoint::default(), x, y, [Mm(1.0); 2], [2, 1], vec![0.0, 1.0]).unwrap();
        DoseGrid::new(geometry, voxels, Gy(0.0))
    }

    #[test]
    fn voxels_must_fit_and_be_finite() {
        assert_eq!(grid(vec![0.0; 3]), Err(DoseGridError::Count { expected: 4, found: 3 }));
        assert_eq!(grid(vec![0.0, 1.0, f32::NAN, 2.0]), Err(DoseGridError::NotFinite(2)));
        assert_eq!(grid(vec![0.0, 1.0, 2.0, f32::INFINITY]), Err(DoseGridError::NotFinite(3)));
        assert_eq!(
            grid(vec![f32::MAX, 1.0, -2.0, f32::MAX]).unwrap().range(),
            (Gy(-2.0), Gy(f64::from(f32::MAX)))
        );
    }

    #[test]
    fn summation_terms_round_trip() {
        for term in ["PLAN", "BEAM_SESSION", "CONTROL_POINT", "SOMETHING"] {
            assert_eq!(Summation::parse(term).as_str(), term);
        }
    }
}

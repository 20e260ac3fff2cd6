//! A case that can be evaluated: contours, the summed dose, and what percents of dose are of.
//!
//! Units: Gy, mm. Frame: DICOM patient coordinates (LPS), shared by contours and dose.

use crate::facts::CaseFacts;
use rt_dvh::Reason;
use rt_model::derive::{LevelError, Prescription};
use rt_model::dose::DoseGrid;
use rt_model::provenance::Provenance;
use rt_model::structure_set::Roi;
use rt_model::units::Gy;
use std::fmt;

/// A case that can be evaluated. `F` is what else is known of it: [`CaseFacts`] for a matched case,
/// `FileFacts` for a structure set and doses without a plan, nothing for arrays.
#[derive(Debug, Clone)]
pub struct PreparedCase<F = CaseFacts> {
    pub(crate) rois: Vec<Roi>,
    /// The structure set, as the place of findings about a ROI.
    pub(crate) structure_set: Provenance,
    pub(crate) dose: DoseGrid,
    /// The dose object, as the place of findings about the grid.
    pub(crate) dose_place: Provenance,
    pub(crate) levels: Levels,
    pub(crate) fractions: Result<u32, Reason>,
    /// A dose grid that no ROI meets refuses the case.
    pub(crate) must_overlap: bool,
    pub(crate) facts: F,
}

/// What percents of dose are of.
#[derive(Debug, Clone)]
pub(crate) enum Levels {
    Plan { prescription: Prescription, weighted: bool },
    Stated(Gy),
    Without(NoLevel),
}

/// Why percents of dose have no value for a ROI.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum NoLevel {
    /// The dose of an ion plan is not weighted by its biological effect.
    NotWeighted,
    /// The plan settles no prescription for this ROI.
    Plan(LevelError),
    /// The dose is relative to a reference that the file does not state.
    RelativeDose,
    /// The files hold no plan.
    NoPlan,
    /// Nobody gave a prescription.
    NotGiven,
}

impl fmt::Display for NoLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotWeighted => "the dose is physical, not RBE weighted",
            Self::Plan(reason) => return reason.fmt(f),
            Self::RelativeDose => "the dose is relative",
            Self::NoPlan => "DVHs of files at hand have no plan and no prescription",
            Self::NotGiven => "no prescription was given",
        })
    }
}

impl std::error::Error for NoLevel {}

impl PreparedCase<()> {
    /// A case of contours and a dose that are not files: arrays of another program, a phantom, a test.
    #[must_use]
    pub const fn from_parts(rois: Vec<Roi>, dose: DoseGrid) -> Self {
        Self {
            rois,
            structure_set: Provenance { file: None, sop_instance: None, path: None, tag: None },
            dose,
            dose_place: Provenance { file: None, sop_instance: None, path: None, tag: None },
            levels: Levels::Without(NoLevel::NotGiven),
            fractions: Err(Reason::NeedsFractions),
            must_overlap: false,
            facts: (),
        }
    }

    /// The same case with the dose that is 100 % for every ROI.
    #[must_use]
    pub fn with_prescription(mut self, dose: Gy) -> Self {
        self.levels = Levels::Stated(dose);
        self
    }

    /// The same case with the number of fractions in which the dose is given.
    #[must_use]
    pub const fn with_fractions(mut self, fractions: u32) -> Self {
        self.fractions = Ok(fractions);
        self
    }
}

impl<F> PreparedCase<F> {
    /// The ROIs in the order of the structure set.
    #[must_use]
    pub fn rois(&self) -> &[Roi] {
        &self.rois
    }

    /// The summed dose.
    #[must_use]
    pub const fn dose(&self) -> &DoseGrid {
        &self.dose
    }

    /// What else is known of the case.
    #[must_use]
    pub const fn facts(&self) -> &F {
        &self.facts
    }

    /// The same case, evaluated also where its dose grid meets none of its ROIs: for products that compare
    /// the dose with the images themselves.
    #[must_use]
    pub fn without_overlap_rule(mut self) -> Self {
        self.must_overlap = false;
        self
    }

    /// What else is known of the case; contours and dose are dropped.
    #[must_use]
    pub fn into_facts(self) -> F {
        self.facts
    }

    /// The dose that is 100 % for a ROI: its own level where levels differ.
    ///
    /// # Errors
    /// If no prescription is settled for the ROI.
    pub fn level_of(&self, roi: i32) -> Result<Gy, NoLevel> {
        match &self.levels {
            Levels::Plan { weighted: false, .. } => Err(NoLevel::NotWeighted),
            Levels::Plan { prescription, .. } => prescription.level_of(roi).map_err(NoLevel::Plan),
            Levels::Stated(dose) => Ok(*dose),
            Levels::Without(reason) => Err(reason.clone()),
        }
    }

    /// In how many fractions the whole dose is given, if one fraction group gives it.
    ///
    /// # Errors
    /// Why the number is not settled.
    pub const fn fractions(&self) -> Result<u32, Reason> {
        self.fractions
    }
}

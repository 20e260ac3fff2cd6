//! What a metric needs to know beside the DVH, and why it may have no value.
//!
//! Units: Gy; fractions are counted. Frame: none.

use crate::isodose::Isodose;
use rt_model::units::{Cm3, Gy};
use std::fmt;

/// What metrics need to know beside the DVH. What the caller can't settle is the reason why: a metric that
/// needs it then has no value and that reason.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MetricContext<'a> {
    /// The dose that percents of dose are of.
    pub prescription: Result<Gy, Reason>,
    /// In how many fractions the whole dose is given, where it is given by one fraction group.
    pub fractions: Result<u32, Reason>,
    /// The ratio α/β of the linear-quadratic model for this ROI. Always the user's: none is built in.
    pub alpha_beta: Result<Gy, Reason>,
    /// The volumes that isodoses enclose, for this ROI alone.
    pub isodose: Result<&'a Isodose, Reason>,
}

/// Nothing is known.
impl Default for MetricContext<'_> {
    fn default() -> Self {
        Self {
            prescription: Err(Reason::NeedsPrescription),
            fractions: Err(Reason::NeedsFractions),
            alpha_beta: Err(Reason::NeedsAlphaBeta),
            isodose: Err(Reason::NeedsIsodose),
        }
    }
}

impl MetricContext<'_> {
    /// The prescription, where it is a dose.
    pub(super) fn settled_prescription(&self) -> Result<Gy, Reason> {
        self.prescription
            .and_then(|gy| if gy.is_finite() && gy.0 > 0.0 { Ok(gy) } else { Err(Reason::NeedsPrescription) })
    }

    /// The number of fractions, one or more.
    pub(super) fn settled_fractions(&self) -> Result<u32, Reason> {
        self.fractions.and_then(|count| if count > 0 { Ok(count) } else { Err(Reason::NeedsFractions) })
    }

    /// α/β, above 0 Gy.
    pub(super) fn settled_alpha_beta(&self) -> Result<Gy, Reason> {
        self.alpha_beta
            .and_then(|gy| if gy.is_finite() && gy.0 > 0.0 { Ok(gy) } else { Err(Reason::NeedsAlphaBeta) })
    }
}

/// Why a metric has no value, or what to mind about it. Several are the caller's to find.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The whole ROI lies outside the dose grid.
    OutsideGrid,
    /// The ROI has less volume than asked for.
    TooSmall {
        /// The volume there is, inside the dose grid.
        covered: Cm3,
    },
    /// It needs a settled prescription.
    NeedsPrescription,
    /// The prescription does not fit the dose.
    ImplausiblePrescription,
    /// Sources of the prescription differ.
    ConflictingPrescription,
    /// The largest dose stands in for a prescription.
    PrescriptionIsMaximum,
    /// There are several levels, and none is linked to the ROI.
    SeveralLevels,
    /// The dose of an ion plan is not weighted by its biological effect.
    NotRbeWeighted,
    /// It needs the volumes that isodoses enclose.
    NeedsIsodose,
    /// Other targets share the isodose.
    SharedIsodose,
    /// The isodose reaches the border of the dose grid: what it encloses is not known.
    IsodoseLeavesGrid {
        /// The largest dose on the border.
        border: Gy,
    },
    /// No volume receives the dose that the index divides by.
    NoIsodose,
    /// It needs the number of fractions.
    NeedsFractions,
    /// Several fraction groups make up the dose.
    SeveralFractionGroups,
    /// It needs the user's α/β.
    NeedsAlphaBeta,
    /// The formula needs doses above 0 Gy (or not below, where a is above 0).
    DoseNotPositive,
    /// The median dose that the index divides by is 0 Gy.
    NoMedianDose,
    /// The value is of the part inside the dose grid.
    Partial {
        /// Coverage in percent.
        percent: f64,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutsideGrid => "the ROI lies outside the dose grid",
            Self::TooSmall { covered } => {
                return write!(
                    f,
                    "the ROI has {:.4} cm3 inside the dose grid, less than asked for",
                    covered.0
                );
            }
            Self::NeedsPrescription => "it needs a settled prescription",
            Self::ImplausiblePrescription => "implausible prescription",
            Self::ConflictingPrescription => "conflicting prescriptions",
            Self::PrescriptionIsMaximum => "the maximum is no prescription",
            Self::SeveralLevels => "several prescription levels, none linked to the ROI",
            Self::NotRbeWeighted => "the dose is physical, not RBE weighted",
            Self::NeedsIsodose => "it needs the volumes that isodoses enclose",
            Self::SharedIsodose => "shared isodose",
            Self::IsodoseLeavesGrid { border } => {
                return write!(
                    f,
                    "the isodose leaves the dose grid, whose border has up to {:.3} Gy",
                    border.0
                );
            }
            Self::NoIsodose => "no volume receives the dose it divides by",
            Self::NeedsFractions => "it needs the number of fractions",
            Self::SeveralFractionGroups => "the dose is of several fraction groups",
            Self::NeedsAlphaBeta => "it needs an alpha/beta of the user's",
            Self::DoseNotPositive => "the formula needs doses above 0 Gy",
            Self::NoMedianDose => "the median dose is 0 Gy",
            Self::Partial { percent } => {
                return write!(f, "of the {percent:.2} % of the volume inside the dose grid");
            }
        })
    }
}

impl std::error::Error for Reason {}

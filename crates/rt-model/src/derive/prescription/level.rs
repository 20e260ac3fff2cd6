//! The dose that is 100 % for one ROI.
//!
//! Units: Gy in total. Frame: none.

use super::{Prescription, RxSource};
use crate::units::Gy;

/// Why a ROI has no dose that is 100 % for it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LevelError {
    /// The plan has no settled prescription; the text is [`Prescription::reason`].
    #[error("{0}")]
    NotSettled(String),
    /// The plan has several levels and none is linked to the ROI.
    #[error(
        "several prescription levels, none of them linked to this ROI: state the plan's, for example --rx PLAN_UID=60Gy"
    )]
    NotLinked,
    /// The user stated the prescription, which is on the plan's highest level, and the ROI has a lower one.
    #[error("the prescription is the user's {stated:.2}, and this ROI has a level of its own, {own:.2}")]
    OwnLevel {
        /// The user's prescription.
        stated: Gy,
        /// The ROI's level in the plan.
        own: Gy,
    },
}

impl Prescription {
    /// The dose that is 100 % for a ROI: its own level where levels differ.
    ///
    /// ```
    /// use rt_model::derive::{LevelError, Prescription};
    /// use rt_model::units::Gy;
    ///
    /// let mut rx = Prescription { candidates: Vec::new(), rx_dose: None, settled: Some(Gy(60.0)), reason: None };
    /// assert_eq!(rx.level_of(1), Ok(Gy(60.0)));
    /// (rx.settled, rx.reason) = (None, Some("the plan states no prescription".into()));
    /// assert_eq!(rx.level_of(1), Err(LevelError::NotSettled("the plan states no prescription".into())));
    /// ```
    ///
    /// # Errors
    /// Where no prescription is settled, or several levels are and none is linked to the ROI.
    pub fn level_of(&self, roi: i32) -> Result<Gy, LevelError> {
        let settled =
            self.settled.ok_or_else(|| LevelError::NotSettled(self.reason.clone().unwrap_or_default()))?;
        let Some(rank) =
            self.candidates.iter().find(|candidate| candidate.chosen).map(|candidate| candidate.source)
        else {
            return Ok(settled);
        };
        let of_rank = || self.candidates.iter().filter(move |candidate| candidate.source == rank);
        let own = of_rank()
            .filter(|candidate| candidate.roi_number == Some(roi))
            .filter_map(|candidate| candidate.dose);
        if rank == RxSource::Override {
            return self.overridden_level(roi, settled);
        }
        if let Some(level) = own.reduce(|a, b| if b > a { b } else { a }) {
            return Ok(level);
        }
        if of_rank().filter_map(|candidate| candidate.dose).all(|dose| dose == settled) {
            return Ok(settled);
        }
        Err(LevelError::NotLinked)
    }

    /// The user's word is on the plan's highest level; a ROI with a lower one of its own is not what was
    /// meant.
    fn overridden_level(&self, roi: i32, stated: Gy) -> Result<Gy, LevelError> {
        let levels = || {
            self.candidates
                .iter()
                .filter(|c| matches!(c.source, RxSource::LinkedTarget | RxSource::UnlinkedTarget))
        };
        let highest =
            levels().filter_map(|candidate| candidate.dose).reduce(|a, b| if b > a { b } else { a });
        let own = levels()
            .filter(|candidate| candidate.roi_number == Some(roi))
            .filter_map(|candidate| candidate.dose);
        match own.reduce(|a, b| if b > a { b } else { a }) {
            Some(own) if Some(own) != highest => Err(LevelError::OwnLevel { stated, own }),
            _ => Ok(stated),
        }
    }
}

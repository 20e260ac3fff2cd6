//! What kind of target a ROI is.
//!
//! Units: none. Frame: none.

use super::Roi;
use std::fmt;

/// A kind of target volume (ICRU 50 and 62), a defined term of RT ROI Interpreted Type (3006,00A4). In order:
/// those that are planned for come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKind {
    /// PTV: planning target volume.
    Ptv,
    /// CTV: clinical target volume.
    Ctv,
    /// GTV: gross tumour volume.
    Gtv,
}

impl TargetKind {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Ptv, Self::Ctv, Self::Gtv];

    /// The term as DICOM writes it.
    ///
    /// ```
    /// use rt_model::structure_set::TargetKind;
    ///
    /// assert_eq!(TargetKind::parse("PTV"), Some(TargetKind::Ptv));
    /// assert_eq!(TargetKind::Ptv.as_str(), "PTV");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ptv => "PTV",
            Self::Ctv => "CTV",
            Self::Gtv => "GTV",
        }
    }

    /// The kind that an interpreted type names; `None` for any other term.
    #[must_use]
    pub fn parse(interpreted_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == interpreted_type)
    }

    /// The kind that a ROI's name begins with, in any case.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_uppercase();
        Self::ALL.into_iter().find(|kind| name.starts_with(kind.as_str()))
    }
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Roi {
    /// The kind of target, by the interpreted type alone.
    ///
    /// ```
    /// use rt_model::structure_set::{Roi, TargetKind};
    ///
    /// let roi = Roi { interpreted_type: Some("GTV".into()), ..Roi::default() };
    /// assert_eq!(roi.target_kind(), Some(TargetKind::Gtv));
    /// assert_eq!(Roi { name: "GTV".into(), ..Roi::default() }.target_kind(), None);
    /// ```
    #[must_use]
    pub fn target_kind(&self) -> Option<TargetKind> {
        self.interpreted_type.as_deref().and_then(TargetKind::parse)
    }

    /// The kind of target, by the interpreted type or, where the ROI has none, by its name: good enough for
    /// pictures, never for a number.
    ///
    /// ```
    /// use rt_model::structure_set::{Roi, TargetKind};
    ///
    /// let mut roi = Roi { name: "ptv 70".into(), ..Roi::default() };
    /// assert_eq!(roi.presumed_target_kind(), Some(TargetKind::Ptv));
    /// roi.interpreted_type = Some("ORGAN".into());
    /// assert_eq!(roi.presumed_target_kind(), None);
    /// ```
    #[must_use]
    pub fn presumed_target_kind(&self) -> Option<TargetKind> {
        match &self.interpreted_type {
            Some(_) => self.target_kind(),
            None => TargetKind::of_name(&self.name),
        }
    }

    /// The outline of the patient (EXTERNAL), by the interpreted type.
    #[must_use]
    pub fn is_external(&self) -> bool {
        self.interpreted_type.as_deref() == Some("EXTERNAL")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_reads_as_it_prints() {
        for kind in TargetKind::ALL {
            assert_eq!(TargetKind::parse(&kind.to_string()), Some(kind));
        }
        for other in ["", "ptv", "PTV1", "ORGAN", "EXTERNAL"] {
            assert_eq!(TargetKind::parse(other), None, "{other}");
        }
    }

    #[test]
    fn planning_volumes_come_first() {
        assert!(TargetKind::ALL.is_sorted());
    }
}

//! What the user may say about matching: every choice that the program does not make by itself.
//!
//! Units: none. Frame: none.

use crate::uid::Uid;
use std::fmt;
use std::str::FromStr;

/// The user's word on which files belong together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MatchOptions {
    /// Objects to take where references do not settle it.
    pub select: Vec<Selection>,
    /// Pairs of Patient IDs that are one patient, in either order.
    pub accept_patient_mismatch: Vec<(String, String)>,
    /// Take plans that are not meant for treating a patient (verification, machine QA, research, service).
    pub include_qa: bool,
    /// The medical record number of plans whose Patient ID is empty.
    pub mrn: Option<String>,
    /// The user says how many gray a relative dose of 1 stands for, so that RELATIVE doses are read as gray.
    pub relative_dose_stated: bool,
    /// Doses of which the user says what they cover, by SOP Instance UID.
    pub dose_is: Vec<(Uid, DoseScope)>,
    /// Take a relative dose where a plan has none in gray: enough for pictures in percent, never for a DVH.
    pub relative_doses: bool,
}

/// One object that the user chose, by SOP Instance UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Only this plan (and the others chosen so).
    Plan(Uid),
    /// This structure set, where a plan's own is absent or ambiguous.
    Structures(Uid),
    /// This dose, where a plan's own is absent, ambiguous or not chosen by itself.
    Dose(Uid),
}

impl Selection {
    /// The chosen SOP instance.
    #[must_use]
    pub const fn uid(&self) -> &Uid {
        match self {
            Self::Plan(uid) | Self::Structures(uid) | Self::Dose(uid) => uid,
        }
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = match self {
            Self::Plan(_) => "plan",
            Self::Structures(_) => "structures",
            Self::Dose(_) => "dose",
        };
        write!(f, "{key}={}", self.uid())
    }
}

/// A choice that is not written `plan=UID`, `structures=UID` or `dose=UID`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected plan=UID, structures=UID or dose=UID, found {0:?}")]
pub struct SelectionError(String);

impl FromStr for Selection {
    type Err = SelectionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || SelectionError(text.to_owned());
        let (key, uid) = text.split_once('=').ok_or_else(error)?;
        let uid = Uid::new(uid).ok_or_else(error)?;
        match key {
            "plan" => Ok(Self::Plan(uid)),
            "structures" => Ok(Self::Structures(uid)),
            "dose" => Ok(Self::Dose(uid)),
            _ => Err(error()),
        }
    }
}

/// What a dose covers, by the user's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoseScope {
    /// The whole treatment.
    Total,
    /// One fraction.
    Fraction,
}

impl DoseScope {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Total, Self::Fraction];

    /// The word in options, reports and stored decisions.
    ///
    /// ```
    /// use rt_model::matching::DoseScope;
    ///
    /// assert_eq!("fraction".parse(), Ok(DoseScope::Fraction));
    /// assert_eq!(DoseScope::Fraction.as_str(), "fraction");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Fraction => "fraction",
        }
    }
}

impl fmt::Display for DoseScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A scope that is neither `total` nor `fraction`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected total or fraction, found {0:?}")]
pub struct DoseScopeError(String);

impl FromStr for DoseScope {
    type Err = DoseScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| DoseScopeError(text.to_owned()))
    }
}

impl MatchOptions {
    /// The chosen plans.
    pub(super) fn plans(&self) -> impl Iterator<Item = &Uid> {
        self.select
            .iter()
            .filter_map(|choice| if let Selection::Plan(uid) = choice { Some(uid) } else { None })
    }

    /// The chosen structure sets.
    pub(super) fn structures(&self) -> impl Iterator<Item = &Uid> {
        self.select
            .iter()
            .filter_map(|choice| if let Selection::Structures(uid) = choice { Some(uid) } else { None })
    }

    /// The chosen doses.
    pub(super) fn doses(&self) -> impl Iterator<Item = &Uid> {
        self.select
            .iter()
            .filter_map(|choice| if let Selection::Dose(uid) = choice { Some(uid) } else { None })
    }

    /// What the user says that dose `uid` covers.
    pub(super) fn scope(&self, uid: &Uid) -> Option<DoseScope> {
        self.dose_is.iter().find(|(dose, _)| dose == uid).map(|(_, scope)| *scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_selection_reads_as_it_prints(which in 0..3, uid in "[0-9]{1,4}(\\.[0-9]{1,8}){0,8}") {
            let uid = Uid::new(&uid).unwrap();
            let selection = match which {
                0 => Selection::Plan(uid),
                1 => Selection::Structures(uid),
                _ => Selection::Dose(uid),
            };
            prop_assert_eq!(selection.to_string().parse(), Ok(selection));
        }

        #[test]
        fn a_scope_is_one_of_two_words(text in "total|fraction|[a-zA-Z ]{0,10}") {
            match text.parse::<DoseScope>() {
                Ok(scope) => prop_assert_eq!(scope.to_string(), text),
                Err(_) => prop_assert!(!["total", "fraction"].contains(&text.as_str())),
            }
        }
    }

    #[test]
    fn every_scope_reads_as_it_prints() {
        for scope in DoseScope::ALL {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
    }

    #[test]
    fn a_selection_reads_as_it_prints() {
        for text in ["plan=1.2", "structures=1.2.3", "dose=2.25.9"] {
            assert_eq!(text.parse::<Selection>().unwrap().to_string(), text);
        }
        for text in ["plan", "dose=", "images=1.2", "=1.2"] {
            assert!(text.parse::<Selection>().is_err(), "{text}");
        }
    }
}

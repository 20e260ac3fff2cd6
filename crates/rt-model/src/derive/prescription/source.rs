//! What states a dose.
//!
//! Units: none. Frame: none.

/// What kind of statement a candidate is, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RxSource {
    /// The user's own word.
    Override,
    /// A ROI named `rx: ...`.
    RxPoint,
    /// A TARGET dose reference that the fraction group links.
    LinkedTarget,
    /// A TARGET dose reference of type SITE or VOLUME that no group links.
    UnlinkedTarget,
    /// A TARGET dose reference of coordinates: never a prescription.
    TargetCoordinates,
    /// A maximum that delivery must not exceed: never a prescription.
    DeliveryMaximum,
    /// Beam doses times fractions: never a prescription.
    BeamDoses,
    /// The largest dose of the grid: never a prescription.
    DoseMaximum,
}

impl RxSource {
    /// All of them, the best first.
    pub const ALL: [Self; 8] = [
        Self::Override,
        Self::RxPoint,
        Self::LinkedTarget,
        Self::UnlinkedTarget,
        Self::TargetCoordinates,
        Self::DeliveryMaximum,
        Self::BeamDoses,
        Self::DoseMaximum,
    ];

    /// Reads the word of [`Self::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }

    /// The word in reports and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Override => "override",
            Self::RxPoint => "rx_point",
            Self::LinkedTarget => "target_linked",
            Self::UnlinkedTarget => "target_unlinked",
            Self::TargetCoordinates => "target_coordinates",
            Self::DeliveryMaximum => "delivery_maximum",
            Self::BeamDoses => "beam_doses",
            Self::DoseMaximum => "rtdose_max",
        }
    }

    /// The same for readers who do not know the rules' names.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Override => "stated by the user, whatever the plan says",
            Self::RxPoint => "point of the structure set",
            Self::LinkedTarget => "target of the plan, linked to its fraction group",
            Self::UnlinkedTarget => "target of the plan",
            Self::TargetCoordinates => "target point of the plan",
            Self::DeliveryMaximum => "delivery maximum of the plan",
            Self::BeamDoses => "beam doses times fractions",
            Self::DoseMaximum => "largest dose of the grid",
        }
    }

    pub(super) const fn is_prescription(self) -> bool {
        matches!(self, Self::Override | Self::RxPoint | Self::LinkedTarget | Self::UnlinkedTarget)
    }
}

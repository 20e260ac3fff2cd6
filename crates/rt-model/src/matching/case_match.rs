//! What matching found for one plan.
//!
//! Units: none. Frame: none.

use crate::finding::Finding;

/// A plan with the files that belong to it, as indices into [`crate::instance::Inventory::instances`].
#[derive(Debug, Clone, PartialEq)]
pub struct CaseMatch {
    /// The plan.
    pub plan: usize,
    /// The structure set.
    pub structure_set: Option<usize>,
    /// The doses that make the plan's dose.
    pub doses: Vec<DoseUse>,
    /// How they make it; `None` where no dose is settled.
    pub composition: Option<Composition>,
    /// Doses of the plan that are not part of its dose, for the record.
    pub other_doses: Vec<usize>,
    /// The planning images, sorted along their normal; they never change a number.
    pub images: Vec<usize>,
    /// The medical record number: the plan's Patient ID, or the user's where that is empty.
    pub mrn: String,
    /// The user accepted that files of this case name different patients: it is never exported.
    pub mismatch_accepted: bool,
    /// The dose is of another manufacturer than the plan: only where the total-dose check confirms it is it
    /// the plan's.
    pub needs_confirmed_total: bool,
    /// The user stated what one of the doses covers: a total that differs by a number of fractions no longer
    /// refuses the case.
    pub scope_stated: bool,
    /// Whether the case can be loaded.
    pub status: CaseStatus,
    /// What was noticed, choices and fall-backs included.
    pub findings: Vec<Finding>,
}

impl CaseMatch {
    /// Every instance of the case.
    pub fn instances(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.plan)
            .chain(self.structure_set)
            .chain(self.doses.iter().map(|dose| dose.instance))
            .chain(self.other_doses.iter().copied())
            .chain(self.images.iter().copied())
    }
}

/// A dose's part in the plan's dose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoseUse {
    /// The dose.
    pub instance: usize,
    /// How often it counts: the number of fractions for a dose of one fraction, else 1.
    pub factor: f64,
}

/// How doses make the plan's dose (PS3.3 C.8.8.3, Dose Summation Type).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Composition {
    /// One dose of the whole plan.
    Plan,
    /// The sum over fraction groups, each its whole delivery.
    SumOfFractionGroups,
    /// The sum over beams, each its whole delivery.
    SumOfBeams,
    /// The sum over brachytherapy application setups, each its whole delivery.
    SumOfSetups,
    /// The sum of doses of one fraction, each times the fractions of its group.
    Sessions,
    /// The sum over stretches of beams between control points, for one fraction, times the fractions of their
    /// groups.
    SumOfControlPoints,
}

/// Whether a case can be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseStatus {
    /// Plan, structure set and dose are settled.
    Complete,
    /// Something is missing or ambiguous; what, in words.
    Incomplete(String),
    /// The files contradict each other; how, in words.
    Refused(String),
}

impl CaseStatus {
    /// The graver of two; of equally grave ones the first.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let weight = |status: &Self| match status {
            Self::Complete => 0,
            Self::Incomplete(_) => 1,
            Self::Refused(_) => 2,
        };
        if weight(&other) > weight(&self) { other } else { self }
    }
}

/// A file that belongs to no case, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmatched {
    /// Index into [`crate::instance::Inventory::instances`].
    pub instance: usize,
    /// Why.
    pub reason: Finding,
}

/// What matching made of an inventory: every instance is in a case or in `unmatched`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matching {
    /// One for each plan, in the inventory's order.
    pub cases: Vec<CaseMatch>,
    /// The rest, in the inventory's order.
    pub unmatched: Vec<Unmatched>,
    /// What concerns no single file: selections that fit nothing.
    pub findings: Vec<Finding>,
}

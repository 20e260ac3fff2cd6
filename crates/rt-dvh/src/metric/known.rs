//! A DVH of which a dose is known: what each family of metrics reads from.
//!
//! Units: cm³. Frame: none.

use crate::dvh::{Doses, Dvh};

/// A DVH with its dose.
#[derive(Clone, Copy)]
pub(super) struct Known<'d> {
    pub(super) dvh: &'d Dvh,
    pub(super) doses: &'d Doses,
}

impl Known<'_> {
    /// The part of the volume outside the dose grid, cm³.
    pub(super) fn uncovered(&self) -> f64 {
        (self.dvh.volume() - self.doses.covered).0.max(0.0)
    }
}

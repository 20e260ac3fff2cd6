//! A region taken apart: its connected parts, and its holes.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use super::Region;
use super::nest::Nesting;

impl Region {
    /// The connected parts: each outline with its holes.
    pub(crate) fn parts(&self) -> Vec<Self> {
        // A region with more rings than can be compared stays whole.
        let Some(nesting) = self.nesting() else { return vec![self.clone()] };
        let outlines = (0..self.rings.len()).filter(|at| self.rings[*at].sign > 0.0);
        let part = |outline: usize| {
            let holes = (0..self.rings.len())
                .filter(|at| self.rings[*at].sign < 0.0 && nesting.parent(*at) == Some(outline));
            std::iter::once(outline).chain(holes).map(|at| self.rings[at].clone()).collect()
        };
        outlines.map(|outline| Self { rings: part(outline) }).collect()
    }

    /// Regions without common area as one.
    pub(crate) fn joined<'r>(parts: impl IntoIterator<Item = &'r Self>) -> Self {
        Self { rings: parts.into_iter().flat_map(|part| part.rings.iter().cloned()).collect() }
    }

    /// Adds (`sign` 1) a region without common area, or takes away (-1) one that is part of this.
    pub(crate) fn add(&mut self, other: Self, sign: f64) {
        self.rings.extend(other.rings.into_iter().map(|ring| super::Ring { sign: sign * ring.sign, ..ring }));
    }

    /// This region with the holes that `fills` names filled, and those holes; islands directly in a hole are
    /// filled up with it.
    pub(crate) fn without_holes(&self, fills: impl Fn(&Self) -> bool) -> (Self, Vec<Self>) {
        let Some(nesting) = self.nesting() else { return (self.clone(), Vec::new()) };
        let mut kept = vec![true; self.rings.len()];
        let mut filled = Vec::new();
        for at in (0..self.rings.len()).filter(|at| self.rings[*at].sign < 0.0) {
            let islands: Vec<usize> =
                (0..self.rings.len()).filter(|island| nesting.parent(*island) == Some(at)).collect();
            let mut hole = Self::default();
            for ring in std::iter::once(&at).chain(&islands) {
                hole.rings.push(super::Ring { sign: -self.rings[*ring].sign, ..self.rings[*ring].clone() });
            }
            if fills(&hole) {
                std::iter::once(&at).chain(&islands).for_each(|ring| kept[*ring] = false);
                filled.push(hole);
            }
        }
        let rings =
            self.rings.iter().zip(kept).filter(|(_, kept)| *kept).map(|(ring, _)| ring.clone()).collect();
        (Self { rings }, filled)
    }

    fn nesting(&self) -> Option<Nesting> {
        Nesting::of(self.rings.iter().map(super::Ring::points)).ok()
    }
}

//! What other ROIs tell of the steps between the planes of one.
//!
//! Only a ROI of the same frame that is drawn on both planes of a step can tell whether a slice lies between
//! them. One that has a plane between shows that there is one. One that has none shows that there is none,
//! provided that it is drawn evenly there: its own step is one of at least two equal ones in a row, so that a
//! copy of a sparse ROI does not count; the outline of the patient is drawn on every slice and counts however
//! uneven they are. A ROI that is drawn elsewhere never changes anything.
//!
//! Units: millimetres. Frame: heights count along the normal of the ROI's frame.

use super::drawn::median;
use super::drawn_part::Part;
use super::repeats::{commonest, equal};

/// So many equal steps in a row are even enough for a witness.
const EVEN: usize = 2;

/// A part of a ROI with the others of its frame.
pub(super) struct Witnesses<'p> {
    pub(super) part: &'p Part,
    pub(super) others: Vec<&'p Part>,
}

/// What the others tell of a step.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Votes {
    /// How many have a plane between; their own steps there.
    pub(super) between: Vec<f64>,
    /// How many are drawn evenly and have none.
    pub(super) none: usize,
}

impl Votes {
    /// Nobody can tell.
    pub(super) const fn is_empty(&self) -> bool {
        self.between.is_empty() && self.none == 0
    }

    /// The votes in words.
    pub(super) fn in_words(&self) -> String {
        let (between, all) = (self.between.len(), self.between.len() + self.none);
        let [rois, have] = if all == 1 { ["ROI", "has"] } else { ["ROIs", "have"] };
        format!("{between} of {all} {rois} drawn on both planes {have} a plane between")
    }
}

impl Witnesses<'_> {
    /// What the others tell of the step from plane `at` to the next.
    pub(super) fn votes(&self, at: usize) -> Votes {
        let [lower, upper] = [at, at + 1].map(|plane| self.part.planes[plane]);
        let mut votes = Votes::default();
        for other in &self.others {
            let planes = [lower, upper].map(|height| other.plane_at(height, self.part));
            let [Some(from), Some(to)] = planes else { continue };
            match to - from.min(to) {
                0 => {}
                1 if other.external || other.repeats.repeats(from, EVEN) => votes.none += 1,
                1 => {}
                _ => votes.between.extend(median(other.steps()[from..to].to_vec())),
            }
        }
        votes
    }

    /// The distance from a plane to where the next one would be: the commonest among the others that are
    /// drawn on it, where they are drawn evenly. With `inward`, the part's own step on the other side, only
    /// those that have the same step there are asked.
    pub(super) fn outward(&self, plane: usize, up: bool, inward: Option<f64>) -> Option<f64> {
        let height = self.part.planes[plane];
        let step = |other: &&Part| {
            let at = other.plane_at(height, self.part)?;
            let [above, below] = [Some(at), at.checked_sub(1)];
            let even = |step: &usize| other.repeats.repeats(*step, EVEN);
            let [out, inner] = if up { [above, below] } else { [below, above] };
            if let Some(inward) = inward {
                inner.filter(even).filter(|step| equal(other.steps()[*step], inward))?;
            }
            out.filter(even).map(|step| other.steps()[step])
        };
        commonest(self.others.iter().filter_map(step).collect())
    }

    /// The median of all parts' median repeated steps.
    pub(super) fn set_distance(&self) -> Option<f64> {
        let all = self.others.iter().copied().chain(std::iter::once(self.part));
        median(all.filter_map(|part| median(part.repeats.repeated().collect())).collect())
    }
}

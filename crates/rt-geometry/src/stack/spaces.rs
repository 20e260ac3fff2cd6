//! Which spaces between planes belong to a ROI, and how far it reaches beyond its end planes.
//!
//! A step between two planes is, by the first rule that applies:
//! 1. one of at least three equal steps in a row (four, or at most four of the slices that a witness has
//!    between): the ROI's own distance counts;
//! 2. confirmed by witnesses: as many have no slice between as have one;
//! 3. without a witness, of the patient's outline (EXTERNAL), or at most half as long again as the larger of the nearest repeated steps;
//! 4. drawn by hand on every n-th slice: witnesses have slices between, but at least three such steps in a
//!    row are within a factor 1.5, each at most four slices, and the regions overlap across each;
//! 5. else a gap, bridged where one slice is missing (at most 2.5 times the nominal step) and the regions
//!    overlap.
//!
//! A run of planes ends half a slice beyond its end plane: half of the commonest step outwards among the ROIs
//! that are drawn on that plane and have the run's own step inwards, else half of that step. The images never
//! decide: a structure set gives the same volume with them and without.
//!
//! Rules 3 and 4 and outvoted witnesses leave a doubt, and so does a bridge: the other reading keeps the gap.
//!
//! Units: millimetres. Frame: w along the normal.

use super::drawn::median;
use super::gaps::{Gap, source_plane_between};
use super::options::Reading;
use super::repeats::{commonest, equal};
use super::witness::{Votes, Witnesses};
use crate::region::Region;
use crate::tolerance::{GAP_BRIDGED, GAP_NOTICED};
use rt_model::finding::{Code, Finding, dvh as codes};
use rt_model::provenance::Provenance;
use rt_model::structure_set::SourcePlanes;

/// So many equal steps in a row are a ROI's own distance.
const OWN_STEPS: usize = 3;

/// So many are, however many slices witnesses have between.
const CERTAIN_STEPS: usize = 4;

/// A ROI drawn on every n-th slice skips no more than four of a witness's steps, with their rounding.
const MOST_SLICES: f64 = 4.2;

/// Steps of a ROI drawn on every n-th slice by hand are within this factor.
const BY_HAND: f64 = 1.5;

/// What was decided of the planes of a part.
pub(super) struct Spaces {
    /// The space above each plane but the last.
    pub(super) gaps: Vec<Gap>,
    /// Twice the height of the cap below and above each plane, where it ends a run.
    pub(super) nominal: Vec<[f64; 2]>,
    /// A step can be read otherwise.
    pub(super) doubtful: bool,
    pub(super) findings: Vec<Finding>,
}

/// What a step is by the rules.
enum Rule {
    /// Rule 1, or 2 without contradiction.
    Certain,
    /// Rule 2 against some, or rule 3.
    Likely,
    /// Rule 4.
    ByHand,
    /// Rule 5, with the nominal step.
    Gap(f64),
}

impl Spaces {
    /// The spaces between the planes of a part, whose regions are given in their order.
    pub(super) fn of(
        witnesses: &Witnesses<'_>,
        regions: &[&Region],
        source: Option<&SourcePlanes>,
        reading: Reading,
    ) -> Self {
        let part = witnesses.part;
        let count = part.planes.len();
        let mut found = Self { gaps: Vec::new(), nominal: Vec::new(), doubtful: false, findings: Vec::new() };
        let reference = witnesses.reference();
        let mut guessed = 0;
        for at in 0..count.saturating_sub(1) {
            let gap = match source {
                Some(source) => found.by_source(witnesses, at, source),
                None => {
                    let votes = witnesses.votes(at);
                    let rule = rule(witnesses, regions, at, &votes, reference);
                    guessed += usize::from(
                        matches!(rule, Rule::Likely) && votes.is_empty() && !witnesses.others.is_empty(),
                    );
                    found.by_rule(witnesses, regions, at, &votes, &rule, reading)
                }
            };
            found.gaps.push(gap);
        }
        if guessed > 0 {
            let text = format!(
                "no other ROI is drawn on both planes of {guessed} of {} steps: the slice distance is this ROI's own",
                count - 1
            );
            found.findings.push(Finding::info(codes::NO_WITNESS, Provenance::unknown(), text));
        }
        for at in 0..count {
            // The step to a neighbour that it is joined to as a neighbouring slice; a bridge spans two.
            let inward = |step: Option<usize>| {
                step.filter(|step| found.gaps.get(*step) == Some(&Gap::Joined)).map(|step| part.steps()[step])
            };
            let [below, above] = [at.checked_sub(1), Some(at)].map(inward);
            let nominal = |up: bool| match if up { below } else { above } {
                Some(step) => witnesses.outward(at, up, Some(step)).unwrap_or(step),
                None => witnesses
                    .outward(at, up, None)
                    .or_else(|| witnesses.outward(at, !up, None))
                    .unwrap_or(reference),
            };
            found.nominal.push([nominal(false), nominal(true)]);
        }
        found
    }

    /// Where the structure set names its source planes, they decide: one without contour is a gap (PS3.3
    /// C.8.8.6.4).
    fn by_source(&mut self, witnesses: &Witnesses<'_>, at: usize, source: &SourcePlanes) -> Gap {
        let [low, high] = [at, at + 1].map(|plane| witnesses.part.planes[plane]);
        let Some(empty) = source_plane_between(source, low, high) else { return Gap::Joined };
        let text = format!(
            "{}: the source plane at {empty:.2} mm has no contour; the gap stays empty",
            place(low, high)
        );
        self.findings.push(Finding::info(codes::GAP_KEPT, Provenance::unknown(), text));
        Gap::Kept
    }

    fn by_rule(
        &mut self,
        witnesses: &Witnesses<'_>,
        regions: &[&Region],
        at: usize,
        votes: &Votes,
        rule: &Rule,
        reading: Reading,
    ) -> Gap {
        let [low, high] = [at, at + 1].map(|plane| witnesses.part.planes[plane]);
        let place = place(low, high);
        let mut note = |finding: fn(Code, Provenance, String) -> Finding, code, text| {
            self.findings.push(finding(code, Provenance::unknown(), text));
        };
        let gap = match *rule {
            Rule::Certain => return Gap::Joined,
            Rule::Likely => {
                if !votes.between.is_empty() {
                    let text = format!("{place}: {}; outvoted: they are neighbours", votes.in_words());
                    note(Finding::info, codes::WITNESS_OUTVOTED, text);
                }
                Gap::Joined
            }
            Rule::ByHand => {
                let text =
                    format!("{place}: {}; taken as drawn on every n-th slice by hand", votes.in_words());
                note(Finding::warning, codes::EVERY_NTH_SLICE, text);
                Gap::Joined
            }
            Rule::Gap(nominal) => {
                let step = high - low;
                let told = if votes.is_empty() { String::new() } else { format!("; {}", votes.in_words()) };
                let place = format!("{place} (nominal {nominal:.2} mm{told})");
                if step <= GAP_BRIDGED * nominal && regions[at].overlaps(regions[at + 1]) {
                    let areas = regions[at].area().0 + regions[at + 1].area().0;
                    let added = (areas * (step - nominal) / 2.0).max(0.0) / 1000.0;
                    let text = format!(
                        "{place}: bridged, since the contours overlap; the bridge adds {added:.3} cm3"
                    );
                    note(Finding::warning, codes::GAP_BRIDGED, text);
                    Gap::Bridged
                } else {
                    let text = format!("{place}: not bridged; each part has its own end caps");
                    note(Finding::warning, codes::GAP_KEPT, text);
                    return Gap::Kept;
                }
            }
        };
        self.doubtful = true;
        if reading == Reading::Sparse { Gap::Kept } else { gap }
    }
}

impl Witnesses<'_> {
    /// The part's own distance where nothing nearer gives one.
    fn reference(&self) -> f64 {
        let smallest = || self.part.steps().iter().copied().min_by(f64::total_cmp);
        median(self.part.repeats.repeated().collect())
            .or_else(|| self.set_distance())
            .or_else(smallest)
            .unwrap_or_default()
    }

    /// The thickness of a part with a single plane, and whether other ROIs of that plane give it.
    pub(super) fn thickness(&self) -> Option<(f64, bool)> {
        let sides: Vec<f64> = [false, true].into_iter().filter_map(|up| self.outward(0, up, None)).collect();
        if !sides.is_empty() {
            return Some((sides.iter().sum::<f64>() / sides.len() as f64, true));
        }
        let any = || median(self.others.iter().flat_map(|part| part.steps()).copied().collect());
        self.set_distance().or_else(any).map(|distance| (distance, false))
    }
}

fn rule(witnesses: &Witnesses<'_>, regions: &[&Region], at: usize, votes: &Votes, reference: f64) -> Rule {
    let (part, step) = (witnesses.part, witnesses.part.steps()[at]);
    let repeats = |count| part.repeats.repeats(at, count);
    let few = votes
        .between
        .iter()
        .copied()
        .max_by(f64::total_cmp)
        .is_none_or(|most| step <= MOST_SLICES * most || repeats(CERTAIN_STEPS));
    if repeats(OWN_STEPS) && few {
        return Rule::Certain;
    }
    if votes.is_empty() {
        if part.external && regions[at].overlaps(regions[at + 1]) {
            return Rule::Likely;
        }
        let steps = part.steps();
        let even = |step: &usize| part.repeats.repeats(*step, 2);
        let below = (0..at).rev().find(even).map(|step| steps[step]);
        let above = (at + 1..steps.len()).find(even).map(|step| steps[step]);
        let nominal = below.into_iter().chain(above).max_by(f64::total_cmp).unwrap_or(reference);
        return if step <= GAP_NOTICED * nominal { Rule::Likely } else { Rule::Gap(nominal) };
    }
    if votes.between.len() <= votes.none {
        return if votes.between.is_empty() { Rule::Certain } else { Rule::Likely };
    }
    if few && by_hand(part.steps(), regions, at) {
        return Rule::ByHand;
    }
    // The part's own distance, where a witness has it too.
    let own = median(part.repeats.repeated().collect());
    let shared: Vec<f64> =
        votes.between.iter().copied().filter(|step| own.is_some_and(|own| equal(*step, own))).collect();
    let nominal = commonest(if shared.is_empty() { votes.between.clone() } else { shared });
    Rule::Gap(nominal.unwrap_or(reference))
}

/// The step is one of at least three in a row within a factor, and the regions overlap across each.
fn by_hand(steps: &[f64], regions: &[&Region], at: usize) -> bool {
    (at.saturating_sub(OWN_STEPS - 1)..=at).any(|first| {
        let Some(row) = steps.get(first..first + OWN_STEPS) else { return false };
        let [least, most] =
            row.iter().fold([f64::INFINITY, 0.0], |[least, most], step| [least.min(*step), most.max(*step)]);
        most <= BY_HAND * least
            && (first..first + OWN_STEPS).all(|step| regions[step].overlaps(regions[step + 1]))
    })
}

fn place(low: f64, high: f64) -> String {
    format!("between planes {low:.2} and {high:.2} mm (gap {:.2} mm)", high - low)
}

//! The planes of a ROI, and of parts of it that are drawn on planes of their own.
//!
//! Units: millimetres. Frame: heights count along the normal of the ROI's frame.

use super::drawn::{Drawn, groups, median};
use super::repeats::Repeats;
use rt_model::structure_set::Contour;
use std::ops::Range;

/// Whose part it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) roi: usize,
    pub(super) frame: usize,
}

/// The planes of a ROI, or of a part of it that is drawn on planes of its own.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// `None` where the ROI is looked at alone.
    pub(super) owner: Option<Owner>,
    /// Of the patient's outline, which is drawn on every slice.
    pub(super) external: bool,
    /// Heights of the planes, rising.
    pub(super) planes: Vec<f64>,
    /// How far apart heights of one plane may be, step by step.
    pub(super) tolerance: f64,
    /// How far apart heights of one plane are at most.
    pub(super) scatter: f64,
    pub(super) repeats: Repeats,
}

impl Part {
    /// The distances between neighbouring planes.
    pub(super) fn steps(&self) -> &[f64] {
        self.repeats.steps()
    }

    /// The plane of this part at a height of another.
    pub(super) fn plane_at(&self, height: f64, other: &Self) -> Option<usize> {
        let above = self.planes.partition_point(|plane| *plane < height);
        let nearest = [above.checked_sub(1), Some(above)]
            .into_iter()
            .flatten()
            .filter(|at| *at < self.planes.len())
            .min_by(|a, b| (self.planes[*a] - height).abs().total_cmp(&(self.planes[*b] - height).abs()))?;
        let limit = self.tolerance.max(LEAST_MM).min(SAME_HEIGHT_MM + self.scatter + other.scatter);
        ((self.planes[nearest] - height).abs() <= limit).then_some(nearest)
    }
}

/// Planes of two ROIs are one within this and what each scatters itself, mm ...
const SAME_HEIGHT_MM: f64 = 0.1;

/// ... or within this, however closely a ROI is drawn, mm.
const LEAST_MM: f64 = 1e-3;

/// A part with the contours of each of its planes.
pub(super) struct DrawnPart<'r> {
    pub(super) part: Part,
    pub(super) contours: Vec<Vec<&'r Contour>>,
}

/// Heights of one plane reach over at most this multiple of the tolerance.
const WIDEST: f64 = 2.0;

/// Heights closer than this are one, however many follow each other, mm.
const FINEST_MM: f64 = 1e-4;

/// Parts are on planes of their own where contours follow each other at more than this multiple of the
/// planes.
const INTERLEAVED: f64 = 1.4;

/// Contours of one part follow each other within this multiple of the slice distance.
const LINKED: f64 = 1.3;

/// Fewer planes are never cut into parts.
const FEWEST_PLANES: usize = 4;

/// The parts of a drawing, each with its planes.
pub(super) fn parts<'r>(drawn: &Drawn<'r>, smallest: Option<f64>) -> Vec<DrawnPart<'r>> {
    let everything: Vec<usize> = (0..drawn.contours.len()).collect();
    let mut tolerance = drawn.tolerance(smallest);
    let mut whole = DrawnPart::new(drawn, &everything, tolerance);
    // Heights that follow each other closely over a longer way are no plane.
    while whole.part.scatter > WIDEST * tolerance && tolerance > FINEST_MM {
        tolerance /= 2.0;
        whole = DrawnPart::new(drawn, &everything, tolerance);
    }
    let Some(distance) = drawn.slice_distance().filter(|_| whole.part.planes.len() >= FEWEST_PLANES) else {
        return vec![whole];
    };
    let between = median(whole.part.steps().to_vec()).unwrap_or(distance);
    if distance <= INTERLEAVED * between {
        return vec![whole];
    }
    let chains = chains(drawn, LINKED * distance);
    if chains.len() < 2 {
        return vec![whole];
    }
    chains.iter().map(|chain| DrawnPart::new(drawn, chain, tolerance)).collect()
}

impl<'r> DrawnPart<'r> {
    fn new(drawn: &Drawn<'r>, chosen: &[usize], tolerance: f64) -> Self {
        let heights: Vec<f64> = chosen.iter().map(|at| drawn.contours[*at].height).collect();
        let planes = groups(&heights, tolerance);
        let middle = |plane: &Range<usize>| median(heights[plane.clone()].to_vec()).unwrap_or_default();
        let scatter = planes.iter().map(|plane| heights[plane.end - 1] - heights[plane.start]);
        let scatter = scatter.fold(0.0, f64::max);
        let heights: Vec<f64> = planes.iter().map(middle).collect();
        let contours = planes
            .iter()
            .map(|plane| plane.clone().map(|at| drawn.contours[chosen[at]].contour).collect())
            .collect();
        let repeats = Repeats::of(heights.windows(2).map(|pair| pair[1] - pair[0]).collect());
        Self {
            part: Part {
                owner: None,
                external: drawn.external,
                planes: heights,
                tolerance,
                scatter,
                repeats,
            },
            contours,
        }
    }
}

/// Contours linked by lying over each other within a distance, directly or through others, each chain by
/// rising height.
fn chains(drawn: &Drawn<'_>, within: f64) -> Vec<Vec<usize>> {
    let contours = &drawn.contours;
    let mut leader: Vec<usize> = (0..contours.len()).collect();
    fn find(leader: &mut [usize], mut at: usize) -> usize {
        while leader[at] != at {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        at
    }
    for upper in 0..contours.len() {
        for lower in (0..upper).rev() {
            if contours[upper].height - contours[lower].height > within {
                break;
            }
            if contours[upper].meets(&contours[lower]) {
                let (a, b) = (find(&mut leader, upper), find(&mut leader, lower));
                leader[a.max(b)] = a.min(b);
            }
        }
    }
    let roots: Vec<usize> = (0..contours.len()).map(|at| find(&mut leader, at)).collect();
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for root in 0..contours.len() {
        let chain: Vec<usize> = (0..contours.len()).filter(|at| roots[*at] == root).collect();
        if !chain.is_empty() {
            chains.push(chain);
        }
    }
    chains
}

//! The heights on which a ROI is drawn, and its own slice distance.
//!
//! The slice distance is the median *chain step*: the height from a contour to the next higher one that lies
//! over it. Parts beside each other, tilts and holes do not enter it, as they would enter the distances
//! between sorted heights.
//!
//! Units: millimetres. Frame: the [`StackFrame`] of the contours; w counts along its normal.

use super::fit;
use crate::linear::vector;
use crate::plane::StackFrame;
use rt_model::structure_set::{Contour, Roi};

/// Heights closer than this are of one slice whatever the slice distance is, mm.
const SAME_SLICE_MM: f64 = 0.15;

/// A contour lies over another where the boxes around both share this part of the smaller one.
const SHARED_PART: f64 = 0.25;

/// Contours are of one plane where no step between them is over this part of the slice distance ...
const PLANE_PART: f64 = 0.25;

/// ... and none is over this, mm.
const PLANE_MM: f64 = 0.5;

/// So many chain steps make a slice distance; a ROI with fewer takes the smallest of its structure set.
const ENOUGH_STEPS: usize = 3;

/// The slice distance where nothing gives one, mm: planes 0.1 mm apart are one.
const NO_DISTANCE_MM: f64 = 0.4;

/// A closed contour with where it lies.
#[derive(Debug, Clone)]
pub(super) struct DrawnContour<'r> {
    pub(super) contour: &'r Contour,
    /// Mean height of its edges.
    pub(super) height: f64,
    /// The box around it.
    low: [f64; 2],
    high: [f64; 2],
}

impl<'r> DrawnContour<'r> {
    fn new(contour: &'r Contour, frame: &StackFrame) -> Self {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        let is_axial = *frame == StackFrame::AXIAL;
        for point in &contour.points {
            let at = if is_axial { [point.x, point.y] } else { frame.plane_from_patient(*point) };
            for axis in 0..2 {
                low[axis] = low[axis].min(at[axis]);
                high[axis] = high[axis].max(at[axis]);
            }
        }
        Self { contour, height: height(contour, frame), low, high }
    }

    fn area(&self) -> f64 {
        ((self.high[0] - self.low[0]) * (self.high[1] - self.low[1])).max(1e-9)
    }

    /// Length that both boxes share along each axis, 0 or less where they share none.
    fn shared(&self, other: &Self) -> [f64; 2] {
        std::array::from_fn(|axis| {
            self.high[axis].min(other.high[axis]) - self.low[axis].max(other.low[axis])
        })
    }

    /// The boxes meet.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.shared(other).iter().all(|shared| *shared > 0.0)
    }

    /// The boxes share a quarter of the smaller.
    fn lies_over(&self, other: &Self) -> bool {
        let [u, v] = self.shared(other);
        u > 0.0 && v > 0.0 && u * v > SHARED_PART * self.area().min(other.area())
    }
}

/// Mean height of a contour's edges. That of an exactly axial contour is its points' own.
pub(super) fn height(contour: &Contour, frame: &StackFrame) -> f64 {
    match contour.points.first() {
        Some(first) if is_even(contour, frame) => frame.height(*first),
        _ => fit::mean(contour).dot(&vector(frame.normal)),
    }
}

/// All points of a contour are at one height, to the bit: most drawings are exactly axial, and need neither a
/// fit nor a look at how far points leave their plane.
pub(super) fn is_even(contour: &Contour, frame: &StackFrame) -> bool {
    let Some(first) = contour.points.first() else { return true };
    if *frame == StackFrame::AXIAL {
        return contour.points.iter().all(|point| point.z == first.z);
    }
    let height = frame.height(*first);
    contour.points.iter().all(|point| frame.height(*point) == height)
}

/// The closed contours of a ROI by rising height, with the steps from each to the next that lies over it.
#[derive(Debug, Clone)]
pub(super) struct Drawn<'r> {
    pub(super) contours: Vec<DrawnContour<'r>>,
    /// Of the patient's outline.
    pub(super) external: bool,
    steps: Vec<f64>,
}

impl<'r> Drawn<'r> {
    pub(super) fn new(closed: &[&'r Contour], frame: StackFrame) -> Self {
        let mut contours: Vec<_> = closed.iter().map(|contour| DrawnContour::new(contour, &frame)).collect();
        contours.sort_by(|a, b| a.height.total_cmp(&b.height));
        let steps = chain_steps(&contours);
        Self { contours, external: false, steps }
    }

    /// The same, of the patient's outline or not.
    pub(super) fn of_external(self, external: bool) -> Self {
        Self { external, ..self }
    }

    /// The median chain step, where there are enough of them.
    pub(super) fn slice_distance(&self) -> Option<f64> {
        (self.steps.len() >= ENOUGH_STEPS).then(|| median(self.steps.clone())).flatten()
    }

    /// The smallest chain step.
    pub(super) fn smallest_step(&self) -> Option<f64> {
        self.steps.iter().copied().min_by(f64::total_cmp)
    }

    pub(super) fn median_step(&self) -> Option<f64> {
        median(self.steps.clone())
    }

    /// How far apart heights of one plane may be, step by step; `smallest` is the smallest slice distance of
    /// the structure set.
    pub(super) fn tolerance(&self, smallest: Option<f64>) -> f64 {
        let distance = self.slice_distance().or(smallest).unwrap_or(NO_DISTANCE_MM);
        (PLANE_PART * distance).min(PLANE_MM)
    }
}

/// The closed contours of a ROI that have points.
pub(super) fn closed(roi: &Roi) -> Vec<&Contour> {
    roi.contours.iter().filter(|contour| contour.kind.is_closed() && !contour.points.is_empty()).collect()
}

/// The height from each contour to the next higher one that lies over it.
fn chain_steps(contours: &[DrawnContour<'_>]) -> Vec<f64> {
    let next = |(at, contour): (usize, &DrawnContour<'_>)| {
        let higher = contours[at..].iter().map(|other| (other.height - contour.height, other));
        let mut higher = higher.skip_while(|(step, _)| *step <= SAME_SLICE_MM);
        higher.find(|(_, other)| contour.lies_over(other)).map(|(step, _)| step)
    };
    contours.iter().enumerate().filter_map(next).collect()
}

/// Where groups of rising heights end: no step within one is over `tolerance`.
pub(super) fn groups(heights: &[f64], tolerance: f64) -> Vec<std::ops::Range<usize>> {
    let ends =
        (1..=heights.len()).filter(|at| *at == heights.len() || heights[*at] - heights[*at - 1] > tolerance);
    ends.scan(0, |start, end| Some(std::mem::replace(start, end)..end)).collect()
}

/// The middle value, or the mean of the two.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        count if count % 2 == 1 => Some(values[half]),
        _ => Some((values[half - 1] + values[half]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::contour;

    fn square(u: f64, z: f64) -> Contour {
        contour(&[(u, 0.0), (u + 10.0, 0.0), (u + 10.0, 10.0), (u, 10.0)], z)
    }

    #[test]
    fn parts_on_planes_of_their_own_keep_the_slice_distance() {
        let drawn: Vec<Contour> = (0..5)
            .flat_map(|k| [square(0.0, 3.0 * f64::from(k)), square(50.0, 3.0 * f64::from(k) + 1.5)])
            .collect();
        let drawn = Drawn::new(&drawn.iter().collect::<Vec<_>>(), StackFrame::AXIAL);
        assert_eq!(drawn.slice_distance(), Some(3.0));
    }

    #[test]
    fn groups_follow_each_other_without_gaps() {
        assert_eq!(groups(&[0.0, 0.1, 0.2, 1.0, 3.0], 0.15), [0..3, 3..4, 4..5]);
        assert_eq!(groups(&[], 0.15), []);
    }
}

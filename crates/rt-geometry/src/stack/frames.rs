//! The frames that the ROIs of a structure set share.
//!
//! A ROI shares the frame of a larger drawing where that moves no part of it by more than coordinates are
//! certain to; else it keeps a frame of its own. An exact axis within the same limits is taken exactly.
//!
//! Parts far apart see a tilt that each of them is too small to see: once contours are grouped into slices,
//! the normal is fitted again to whole slices, and kept where it halves what the slices leave unexplained.
//!
//! Units: millimetres, radians. Frame: DICOM patient coordinates (LPS).

use super::drawn::{Drawn, closed, groups, is_even};
use super::fit::{self, Fit};
use crate::linear::{direction, position};
use crate::plane::StackFrame;
use nalgebra::{Matrix3, Vector3};
use rt_model::structure_set::{Contour, Roi};
use rt_model::uid::Uid;

/// Turned by less than this over its width, a ROI lies in the other frame, mm.
const MOVED_MM: f64 = 0.02;

/// Turned by less than so many standard errors, it does as well.
const STANDARD_ERRORS: f64 = 4.0;

/// Contours are of one slice within this part of the slice distance ...
const SLICE_PART: f64 = 0.45;

/// ... and where a group reaches over more than this part, slices cannot be told apart.
const MOST_OF_A_SLICE: f64 = 0.5;

/// Half of the coarsest decimal that coordinates are read with in earnest, mm: what a contour hides of a tilt.
const COARSEST_MM: f64 = 0.05;

/// A refit has to leave at most this part of the squared residuals.
const GAIN: f64 = 0.5;

/// Refits turn the normal by less than this in the end, rad.
const SETTLED: f64 = 1e-6;

/// Planes farther apart than this are never of one slice, mm.
const FAR_MM: f64 = 1.0;

/// How often the normal is fitted again.
const REFITS: usize = 3;

/// A frame that ROIs share.
struct Group {
    frame_of_reference: Option<Uid>,
    normal: Vector3<f64>,
    uncertainty: f64,
    rois: Vec<usize>,
}

/// Which frame each ROI is drawn in.
#[derive(Debug, Clone, Default)]
pub(super) struct Frames {
    /// The frame of each ROI; `None` for ROIs whose contours enclose nothing.
    of_roi: Vec<Option<usize>>,
    frames: Vec<StackFrame>,
}

impl Frames {
    /// The frames of all ROIs; which ROIs share one does not depend on their order.
    pub(super) fn of(rois: &[Roi]) -> Self {
        let contours: Vec<Vec<&Contour>> = rois.iter().map(closed).collect();
        // Where all drawings are axial, none has to lead.
        let all_axial = contours.iter().flatten().all(|contour| is_even(contour, &StackFrame::AXIAL));
        let size = |contours: &[&Contour]| match all_axial {
            true => 0.0,
            false => contours.iter().map(|contour| fit::length(contour)).sum(),
        };
        let mut drawings: Vec<(f64, usize, &[&Contour])> = contours
            .iter()
            .enumerate()
            .map(|(at, contours)| (size(contours), at, contours.as_slice()))
            .collect();
        // The largest leads; equal ones in the order of their numbers.
        drawings.sort_by(|a, b| b.0.total_cmp(&a.0).then(rois[a.1].number.cmp(&rois[b.1].number)));
        let mut groups: Vec<Group> = Vec::new();
        let mut of_roi = vec![None; rois.len()];
        for (_, at, contours) in &drawings {
            let all_axial = groups.iter().all(|group| group.normal == Vector3::z());
            let Some(fit) = fitted(contours, all_axial) else { continue };
            let reference = &rois[*at].frame_of_reference;
            let shares = |group: &Group| {
                let certain = STANDARD_ERRORS * fit.uncertainty.hypot(group.uncertainty);
                group.frame_of_reference == *reference && is_within(&fit, &group.normal, certain)
            };
            let group = groups.iter().position(shares).unwrap_or_else(|| {
                let is_axis = |axis: &Vector3<f64>| is_within(&fit, axis, STANDARD_ERRORS * fit.uncertainty);
                let axes = [Vector3::x(), Vector3::y(), Vector3::z()];
                let normal = axes.into_iter().find(is_axis).unwrap_or(fit.normal);
                groups.push(Group {
                    frame_of_reference: reference.clone(),
                    normal,
                    uncertainty: fit.uncertainty,
                    rois: Vec::new(),
                });
                groups.len() - 1
            });
            groups[group].rois.push(*at);
            of_roi[*at] = Some(group);
        }
        for group in &mut groups {
            let members: Vec<&[&Contour]> = group.rois.iter().map(|at| contours[*at].as_slice()).collect();
            group.normal = refitted(group.normal, &members);
        }
        let frames: Option<_> =
            groups.iter().map(|group| StackFrame::along(direction(group.normal))).collect();
        Self { of_roi, frames: frames.unwrap_or_default() }
    }

    /// The frame of the largest drawing.
    pub(super) fn leading(&self) -> Option<StackFrame> {
        self.frames.first().copied()
    }

    /// The number of a ROI's frame, and the frame.
    pub(super) fn of_roi(&self, at: usize) -> Option<(usize, StackFrame)> {
        let group = (*self.of_roi.get(at)?)?;
        Some((group, self.frames[group]))
    }
}

/// The frame of a ROI that is looked at alone.
pub(super) fn own_frame(roi: &Roi) -> Option<StackFrame> {
    Frames::of(std::slice::from_ref(roi)).of_roi(0).map(|(_, frame)| frame)
}

/// The fit of contours; exactly axial ones need none where all there is to compare with is axial too.
fn fitted(contours: &[&Contour], all_axial: bool) -> Option<Fit> {
    let is_flat = |contour: &&Contour| is_even(contour, &StackFrame::AXIAL);
    let has_area = || contours.iter().any(|contour| StackFrame::of_contour(&contour.points).is_some());
    if all_axial && contours.iter().all(is_flat) && has_area() {
        return Some(Fit { normal: Vector3::z(), uncertainty: 0.0, width: f64::INFINITY });
    }
    Fit::of(contours)
}

/// Whether a direction is a ROI's normal as far as can be known.
fn is_within(fit: &Fit, direction: &Vector3<f64>, certain: f64) -> bool {
    let angle = fit.angle_to(direction);
    angle * fit.width <= MOVED_MM || angle <= certain
}

/// The normal fitted to whole slices of all ROIs, where that explains more.
fn refitted(mut normal: Vector3<f64>, members: &[&[&Contour]]) -> Vector3<f64> {
    if members.iter().all(|contours| are_slices(contours, &normal)) {
        return normal;
    }
    for _ in 0..REFITS {
        let Some(slices) = Slices::of(&normal, members) else { return normal };
        let Some(mut found) = fit::least(slices.scatter) else { return normal };
        if found.dot(&normal) < 0.0 {
            found = -found;
        }
        let left = found.dot(&(slices.scatter * found));
        let turns_out = || members.iter().copied().flatten().any(|contour| leaves(contour, &found, &normal));
        if fit::angle(&found, &normal) < SETTLED || left > GAIN * slices.residual || turns_out() {
            return normal;
        }
        normal = found;
    }
    normal
}

/// The contours are exactly on planes that are nowhere near each other: there is no tilt to see.
fn are_slices(contours: &[&Contour], normal: &Vector3<f64>) -> bool {
    let Some(frame) = StackFrame::along(direction(*normal)) else { return false };
    if !contours.iter().all(|contour| is_even(contour, &frame)) {
        return false;
    }
    let mut heights: Vec<f64> = contours.iter().map(|contour| frame.height(contour.points[0])).collect();
    heights.sort_by(f64::total_cmp);
    heights.windows(2).all(|pair| pair[0] == pair[1] || pair[1] - pair[0] > FAR_MM)
}

/// The contour lies in planes of the one normal and not of the other: the slices are no planes, their parts
/// are.
fn leaves(contour: &Contour, found: &Vector3<f64>, normal: &Vector3<f64>) -> bool {
    let mean = fit::mean(contour);
    let off = |normal: &Vector3<f64>| {
        contour.points.iter().map(|point| (position(*point) - mean).dot(normal).abs()).fold(0.0, f64::max)
    };
    off(found) > off(normal).max(COARSEST_MM)
}

/// The points of whole slices about their means.
struct Slices {
    scatter: Matrix3<f64>,
    /// Squares of their distances from the planes.
    residual: f64,
}

impl Slices {
    /// `None` where slices cannot be told apart, or each is a plane already.
    fn of(normal: &Vector3<f64>, members: &[&[&Contour]]) -> Option<Self> {
        let frame = StackFrame::along(direction(*normal))?;
        let mut found = Self { scatter: Matrix3::zeros(), residual: 0.0 };
        let mut uneven = false;
        for contours in members {
            let drawn = Drawn::new(contours, frame);
            let Some(distance) = drawn.median_step() else { continue };
            let heights: Vec<f64> = drawn.contours.iter().map(|contour| contour.height).collect();
            let slices = groups(&heights, SLICE_PART * distance);
            let reach = |slice: &std::ops::Range<usize>| heights[slice.end - 1] - heights[slice.start];
            if slices.iter().any(|slice| reach(slice) > MOST_OF_A_SLICE * distance) {
                return None;
            }
            uneven |= slices.iter().any(|slice| reach(slice) > 0.0)
                || contours.iter().any(|contour| !is_even(contour, &frame));
            for slice in slices {
                found.add(
                    &drawn.contours[slice].iter().map(|drawn| drawn.contour).collect::<Vec<_>>(),
                    normal,
                );
            }
        }
        uneven.then_some(found)
    }

    fn add(&mut self, slice: &[&Contour], normal: &Vector3<f64>) {
        let points = || slice.iter().flat_map(|contour| &contour.points).map(|point| position(*point));
        let count = slice.iter().map(|contour| contour.points.len()).sum::<usize>();
        let mean = points().sum::<Vector3<f64>>() / count as f64;
        for point in points() {
            let from_mean = point - mean;
            self.scatter += from_mean * from_mean.transpose();
            self.residual += from_mean.dot(normal).powi(2);
        }
    }
}

//! Which gaps between planes belong to the ROI.
//!
//! A gap of ordinary width does. A wide one (over [`GAP_NOTICED`] times the nominal spacing) is bridged where
//! it is not too wide ([`GAP_BRIDGED`]) and the regions on both sides overlap. Where the structure set names
//! its source planes, they decide: a source plane without contour is a gap (PS3.3 C.8.8.6.4).
//!
//! Units: millimetres. Frame: w along the normal.

use super::planes::Plane;
use crate::plane::StackFrame;
use crate::tolerance::{GAP_BRIDGED, GAP_NOTICED, SAME_PLANE_MM};
use rt_model::finding::{Finding, dvh as codes};
use rt_model::provenance::Provenance;
use rt_model::structure_set::SourcePlanes;

/// What the space between two neighbouring planes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Part of the ROI.
    Joined,
    /// Wide, and part of the ROI since the planes' regions overlap.
    Bridged,
    /// No part of the ROI.
    Kept,
}

impl Gap {
    /// The gap between two planes; a gap that stays empty is told.
    pub(super) fn between(
        below: &Plane,
        above: &Plane,
        nominal: f64,
        source: Option<&SourcePlanes>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let gap = above.w - below.w;
        let at = Provenance::unknown();
        if let Some(source) = source {
            let Some(empty) = source_plane_between(source, below.w, above.w) else { return Self::Joined };
            let place = place(below, above, nominal);
            let text =
                format!("{place}: the source plane at {empty:.2} mm has no contour; the gap stays empty");
            findings.push(Finding::info(codes::GAP_KEPT, at, text));
            return Self::Kept;
        }
        if gap <= GAP_NOTICED * nominal {
            return Self::Joined;
        }
        if gap <= GAP_BRIDGED * nominal && below.region.overlaps(&above.region) {
            return Self::Bridged;
        }
        let text = format!("{}: not bridged; each part has its own end caps", place(below, above, nominal));
        findings.push(Finding::warning(codes::GAP_KEPT, at, text));
        Self::Kept
    }
}

/// Tells of a bridge that adds `added` mm³ to what end caps would have had.
pub(super) fn bridged(below: &Plane, above: &Plane, nominal: f64, added: f64) -> Finding {
    let added = added.max(0.0) / 1000.0;
    let text = format!(
        "{}: bridged, since the contours overlap; the bridge adds {added:.3} cm3",
        place(below, above, nominal)
    );
    Finding::warning(codes::GAP_BRIDGED, Provenance::unknown(), text)
}

fn place(below: &Plane, above: &Plane, nominal: f64) -> String {
    let gap = above.w - below.w;
    format!("between planes {:.2} and {:.2} mm (gap {gap:.2} mm, nominal {nominal:.2} mm)", below.w, above.w)
}

/// The height of a source plane strictly between two heights.
pub(super) fn source_plane_between(source: &SourcePlanes, low: f64, high: f64) -> Option<f64> {
    let frame = StackFrame::perpendicular_to(source.normal)?;
    let turn = frame.normal.dot(source.normal).signum();
    (0..source.count)
        .map(|at| frame.height(source.origin) + turn * at as f64 * source.spacing.0)
        .find(|w| *w > low + SAME_PLANE_MM && *w < high - SAME_PLANE_MM)
}

//! The volume model of a ROI: which slab of space each of its planes stands for.
//!
//! Contours are grouped into parallel planes; each plane's [`Region`] reaches half-way to its neighbours ([`Between::Prism`]) and, at
//! the ends, as far as [`Caps`] says. Wide gaps either are bridged or end a run with its own caps; a finding says which. The
//! nominal spacing is the median gap.
//!
//! Units: millimetres; volumes cm³. Frame: the [`StackFrame`] of the contours.

use crate::plane::StackFrame;
use crate::region::{Defect, DrawnRing, Region};
use crate::tolerance::{GAP_BRIDGED, GAP_NOTICED, OFF_PLANE_MM, SAME_PLANE_MM};
use rt_model::finding::{Finding, Parsed, dvh as codes};
use rt_model::frame::PatientPoint;
use rt_model::provenance::Provenance;
use rt_model::structure_set::{Contour, Roi, SourcePlanes};
use rt_model::units::{Cm3, Mm};

/// How the space between two planes is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Between {
    /// Each plane reaches half-way to its neighbours.
    Prism,
}

/// How far a run of planes reaches beyond its end planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caps {
    /// Not at all: an end plane keeps its inward half only.
    None,
    /// By half the nominal spacing.
    HalfSlice,
}

/// The volume model, and what stands in for a spacing that a ROI of a single plane can't tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StackOptions {
    /// Between planes.
    pub between: Between,
    /// At the ends.
    pub caps: Caps,
    /// The structure set's nominal spacing ([`nominal_spacing`]): for a single plane without Contour Slab Thickness.
    pub fallback_thickness: Option<Mm>,
}

/// A plane of a ROI and the slab it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Slab {
    /// Height of the plane the contours were drawn on, mm along the normal.
    pub plane: f64,
    /// Lower face, mm along the normal.
    pub lower: f64,
    /// Upper face, mm along the normal.
    pub upper: f64,
    /// The area inside the contours.
    pub region: Region,
}

impl Slab {
    /// Volume of the slab in mm³.
    fn volume_mm3(&self) -> f64 {
        self.region.area().0 * (self.upper - self.lower)
    }
}

/// The volume of a ROI as slabs over parallel planes.
#[derive(Debug, Clone, PartialEq)]
pub struct RoiStack {
    frame: StackFrame,
    slabs: Vec<Slab>,
    nominal: Mm,
}

/// Why a ROI has no volume.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{text}")]
pub struct StackError {
    kind: StackErrorKind,
    text: String,
}

/// What kept a ROI from having a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StackErrorKind {
    /// No closed contour with an area.
    NoClosedContour,
    /// Planes that are not parallel.
    NotParallel,
    /// A single plane without any thickness.
    NoThickness,
    /// A coordinate that is not finite or beyond 100 m.
    ImpossibleCoordinate,
}

impl StackError {
    /// What kept the ROI from having a volume.
    #[must_use]
    pub const fn kind(&self) -> StackErrorKind {
        self.kind
    }

    /// This error as a finding about the ROI: information where nothing was drawn, an error where a drawing can't be used.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let at = Provenance::unknown();
        match self.kind {
            StackErrorKind::NoClosedContour => Finding::info(codes::NO_CLOSED_CONTOUR, at, self.text.clone()),
            StackErrorKind::NotParallel => Finding::error(codes::NOT_PARALLEL, at, self.text.clone()),
            StackErrorKind::NoThickness => Finding::error(codes::NO_THICKNESS, at, self.text.clone()),
            StackErrorKind::ImpossibleCoordinate => Finding::error(codes::IMPOSSIBLE_COORDINATE, at, self.text.clone()),
        }
    }

    fn new(kind: StackErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// No room and no scanner is larger, mm.
const FARTHEST_MM: f64 = 1e5;

/// A plane while the stack is built.
struct Plane {
    w: f64,
    region: Region,
    thickness: Option<Mm>,
}

impl RoiStack {
    /// The volume that the closed contours of `roi` enclose.
    ///
    /// # Errors
    /// Where nothing closed was drawn, planes are not parallel, a coordinate is impossible, or a single plane has no thickness.
    pub fn build(roi: &Roi, options: &StackOptions) -> Result<Parsed<Self>, StackError> {
        let Between::Prism = options.between;
        let closed: Vec<&Contour> = roi.contours.iter().filter(|contour| contour.kind.is_closed()).collect();
        if closed.is_empty() {
            let text = match roi.contours.len() {
                0 => "no contours".to_owned(),
                count => format!("none of {count} contours is closed"),
            };
            return Err(StackError::new(StackErrorKind::NoClosedContour, text));
        }
        for contour in &closed {
            let possible = |p: &PatientPoint| p.is_finite() && [p.x, p.y, p.z].iter().all(|c| c.abs() <= FARTHEST_MM);
            if !contour.points.iter().all(possible) {
                let text = format!("contour {} has a coordinate that is not finite or beyond {FARTHEST_MM} mm", contour.index);
                return Err(StackError::new(StackErrorKind::ImpossibleCoordinate, text));
            }
        }
        let frame = common_frame(&closed)?;
        let mut findings = Vec::new();
        let planes = planes(&closed, &frame, &mut findings);
        let (nominal, slabs) = match planes.len() {
            0 => return Err(StackError::new(StackErrorKind::NoClosedContour, "no contour encloses an area")),
            1 => single_slab(planes, options, &mut findings)?,
            _ => slabs(planes, options, roi.source_planes.as_ref(), &mut findings),
        };
        Ok(Parsed { value: Self { frame, slabs, nominal }, findings })
    }

    /// Directions of the planes.
    #[must_use]
    pub const fn frame(&self) -> &StackFrame {
        &self.frame
    }

    /// The slabs by rising height; they do not overlap.
    #[must_use]
    pub fn slabs(&self) -> &[Slab] {
        &self.slabs
    }

    /// Median distance between neighbouring planes, or the thickness of the only one.
    #[must_use]
    pub const fn nominal_spacing(&self) -> Mm {
        self.nominal
    }

    /// The whole volume, inside the dose grid or not.
    #[must_use]
    pub fn volume(&self) -> Cm3 {
        Cm3(self.slabs.iter().map(Slab::volume_mm3).sum::<f64>() / 1000.0)
    }

    /// The centre of the volume.
    #[must_use]
    pub fn centroid(&self) -> Option<PatientPoint> {
        let (mut volume, mut sum) = (0.0, [0.0; 3]);
        for slab in &self.slabs {
            let (part, Some([u, v])) = (slab.volume_mm3(), slab.region.centroid()) else { continue };
            volume += part;
            for (total, value) in sum.iter_mut().zip([u, v, (slab.lower + slab.upper) / 2.0]) {
                *total += part * value;
            }
        }
        (volume > 0.0).then(|| self.frame.patient_from_plane([sum[0] / volume, sum[1] / volume], sum[2] / volume))
    }
}

/// The median distance between neighbouring planes over all of `rois`: what a ROI of a single plane takes as its thickness.
#[must_use]
pub fn nominal_spacing<'r>(rois: impl IntoIterator<Item = &'r Roi>) -> Option<Mm> {
    let mut gaps = Vec::new();
    for roi in rois {
        let closed: Vec<&Contour> = roi.contours.iter().filter(|contour| contour.kind.is_closed()).collect();
        let Ok(frame) = common_frame(&closed) else { continue };
        let mut heights: Vec<f64> = closed.iter().map(|contour| height(contour, &frame)).filter(|w| w.is_finite()).collect();
        heights.sort_by(f64::total_cmp);
        gaps.extend(heights.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > SAME_PLANE_MM));
    }
    median(gaps).map(Mm)
}

/// The frame all contours share.
fn common_frame(closed: &[&Contour]) -> Result<StackFrame, StackError> {
    let mut common: Option<StackFrame> = None;
    for contour in closed {
        let Some(frame) = StackFrame::of_contour(&contour.points) else { continue };
        match &common {
            None => common = Some(frame),
            Some(first) if first.is_parallel(&frame) => {}
            Some(_) => {
                let text = format!("contour {} is not parallel to the contours before it", contour.index);
                return Err(StackError::new(StackErrorKind::NotParallel, text));
            }
        }
    }
    common.ok_or_else(|| StackError::new(StackErrorKind::NoClosedContour, "no contour encloses an area"))
}

/// Mean height of a contour's points.
fn height(contour: &Contour, frame: &StackFrame) -> f64 {
    contour.points.iter().map(|point| frame.height(*point)).sum::<f64>() / contour.points.len() as f64
}

/// Contours grouped into planes by rising height, planes without area left out.
fn planes(closed: &[&Contour], frame: &StackFrame, findings: &mut Vec<Finding>) -> Vec<Plane> {
    let mut by_height: Vec<(f64, &Contour)> =
        closed.iter().filter(|contour| !contour.points.is_empty()).map(|contour| (height(contour, frame), *contour)).collect();
    by_height.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut planes = Vec::new();
    for group in by_height.chunk_by(|a, b| b.0 - a.0 <= SAME_PLANE_MM) {
        let w = group[0].0;
        for (mean, contour) in group {
            let off = contour.points.iter().map(|point| (frame.height(*point) - mean).abs()).fold(0.0, f64::max);
            if off > OFF_PLANE_MM {
                let text = format!(
                    "contour {}: points leave their plane by up to {off:.2} mm; their mean plane is taken",
                    contour.index
                );
                findings.push(Finding::warning(codes::OFF_PLANE, Provenance::unknown(), text));
            }
        }
        let drawn: Vec<DrawnRing> = group
            .iter()
            .map(|(_, contour)| DrawnRing {
                points: contour.points.iter().map(|point| frame.plane_from_patient(*point)).collect(),
                exclusive_or: contour.kind == rt_model::structure_set::ContourKind::ClosedPlanarXor,
            })
            .collect();
        let (region, defects) = Region::from_drawn(&drawn);
        let index = |ring: usize| group[ring].1.index;
        findings.extend(defects.iter().map(|defect| told(defect, &index)));
        if !region.is_empty() {
            let thickness = group.iter().find_map(|(_, contour)| contour.slab_thickness);
            planes.push(Plane { w, region, thickness });
        }
    }
    planes
}

/// A defect of the drawing in words.
fn told(defect: &Defect, index: &dyn Fn(usize) -> usize) -> Finding {
    let at = Provenance::unknown();
    match defect {
        Defect::Degenerate { ring } => {
            let text = format!("contour {}: fewer than three distinct points or no area; left out", index(*ring));
            Finding::warning(codes::DEGENERATE_CONTOUR, at, text)
        }
        Defect::Duplicate { ring, of } => {
            let text = format!("contour {} is contour {} drawn again; it counts once", index(*ring), index(*of));
            Finding::warning(codes::DUPLICATE_CONTOUR, at, text)
        }
        Defect::SelfCrossing { ring } => {
            let text = format!("contour {} crosses itself; what it encloses an odd number of times is inside", index(*ring));
            Finding::warning(codes::SELF_CROSSING_CONTOUR, at, text)
        }
        Defect::Overlap { rings, united } => {
            let numbers = rings.iter().map(|ring| index(*ring).to_string()).collect::<Vec<_>>().join(", ");
            let how = if *united { "united" } else { "combined by exclusive-or" };
            Finding::warning(codes::OVERLAPPING_CONTOURS, at, format!("contours {numbers} overlap in part; they are {how}"))
        }
    }
}

/// The slab of a ROI with one plane.
fn single_slab(planes: Vec<Plane>, options: &StackOptions, findings: &mut Vec<Finding>) -> Result<(Mm, Vec<Slab>), StackError> {
    let known = |thickness: Option<Mm>| thickness.filter(|mm| mm.is_finite() && mm.0 > 0.0);
    let mut slabs = Vec::new();
    let mut nominal = Mm(0.0);
    for plane in planes {
        let (thickness, source) = match (options.caps, known(plane.thickness), known(options.fallback_thickness)) {
            (Caps::None, _, _) => {
                return Err(StackError::new(StackErrorKind::NoThickness, "a single plane has no volume without end caps"));
            }
            (_, Some(own), _) => (own, "Contour Slab Thickness"),
            (_, None, Some(nominal)) => (nominal, "the nominal spacing of the structure set's other ROIs"),
            (_, None, None) => {
                let text = "a single plane, and neither Contour Slab Thickness nor another ROI gives a thickness";
                return Err(StackError::new(StackErrorKind::NoThickness, text));
            }
        };
        let text = format!("a single plane; its thickness of {:.3} mm is {source}", thickness.0);
        findings.push(Finding::info(codes::SINGLE_PLANE, Provenance::unknown(), text));
        let half = thickness.0 / 2.0;
        nominal = thickness;
        slabs.push(Slab { plane: plane.w, lower: plane.w - half, upper: plane.w + half, region: plane.region });
    }
    Ok((nominal, slabs))
}

/// The slabs of two or more planes.
fn slabs(
    planes: Vec<Plane>,
    options: &StackOptions,
    source: Option<&SourcePlanes>,
    findings: &mut Vec<Finding>,
) -> (Mm, Vec<Slab>) {
    let gaps: Vec<f64> = planes.windows(2).map(|pair| pair[1].w - pair[0].w).collect();
    let nominal = median(gaps).unwrap_or_default();
    let cap = match options.caps {
        Caps::None => 0.0,
        Caps::HalfSlice => nominal / 2.0,
    };
    let mut slabs: Vec<Slab> = Vec::with_capacity(planes.len());
    for plane in planes {
        let mut lower = plane.w - cap;
        if let Some(below) = slabs.last_mut() {
            if joins(below, &plane, nominal, source, cap, findings) {
                let middle = (below.plane + plane.w) / 2.0;
                (below.upper, lower) = (middle, middle);
            } else {
                // Caps of two runs never overlap.
                below.upper = below.upper.min((below.plane + plane.w) / 2.0);
                lower = lower.max((below.plane + plane.w) / 2.0);
            }
        }
        slabs.push(Slab { plane: plane.w, lower, upper: plane.w + cap, region: plane.region });
    }
    (Mm(nominal), slabs)
}

/// Whether the space between two neighbouring planes belongs to the ROI.
fn joins(
    below: &Slab,
    above: &Plane,
    nominal: f64,
    source: Option<&SourcePlanes>,
    cap: f64,
    findings: &mut Vec<Finding>,
) -> bool {
    let gap = above.w - below.plane;
    let between = format!("between planes {:.2} and {:.2} mm (gap {gap:.2} mm, nominal {nominal:.2} mm)", below.plane, above.w);
    let at = Provenance::unknown();
    if let Some(source) = source
        && let Some(empty) = source_plane_between(source, below.plane, above.w)
    {
        let text = format!("{between}: the source plane at {empty:.2} mm has no contour; the gap stays empty");
        findings.push(Finding::info(codes::GAP_KEPT, at, text));
        return false;
    }
    if gap <= GAP_NOTICED * nominal || source.is_some() {
        return true;
    }
    if gap <= GAP_BRIDGED * nominal && below.region.overlaps(&above.region) {
        let added = (below.region.area().0 + above.region.area().0) * (gap / 2.0 - cap).max(0.0) / 1000.0;
        let text = format!("{between}: bridged, since the contours overlap; the bridge adds {added:.3} cm3");
        findings.push(Finding::warning(codes::GAP_BRIDGED, at, text));
        return true;
    }
    findings.push(Finding::warning(codes::GAP_KEPT, at, format!("{between}: not bridged; each part has its own end caps")));
    false
}

/// The height of a source plane strictly between two heights.
fn source_plane_between(source: &SourcePlanes, low: f64, high: f64) -> Option<f64> {
    let frame = StackFrame::perpendicular_to(source.normal)?;
    let turn = frame.normal.dot(source.normal).signum();
    (0..source.count)
        .map(|at| frame.height(source.origin) + turn * at as f64 * source.spacing.0)
        .find(|w| *w > low + SAME_PLANE_MM && *w < high - SAME_PLANE_MM)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        count if count % 2 == 1 => Some(values[half]),
        _ => Some((values[half - 1] + values[half]) / 2.0),
    }
}

#[cfg(test)]
mod tests;

//! The volume model of a ROI: which slab of space each of its planes stands for.
//!
//! Contours are grouped into parallel planes. Between planes, each [`Region`] reaches half-way to its
//! neighbours ([`Between::Prism`]) or turns into the next ([`Between::Interpolated`]); at the ends it reaches
//! as far as [`Caps`] says. Wide gaps either are bridged or end a run with its own caps; a finding says
//! which. The nominal spacing is the median gap.
//!
//! Units: millimetres; volumes cm³. Frame: the [`StackFrame`] of the contours.

mod cap;
mod error;
mod gaps;
mod interpolated;
mod options;
mod parts;
mod planes;
mod prism;
mod usable;

pub use error::{StackError, StackErrorKind};
pub use options::{Between, Caps, ParseRuleError, StackOptions};
pub use planes::nominal_spacing;
pub use usable::UsableContours;

use crate::plane::StackFrame;
use crate::region::Region;
use cap::Cap;
use gaps::Gap;
use planes::Plane;
use rt_model::finding::{Finding, Parsed, dvh as codes};
use rt_model::frame::PatientPoint;
use rt_model::provenance::Provenance;
use rt_model::structure_set::{Roi, SourcePlanes};
use rt_model::units::{Cm3, Mm};

/// A slab of a ROI's volume: a plane, drawn or interpolated, and the space it stands for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Slab {
    /// Height of the plane that the region lies on, mm along the normal: one with contours, or one between
    /// two of those.
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

impl RoiStack {
    /// The volume that the closed contours of `roi` enclose.
    ///
    /// A stack is made here and nowhere else, and a [`Region`] only with it: a ROI that lacks contours of its
    /// file gives neither a volume nor an area.
    ///
    /// # Errors
    /// Where contours of the ROI's file could not be used ([`StackErrorKind::UnusableContours`]), nothing
    /// closed was drawn, planes are not parallel, a coordinate is impossible, contours are entangled beyond
    /// measure, or a single plane has no thickness.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, stack::{RoiStack, StackErrorKind}};
    /// use rt_model::structure_set::Roi;
    ///
    /// let roi = example::roi();
    /// let built = RoiStack::build(&roi, &example::options()).unwrap();
    /// assert_eq!(built.value.volume().0, 4.0);
    ///
    /// let damaged = Roi { unusable_contours: 1, ..roi };
    /// let error = RoiStack::build(&damaged, &example::options()).unwrap_err();
    /// assert_eq!(error.kind(), StackErrorKind::UnusableContours { count: 1 });
    /// ```
    pub fn build(roi: &Roi, options: &StackOptions) -> Result<Parsed<Self>, StackError> {
        let usable = UsableContours::of(roi)?;
        let frame = usable.frame();
        let mut findings = Vec::new();
        let planes = planes::planes(usable.contours(), &frame, &mut findings)?;
        let (nominal, slabs) = match planes.len() {
            0 => return Err(StackError::new(StackErrorKind::NoClosedContour, "no contour encloses an area")),
            1 => single(planes, options, &mut findings)?,
            _ => several(planes, options, roi.source_planes.as_ref(), &mut findings),
        };
        if slabs.is_empty() {
            let text =
                "no part of the ROI is on two neighbouring planes, and without end caps it has no volume";
            return Err(StackError::new(StackErrorKind::NoThickness, text));
        }
        Ok(Parsed { value: Self { frame, slabs, nominal }, findings })
    }

    /// Directions of the planes.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, plane::StackFrame};
    ///
    /// assert_eq!(example::stack().frame(), &StackFrame::AXIAL);
    /// ```
    #[must_use]
    pub const fn frame(&self) -> &StackFrame {
        &self.frame
    }

    /// The slabs by rising height; they do not overlap.
    ///
    /// # Example
    /// ```
    /// let stack = rt_geometry::example::stack();
    /// let slabs: Vec<_> = stack.slabs().iter().map(|slab| (slab.lower, slab.plane, slab.upper)).collect();
    /// assert_eq!(slabs, [(0.0, 2.5, 5.0), (5.0, 7.5, 10.0)]);
    /// ```
    #[must_use]
    pub fn slabs(&self) -> &[Slab] {
        &self.slabs
    }

    /// Median distance between neighbouring planes, or the thickness of the only one.
    ///
    /// # Example
    /// ```
    /// assert_eq!(rt_geometry::example::stack().nominal_spacing().0, 5.0);
    /// ```
    #[must_use]
    pub const fn nominal_spacing(&self) -> Mm {
        self.nominal
    }

    /// The whole volume, inside the dose grid or not.
    ///
    /// # Example
    /// ```
    /// // 20 by 20 by 10 mm.
    /// assert_eq!(rt_geometry::example::stack().volume().0, 4.0);
    /// ```
    #[must_use]
    pub fn volume(&self) -> Cm3 {
        Cm3(self.slabs.iter().map(Slab::volume_mm3).sum::<f64>() / 1000.0)
    }

    /// The centre of the volume.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    /// use rt_model::frame::PatientPoint;
    ///
    /// assert_eq!(example::stack().centroid(), Some(PatientPoint::new(10.0, 10.0, 5.0)));
    /// ```
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
        (volume > 0.0)
            .then(|| self.frame.patient_from_plane([sum[0] / volume, sum[1] / volume], sum[2] / volume))
    }
}

/// The slabs of a ROI with one plane.
fn single(
    planes: Vec<Plane>,
    options: &StackOptions,
    findings: &mut Vec<Finding>,
) -> Result<(Mm, Vec<Slab>), StackError> {
    let known = |thickness: Option<Mm>| thickness.filter(|mm| mm.is_finite() && mm.0 > 0.0);
    let own = planes.iter().find_map(|plane| known(plane.thickness));
    let (thickness, source) = match (options.caps, own, known(options.fallback_thickness)) {
        (Caps::None, _, _) => {
            return Err(StackError::new(
                StackErrorKind::NoThickness,
                "a single plane has no volume without end caps",
            ));
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
    Ok((thickness, prism::slabs(planes, &[], Cap::new(options.caps, thickness.0))))
}

/// The slabs of two or more planes.
fn several(
    planes: Vec<Plane>,
    options: &StackOptions,
    source: Option<&SourcePlanes>,
    findings: &mut Vec<Finding>,
) -> (Mm, Vec<Slab>) {
    let nominal =
        planes::median(planes.windows(2).map(|pair| pair[1].w - pair[0].w).collect()).unwrap_or_default();
    let cap = Cap::new(options.caps, nominal);
    let gaps: Vec<Gap> =
        planes.windows(2).map(|pair| Gap::between(&pair[0], &pair[1], nominal, source, findings)).collect();
    let joined: Vec<bool> = gaps.iter().map(|gap| *gap != Gap::Kept).collect();
    for (pair, _) in planes.windows(2).zip(&gaps).filter(|(_, gap)| **gap == Gap::Bridged) {
        let added = (pair[0].region.area().0 + pair[1].region.area().0)
            * ((pair[1].w - pair[0].w) / 2.0 - cap.height);
        findings.push(gaps::bridged(&pair[0], &pair[1], nominal, added));
    }
    let slabs = match options.between {
        Between::Prism => prism::slabs(planes, &joined, cap),
        Between::Interpolated => interpolated::slabs(&planes, &joined, cap),
    };
    (Mm(nominal), slabs)
}

#[cfg(test)]
mod tests;

//! The volume model of a ROI: which slab of space each of its planes stands for.
//!
//! Contours are grouped into parallel planes. Between planes, each [`Region`] reaches half-way to its
//! neighbours ([`Between::Prism`]) or turns into the next ([`Between::Interpolated`]); at the ends it reaches
//! as far as [`Caps`] says. Wide gaps either are bridged or end a run with its own caps; a finding says
//! which. How contours become planes, and which gaps are wide, goes by [`PlaneRules`].
//!
//! Units: millimetres; volumes cm³. Frame: the [`StackFrame`] of the contours.

mod cap;
mod drawn;
mod drawn_part;
mod error;
mod fit;
mod frames;
mod gaps;
mod interpolated;
mod merged;
mod notes;
mod options;
mod parts;
mod planes;
mod prism;
mod repeats;
mod spaces;
mod structure_planes;
mod usable;
mod version1;
mod version2;
mod witness;

pub use error::{StackError, StackErrorKind};
pub use options::{Between, Caps, ParseRuleError, PlaneRules, Reading, StackOptions};
pub use structure_planes::{Neighbours, StructurePlanes};
pub use usable::UsableContours;

use crate::plane::StackFrame;
use crate::region::Region;
use rt_model::finding::Parsed;
use rt_model::frame::PatientPoint;
use rt_model::structure_set::Roi;
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
    pub fn build(roi: &Roi, options: &StackOptions<'_>) -> Result<Parsed<Self>, StackError> {
        let usable = UsableContours::of(roi)?;
        let mut findings = Vec::new();
        let Built { frame, nominal, slabs } = match options.planes {
            PlaneRules::Version1 => version1::build(roi, &usable, options, &mut findings)?,
            PlaneRules::Version2 => version2::build(roi, &usable, options, &mut findings)?,
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

/// What the rules make of a ROI's contours.
struct Built {
    frame: StackFrame,
    nominal: Mm,
    slabs: Vec<Slab>,
}

#[cfg(test)]
mod tests;

//! What the ROIs of a structure set tell of each other: on which planes each is drawn.
//!
//! Units: millimetres. Frame: heights count along the normal of each ROI's [`StackFrame`].

use super::drawn::{Drawn, closed};
use super::drawn_part::{DrawnPart, Owner, Part, parts};
use super::frames::{Frames, own_frame};
use super::planes::nominal_spacing;
use crate::plane::StackFrame;
use rt_model::structure_set::{Contour, Roi};
use rt_model::units::Mm;
use std::sync::OnceLock;

/// The planes on which the ROIs of a structure set are drawn; found out once, when first asked for.
///
/// # Example
/// ```
/// use rt_geometry::{example, stack::{RoiStack, StructurePlanes}};
///
/// let rois = [example::roi()];
/// let planes = StructurePlanes::of(&rois);
/// let options = example::options().with_neighbours(planes.neighbours(0));
/// assert_eq!(RoiStack::build(&rois[0], &options).unwrap().value.volume().0, 4.0);
/// ```
#[derive(Debug)]
pub struct StructurePlanes<'r> {
    rois: &'r [Roi],
    nominal: OnceLock<Option<Mm>>,
    drawn: OnceLock<DrawnSet>,
}

/// A ROI's place among the ROIs of its structure set.
#[derive(Debug, Clone, Copy)]
pub struct Neighbours<'s> {
    set: &'s StructurePlanes<'s>,
    at: usize,
}

impl<'r> StructurePlanes<'r> {
    /// The planes of these ROIs.
    #[must_use]
    pub const fn of(rois: &'r [Roi]) -> Self {
        Self { rois, nominal: OnceLock::new(), drawn: OnceLock::new() }
    }

    /// The neighbours of the ROI at a position of the slice.
    #[must_use]
    pub const fn neighbours(&self, at: usize) -> Neighbours<'_> {
        Neighbours { set: self, at }
    }

    /// The neighbours of one of these ROIs; `None` for a ROI that is not one of them.
    #[must_use]
    pub fn neighbours_of(&self, roi: &Roi) -> Option<Neighbours<'_>> {
        self.rois.iter().position(|one| std::ptr::eq(one, roi)).map(|at| self.neighbours(at))
    }
}

impl Neighbours<'_> {
    /// The structure set's nominal spacing by version 1 of the plane rules.
    pub(super) fn nominal(&self) -> Option<Mm> {
        *self.set.nominal.get_or_init(|| nominal_spacing(self.set.rois))
    }

    fn drawn(&self) -> &DrawnSet {
        self.set.drawn.get_or_init(|| DrawnSet::of(self.set.rois))
    }
}

/// The parts of all ROIs.
#[derive(Debug)]
struct DrawnSet {
    frames: Frames,
    /// The smallest slice distance in each frame.
    smallest: Vec<Option<f64>>,
    parts: Vec<Part>,
}

impl DrawnSet {
    fn of(rois: &[Roi]) -> Self {
        let frames = Frames::of(rois);
        let drawings: Vec<_> = rois
            .iter()
            .enumerate()
            .filter_map(|(at, roi)| {
                let (number, frame) = frames.of_roi(at)?;
                Some((at, number, Drawn::new(&closed(roi), frame).of_external(roi.is_external())))
            })
            .collect();
        let count = drawings.iter().map(|(_, number, _)| number + 1).max().unwrap_or_default();
        let smallest: Vec<Option<f64>> = (0..count)
            .map(|wanted| {
                smallest(drawings.iter().filter(|(_, number, _)| *number == wanted).map(|(.., drawn)| drawn))
            })
            .collect();
        let parts = drawings
            .iter()
            // Where a contour is missing, a plane may be.
            .filter(|(at, ..)| rois[*at].unusable_contours == 0 && !rois[*at].is_foreign)
            .flat_map(|(at, number, drawn)| {
                let owner = Owner { roi: *at, frame: *number };
                parts(drawn, smallest[*number])
                    .into_iter()
                    .map(move |drawn| Part { owner: Some(owner), ..drawn.part })
            })
            .collect();
        Self { frames, smallest, parts }
    }
}

/// The smallest slice distance of some drawings; of their steps where none has one.
fn smallest<'d, 'r: 'd>(drawings: impl Iterator<Item = &'d Drawn<'r>> + Clone) -> Option<f64> {
    let distances = drawings.clone().filter_map(Drawn::slice_distance).min_by(f64::total_cmp);
    distances.or_else(|| drawings.filter_map(Drawn::smallest_step).min_by(f64::total_cmp))
}

/// The drawing of one ROI and what the others tell of it.
pub(super) struct Surroundings<'s> {
    pub(super) frame: StackFrame,
    smallest: Option<f64>,
    owner: Option<Owner>,
    external: bool,
    /// The frame of the structure set's largest drawing.
    leading: Option<StackFrame>,
    set: &'s [Part],
}

impl<'s> Surroundings<'s> {
    /// Those of a ROI; without neighbours, it is looked at alone. `None` where it encloses nothing.
    pub(super) fn of(roi: &Roi, neighbours: Option<&'s Neighbours<'s>>) -> Option<Self> {
        let external = roi.is_external();
        let placed = neighbours.and_then(|neighbours| {
            let drawn = neighbours.drawn();
            Some((neighbours.at, drawn, drawn.frames.of_roi(neighbours.at)?))
        });
        let Some((roi, drawn, (number, frame))) = placed else {
            let frame = own_frame(roi)?;
            return Some(Self { frame, smallest: None, owner: None, external, leading: None, set: &[] });
        };
        Some(Self {
            frame,
            smallest: drawn.smallest[number],
            owner: Some(Owner { roi, frame: number }),
            external,
            leading: drawn.frames.leading(),
            set: &drawn.parts,
        })
    }

    /// Degrees between these planes and those of the largest drawing.
    pub(super) fn turned(&self) -> f64 {
        self.leading.map_or(0.0, |leading| {
            let cosine = self.frame.normal.dot(leading.normal).abs();
            self.frame.normal.cross(leading.normal).length().atan2(cosine).to_degrees()
        })
    }

    /// The parts of the ROI.
    pub(super) fn parts<'r>(&self, closed: &[&'r Contour]) -> Vec<DrawnPart<'r>> {
        let drawn = Drawn::new(closed, self.frame).of_external(self.external);
        let smallest = self.smallest.or_else(|| smallest(std::iter::once(&drawn)));
        parts(&drawn, smallest)
    }

    /// The parts of other ROIs in the same frame.
    pub(super) fn others(&self) -> impl Iterator<Item = &'s Part> + Clone {
        let own = self.owner;
        self.set.iter().filter(move |part| match (own, part.owner) {
            (Some(own), Some(owner)) => owner.frame == own.frame && owner.roi != own.roi,
            _ => false,
        })
    }
}

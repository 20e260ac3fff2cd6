//! What several ROIs enclose together: slabs of united regions.
//!
//! Units: millimetres; volumes cm³. Frame: the [`StackFrame`] of the first ROI.

use crate::plane::StackFrame;
use crate::region::Region;
use crate::stack::{RoiStack, Slab};
use crate::tolerance::{PARALLEL_SINE, SAME_PLANE_MM};
use rt_model::units::Cm3;

/// A volume as slabs over parallel planes, none overlapping another.
#[derive(Debug, Clone, PartialEq)]
pub struct Solid {
    frame: StackFrame,
    slabs: Vec<Slab>,
}

impl Solid {
    /// The union of ROIs; `None` where there is none, or their planes are not those of the first.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, solid::Solid};
    ///
    /// let stack = example::stack();
    /// let both = Solid::union_of(&[&stack, &stack]).unwrap();
    /// assert!((both.overlap(&stack).unwrap().0 - 4.0).abs() < 1e-6, "what two ROIs share counts once");
    /// assert!(Solid::union_of(&[]).is_none());
    /// ```
    #[must_use]
    pub fn union_of(stacks: &[&RoiStack]) -> Option<Self> {
        let frame = *stacks.first()?.frame();
        if !stacks.iter().all(|stack| is_same(&frame, stack.frame())) {
            return None;
        }
        let slabs = match stacks {
            [only] => only.slabs().to_vec(),
            _ => united(&stacks.iter().flat_map(|stack| stack.slabs()).collect::<Vec<_>>()),
        };
        Some(Self { frame, slabs })
    }

    /// Directions of the planes.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, plane::StackFrame, solid::Solid};
    ///
    /// let solid = Solid::union_of(&[&example::stack()]).unwrap();
    /// assert_eq!(solid.frame(), &StackFrame::AXIAL);
    /// ```
    #[must_use]
    pub const fn frame(&self) -> &StackFrame {
        &self.frame
    }

    /// The slabs by rising height; they do not overlap.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, solid::Solid};
    ///
    /// let solid = Solid::union_of(&[&example::stack()]).unwrap();
    /// let faces: Vec<_> = solid.slabs().iter().map(|slab| (slab.lower, slab.upper)).collect();
    /// assert_eq!(faces, [(0.0, 5.0), (5.0, 10.0)]);
    /// ```
    #[must_use]
    pub fn slabs(&self) -> &[Slab] {
        &self.slabs
    }

    /// The volume shared with a ROI; `None` where its planes are others.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::{example, solid::Solid};
    ///
    /// let solid = Solid::union_of(&[&example::stack()]).unwrap();
    /// // Half of a box that begins 10 mm farther along x.
    /// let other = example::stack_along_x([10.0, 30.0]);
    /// assert!((solid.overlap(&other).unwrap().0 - 2.0).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn overlap(&self, roi: &RoiStack) -> Option<Cm3> {
        if !is_same(&self.frame, roi.frame()) {
            return None;
        }
        let mut mm3 = 0.0;
        for slab in roi.slabs() {
            let first = self.slabs.partition_point(|own| own.upper <= slab.lower);
            for own in self.slabs[first..].iter().take_while(|own| own.lower < slab.upper) {
                let height = slab.upper.min(own.upper) - slab.lower.max(own.lower);
                mm3 += height * slab.region.shared_area(&own.region).0;
            }
        }
        Some(Cm3(mm3 / 1000.0))
    }
}

/// Plane coordinates of one frame are those of the other.
fn is_same(a: &StackFrame, b: &StackFrame) -> bool {
    (a.turn() - b.turn()).row_iter().all(|apart| apart.norm() <= PARALLEL_SINE)
}

/// Slabs that overlap, cut at all their faces, each piece with the union of what covers it.
fn united(all: &[&Slab]) -> Vec<Slab> {
    let mut faces: Vec<f64> = all.iter().flat_map(|slab| [slab.lower, slab.upper]).collect();
    faces.sort_by(f64::total_cmp);
    faces.dedup_by(|a, b| (*a - *b).abs() <= SAME_PLANE_MM);
    let piece = |ends: &[f64]| {
        let (lower, upper) = (ends[0], ends[1]);
        let middle = (lower + upper) / 2.0;
        let covering = all.iter().filter(|slab| slab.lower < middle && middle < slab.upper);
        let region = covering.fold(Region::default(), |region, slab| region.union(&slab.region));
        Slab { plane: middle, lower, upper, region }
    };
    faces.windows(2).map(piece).filter(|slab| !slab.region.is_empty()).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::stack::{Between, Caps, StackOptions};
    use rt_model::frame::PatientPoint;
    use rt_model::structure_set::{Contour, ContourKind, Roi};

    /// An axial box of 2 mm slabs.
    pub(crate) fn cuboid(low: [f64; 3], high: [f64; 3]) -> RoiStack {
        let count = ((high[2] - low[2]) / 2.0).round() as usize;
        let contour = |index: usize| {
            let z = low[2] + 1.0 + 2.0 * index as f64;
            let corners = [(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])];
            let points = corners.map(|(x, y)| PatientPoint::new(x, y, z)).to_vec();
            Contour { index, kind: ContourKind::ClosedPlanar, points, slab_thickness: None }
        };
        let roi = Roi { contours: (0..count).map(contour).collect(), ..Roi::default() };
        let options = StackOptions::new(Between::Prism, Caps::HalfSlice);
        RoiStack::build(&roi, &options).unwrap().value
    }

    #[test]
    fn overlapping_rois_count_once() {
        let (a, b) = (cuboid([0.0; 3], [10.0; 3]), cuboid([5.0, 0.0, 3.0], [15.0, 10.0, 13.0]));
        let both = Solid::union_of(&[&a, &b]).unwrap();
        let volume: f64 =
            both.slabs().iter().map(|slab| slab.region.area().0 * (slab.upper - slab.lower)).sum();
        let expected = 1000.0 + 1000.0 - 5.0 * 10.0 * 7.0;
        assert!((volume - expected).abs() < 1e-3, "{volume}");
        let all = cuboid([-5.0, -5.0, -4.0], [25.0, 25.0, 26.0]);
        assert!((both.overlap(&all).unwrap().0 - expected / 1000.0).abs() < 1e-6);
    }

    #[test]
    fn the_overlap_is_the_shared_volume() {
        let target = Solid::union_of(&[&cuboid([0.0; 3], [10.0; 3])]).unwrap();
        for (low, high, cm3) in [
            ([5.0, 5.0, 5.0], [15.0, 15.0, 15.0], 0.125),
            ([2.0, 2.0, 2.0], [8.0, 8.0, 8.0], 0.216),
            ([10.0, 0.0, 0.0], [20.0, 10.0, 10.0], 0.0),
            ([0.0, 0.0, 10.0], [10.0, 10.0, 20.0], 0.0),
        ] {
            let found = target.overlap(&cuboid(low, high)).unwrap().0;
            assert!((found - cm3).abs() < 1e-6, "{low:?}: {found}");
        }
        assert_eq!(Solid::union_of(&[]), None);
    }
}

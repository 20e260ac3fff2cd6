//! Shape-based interpolation between planes, as thin slabs.
//!
//! Each slab has the region half-way through it, so that everything downstream is exact for the stack of
//! slabs. There are as many slabs as it takes for the boundary to move by no more than [`STEP_MM`] from one
//! to the next.
//!
//! Units: millimetres. Frame: w along the normal.

use super::Slab;
use super::cap::{Cap, Capped};
use super::parts::{Ending, correspond};
use super::planes::Plane;
use crate::level::Level;
use crate::region::Region;

/// How far the boundary moves from slab to slab, mm, where [`MOST_SLABS`] allow it.
const STEP_MM: f64 = 0.25;

/// No gap has more slabs than this, besides those of parts that end in it.
const MOST_SLABS: f64 = 12.0;

/// Faces closer than this are one, mm.
const SAME_FACE_MM: f64 = 1e-9;

/// The slabs of planes by rising height; `joined[n]` states whether the space between planes n and n + 1
/// belongs to the ROI, `caps[n]` what plane n has below and above it where a run ends with it, and
/// `endings[n]` how parts end that the plane above lacks.
pub(super) fn slabs(planes: &[Plane], joined: &[bool], caps: &[[Cap; 2]], endings: &[Cap]) -> Vec<Slab> {
    let mut slabs = Vec::new();
    for (at, plane) in planes.iter().enumerate() {
        let below = at.checked_sub(1).map(|below| (&planes[below], joined[below]));
        if below.is_none_or(|(_, joined)| !joined) {
            let room = below.map_or(f64::INFINITY, |(below, _)| (plane.w - below.w) / 2.0);
            slabs.extend(caps[at][0].within(room).slabs(plane, -1.0).into_iter().rev());
        }
        match planes.get(at + 1) {
            Some(above) if joined[at] => slabs.extend(between(plane, above, endings[at])),
            above => {
                let room = above.map_or(f64::INFINITY, |above| (above.w - plane.w) / 2.0);
                slabs.extend(caps[at][1].within(room).slabs(plane, 1.0));
            }
        }
    }
    slabs
}

/// The slabs between two planes.
fn between(below: &Plane, above: &Plane, cap: Cap) -> Vec<Slab> {
    let gap = above.w - below.w;
    let (lower, upper) = (below.region.without_walls(), above.region.without_walls());
    let parts = correspond(&lower, &upper);
    let cap = cap.within(gap / 2.0);
    let endings: Vec<(f64, bool, Capped)> = parts
        .endings
        .into_iter()
        .map(|Ending { region, hole, from_below }| {
            (if hole { -1.0 } else { 1.0 }, from_below, cap.over(region))
        })
        .collect();
    let joints: Vec<Joint> = parts.pairs.into_iter().map(Joint::new).collect();
    let movement = joints.iter().map(Joint::movement).fold(0.0, f64::max);
    let steps = (movement / STEP_MM).ceil().clamp(1.0, MOST_SLABS);
    let mut faces: Vec<f64> = (0..=steps as usize).map(|at| gap * at as f64 / steps).collect();
    if !endings.is_empty() {
        faces.extend(cap.faces().into_iter().flat_map(|z| [z, gap - z]));
        faces.sort_by(f64::total_cmp);
        faces.dedup_by(|next, last| *next - *last <= SAME_FACE_MM);
    }
    let slab = |pair: &[f64]| {
        let middle = (pair[0] + pair[1]) / 2.0;
        let mut region = Region::default();
        for joint in &joints {
            region.add(joint.at(middle / gap), 1.0);
        }
        for (sign, from_below, capped) in &endings {
            region.add(capped.at(if *from_below { middle } else { gap - middle }), *sign);
        }
        Slab { plane: below.w + middle, lower: below.w + pair[0], upper: below.w + pair[1], region }
    };
    faces.windows(2).map(slab).filter(|slab| !slab.region.is_empty()).collect()
}

/// What two planes have in corresponding parts.
enum Joint {
    /// The same on both.
    Same(Region),
    /// Something that changes.
    Blend(Level),
}

impl Joint {
    fn new((lower, upper): (Region, Region)) -> Self {
        if lower == upper { Self::Same(lower) } else { Self::Blend(Level::between(&lower, &upper)) }
    }

    fn movement(&self) -> f64 {
        match self {
            Self::Same(_) => 0.0,
            Self::Blend(level) => level.movement(),
        }
    }

    fn at(&self, part: f64) -> Region {
        match self {
            Self::Same(region) => region.clone(),
            Self::Blend(level) => level.blended(part),
        }
    }
}

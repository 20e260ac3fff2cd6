//! Beyond the last plane.
//!
//! Units: millimetres. Frame: w along the normal; z is the distance from the end plane outwards.

use super::Slab;
use super::options::Caps;
use super::planes::Plane;
use crate::level::Level;
use crate::region::Region;

/// Slabs of a rounded cap are at most this thick, mm, where [`MOST_SLABS`] allow it, and there are at least
/// three.
const ROUNDED_STEP_MM: f64 = 0.25;

/// No rounded cap has more slabs than this: with so many, its volume is off by less than 0.1 %, and planes
/// that lie metres apart cost no more than those of a coarse scan.
const MOST_SLABS: f64 = 24.0;

/// What a run of planes, or a part of it, has beyond its last plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cap {
    /// How far it reaches.
    pub(super) height: f64,
    rounded: bool,
}

impl Cap {
    pub(super) fn new(caps: Caps, nominal: f64) -> Self {
        let half = nominal / 2.0;
        let height = match caps {
            Caps::None => 0.0,
            Caps::HalfSlice | Caps::Rounded => half,
            Caps::HalfSliceCapped(most) => half.min(most.0),
        };
        Self { height, rounded: caps == Caps::Rounded }
    }

    /// The same shape, no higher than `most`.
    pub(super) fn within(self, most: f64) -> Self {
        Self { height: self.height.min(most), ..self }
    }

    /// The cap is a slab of the end plane's own region.
    pub(super) const fn is_flat(self) -> bool {
        !self.rounded
    }

    /// Distances from the plane at which its slabs begin and end, from 0 on.
    pub(super) fn faces(self) -> Vec<f64> {
        if self.height <= 0.0 {
            return vec![0.0];
        }
        let steps =
            if self.rounded { (self.height / ROUNDED_STEP_MM).ceil().clamp(3.0, MOST_SLABS) } else { 1.0 };
        // A quarter circle in equal angles: the steps are short where it is steep.
        (0..=steps as usize)
            .map(|at| at as f64 / steps)
            .map(|part| {
                self.height * if self.rounded { (part * std::f64::consts::FRAC_PI_2).sin() } else { part }
            })
            .collect()
    }

    /// The cross-sections over a region.
    pub(super) fn over(self, region: Region) -> Capped {
        let level = (self.rounded && self.height > 0.0).then(|| Level::inside(&region, self.height));
        Capped { cap: self, region, level }
    }

    /// The slabs above (`outwards` 1) or below (-1) a plane, by rising distance.
    pub(super) fn slabs(self, plane: &Plane, outwards: f64) -> Vec<Slab> {
        let over = self.over(plane.region.clone());
        let slab = |pair: &[f64]| {
            let (from, to) = (plane.w + outwards * pair[0], plane.w + outwards * pair[1]);
            let region = over.at((pair[0] + pair[1]) / 2.0);
            Slab { plane: plane.w, lower: from.min(to), upper: from.max(to), region }
        };
        self.faces().windows(2).map(slab).filter(|slab| !slab.region.is_empty()).collect()
    }
}

/// A cap over its region.
pub(super) struct Capped {
    cap: Cap,
    region: Region,
    level: Option<Level>,
}

impl Capped {
    /// The cross-section at distance `z`, empty beyond the cap.
    pub(super) fn at(&self, z: f64) -> Region {
        let height = self.cap.height;
        match &self.level {
            _ if z > height => Region::default(),
            None => self.region.clone(),
            Some(level) => level.eroded(height - (height * height - z * z).sqrt()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_cap_of_any_height_is_a_few_slabs() {
        // Half a ball: the slabs' discs have the radius half-way through each.
        for height in [1.5, 4.0, 40.0, 4000.0f64] {
            let faces = Cap::new(Caps::Rounded, 2.0 * height).faces();
            assert!(faces.len() <= 25, "{height}: {}", faces.len());
            let disc = |z: f64| std::f64::consts::PI * (height * height - z * z);
            let volume: f64 =
                faces.windows(2).map(|pair| (pair[1] - pair[0]) * disc((pair[0] + pair[1]) / 2.0)).sum();
            let expected = 2.0 / 3.0 * std::f64::consts::PI * height.powi(3);
            let allowed = if height < 4.0 { 1e-2 } else { 1e-3 };
            assert!((volume / expected - 1.0).abs() < allowed, "{height}: {volume} {expected}");
        }
    }
}

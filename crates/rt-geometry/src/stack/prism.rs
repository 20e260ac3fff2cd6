//! Each plane half-way to its neighbours.
//!
//! Units: millimetres. Frame: w along the normal.

use super::Slab;
use super::cap::Cap;
use super::planes::Plane;

/// The slabs of planes by rising height; `joined[n]` states whether the space between planes n and n + 1
/// belongs to the ROI, `caps[n]` what plane n has below and above it where a run ends with it.
pub(super) fn slabs(planes: Vec<Plane>, joined: &[bool], caps: &[[Cap; 2]]) -> Vec<Slab> {
    let middles: Vec<f64> = planes.windows(2).map(|pair| (pair[0].w + pair[1].w) / 2.0).collect();
    let mut slabs = Vec::with_capacity(planes.len());
    for (at, plane) in planes.into_iter().enumerate() {
        let below = at.checked_sub(1).map(|gap| (middles[gap], joined[gap]));
        let above = middles.get(at).map(|middle| (*middle, joined[at]));
        let mut faces = [plane.w; 2];
        let mut beyond = [Vec::new(), Vec::new()];
        for (side, (next, outwards)) in [(below, -1.0), (above, 1.0)].into_iter().enumerate() {
            // Caps of two runs never overlap.
            let cap = caps[at][side];
            let cap = next.map_or(cap, |(middle, _)| cap.within((middle - plane.w).abs()));
            match next {
                Some((middle, true)) => faces[side] = middle,
                _ if cap.is_flat() => faces[side] += outwards * cap.height,
                _ => beyond[side] = cap.slabs(&plane, outwards),
            }
        }
        let [below, above] = beyond;
        slabs.extend(below.into_iter().rev());
        if faces[0] < faces[1] && !plane.region.is_empty() {
            slabs.push(Slab { plane: plane.w, lower: faces[0], upper: faces[1], region: plane.region });
        }
        slabs.extend(above);
    }
    slabs
}

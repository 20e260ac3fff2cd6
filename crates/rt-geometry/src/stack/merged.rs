//! Stacks of parts that are drawn on planes of their own, as one stack.
//!
//! Units: millimetres. Frame: w along the normal.

use super::Slab;

/// Faces closer than this are one, mm.
const SAME_FACE_MM: f64 = 1e-9;

/// The slabs of several stacks without common volume, cut where any of them has a face: slabs that do not
/// overlap, by rising height.
pub(super) fn slabs(mut stacks: Vec<Vec<Slab>>) -> Vec<Slab> {
    if stacks.len() == 1 {
        return stacks.swap_remove(0);
    }
    let all: Vec<Slab> = stacks.into_iter().flatten().collect();
    let mut faces: Vec<f64> = all.iter().flat_map(|slab| [slab.lower, slab.upper]).collect();
    faces.sort_by(f64::total_cmp);
    faces.dedup_by(|next, last| *next - *last <= SAME_FACE_MM);
    let between = |pair: &[f64]| {
        let [lower, upper] = [pair[0], pair[1]];
        let middle = (lower + upper) / 2.0;
        let mut here = all.iter().filter(|slab| slab.lower < middle && middle < slab.upper);
        let first = here.next()?;
        let mut region = first.region.clone();
        here.for_each(|slab| region.add(slab.region.clone(), 1.0));
        Some(Slab { plane: first.plane, lower, upper, region })
    };
    faces.windows(2).filter_map(between).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn volumes_add_and_slabs_do_not_overlap() {
        let slab = |lower: f64, upper: f64| Slab {
            plane: (lower + upper) / 2.0,
            lower,
            upper,
            region: example::region(),
        };
        let merged = slabs(vec![vec![slab(0.0, 3.0), slab(3.0, 6.0)], vec![slab(1.5, 4.5), slab(9.0, 12.0)]]);
        assert!(merged.windows(2).all(|pair| pair[0].upper <= pair[1].lower));
        let volume: f64 = merged.iter().map(Slab::volume_mm3).sum();
        assert!((volume - 12.0 * 400.0).abs() < 1e-9, "{volume}");
    }
}

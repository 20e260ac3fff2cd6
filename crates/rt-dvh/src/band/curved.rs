//! What trilinear dose can miss between voxel centres.
//!
//! Between two voxel centres a dose with the second difference δ departs from the straight line by up to δ /
//! 8.
//!
//! Units: Gy, voxels. Frame: the dose grid's.

use rt_geometry::stack::RoiStack;
use rt_model::dose::DoseGrid;
use rt_model::frame::{GridIndex, GridPoint};
use rt_model::grid::GridGeometry;
use std::ops::RangeInclusive;

/// Doses that are off by half a step each make a second difference of two steps; an uneven grid a little
/// more.
const NOISE_STEPS: f64 = 2.5;

/// The dose around the volume, each voxel moved by what interpolation may be off there and by one step of the
/// stored dose: nothing says whether it was rounded or cut off. `None` where the volume is nowhere near the
/// grid.
pub(super) fn curved(dose: &DoseGrid, stack: &RoiStack) -> Option<DoseGrid> {
    let geometry = dose.geometry();
    let part = around(geometry, stack)?;
    let [is, js, ks] = &part;
    let mut voxels = Vec::with_capacity(part.iter().map(|range| range.clone().count()).product());
    for k in ks.clone() {
        for j in js.clone() {
            voxels.extend(bends(dose, is.clone(), j, k).map(|bend| bend / 8.0));
        }
    }
    // The step, and what f32 rounds, all the same way: that in which most voxels are moved.
    let (least, most) = dose.range();
    let rounding = f64::from(f32::EPSILON) * least.0.abs().max(most.0.abs());
    let step = (dose.step().0 + rounding).copysign(voxels.iter().sum());
    let mut rows = voxels.chunks_exact_mut(is.clone().count());
    for k in ks.clone() {
        for (j, row) in js.clone().zip(&mut rows) {
            let first = geometry.linear(GridIndex { i: *is.start(), j, k });
            for (voxel, dose) in row.iter_mut().zip(&dose.voxels()[first..]) {
                *voxel = f64::from(*dose) - *voxel - step;
            }
        }
    }
    let offsets = geometry.offsets();
    let cut = GridGeometry::new(
        geometry.patient_from_grid(GridPoint {
            i: *is.start() as f64,
            j: *js.start() as f64,
            k: *ks.start() as f64,
        }),
        geometry.row(),
        geometry.column(),
        geometry.spacing(),
        [is.clone().count(), js.clone().count()],
        offsets[ks.clone()].iter().map(|offset| offset - offsets[*ks.start()]).collect(),
    );
    DoseGrid::new(cut.ok()?, voxels.into_iter().map(|gy| gy as f32).collect(), dose.step()).ok()
}

/// The voxels that the volume may touch, cut at the grid's ends.
fn around(geometry: &GridGeometry, stack: &RoiStack) -> Option<[RangeInclusive<usize>; 3]> {
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for slab in stack.slabs() {
        let Some((least, most)) = slab.region.bounds() else { continue };
        for w in [slab.lower, slab.upper] {
            for uv in [least, most, [least[0], most[1]], [most[0], least[1]]] {
                let point = geometry.grid_from_patient(stack.frame().patient_from_plane(uv, w));
                for (axis, at) in [point.i, point.j, point.k].into_iter().enumerate() {
                    low[axis] = low[axis].min(at);
                    high[axis] = high[axis].max(at);
                }
            }
        }
    }
    let size = geometry.size();
    let range = |axis: usize| {
        let last = size[axis] - 1;
        let (start, end) = (low[axis].floor() - 1.0, high[axis].ceil() + 1.0);
        (start <= last as f64 && end >= 0.0).then(|| start.max(0.0) as usize..=(end as usize).min(last))
    };
    Some([range(0)?, range(1)?, range(2)?])
}

/// The second differences along the three axes, added, where they are more than the rounding of three doses
/// makes: of voxels of one row.
fn bends(dose: &DoseGrid, is: RangeInclusive<usize>, j: usize, k: usize) -> impl Iterator<Item = f64> {
    let (geometry, voxels) = (dose.geometry(), dose.voxels());
    let [width, height, depth] = geometry.size();
    // At the grid's end the next voxel's.
    let middle = |at: usize, size: usize| at.clamp(1, size - 2);
    let first = |j: usize, k: usize| geometry.linear(GridIndex { i: 0, j, k });
    let row = first(j, k);
    let column = (height > 2).then(|| first(middle(j, height), k));
    let frame = (depth > 2).then(|| {
        let middle = middle(k, depth);
        let offsets = geometry.offsets();
        let [below, above] =
            [offsets[middle] - offsets[middle - 1], offsets[middle + 1] - offsets[middle]].map(f64::abs);
        let widest = below.max(above);
        (first(j, middle), [below, above].map(|gap| 2.0 * widest * widest / (gap * (below + above))))
    });
    let noise = NOISE_STEPS * dose.step().0;
    let bend = move |centre: usize, stride: usize, [below, above]: [f64; 2]| {
        let [before, here, after] =
            [centre - stride, centre, centre + stride].map(|at| f64::from(voxels[at]));
        let difference = above * (after - here) - below * (here - before);
        if difference.abs() > noise { difference } else { 0.0 }
    };
    is.map(move |i| {
        let mut sum = if width > 2 { bend(row + middle(i, width), 1, [1.0; 2]) } else { 0.0 };
        if let Some(column) = column {
            sum += bend(column + i, width, [1.0; 2]);
        }
        if let Some((frame, weights)) = frame {
            sum += bend(frame + i, width * height, weights);
        }
        sum
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::frame::{PatientPoint, PatientVector};
    use rt_model::units::{Gy, Mm};

    #[test]
    fn a_parabola_bends_by_its_second_difference() {
        let (x, y) = (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0));
        let offsets = vec![0.0, 1.0, 3.0, 4.0];
        let geometry =
            GridGeometry::new(PatientPoint::default(), x, y, [Mm(1.0); 2], [4, 1], offsets.clone()).unwrap();
        let voxels = (0..16).map(|at| (at % 4 * (at % 4)) as f32 + offsets[at / 4].powi(2) as f32).collect();
        let dose = DoseGrid::new(geometry, voxels, Gy(0.0)).unwrap();
        // i² and z²: 2 per unit squared; the frames are up to 2 mm apart.
        for k in [0, 2] {
            let found: Vec<f64> = bends(&dose, 0..=3, 0, k).collect();
            assert!(found.iter().all(|bend| (bend - (2.0 + 2.0 * 4.0)).abs() < 1e-6), "{found:?}");
        }
    }
}

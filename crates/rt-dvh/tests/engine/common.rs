//! What the engine's tests share: a dose field on a grid, and DVHs of a ROI.

use rt_dvh::{Dvh, DvhOptions, compute};
use rt_geometry::sample::trilinear;
use rt_geometry::stack::RoiStack;
use rt_model::dose::DoseGrid;
use rt_model::frame::{GridPoint, PatientPoint, PatientVector};
use rt_model::grid::GridGeometry;
use rt_model::structure_set::Roi;
use rt_model::units::{Gy, Mm};
use rt_phantom::DoseField;

pub(crate) fn preset() -> DvhOptions {
    DvhOptions::preset("dosebridge-2").unwrap()
}

/// An axial grid from `low` on.
pub(crate) fn axial_grid(low: PatientPoint, spacing: [f64; 3], size: [usize; 3]) -> GridGeometry {
    let offsets = (0..size[2]).map(|k| k as f64 * spacing[2]).collect();
    let (x, y) = (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0));
    GridGeometry::new(low, x, y, [Mm(spacing[0]), Mm(spacing[1])], [size[0], size[1]], offsets).unwrap()
}

/// The dose field at the centres of a grid.
pub(crate) fn sampled(field: &dyn DoseField, geometry: GridGeometry) -> DoseGrid {
    let [ni, nj, nk] = geometry.size();
    let mut voxels = Vec::with_capacity(geometry.voxel_count());
    for k in 0..nk {
        for j in 0..nj {
            for i in 0..ni {
                let point = geometry.patient_from_grid(GridPoint { i: i as f64, j: j as f64, k: k as f64 });
                voxels.push(field.at(point).0 as f32);
            }
        }
    }
    DoseGrid::new(geometry, voxels, Gy(0.0)).unwrap()
}

pub(crate) fn dvh(roi: &Roi, dose: &DoseGrid) -> Dvh {
    let options = preset();
    let stack = RoiStack::build(roi, &options.stack(None)).unwrap().value;
    compute(&stack, dose, &options).unwrap().value
}

/// The grid has the extrema where the DVH says they are.
pub(crate) fn assert_places(found: &Dvh, dose: &DoseGrid) {
    let doses = found.doses().unwrap();
    for (expected, at) in [(doses.min, doses.min_at), (doses.max, doses.max_at)] {
        let there = trilinear(dose, at).unwrap_or_else(|| panic!("{at:?} is outside the grid"));
        assert!((there.0 - expected.0).abs() < 1e-6, "{expected} at {at:?}, found {there}");
    }
}

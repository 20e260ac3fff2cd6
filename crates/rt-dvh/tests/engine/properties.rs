//! What must hold for every ROI and every dose.

use crate::common::{assert_places, axial_grid, dvh, preset, sampled};
use proptest::prelude::*;
use rt_dvh::{Dvh, compute};
use rt_geometry::stack::{RoiStack, Slab, StructurePlanes};
use rt_model::dose::DoseGrid;
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::grid::GridGeometry;
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::{Cm3, Gy, Mm};
use rt_phantom::{Contouring, GaussianDose, Sphere};

/// A ROI of star-shaped contours around the z axis, some outside the dose grid.
fn star(radii: &[Vec<f64>]) -> Roi {
    let contours = radii
        .iter()
        .enumerate()
        .map(|(plane, radii)| {
            let points = radii
                .iter()
                .enumerate()
                .map(|(at, radius)| {
                    let (sin, cos) = (at as f64 / radii.len() as f64 * std::f64::consts::TAU).sin_cos();
                    PatientPoint::new(radius * cos, radius * sin, 2.0 * plane as f64 - 8.0)
                })
                .collect();
            Contour { index: plane, kind: ContourKind::ClosedPlanar, points, slab_thickness: None }
        })
        .collect();
    Roi { contours, ..Roi::default() }
}

/// Any dose on a grid of 3 mm that reaches 15 mm from the origin.
pub(crate) fn any_dose() -> impl Strategy<Value = DoseGrid> {
    proptest::collection::vec(0.0f32..80.0, 11 * 11 * 11).prop_map(|voxels| {
        let geometry = axial_grid(PatientPoint::new(-15.0, -15.0, -15.0), [3.0; 3], [11; 3]);
        DoseGrid::new(geometry, voxels, Gy(0.0)).unwrap()
    })
}

pub(crate) fn any_roi() -> impl Strategy<Value = Roi> {
    proptest::collection::vec(proptest::collection::vec(1.0f64..20.0, 3..30), 2..9)
        .prop_map(|radii| star(&radii))
}

fn scaled(dose: &DoseGrid, factor: f32) -> DoseGrid {
    DoseGrid::new(dose.geometry().clone(), dose.voxels().iter().map(|v| v * factor).collect(), Gy(0.0))
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_curve_falls_from_the_covered_volume_to_zero(roi in any_roi(), dose in any_dose()) {
        let found = dvh(&roi, &dose);
        let doses = *found.doses().unwrap();
        let curve = found.cumulative().unwrap();
        prop_assert_eq!(curve[0], doses.covered.0);
        prop_assert_eq!(*curve.last().unwrap(), 0.0);
        prop_assert!(curve.windows(2).all(|pair| pair[0] >= pair[1] && pair[1] >= 0.0));
        prop_assert!(doses.covered.0 <= found.volume().0);
        prop_assert!(doses.min <= doses.mean && doses.mean <= doses.max);
        let (low, high) = dose.range();
        prop_assert!(doses.min.0 >= low.0 - 1e-9 && doses.max.0 <= high.0 + 1e-9);
        let binned: f64 = found.differential().iter().sum();
        prop_assert!((binned / doses.covered.0 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn extrema_are_where_they_are_said_to_be(roi in any_roi(), dose in any_dose()) {
        let options = preset();
        let stack = RoiStack::build(&roi, &options.stack(None)).unwrap().value;
        let found = compute(&stack, &dose, &options).unwrap().value;
        assert_places(&found, &dose);
        let doses = found.doses().unwrap();
        for at in [doses.min_at, doses.max_at] {
            // A point on the boundary, moved a little to the axis that its region can be seen from, is
            // inside.
            let uv = stack.frame().plane_from_patient(at).map(|c| c * (1.0 - 1e-9));
            let w = stack.frame().height(at);
            let holds = |slab: &Slab| (slab.lower - 1e-6..=slab.upper + 1e-6).contains(&w) && slab.region.contains(uv);
            prop_assert!(stack.slabs().iter().any(holds), "{at:?} is outside the ROI");
        }
    }

    #[test]
    fn metrics_scale_with_the_dose(roi in any_roi(), dose in any_dose()) {
        let (once, twice) = (dvh(&roi, &dose), dvh(&roi, &scaled(&dose, 2.0)));
        prop_assert_eq!(once.volume(), twice.volume());
        let (a, b) = (once.doses().unwrap(), twice.doses().unwrap());
        prop_assert!((b.mean.0 - 2.0 * a.mean.0).abs() < 1e-9);
        prop_assert!((b.max.0 - 2.0 * a.max.0).abs() < 1e-9);
        // Each is off by at most 0.05 % of its range of doses, which is 100 Gy from voxel to voxel here.
        let allowed = 0.05f64.max(0.001 * (b.max.0 - b.min.0));
        for part in [0.98, 0.5, 0.02] {
            let volume = Cm3(a.covered.0 * part);
            let (x, y) = (once.dose_at_volume(volume).unwrap().0, twice.dose_at_volume(volume).unwrap().0);
            prop_assert!((y - 2.0 * x).abs() < allowed, "{} {}", x, y);
        }
    }

    #[test]
    fn one_thread_and_two_give_the_same_bits(roi in any_roi(), dose in any_dose()) {
        let options = preset();
        let stack = RoiStack::build(&roi, &options.stack(None)).unwrap().value;
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| compute(&stack, &dose, &options).unwrap().value)
        };
        prop_assert_eq!(with(1), with(2));
    }

    #[test]
    fn two_halves_add_up_to_the_whole(roi in any_roi(), dose in any_dose(), at in 1usize..8) {
        let options = preset();
        let stack = RoiStack::build(&roi, &options.stack(None)).unwrap().value;
        prop_assume!(at + 1 < stack.slabs().len());
        let whole = compute(&stack, &dose, &options).unwrap().value;
        let half = |contours: &[Contour]| {
            let open = rt_dvh::DvhOptions::preset("dosebridge-2").unwrap();
            // The whole tells how thick a half of a single plane is.
            let rois = [Roi { number: 1, contours: contours.to_vec(), ..Roi::default() }, roi.clone()];
            let planes = StructurePlanes::of(&rois);
            let stack = RoiStack::build(&rois[0], &open.stack(Some(planes.neighbours(0)))).unwrap().value;
            compute(&stack, &dose, &open).unwrap().value
        };
        let (below, above) = roi.contours.split_at(at);
        let parts = [half(below), half(above)];
        let sum = |of: &dyn Fn(&Dvh) -> f64| parts.iter().map(of).sum::<f64>();
        prop_assert!((sum(&|d| d.volume().0) / whole.volume().0 - 1.0).abs() < 1e-9);
        let covered = |d: &Dvh| d.doses().map_or(0.0, |x| x.covered.0);
        prop_assert!((sum(&covered) / covered(&whole) - 1.0).abs() < 1e-9);
        let integral = |d: &Dvh| d.doses().map_or(0.0, |x| x.covered.0 * x.mean.0);
        prop_assert!((sum(&integral) / integral(&whole) - 1.0).abs() < 1e-9);
    }
}

/// The same ROI and dose in every orientation of the grid: the numbers do not move.
#[test]
fn the_orientation_of_the_grid_changes_nothing() {
    let roi = Contouring::every(2.0).draw(
        &Sphere { centre: PatientPoint::new(3.0, -2.0, 1.0), radius: Mm(9.0) },
        1,
        "sphere",
    );
    let field = GaussianDose { centre: PatientPoint::new(5.0, 1.0, 2.0), peak: Gy(60.0), sigma: Mm(12.0) };
    let axis = |x: f64, y: f64, z: f64| PatientVector::new(x, y, z);
    let (low, high, count) = (-20.0, 20.0, 21usize);
    let grids = [
        (axis(1.0, 0.0, 0.0), axis(0.0, 1.0, 0.0)),
        (axis(-1.0, 0.0, 0.0), axis(0.0, -1.0, 0.0)),
        (axis(-1.0, 0.0, 0.0), axis(0.0, 1.0, 0.0)),
        (axis(1.0, 0.0, 0.0), axis(0.0, -1.0, 0.0)),
        (axis(0.0, -1.0, 0.0), axis(1.0, 0.0, 0.0)),
        (axis(0.0, 1.0, 0.0), axis(-1.0, 0.0, 0.0)),
        (axis(0.0, 1.0, 0.0), axis(0.0, 0.0, 1.0)),
        (axis(0.0, 0.0, -1.0), axis(1.0, 0.0, 0.0)),
    ];
    let mut all = Vec::new();
    for (row, column) in grids {
        for rising in [true, false] {
            let normal = row.cross(column).scaled(if rising { 1.0 } else { -1.0 });
            let start = |direction: f64| if direction < -0.5 { high } else { low };
            let sum = row.plus(column).plus(normal);
            let origin = PatientPoint::new(start(sum.x), start(sum.y), start(sum.z));
            let step = if rising { 2.0 } else { -2.0 };
            let offsets = (0..count).map(|k| k as f64 * step).collect();
            let geometry = GridGeometry::new(origin, row, column, [Mm(2.0); 2], [count; 2], offsets).unwrap();
            let dose = sampled(&field, geometry);
            let found = dvh(&roi, &dose);
            let doses = *found.doses().unwrap();
            assert_eq!(found.coverage().0, 100.0);
            assert_places(&found, &dose);
            let d95 = found.dose_at_volume(found.volume() * 0.95).unwrap();
            all.push([found.volume().0, doses.min.0, doses.mean.0, doses.max.0, d95.0]);
        }
    }
    for numbers in &all[1..] {
        for (number, first) in numbers.iter().zip(&all[0]) {
            assert!((number - first).abs() < 5e-4, "{all:?}");
        }
    }
}

#[test]
fn dose_outside_the_grid_is_unknown_not_zero() {
    let roi = Contouring::every(2.0).draw(
        &Sphere { centre: PatientPoint::default(), radius: Mm(9.0) },
        1,
        "sphere",
    );
    let even = rt_phantom::ConstantDose(Gy(20.0));
    let half =
        dvh(&roi, &sampled(&even, axial_grid(PatientPoint::new(0.0, -20.0, -20.0), [2.0; 3], [21; 3])));
    assert!((half.coverage().0 - 50.0).abs() < 1e-9, "{}", half.coverage());
    let doses = half.doses().unwrap();
    assert_eq!((doses.min, doses.max), (Gy(20.0), Gy(20.0)));
    let far = dvh(&roi, &sampled(&even, axial_grid(PatientPoint::new(30.0, 0.0, 0.0), [2.0; 3], [21; 3])));
    assert_eq!((far.coverage().0, far.doses(), far.cumulative()), (0.0, None, None));
    assert_eq!(far.volume(), half.volume());
}

//! Contour planes across the dose grid's axes: sagittal, coronal and oblique ones, and frames at uneven
//! distances.

use crate::common::{assert_places, axial_grid, dvh, preset, sampled};
use rt_dvh::{Dvh, compute};
use rt_geometry::stack::RoiStack;
use rt_model::dose::DoseGrid;
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::grid::GridGeometry;
use rt_model::structure_set::Roi;
use rt_model::units::{Cm3, Gy, Mm};
use rt_phantom::contouring::turned;
use rt_phantom::prism::{Caps, prism_dvh};
use rt_phantom::{
    Compound, Contouring, Cuboid, Cylinder, DoseField, ExactDvh, GaussianDose, LinearDose, Shape, Sphere,
};

/// The largest error allowed of any dose at 1 Gy/mm where a grid axis is perpendicular to the planes, Gy.
const ALIGNED_GY: f64 = 0.002;

/// The same where none is.
const OBLIQUE_GY: f64 = 0.012;

fn axis(x: f64, y: f64, z: f64) -> PatientVector {
    PatientVector::new(x, y, z)
}

/// Three directions turned from the axes by these angles about z, then y, then x.
fn turn(about: [f64; 3]) -> [PatientVector; 3] {
    let rotate = |v: PatientVector| {
        let [x, y, z] = about.map(f64::sin_cos);
        let v = axis(z.1 * v.x - z.0 * v.y, z.0 * v.x + z.1 * v.y, v.z);
        let v = axis(y.1 * v.x + y.0 * v.z, v.y, y.1 * v.z - y.0 * v.x);
        axis(v.x, x.1 * v.y - x.0 * v.z, x.0 * v.y + x.1 * v.z)
    };
    [axis(1.0, 0.0, 0.0), axis(0.0, 1.0, 0.0), axis(0.0, 0.0, 1.0)].map(rotate)
}

/// A dose that rises by 1 Gy/mm along a direction, at the contours' own axes: what a dose seen from turned
/// contours is.
fn seen_from(axes: [PatientVector; 3], dose: LinearDose) -> LinearDose {
    let [x, y, z] = axes.map(|axis| axis.dot(dose.gradient));
    LinearDose { at_origin: dose.at_origin, gradient: axis(x, y, z) }
}

fn shapes() -> Vec<(&'static str, Box<dyn Shape>)> {
    let centre = PatientPoint::new(0.3, -0.2, 0.0);
    vec![
        ("sphere", Box::new(Sphere { centre, radius: Mm(12.0) })),
        ("small sphere", Box::new(Sphere { centre, radius: Mm(4.0) })),
        ("cylinder", Box::new(Cylinder { centre, radius: Mm(12.0), height: Mm(24.0) })),
        (
            "box",
            Box::new(Cuboid {
                low: PatientPoint::new(-8.3, -4.7, -12.0),
                high: PatientPoint::new(9.1, 6.2, 12.0),
            }),
        ),
        (
            "hollow sphere",
            Box::new(
                Compound::default()
                    .with(Sphere { centre, radius: Mm(12.0) })
                    .without(Sphere { centre, radius: Mm(7.0) }),
            ),
        ),
    ]
}

fn grid(spacing: [f64; 3]) -> GridGeometry {
    axial_grid(PatientPoint::new(-29.74, -29.58, -29.86), spacing, spacing.map(|s| (60.0 / s) as usize + 1))
}

/// The worst error of any metric against the exact slab stack.
fn worst_error(found: &Dvh, exact: &ExactDvh<'_>) -> (f64, &'static str) {
    assert!(
        (found.volume().0 / exact.volume.0 - 1.0).abs() < 1e-9,
        "volume {} {}",
        found.volume(),
        exact.volume
    );
    assert_eq!(found.coverage().0, 100.0);
    let doses = found.doses().unwrap();
    let mut errors = vec![
        (doses.min.0 - exact.min.0, "min"),
        (doses.mean.0 - exact.mean.0, "mean"),
        (doses.max.0 - exact.max.0, "max"),
    ];
    for (part, name) in [(0.98, "D98%"), (0.95, "D95%"), (0.5, "D50%"), (0.05, "D5%"), (0.02, "D2%")] {
        let volume = exact.volume * part;
        errors
            .push((found.dose_at_volume(volume).unwrap().0 - exact.dose_at_volume(volume).unwrap().0, name));
    }
    errors.into_iter().map(|(error, name)| (error.abs(), name)).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

fn check(axes: [PatientVector; 3], grid: &GridGeometry, limit: f64) {
    for gradient in [axis(1.0, 0.0, 0.0), axis(0.0, 0.0, 1.0), axis(0.5, -0.5, 0.7)] {
        let dose = LinearDose { at_origin: Gy(40.0), gradient };
        let grid = sampled(&dose, grid.clone());
        for (name, shape) in shapes() {
            let contouring = Contouring { points: 180, ..Contouring::every(2.0) };
            let drawn = contouring.draw(shape.as_ref(), 1, name);
            let exact = prism_dvh(&drawn, Caps::HalfSlice(Mm(2.0)), seen_from(axes, dose)).unwrap();
            let found = dvh(&turned(drawn, axes), &grid);
            assert_places(&found, &grid);
            let (worst, metric) = worst_error(&found, &exact);
            println!("{name:14} {gradient:?}: {metric} {worst:.5} Gy");
            assert!(worst <= limit, "{name} {gradient:?}: {metric} off by {worst} Gy");
        }
    }
}

#[test]
fn sagittal_and_coronal_contours_are_as_exact_as_axial_ones() {
    let [x, y, z] = turn([0.0; 3]);
    for axes in [[y, z, x], [z, x, y]] {
        check(axes, &grid([2.0, 2.5, 3.0]), 4.0 * ALIGNED_GY);
    }
}

#[test]
fn linear_doses_are_met_at_any_angle() {
    for about in [[0.0, 0.4, 0.0], [0.3, -0.7, 1.1], [0.05, 0.0, 0.0]] {
        check(turn(about), &grid([2.0, 2.5, 3.0]), OBLIQUE_GY);
    }
}

#[test]
fn contours_along_uneven_frames_are_computed() {
    let [x, y, z] = turn([0.0; 3]);
    let mut offsets = vec![0.0];
    while offsets[offsets.len() - 1] < 60.0 {
        offsets.push(offsets[offsets.len() - 1] + [2.0, 3.5, 1.25][offsets.len() % 3]);
    }
    let low = PatientPoint::new(-29.74, -29.58, -29.86);
    let uneven = GridGeometry::new(low, x, y, [Mm(2.0), Mm(2.5)], [31, 25], offsets).unwrap();
    check([y, z, x], &uneven, OBLIQUE_GY);
}

/// A dose that is the same from everywhere around its centre: contours turned about it find the same numbers
/// but for the grid.
fn gaussian() -> GaussianDose {
    GaussianDose { centre: PatientPoint::default(), peak: Gy(60.0), sigma: Mm(10.0) }
}

fn numbers(dvh: &Dvh) -> [f64; 6] {
    let doses = dvh.doses().unwrap();
    let at = |part: f64| dvh.dose_at_volume(dvh.volume() * part).unwrap().0;
    [doses.min.0, doses.mean.0, doses.max.0, at(0.95), at(0.5), at(0.05)]
}

#[test]
fn turning_contours_about_a_round_dose_changes_nothing() {
    let drawn = Contouring::every(2.0).draw(
        &Cylinder { centre: PatientPoint::default(), radius: Mm(9.0), height: Mm(20.0) },
        1,
        "rod",
    );
    let dose = sampled(&gaussian(), grid([1.0; 3]));
    let straight = numbers(&dvh(&drawn, &dose));
    for about in [[0.5, 0.0, 0.0], [0.2, 1.0, -0.6]] {
        let turned = numbers(&dvh(&turned(drawn.clone(), turn(about)), &dose));
        println!("{straight:.3?} {turned:.3?}");
        // Trilinear dose on 1 mm misses up to 0.075 Gy at the peak, differently in every direction.
        assert!(straight.iter().zip(turned).all(|(a, b)| (a - b).abs() < 0.06), "{straight:?} {turned:?}");
    }
}

/// The whole case turned: contours, grid and dose.
#[test]
fn turning_the_whole_case_changes_nothing() {
    let drawn = Contouring::every(2.0).draw(
        &Sphere { centre: PatientPoint::new(3.0, -2.0, 1.0), radius: Mm(9.0) },
        1,
        "sphere",
    );
    let field = GaussianDose { centre: PatientPoint::new(5.0, 1.0, 2.0), ..gaussian() };
    let straight = sampled(&field, grid([2.0; 3]));
    let expected = numbers(&dvh(&drawn, &straight));
    for about in [[0.5, 0.0, 0.0], [0.2, 1.0, -0.6], [0.0, 0.0, std::f64::consts::FRAC_PI_2]] {
        let [x, y, z] = turn(about);
        let place = |p: PatientPoint| {
            PatientPoint::default().moved(x.scaled(p.x)).moved(y.scaled(p.y)).moved(z.scaled(p.z))
        };
        let geometry = straight.geometry();
        let moved = GridGeometry::new(
            place(geometry.origin()),
            x,
            y,
            geometry.spacing(),
            [31, 31],
            geometry.offsets().to_vec(),
        )
        .unwrap();
        let dose = DoseGrid::new(moved, straight.voxels().to_vec(), straight.step()).unwrap();
        let found = dvh(&turned(drawn.clone(), [x, y, z]), &dose);
        assert_places(&found, &dose);
        let found = numbers(&found);
        assert!(
            expected.iter().zip(found).all(|(a, b)| (a - b).abs() < 1e-6),
            "{about:?}: {expected:?} {found:?}"
        );
    }
}

#[test]
fn an_oblique_sphere_has_its_closed_form() {
    let sphere = Sphere { centre: PatientPoint::new(1.0, 2.0, -1.0), radius: Mm(12.0) };
    let dose = LinearDose { at_origin: Gy(40.0), gradient: axis(0.6, 0.0, 0.8) };
    let axes = turn([0.3, -0.7, 1.1]);
    // The centre as the turned axes see it.
    let [u, v, w] = axes.map(|axis| sphere.centre.along(axis));
    let drawn =
        Contouring::every(1.0).draw(&Sphere { centre: PatientPoint::new(u, v, w), ..sphere }, 1, "sphere");
    let found = dvh(&turned(drawn, axes), &sampled(&dose, grid([2.0; 3])));
    let exact = ExactDvh::of_linear(&sphere, dose).unwrap();
    assert!((found.volume().0 / exact.volume.0 - 1.0).abs() < 2e-3);
    for part in [0.98, 0.5, 0.02] {
        let (a, b) = (
            found.dose_at_volume(found.volume() * part).unwrap().0,
            exact.dose_at_volume(exact.volume * part).unwrap().0,
        );
        assert!((a - b).abs() < 0.06, "{part}: {a} {b}");
    }
}

#[test]
fn what_an_oblique_grid_covers_is_told() {
    let drawn = Contouring::every(2.0).draw(
        &Sphere { centre: PatientPoint::default(), radius: Mm(12.0) },
        1,
        "sphere",
    );
    let oblique = |low: f64| {
        let grid = axial_grid(PatientPoint::new(low, -30.0, -30.0), [2.0; 3], [31; 3]);
        dvh(&turned(drawn.clone(), turn([0.3, -0.7, 1.1])), &sampled(&gaussian(), grid))
    };
    let half = oblique(0.0);
    assert!((half.coverage().0 - 50.0).abs() < 0.1, "{}", half.coverage());
    // A quarter of the radius beyond the centre: a cap of the sphere.
    let cap = oblique(3.0);
    let (r, h) = (12.0f64, 9.0);
    let expected = 100.0 * h * h * (3.0 * r - h) / (4.0 * r * r * r);
    assert!((cap.coverage().0 - expected).abs() < 0.2, "{} {expected}", cap.coverage());
    assert!(half.doses().unwrap().border.0 > 50.0);
    assert!(half.doses().unwrap().max_at.x >= -1e-6, "{:?}", half.doses());
    let far = oblique(40.0);
    assert_eq!((far.coverage().0, far.doses()), (0.0, None));
    assert_eq!(far.volume(), half.volume());
}

#[test]
fn oblique_planes_are_told_and_threads_change_nothing() {
    let roi: Roi = turned(
        Contouring::every(2.0).draw(
            &Sphere { centre: PatientPoint::default(), radius: Mm(9.0) },
            1,
            "sphere",
        ),
        turn([0.3, -0.7, 1.1]),
    );
    let dose = sampled(&gaussian(), grid([2.0; 3]));
    let options = preset();
    let stack = RoiStack::build(&roi, &options.stack(None)).unwrap().value;
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| compute(&stack, &dose, &options).unwrap())
    };
    let (one, two) = (with(1), with(2));
    assert_eq!(one, two);
    assert_eq!(one.findings.iter().map(|finding| finding.code.to_string()).collect::<Vec<_>>(), ["RT0724"]);
    // The hottest point is the centre's: the field has its peak there.
    let peak = gaussian().at(PatientPoint::default());
    assert!((one.value.doses().unwrap().max.0 - peak.0).abs() < 0.6);
    assert!(one.value.volume_at_dose(Gy(0.0)).unwrap() > Cm3(3.0));
}

//! The engine against exact DVHs: polygon prisms in linear doses, integrated by clipping polygons and nothing
//! else.

use crate::common::{axial_grid, dvh, sampled};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::{Cm3, Gy, Mm};
use rt_phantom::prism::{Caps, prism_dvh};
use rt_phantom::{
    Compound, Cone, Contouring, Cuboid, Cylinder, ExactDvh, Fit, HoleStyle, LinearDose, Shape, Sphere, Tube,
};

/// The largest error allowed of any dose, Gy, at 1 Gy/mm along one grid axis: 0.002 mm.
const AXIS_GY: f64 = 0.002;

/// The same for a gradient across the grid's axes, where a cell's doses spread unevenly.
const SLANTED_GY: f64 = 0.008;

fn shapes() -> Vec<(&'static str, Box<dyn Shape>)> {
    let centre = PatientPoint::new(0.3, -0.2, 0.0);
    vec![
        ("sphere", Box::new(Sphere { centre, radius: Mm(12.0) })),
        ("tiny sphere", Box::new(Sphere { centre: PatientPoint::new(0.13, 0.21, 0.0), radius: Mm(3.0) })),
        ("cylinder", Box::new(Cylinder { centre, radius: Mm(12.0), height: Mm(24.0) })),
        ("cone", Box::new(Cone { centre, radius: Mm(12.0), height: Mm(24.0) })),
        ("tube", Box::new(Tube { centre, radius: Mm(12.0), hole: Mm(6.0), height: Mm(24.0) })),
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

fn worst_error(
    name: &str,
    contouring: &Contouring,
    shape: &dyn Shape,
    dose: LinearDose,
    spacing: [f64; 3],
) -> f64 {
    let roi = contouring.draw(shape, 1, name);
    let exact = prism_dvh(&roi, Caps::HalfSlice(contouring.spacing), dose).unwrap();
    let low = PatientPoint::new(-19.74, -19.58, -19.86);
    let size = spacing.map(|s| (40.0 / s) as usize + 1);
    let found = dvh(&roi, &sampled(&dose, axial_grid(low, spacing, size)));
    assert!(
        (found.volume().0 / exact.volume.0 - 1.0).abs() < 1e-9,
        "{name}: volume {} {}",
        found.volume(),
        exact.volume
    );
    assert_eq!(found.coverage().0, 100.0, "{name}");
    let doses = found.doses().unwrap();
    let at = |dvh: &ExactDvh<'_>, cm3: f64| dvh.dose_at_volume(Cm3(cm3)).unwrap().0;
    let mut errors = vec![
        ("min", doses.min.0 - exact.min.0),
        ("mean", doses.mean.0 - exact.mean.0),
        ("max", doses.max.0 - exact.max.0),
    ];
    for (label, part) in [("D98%", 0.98), ("D95%", 0.95), ("D50%", 0.5), ("D5%", 0.05), ("D2%", 0.02)] {
        let cm3 = part * exact.volume.0;
        errors.push((label, found.dose_at_volume(Cm3(cm3)).unwrap().0 - at(&exact, cm3)));
    }
    if exact.volume.0 > 0.03 {
        errors.push(("D0.03cc", found.dose_at_volume(Cm3(0.03)).unwrap().0 - at(&exact, 0.03)));
    }
    let (label, worst) = errors.into_iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).unwrap();
    println!(
        "{name:14} {:4.1} mm planes, {:4.1} mm dose: {label} {worst:+.5} Gy",
        contouring.spacing.0, spacing[0]
    );
    worst.abs()
}

fn check(gradients: &[[f64; 3]], limit: f64) {
    let mut worst = 0.0f64;
    for gradient in gradients {
        let dose = LinearDose {
            at_origin: Gy(40.0),
            gradient: PatientVector::new(gradient[0], gradient[1], gradient[2]),
        };
        for (name, shape) in shapes() {
            for (planes, spacing) in
                [(1.0, [1.0; 3]), (2.0, [2.0; 3]), (3.0, [3.0; 3]), (2.0, [2.5, 2.0, 3.0])]
            {
                let contouring = Contouring { points: 180, ..Contouring::every(planes) };
                worst = worst.max(worst_error(name, &contouring, shape.as_ref(), dose, spacing));
            }
            let coarse = Contouring { points: 40, fit: Fit::Inscribed, ..Contouring::every(2.0) };
            worst = worst.max(worst_error(name, &coarse, shape.as_ref(), dose, [2.0; 3]));
        }
    }
    assert!(worst <= limit, "worst error {worst} Gy");
}

#[test]
fn doses_rising_along_an_axis_are_exact() {
    check(&[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]], AXIS_GY);
}

#[test]
fn slanted_doses_stay_within_a_hundredth_of_a_gray() {
    check(&[[0.7, 0.7, 0.0], [0.6, 0.0, -0.8], [0.5, 0.5, 0.7]], SLANTED_GY);
}

#[test]
fn every_way_to_write_a_hole_gives_the_same() {
    let tube = Tube { centre: PatientPoint::default(), radius: Mm(12.0), hole: Mm(6.0), height: Mm(24.0) };
    let dose = LinearDose { at_origin: Gy(30.0), gradient: PatientVector::new(0.0, 1.0, 0.0) };
    for holes in [HoleStyle::Rings, HoleStyle::HolesFirst, HoleStyle::Keyhole, HoleStyle::Xor] {
        let error =
            worst_error("tube", &Contouring { holes, ..Contouring::every(2.0) }, &tube, dose, [2.0; 3]);
        assert!(error <= AXIS_GY, "{holes:?}: {error}");
    }
}

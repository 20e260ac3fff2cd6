//! Shape-based interpolation and caps against shapes whose volume is a formula.

use crate::{build, circle, contour, square, volume};
use rt_geometry::stack::{Between, Caps, StackErrorKind};
use rt_model::structure_set::Contour;
use rt_model::units::Mm;
use std::f64::consts::PI;

/// Where a point goes, mm.
type Place<'a> = &'a dyn Fn(f64, f64, f64) -> (f64, f64, f64);

/// Volume of a frustum of radii a and b, cm³.
fn frustum(a: f64, b: f64, height: f64) -> f64 {
    PI * height * (a * a + a * b + b * b) / 3000.0
}

fn discs(planes: &[(f64, &[f64])]) -> Vec<Contour> {
    let rings = |(z, radii): &(f64, &[f64])| {
        radii.iter().map(|r| contour(*z, &circle([1.0, 2.0], *r))).collect::<Vec<_>>()
    };
    planes.iter().flat_map(rings).collect()
}

fn close(contours: Vec<Contour>, caps: Caps, expected: f64, tolerance: f64) {
    let (found, codes) = volume(contours, Between::Interpolated, caps);
    assert!((found / expected - 1.0).abs() < tolerance, "{found} expected {expected}");
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn discs_become_frustums() {
    close(
        discs(&[(0.0, &[8.0]), (3.0, &[10.0]), (6.0, &[7.0])]),
        Caps::None,
        frustum(8.0, 10.0, 3.0) + frustum(10.0, 7.0, 3.0),
        1e-3,
    );
}

#[test]
fn equal_planes_are_a_prism_exactly() {
    let planes = || [0.0, 3.0, 6.0].map(|z| contour(z, &square(0.0, 10.0))).to_vec();
    assert_eq!(volume(planes(), Between::Interpolated, Caps::None), (0.6, vec![]));
    assert_eq!(volume(planes(), Between::Interpolated, Caps::HalfSlice), (0.9, vec![]));
    let (capped, _) = volume(planes(), Between::Interpolated, Caps::HalfSliceCapped(Mm(1.0)));
    assert!((capped - 0.8).abs() < 1e-12);
    let (prism, _) = volume(planes(), Between::Prism, Caps::HalfSliceCapped(Mm(1.0)));
    assert!((prism - 0.8).abs() < 1e-12);
}

/// Over a disc of radius R a rounded cap of height h has the volume of a slab less the rim that a quarter
/// circle leaves.
#[test]
fn rounded_caps_have_their_formula() {
    let (radius, h) = (10.0, 1.5);
    let cap = |z: f64| {
        let r = radius - (h - f64::sqrt(h * h - z * z));
        PI * r * r
    };
    let steps = 10_000;
    let expected: f64 =
        (0..steps).map(|n| cap((f64::from(n) + 0.5) / f64::from(steps) * h) * h / f64::from(steps)).sum();
    for between in [Between::Prism, Between::Interpolated] {
        let (found, _) = volume(discs(&[(0.0, &[radius]), (3.0, &[radius])]), between, Caps::Rounded);
        let expected = (2.0 * expected + PI * radius * radius * 3.0) / 1000.0;
        assert!((found / expected - 1.0).abs() < 1e-3, "{found} {expected}");
    }
}

#[test]
fn tubes_keep_their_hole_however_it_is_drawn() {
    let expected = frustum(10.0, 8.0, 3.0) - frustum(4.0, 5.0, 3.0);
    close(discs(&[(0.0, &[10.0, 4.0]), (3.0, &[8.0, 5.0])]), Caps::None, expected, 2e-3);
    let keyhole = |z: f64, outer: f64, inner: f64| {
        let (mut ring, hole) = (circle([1.0, 2.0], outer), circle([1.0, 2.0], inner));
        ring.push(ring[0]);
        ring.push(hole[0]);
        ring.extend(hole.into_iter().rev());
        contour(z, &ring)
    };
    close(vec![keyhole(0.0, 10.0, 4.0), keyhole(3.0, 8.0, 5.0)], Caps::None, expected, 2e-3);
}

/// A hole on the middle plane alone reaches half-way up and down, as an end of half a slice does.
#[test]
fn a_cavity_ends_by_the_rule_of_the_caps() {
    let hollow = || discs(&[(0.0, &[10.0]), (3.0, &[10.0, 4.0]), (6.0, &[10.0])]);
    let disc = |r: f64| PI * r * r / 1000.0;
    close(hollow(), Caps::HalfSlice, disc(10.0) * 9.0 - disc(4.0) * 3.0, 1e-3);
    close(hollow(), Caps::None, disc(10.0) * 6.0, 1e-3);
    let (rounded, _) = volume(hollow(), Between::Interpolated, Caps::Rounded);
    let (flat, _) = volume(hollow(), Between::Interpolated, Caps::HalfSliceCapped(Mm(1.5)));
    assert!(rounded < flat && rounded > disc(10.0) * 6.0 - disc(4.0) * 3.0);
}

/// An island in a cavity, on one plane and on two.
#[test]
fn nested_islands_follow_their_own_planes() {
    let disc = |r: f64| PI * r * r / 1000.0;
    let lasting = discs(&[(0.0, &[10.0, 6.0, 2.0]), (3.0, &[10.0, 6.0, 2.0])]);
    close(lasting, Caps::None, 3.0 * (disc(10.0) - disc(6.0) + disc(2.0)), 1e-4);
    let passing = discs(&[(0.0, &[10.0, 6.0, 2.0]), (3.0, &[10.0, 6.0])]);
    close(passing, Caps::HalfSlice, 6.0 * (disc(10.0) - disc(6.0)) + 3.0 * disc(2.0), 1e-4);
}

/// One disc becomes two inside it: more than the two, less than the one, and both planes are met.
#[test]
fn a_branching_part_is_one_piece() {
    let two = |z: f64| [-4.0, 6.0].map(|x| contour(z, &circle([x, 2.0], 4.0)));
    let contours = || [vec![contour(0.0, &circle([1.0, 2.0], 10.0))], two(3.0).to_vec()].concat();
    let built = build(contours(), Between::Interpolated, Caps::None).unwrap().value;
    let areas: Vec<f64> = built.slabs().iter().map(|slab| slab.region.area().0).collect();
    assert!(areas.windows(2).all(|pair| pair[0] > pair[1]), "{areas:?}");
    assert!(areas[0] > 0.9 * PI * 100.0 && areas[areas.len() - 1] < 1.2 * 2.0 * PI * 16.0, "{areas:?}");
    assert_eq!(built.slabs()[0].region.rings().len(), 1);
    assert_eq!(built.slabs()[areas.len() - 1].region.rings().len(), 2);
}

#[test]
fn a_part_that_appears_has_its_own_cap_and_the_rest_goes_on() {
    let aside = |z: f64| contour(z, &square(40.0, 50.0));
    let contours = vec![
        contour(0.0, &square(0.0, 10.0)),
        contour(3.0, &square(0.0, 10.0)),
        aside(3.0),
        contour(6.0, &square(0.0, 10.0)),
        aside(6.0),
    ];
    let (found, codes) = volume(contours.clone(), Between::Interpolated, Caps::HalfSlice);
    assert!((found - (0.9 + 0.6)).abs() < 1e-12, "{found}");
    assert!(codes.is_empty());
    let (open, _) = volume(contours, Between::Interpolated, Caps::None);
    assert!((open - (0.6 + 0.3)).abs() < 1e-12, "{open}");
}

#[test]
fn parts_that_never_meet_have_no_volume_without_caps() {
    let apart = vec![contour(0.0, &square(0.0, 10.0)), contour(3.0, &square(40.0, 50.0))];
    assert_eq!(
        build(apart.clone(), Between::Interpolated, Caps::None).unwrap_err().kind(),
        StackErrorKind::NoThickness
    );
    let (found, _) = volume(apart, Between::Interpolated, Caps::HalfSlice);
    assert!((found - 0.6).abs() < 1e-12);
}

#[test]
fn gap_rules_are_the_same() {
    let planes =
        |heights: &[f64]| heights.iter().map(|z| contour(*z, &square(0.0, 10.0))).collect::<Vec<_>>();
    assert_eq!(
        volume(planes(&[0.0, 3.0, 9.0, 12.0]), Between::Interpolated, Caps::HalfSlice),
        (1.5, vec!["RT0706".to_owned()])
    );
    let (kept, codes) = volume(planes(&[0.0, 3.0, 12.0, 15.0]), Between::Interpolated, Caps::HalfSlice);
    assert!((kept - 1.2).abs() < 1e-12);
    assert_eq!(codes, ["RT0707"]);
}

#[test]
fn a_single_plane_takes_its_thickness_whatever_is_between() {
    let own = Contour { slab_thickness: Some(Mm(4.0)), ..contour(0.0, &circle([0.0, 0.0], 10.0)) };
    let of = |caps| volume(vec![own.clone()], Between::Interpolated, caps).0;
    let whole = of(Caps::HalfSlice);
    assert!((whole / (PI * 0.4) - 1.0).abs() < 1e-3);
    assert!((of(Caps::HalfSliceCapped(Mm(1.0))) / whole - 0.5).abs() < 1e-12);
    assert!(of(Caps::Rounded) < whole && of(Caps::Rounded) > 0.8 * whole);
    assert_eq!(
        build(vec![own], Between::Interpolated, Caps::None).unwrap_err().kind(),
        StackErrorKind::NoThickness
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 24, ..proptest::prelude::ProptestConfig::default() })]

    /// Moved, mirrored or turned by a right angle, a ROI keeps its volume; so do its slabs' heights.
    #[test]
    fn moved_and_mirrored_rois_keep_their_volume(
        radii in proptest::collection::vec(proptest::collection::vec(2.0f64..20.0, 5..25), 2..5),
        shift in (-300.0f64..300.0, -300.0f64..300.0, -300.0f64..300.0),
    ) {
        let star = |place: Place| -> Vec<Contour> {
            radii.iter().enumerate().map(|(plane, radii)| {
                let mut drawn = contour(0.0, &[]);
                drawn.points = radii.iter().enumerate().map(|(n, radius)| {
                    let (sin, cos) = (n as f64 / radii.len() as f64 * std::f64::consts::TAU).sin_cos();
                    let (x, y, z) = place(radius * cos, radius * sin, 2.0 * plane as f64);
                    rt_model::frame::PatientPoint::new(x, y, z)
                }).collect();
                drawn
            }).collect()
        };
        for caps in [Caps::HalfSlice, Caps::Rounded] {
            let of = |place: Place| volume(star(place), Between::Interpolated, caps).0;
            let expected = of(&|x, y, z| (x, y, z));
            let (dx, dy, dz) = shift;
            let places: [Place; 5] = [
                &|x, y, z| (x + dx, y + dy, z + dz),
                &|x, y, z| (-x, y, z),
                &|x, y, z| (x, y, -z),
                &|x, y, z| (y, -x, z),
                &|x, y, z| (z, x, y),
            ];
            for place in places {
                let found = of(place);
                proptest::prop_assert!((found / expected - 1.0).abs() < 1e-3, "{} {}", found, expected);
            }
        }
    }
}

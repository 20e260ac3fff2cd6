//! Contours that no planning system should write and some do: each has the right volume or a finding.

use crate::{build, circle, contour, roi, square, volume};
use rt_geometry::stack::{Between, Caps, PlaneRules, RoiStack, StackErrorKind, StackOptions};
use rt_model::structure_set::{Contour, ContourKind};

/// The volume over three planes at 0, 3 and 6 mm, where every plane has the same rings: slabs of 3 mm.
fn three_planes(rings: &[Vec<[f64; 2]>]) -> (f64, Vec<String>) {
    let contours = [0.0, 3.0, 6.0].iter().flat_map(|z| rings.iter().map(|ring| contour(*z, ring))).collect();
    let (volume, mut codes) = volume(contours, Between::Prism, Caps::HalfSlice);
    codes.dedup();
    (volume, codes)
}

fn reported(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

#[test]
fn overlapping_rings_are_united_and_told() {
    let (found, codes) = three_planes(&[square(0.0, 10.0), square(5.0, 15.0)]);
    assert!((found - 1.575).abs() < 1e-6, "{found}");
    assert_eq!(codes, reported(&["RT0705"]));
}

#[test]
fn rings_drawn_twice_count_once() {
    let mut other_start = square(0.0, 10.0);
    other_start.rotate_left(2);
    let mut other_points = square(0.0, 10.0);
    other_points.insert(1, [4.0, 0.0]);
    let backwards: Vec<_> = square(0.0, 10.0).into_iter().rev().collect();
    for again in [square(0.0, 10.0), other_start, other_points, backwards] {
        let (found, codes) = three_planes(&[square(0.0, 10.0), again]);
        assert!((found - 0.9).abs() < 1e-12, "{found}");
        assert_eq!(codes, reported(&["RT0703"]));
    }
}

#[test]
fn a_ring_that_crosses_itself_is_told() {
    let (found, codes) = three_planes(&[vec![[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0]]]);
    assert!((found - 0.45).abs() < 1e-6, "{found}");
    assert_eq!(codes, reported(&["RT0704"]));
}

#[test]
fn points_and_lines_are_left_out_and_told() {
    let rest: [Vec<[f64; 2]>; 4] = [
        vec![[20.0, 20.0]],
        vec![[20.0, 20.0], [25.0, 25.0]],
        vec![[20.0, 20.0]; 5],
        vec![[20.0, 0.0], [30.0, 0.0], [25.0, 0.0]],
    ];
    for degenerate in rest {
        let (found, codes) = three_planes(&[square(0.0, 10.0), degenerate]);
        assert_eq!((found, codes), (0.9, reported(&["RT0702"])));
    }
}

#[test]
fn repeated_points_change_nothing() {
    let mut closed = square(0.0, 10.0);
    closed.push(closed[0]);
    closed.push(closed[0]);
    closed.insert(1, closed[1]);
    assert_eq!(three_planes(&[closed]), (0.9, vec![]));
}

#[test]
fn rings_that_share_a_wall_add_and_a_hole_on_the_wall_is_a_hole() {
    let wall = vec![[10.0, 2.0], [20.0, 2.0], [20.0, 8.0], [10.0, 8.0]];
    assert_eq!(three_planes(&[square(0.0, 10.0), wall]), (1.44, vec![]));
    let hole = vec![[0.0, 2.0], [4.0, 2.0], [4.0, 6.0], [0.0, 6.0]];
    let (found, codes) = three_planes(&[square(0.0, 10.0), hole]);
    assert!((found - 0.756).abs() < 1e-12 && codes.is_empty());
}

#[test]
fn planes_a_micrometre_apart_are_one_and_told() {
    let on = |z: f64, ring: Vec<[f64; 2]>| contour(z, &ring);
    let contours = vec![
        on(0.0, square(0.0, 10.0)),
        on(0.001, square(20.0, 30.0)),
        on(3.0, square(0.0, 10.0)),
        on(3.001, square(0.0, 10.0)),
    ];
    let (found, codes) = volume(contours, Between::Prism, Caps::HalfSlice);
    assert!((found - 0.9).abs() < 1e-9, "{found}");
    assert_eq!(codes, reported(&["RT0703", "RT0742"]));
}

/// Each plane is close to the next; together they are not one.
#[test]
fn a_chain_of_close_planes_is_not_one_plane() {
    let contours = (0..400).map(|n| contour(f64::from(n) * 0.009, &square(0.0, 10.0))).collect();
    let (found, _) = volume(contours, Between::Prism, Caps::HalfSlice);
    assert!((found / 0.36 - 1.0).abs() < 0.01, "{found}");
}

#[test]
fn by_version_1_planes_farther_apart_than_a_hundredth_of_a_millimetre_stay() {
    let contours = [0.0, 0.011, 3.0].map(|z| contour(z, &square(0.0, 10.0))).to_vec();
    let options = StackOptions::new(Between::Interpolated, Caps::None).with_planes(PlaneRules::Version1);
    let found = RoiStack::build(&roi(contours), &options).unwrap().value.volume().0;
    assert!((found - 0.3).abs() < 1e-12, "{found}");
}

#[test]
fn a_million_points_are_read_in_seconds() {
    let wavy = |count: usize| -> Vec<[f64; 2]> {
        (0..count)
            .map(|n| {
                let angle = n as f64 / count as f64 * std::f64::consts::TAU;
                let radius = 100.0 + (500.0 * angle).sin();
                [radius * angle.cos(), radius * angle.sin()]
            })
            .collect()
    };
    let start = std::time::Instant::now();
    let (found, codes) = volume(
        vec![contour(0.0, &wavy(1_000_000)), contour(2.0, &wavy(1000))],
        Between::Prism,
        Caps::HalfSlice,
    );
    assert!((found / (4.0 * std::f64::consts::PI * 10_000.5 / 1000.0) - 1.0).abs() < 0.01, "{found}");
    assert!(codes.is_empty());
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn entangled_contours_are_refused_in_time() {
    let start = std::time::Instant::now();
    // Every edge passes the centre and crosses all others.
    let star: Vec<[f64; 2]> = (0..100_001)
        .map(|n| (f64::from(n) * 3.1).sin_cos())
        .map(|(sin, cos)| [50.0 * cos, 50.0 * sin])
        .collect();
    let rings: Vec<Contour> =
        (0..6000).map(|n| contour(0.0, &circle([f64::from(n) * 3.0, 0.0], 1.0)[..3])).collect();
    for hostile in [vec![contour(0.0, &star)], rings] {
        let error = build(hostile, Between::Prism, Caps::HalfSlice).unwrap_err();
        assert_eq!(error.kind(), StackErrorKind::TooComplex);
        assert_eq!(error.finding().code.to_string(), "RT0743");
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn exclusive_or_contours_cancel_where_they_overlap() {
    let xor =
        |z: f64, ring: Vec<[f64; 2]>| Contour { kind: ContourKind::ClosedPlanarXor, ..contour(z, &ring) };
    let contours =
        [0.0, 3.0].iter().flat_map(|z| [xor(*z, square(0.0, 10.0)), xor(*z, square(5.0, 15.0))]).collect();
    let (found, codes) = volume(contours, Between::Prism, Caps::HalfSlice);
    assert!((found - 0.9).abs() < 1e-6, "{found}");
    assert_eq!(codes, reported(&["RT0705", "RT0705"]));
}

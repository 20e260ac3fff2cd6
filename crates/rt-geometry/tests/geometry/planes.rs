//! Contours as real systems write them become planes: tilted, rounded, noisy, drawn twice, on planes of their
//! own, sparse, at uneven distances. Right is the closed form of the slab model.

use crate::{circle, contour, square};
use proptest::prelude::*;
use rt_geometry::stack::{Between, Caps, PlaneRules, RoiStack, StackOptions, StructurePlanes};
use rt_model::frame::PatientPoint;
use rt_model::structure_set::{Contour, Roi};

const OPTIONS: StackOptions<'_> = StackOptions::new(Between::Prism, Caps::HalfSlice);

fn roi(number: i32, mut contours: Vec<Contour>) -> Roi {
    for (index, contour) in contours.iter_mut().enumerate() {
        contour.index = index;
    }
    Roi { number, contours, ..Roi::default() }
}

/// A square from -10 to 10 mm, moved along x, on planes at these heights.
fn boxes(number: i32, x: f64, heights: impl IntoIterator<Item = f64>) -> Roi {
    let ring: Vec<[f64; 2]> = square(-10.0, 10.0).iter().map(|[u, v]| [u + x, *v]).collect();
    roi(number, heights.into_iter().map(|z| contour(z, &ring)).collect())
}

fn every(step: f64, count: u32) -> impl Iterator<Item = f64> + Clone {
    (0..count).map(move |n| f64::from(n) * step)
}

/// The volume of each ROI, and the codes of its findings.
fn volumes(rois: &[Roi]) -> Vec<(f64, Vec<String>)> {
    let planes = StructurePlanes::of(rois);
    let built = |roi: &Roi| {
        let options = OPTIONS.with_neighbours(planes.neighbours_of(roi).unwrap());
        let built = RoiStack::build(roi, &options).unwrap();
        let mut codes: Vec<String> = built.findings.iter().map(|finding| finding.code.to_string()).collect();
        codes.dedup();
        (built.value.volume().0, codes)
    };
    rois.iter().map(built).collect()
}

fn volume(roi: Roi) -> (f64, Vec<String>) {
    volumes(&[roi]).remove(0)
}

fn moved(roi: &Roi, to: impl Fn(PatientPoint) -> PatientPoint) -> Roi {
    let contours = roi.contours.iter().map(|contour| Contour {
        points: contour.points.iter().map(|point| to(*point)).collect(),
        ..contour.clone()
    });
    Roi { contours: contours.collect(), ..roi.clone() }
}

fn rounded(point: PatientPoint, decimals: i32) -> PatientPoint {
    let scale = 10f64.powi(decimals);
    let round = |value: f64| (value * scale).round() / scale;
    PatientPoint::new(round(point.x), round(point.y), round(point.z))
}

fn close(found: f64, expected: f64, part: f64) {
    assert!((found / expected - 1.0).abs() < part, "{found} expected {expected}");
}

/// Three lesions of 4 to 6 mm radius on slices of 2 mm.
fn lesions() -> Roi {
    let lesion = |x: f64, y: f64, radius: f64, first: f64| {
        (0..4).map(move |n| contour(first + 2.0 * f64::from(n), &circle([x, y], radius))).collect::<Vec<_>>()
    };
    roi(
        1,
        [lesion(-40.0, 10.0, 4.0, 0.0), lesion(35.0, -20.0, 5.0, 2.0), lesion(5.0, 50.0, 6.0, -4.0)].concat(),
    )
}

#[test]
fn a_tilt_loses_nothing() {
    let (straight, _) = volume(lesions());
    for degrees in [0.02f64, 0.1, 0.3, 1.0, 6.0, 45.0] {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let tilted =
            moved(&lesions(), |p| PatientPoint::new(cos * p.x + sin * p.z, p.y, cos * p.z - sin * p.x));
        close(volume(tilted.clone()).0, straight, 1e-9);
        for (decimals, part) in [(3, 1e-4), (2, 1e-3), (1, 1.5e-2)] {
            close(volume(moved(&tilted, |p| rounded(p, decimals))).0, straight, part);
        }
    }
}

#[test]
fn parts_twenty_micrometres_apart_are_on_one_plane() {
    for apart in [3, 9] {
        let left = boxes(1, -20.0, every(2.5, 9));
        let right = boxes(1, 20.0, (0..9).map(|n| 2.5 * f64::from(n) + if n < apart { 0.02 } else { 0.0 }));
        let both = roi(1, [left.contours, right.contours].concat());
        let (found, codes) = volume(both);
        close(found, 18.0, 5e-4);
        assert_eq!(codes, ["RT0742"]);
    }
}

#[test]
fn a_second_copy_counts_once() {
    let once = boxes(1, 0.0, every(2.5, 9));
    let again = moved(&once, |p| PatientPoint::new(p.x, p.y, p.z + 0.02));
    let (found, codes) = volume(roi(1, [once.contours.clone(), again.contours].concat()));
    close(found, 9.0, 1e-9);
    assert_eq!(codes, ["RT0703", "RT0742"]);

    let ring = |decimals: i32| {
        let round = circle([0.0, 0.0], 10.0);
        moved(&roi(1, every(2.5, 9).map(|z| contour(z, &round)).collect()), |p| rounded(p, decimals))
    };
    let (fine, _) = volume(ring(4));
    for decimals in 1..4 {
        for twice in [[ring(4), ring(decimals)], [ring(decimals), ring(4)]] {
            let (found, codes) = volume(roi(1, twice.map(|roi| roi.contours).concat()));
            assert_eq!((found, codes), (fine, vec!["RT0703".to_owned()]), "{decimals}");
        }
    }
}

#[test]
fn a_thin_shell_keeps_its_volume() {
    let ellipse = |a: f64, b: f64| -> Vec<[f64; 2]> {
        (0..720)
            .map(|n| (f64::from(n) / 2.0).to_radians().sin_cos())
            .map(|(sin, cos)| [a * cos, b * sin])
            .collect()
    };
    let rings = |z: f64| [contour(z, &ellipse(200.0, 125.0)), contour(z, &ellipse(199.0, 124.0))];
    let (found, codes) = volume(roi(1, every(3.0, 5).flat_map(rings).collect()));
    // Of the polygons: n/2 sin(2π/n) stands for π.
    let area = 360.0 * (std::f64::consts::TAU / 720.0).sin() * (200.0 * 125.0 - 199.0 * 124.0);
    close(found, area * 15.0 / 1000.0, 1e-9);
    assert_eq!(codes, ["RT0718"]);
}

/// BODY is drawn on every slice: it tells where slices are.
#[test]
fn uneven_slices_are_followed() {
    let fine = (0..9).map(|n| 1.25 * f64::from(n));
    let heights: Vec<f64> = (-4..0)
        .map(|n| 5.0 * f64::from(n))
        .chain(fine)
        .chain((1..5).map(|n| 10.0 + 5.0 * f64::from(n)))
        .collect();
    let body = roi(1, heights.iter().map(|z| contour(*z, &square(-100.0, 100.0))).collect());
    let found = volumes(&[body, boxes(2, 0.0, heights.clone())]);
    // Half a slice of 5 mm beyond each end.
    close(found[0].0, 40.0 * (50.0 + 5.0), 1e-9);
    close(found[1].0, 0.4 * (50.0 + 5.0), 1e-9);
    assert_eq!(found[1].1, Vec::<String>::new());
}

#[test]
fn a_sparse_roi_is_single_slices_of_its_neighbours() {
    let body = roi(1, every(3.0, 40).map(|z| contour(z, &square(-100.0, 100.0))).collect());
    let sparse = boxes(2, 0.0, [3.0, 42.0, 114.0]);
    let found = volumes(&[body, sparse]);
    close(found[1].0, 3.0 * 1.2, 1e-9);
    assert_eq!(found[1].1, ["RT0707"]);
}

#[test]
fn one_skipped_slice_is_bridged_where_the_contours_overlap() {
    let body = roi(1, every(3.0, 10).map(|z| contour(z, &square(-100.0, 100.0))).collect());
    let skipping = |x: f64| {
        let low = boxes(2, 0.0, [3.0, 6.0]);
        let high = boxes(2, x, [12.0, 15.0]);
        roi(2, [low.contours, high.contours].concat())
    };
    let found = volumes(&[body.clone(), skipping(0.0)]);
    assert_eq!(found[1].1, ["RT0706"]);
    close(found[1].0, 15.0 * 0.4, 1e-9);
    let found = volumes(&[body, skipping(30.0)]);
    assert_eq!(found[1].1, ["RT0707"]);
    close(found[1].0, 12.0 * 0.4, 1e-9);
}

#[test]
fn parts_on_planes_of_their_own_are_volumes_of_their_own() {
    for off in [1.5, 0.7] {
        let left = boxes(1, -20.0, every(3.0, 9));
        let right = boxes(1, 20.0, every(3.0, 9).map(|z| z + off));
        let (found, codes) = volume(roi(1, [left.contours, right.contours].concat()));
        close(found, 2.0 * 10.8, 1e-9);
        assert!(codes.contains(&"RT0714".to_owned()), "{codes:?}");
    }
}

#[test]
fn drawn_by_hand_on_every_fourth_slice_it_is_whole() {
    let body = roi(1, every(1.0, 16).map(|z| contour(z, &square(-100.0, 100.0))).collect());
    let found = volumes(&[body, boxes(2, 0.0, [0.0, 4.0, 8.0, 11.0, 15.0])]);
    // Each end has half of its own step.
    close(found[1].0, 0.4 * 19.0, 1e-9);
    assert_eq!(found[1].1, ["RT0715"]);
}

#[test]
fn a_copy_of_a_sparse_roi_tells_nothing() {
    let sparse = |number| boxes(number, 0.0, [0.0, 3.0, 42.0, 45.0, 48.0, 114.0]);
    for (found, _) in volumes(&[sparse(1), sparse(2)]) {
        close(found, 6.0 * 1.2, 1e-9);
    }
}

#[test]
fn stored_volumes_reproduce_by_the_first_rules() {
    let twice = roi(
        1,
        every(2.5, 9)
            .flat_map(|z| [contour(z, &square(-10.0, 10.0)), contour(z + 0.02, &square(-10.0, 10.0))])
            .collect(),
    );
    let options = OPTIONS.with_planes(PlaneRules::Version1);
    close(RoiStack::build(&twice, &options).unwrap().value.volume().0, 0.144, 1e-9);
}

fn any_set() -> impl Strategy<Value = Vec<Roi>> {
    let one = (0..4usize, -60.0f64..60.0, 2u32..12, 0u32..8);
    proptest::collection::vec(one, 1..6).prop_map(|drawn| {
        let roi = |(at, (kind, x, count, first)): (usize, (usize, f64, u32, u32))| {
            let heights = every(3.0, first + count).skip(first as usize);
            let number = i32::try_from(at).unwrap() + 1;
            match kind {
                0 => boxes(number, x, heights),
                1 => boxes(number, x, heights.step_by(2)),
                2 => boxes(number, x, heights.filter(|z| *z != 12.0)),
                _ => boxes(number, x, heights.map(|z| z + 0.01)),
            }
        };
        drawn.into_iter().enumerate().map(roi).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn slices_at_any_distances_that_are_all_drawn_give_the_prism(steps in proptest::collection::vec(0.8f64..6.0, 3..20)) {
        let mut heights = vec![0.0];
        for step in &steps {
            heights.push(heights[heights.len() - 1] + step);
        }
        let body = roi(1, heights.iter().map(|z| contour(*z, &square(-100.0, 100.0))).collect());
        let body = Roi { interpreted_type: Some("EXTERNAL".to_owned()), ..body };
        let found = volumes(&[body, boxes(2, 0.0, heights.clone()), boxes(3, 40.0, heights.clone())]);
        let reach = heights[heights.len() - 1] + (steps[0] + steps[steps.len() - 1]) / 2.0;
        for (volume, area) in found.iter().map(|found| found.0).zip([40.0, 0.4, 0.4]) {
            prop_assert!((volume / (area * reach) - 1.0).abs() < 1e-9, "{} {:?}", volume, steps);
        }
    }

    #[test]
    fn no_order_of_rois_or_contours_matters(set in any_set(), seed in 0usize..1000) {
        let expected = volumes_by_number(&set);
        let mut turned: Vec<Roi> = set.iter().cloned().map(|mut roi| {
            let count = roi.contours.len();
            roi.contours.rotate_left(seed % count);
            roi.contours.reverse();
            roi
        }).collect();
        let count = turned.len();
        turned.rotate_left(seed % count);
        prop_assert_eq!(volumes_by_number(&turned), expected);
    }

    #[test]
    fn a_roi_on_other_planes_changes_nothing(set in any_set(), heights in proptest::collection::vec(1u32..400, 1..12)) {
        // A structure set with BODY, so that no ROI needs a fallback.
        let body = roi(100, every(3.0, 24).map(|z| contour(z, &square(-100.0, 100.0))).collect());
        let mut set = set;
        set.push(body);
        let expected = volumes_by_number(&set);
        // Never within 0.5 mm of a slice.
        let mut heights: Vec<f64> = heights.iter().map(|n| f64::from(n / 10) * 3.0 + 0.6 + f64::from(n % 10) * 0.2).collect();
        heights.sort_by(f64::total_cmp);
        heights.dedup();
        set.push(boxes(200, 5.0, heights));
        let mut found = volumes_by_number(&set);
        found.retain(|(number, _)| *number != 200);
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn noise_and_rounding_move_a_large_roi_little(decimals in 1i32..4, noise in proptest::collection::vec(-0.05f64..0.05, 300)) {
        let ring = circle([3.0, -2.0], 25.0);
        let clean = roi(1, every(3.0, 7).map(|z| contour(z, &ring)).collect());
        let at = std::cell::Cell::new(0);
        let next = || {
            at.set(at.get() + 1);
            noise[at.get() % noise.len()]
        };
        let noisy = moved(&clean, |p| rounded(PatientPoint::new(p.x + next(), p.y + next(), p.z + next()), decimals));
        let (expected, found) = (volume(clean).0, volume(noisy).0);
        prop_assert!((found / expected - 1.0).abs() < 2e-3, "{} {}", found, expected);
    }
}

/// The volume of each ROI that has one.
fn volumes_by_number(rois: &[Roi]) -> Vec<(i32, Option<f64>)> {
    let planes = StructurePlanes::of(rois);
    let volume = |roi: &Roi| {
        let options = OPTIONS.with_neighbours(planes.neighbours_of(roi).unwrap());
        RoiStack::build(roi, &options).ok().map(|built| built.value.volume().0)
    };
    let mut found: Vec<_> = rois.iter().map(|roi| (roi.number, volume(roi))).collect();
    found.sort_by_key(|(number, _)| *number);
    found
}

use super::planes::nominal_spacing;
use super::*;
use rt_model::frame::PatientVector;
use rt_model::structure_set::ContourKind;
use rt_model::structure_set::{Contour, SourcePlanes};

/// What is stored with the first version of the rules for planes must not move.
const OPTIONS: StackOptions<'_> =
    StackOptions::new(Between::Prism, Caps::HalfSlice).with_planes(PlaneRules::Version1);

fn square(z: f64, low: f64, high: f64) -> Contour {
    let points =
        [(low, low), (high, low), (high, high), (low, high)].map(|(x, y)| PatientPoint::new(x, y, z));
    Contour { index: 0, kind: ContourKind::ClosedPlanar, points: points.to_vec(), slab_thickness: None }
}

fn roi(contours: Vec<Contour>) -> Roi {
    Roi { contours, ..Roi::default() }
}

fn build(contours: Vec<Contour>, options: &StackOptions<'_>) -> (RoiStack, Vec<String>) {
    let built = RoiStack::build(&roi(contours), options).unwrap();
    (built.value, built.findings.iter().map(|finding| finding.code.to_string()).collect())
}

#[test]
fn planes_reach_half_way_and_caps_half_a_slice() {
    let planes = || [6.0, 0.0, 3.0].map(|z| square(z, 0.0, 10.0)).to_vec();
    let (stack, findings) = build(planes(), &OPTIONS);
    let faces: Vec<_> = stack.slabs().iter().map(|slab| (slab.lower, slab.upper)).collect();
    assert_eq!(faces, [(-1.5, 1.5), (1.5, 4.5), (4.5, 7.5)]);
    assert_eq!(stack.volume(), Cm3(0.9));
    assert_eq!(stack.centroid(), Some(PatientPoint::new(5.0, 5.0, 3.0)));
    assert!(findings.is_empty());
    let (open, _) = build(planes(), &StackOptions { caps: Caps::None, ..OPTIONS });
    assert_eq!(open.volume(), Cm3(0.6));
}

#[test]
fn a_skipped_slice_is_bridged_where_the_parts_overlap() {
    let (stack, findings) = build([0.0, 3.0, 9.0, 12.0].map(|z| square(z, 0.0, 10.0)).to_vec(), &OPTIONS);
    assert_eq!(stack.volume(), Cm3(1.5));
    assert_eq!(findings, ["RT0706"]);
}

#[test]
fn far_or_separate_parts_stay_apart() {
    let far = [0.0, 3.0, 12.0, 15.0].map(|z| square(z, 0.0, 10.0)).to_vec();
    let aside = vec![
        square(0.0, 0.0, 10.0),
        square(3.0, 0.0, 10.0),
        square(9.0, 20.0, 30.0),
        square(12.0, 20.0, 30.0),
    ];
    for contours in [far, aside] {
        let (stack, findings) = build(contours, &OPTIONS);
        assert_eq!(stack.volume(), Cm3(1.2));
        assert_eq!(findings, ["RT0707"]);
    }
}

#[test]
fn stated_source_planes_decide_about_gaps() {
    let stated = |spacing: f64, count| {
        let source_planes = Some(SourcePlanes {
            origin: PatientPoint::new(0.0, 0.0, 12.0),
            normal: PatientVector::new(0.0, 0.0, -1.0),
            spacing: Mm(spacing),
            count,
        });
        let contours = [0.0, 3.0, 9.0, 12.0].map(|z| square(z, 0.0, 10.0)).to_vec();
        RoiStack::build(&Roi { contours, source_planes, ..Roi::default() }, &OPTIONS).unwrap().value.volume()
    };
    assert_eq!(stated(3.0, 5), Cm3(1.2), "a source plane at 6 mm has no contour");
    assert_eq!(stated(3.0, 2), Cm3(1.5), "no source plane lies in the gap");
}

#[test]
fn a_single_plane_needs_a_thickness() {
    let error = RoiStack::build(&roi(vec![square(0.0, 0.0, 10.0)]), &OPTIONS).unwrap_err();
    assert_eq!(error.kind(), StackErrorKind::NoThickness);
    let even = |spacing: f64| roi([0.0, spacing].map(|z| square(z, 0.0, 10.0)).to_vec());
    let rois = [roi(vec![square(0.0, 0.0, 10.0)]), even(2.0)];
    let planes = StructurePlanes::of(&rois);
    let options = OPTIONS.with_neighbours(planes.neighbours(0));
    let (fallback, findings) = build(vec![square(0.0, 0.0, 10.0)], &options);
    assert_eq!(fallback.volume(), Cm3(0.2));
    assert_eq!(findings, ["RT0708"]);
    let own = Contour { slab_thickness: Some(Mm(5.0)), ..square(0.0, 0.0, 10.0) };
    let (own, _) = build(vec![own], &options);
    assert_eq!(own.volume(), Cm3(0.5));
}

#[test]
fn other_planes_than_axial_work_the_same() {
    let turned = |contour: Contour, turn: &dyn Fn(PatientPoint) -> PatientPoint| Contour {
        points: contour.points.iter().map(|p| turn(*p)).collect(),
        ..contour
    };
    let (sin, cos) = 0.4f64.sin_cos();
    let turns: [&dyn Fn(PatientPoint) -> PatientPoint; 3] =
        [&|p| PatientPoint::new(p.z, p.x, p.y), &|p| PatientPoint::new(p.y, p.z, p.x), &|p| {
            PatientPoint::new(p.x, cos * p.y - sin * p.z, sin * p.y + cos * p.z)
        }];
    for turn in turns {
        let contours = [0.0, 3.0, 6.0].map(|z| turned(square(z, 0.0, 10.0), turn)).to_vec();
        let (stack, findings) = build(contours, &OPTIONS);
        assert!((stack.volume().0 - 0.9).abs() < 1e-12);
        assert!(stack.centroid().unwrap().from_point(turn(PatientPoint::new(5.0, 5.0, 3.0))).length() < 1e-9);
        assert!(findings.is_empty());
    }
}

#[test]
fn crossed_orientations_and_impossible_points_are_refused() {
    let mut upright = square(0.0, 0.0, 10.0);
    upright.points = upright.points.iter().map(|p| PatientPoint::new(0.0, p.x, p.y)).collect();
    let kind = |contours| RoiStack::build(&roi(contours), &OPTIONS).unwrap_err().kind();
    assert_eq!(kind(vec![square(0.0, 0.0, 10.0), upright]), StackErrorKind::NotParallel);
    assert_eq!(kind(vec![square(f64::NAN, 0.0, 10.0)]), StackErrorKind::ImpossibleCoordinate);
    assert_eq!(kind(vec![square(1e9, 0.0, 10.0)]), StackErrorKind::ImpossibleCoordinate);
    assert_eq!(kind(vec![]), StackErrorKind::NoClosedContour);
    assert_eq!(kind(vec![square(0.0, 5.0, 5.0)]), StackErrorKind::NoClosedContour);
}

/// The source planes are 1 mm apart: every gap has a plane without contour, and each of the planes is a run
/// of its own.
#[test]
fn caps_of_neighbouring_runs_never_overlap() {
    let source_planes = Some(SourcePlanes {
        origin: PatientPoint::default(),
        normal: PatientVector::new(0.0, 0.0, 1.0),
        spacing: Mm(1.0),
        count: 20,
    });
    // The nominal spacing is 3 mm, and between 6 and 8 mm two caps of 1.5 mm have no room.
    let contours = [0.0, 3.0, 6.0, 8.0, 11.0].map(|z| square(z, 0.0, 10.0)).to_vec();
    let roi = Roi { contours, source_planes, ..Roi::default() };
    for between in [Between::Prism, Between::Interpolated] {
        for caps in [Caps::HalfSlice, Caps::HalfSliceCapped(Mm(1.4)), Caps::Rounded] {
            let stack = RoiStack::build(&roi, &StackOptions { between, caps, ..OPTIONS }).unwrap().value;
            for pair in stack.slabs().windows(2) {
                assert!(
                    pair[0].upper <= pair[1].lower + 1e-12,
                    "{between} {caps}: {} {}",
                    pair[0].upper,
                    pair[1].lower
                );
            }
            if caps == Caps::HalfSlice {
                assert!((stack.volume().0 - 1.4).abs() < 1e-12, "{between}: {}", stack.volume());
            }
        }
    }
}

#[test]
fn the_centroid_is_of_the_slabs_not_of_their_planes() {
    let contours = vec![square(0.0, 0.0, 20.0), square(2.0, 0.0, 10.0), square(6.0, 0.0, 10.0)];
    let (stack, _) = build(contours, &StackOptions { caps: Caps::None, ..OPTIONS });
    // 4 cm² from 0 to 1 mm, 1 cm² from 1 to 4 and from 4 to 6 mm.
    let expected = (4.0 * 0.5 + 3.0 * 2.5 + 2.0 * 5.0) / 9.0;
    assert!((stack.centroid().unwrap().z - expected).abs() < 1e-12, "{:?}", stack.centroid());
}

#[test]
fn planes_a_few_hundredths_of_a_millimetre_apart_are_two() {
    let contours = vec![square(0.0, 0.0, 10.0), square(0.03, 0.0, 10.0), square(0.06, 0.0, 10.0)];
    let (stack, findings) = build(contours, &OPTIONS);
    assert_eq!((stack.slabs().len(), findings.len()), (3, 0));
    assert!((stack.nominal_spacing().0 - 0.03).abs() < 1e-12);
}

#[test]
fn planes_a_hundredth_of_a_millimetre_apart_are_one() {
    let contours = vec![square(0.0, 0.0, 10.0), square(0.005, 20.0, 30.0), square(3.0, 0.0, 10.0)];
    let (stack, _) = build(contours, &OPTIONS);
    assert_eq!(stack.slabs().len(), 2);
    assert!((stack.volume().0 - 0.9).abs() < 1e-12);
}

#[test]
fn the_nominal_spacing_is_the_median_over_the_rois() {
    let rois = [roi([0.0, 2.0, 4.0].map(|z| square(z, 0.0, 1.0)).to_vec()), roi(vec![square(9.0, 0.0, 1.0)])];
    assert_eq!(nominal_spacing(&rois), Some(Mm(2.0)));
    assert_eq!(nominal_spacing(&rois[1..]), None);
}

#[test]
fn rois_that_lack_contours_have_no_volume_and_no_spacing() {
    let sound = roi([0.0, 2.0, 4.0].map(|z| square(z, 0.0, 10.0)).to_vec());
    let damaged = Roi {
        unusable_contours: 2,
        contours: [0.0, 4.0].map(|z| square(z, 0.0, 10.0)).to_vec(),
        ..Roi::default()
    };
    let error = RoiStack::build(&damaged, &OPTIONS).unwrap_err();
    assert_eq!(error.kind(), StackErrorKind::UnusableContours { count: 2 });
    assert_eq!(error.finding().code.to_string(), "RT0390");
    assert_eq!(nominal_spacing([&damaged, &damaged, &sound]), Some(Mm(2.0)));
}
